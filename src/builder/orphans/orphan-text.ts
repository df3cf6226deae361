import type { Shape } from "../../core/records/shape.ts";
import { cleanLine } from "../../core/text/clean-text.ts";
import { bytesText } from "../cost/amounts.ts";
import type { OrphanKind, OrphanRecord } from "./orphan.ts";

export const orphanShape: Shape<OrphanRecord> = {
  fields: {
    outcome: "shown",
    kind: "shown",
    name: "shown",
    pid: "shown",
    slot: "known",
    reason: "shown",
    size: "shown",
    error: "shown",
  },
  text: (record) => `${lineOf(record)}\n`,
};

/** One of a kind, and several. */
const words: Readonly<Record<OrphanKind, readonly [string, string]>> = {
  process: ["process", "processes"],
  mount: ["mount", "mounts"],
  chroot: ["chroot", "chroots"],
  cache: ["cache", "caches"],
  work: ["work directory", "work directories"],
  file: ["file", "files"],
  results: ["directory of results", "directories of results"],
  lease: ["lease", "leases"],
};

/** What was done with each kind. */
const verbs: Readonly<Record<OrphanKind, readonly [will: string, has: string]>> = {
  ...(Object.fromEntries(Object.keys(words).map((kind) => [kind, ["remove", "Removed"]])) as Record<OrphanKind, [string, string]>),
  process: ["end", "Ended"],
  mount: ["unmount", "Unmounted"],
};

/** The line that tells of one. */
export function lineOf({ kind, name, pid, reason, size, outcome, error }: OrphanRecord): string {
  const [will, has] = verbs[kind];
  const what = `the ${words[kind][0]} ${pid === null ? name : `${pid}, '${name}'`}${size === null ? "" : ` (${bytesText(size)})`}`;
  if (outcome === "failed") return cleanLine(`Could not ${will} ${what}: ${error ?? ""}`);
  return cleanLine(`${outcome === "found" ? `Would ${will}` : has} ${what}: ${reason}`);
}

/** The one line at the end. `troubles` counts what could not be looked at. */
export function summaryOf(records: readonly OrphanRecord[], { isDryRun, troubles }: { isDryRun: boolean; troubles: number }): string {
  const done = records.filter(({ outcome }) => outcome !== "failed");
  const failed = records.length - done.length;
  const kinds = (Object.keys(words) as OrphanKind[]).flatMap((kind) => {
    const count = done.filter((record) => record.kind === kind).length;
    return count === 0 ? [] : [`${count} ${words[kind][count === 1 ? 0 : 1]}`];
  });
  const freed = done.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const verb = isDryRun ? "Would remove" : "Removed";
  return [
    done.length === 0 ? (failed > 0 ? "Nothing was removed" : "Nothing is left over") : `${verb} ${kinds.join(", ")}`,
    ...(freed > 0 ? [`${bytesText(freed)} of disk`] : []),
    ...(failed > 0 ? [`${failed} could not be removed`] : []),
    ...(troubles > 0 ? [`${troubles} ${troubles === 1 ? "place" : "places"} could not be looked at`] : []),
  ].join("; ");
}
