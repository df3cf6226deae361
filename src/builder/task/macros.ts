import type { Macro } from "../../core/mock/settings.ts";
import type { BuildTask } from "../../core/task/build-task.ts";
import { version } from "../../core/version.ts";
import type { Settings } from "../settings.ts";

/** Macros that every build on Copr sees, in upstream's order. */
export function macrosOf(task: BuildTask, settings: Pick<Settings, "vendorName" | "sourceProtocols">): Macro[] {
  const { project_owner: owner, project_name: project, task_id: taskId } = task;
  const kind = owner.startsWith("@") ? "group" : "user";
  const macros: Macro[] = [
    ["%copr_username", owner],
    ["%copr_projectname", project],
    ...(settings.vendorName ? [["%vendor", `${settings.vendorName} - ${kind} ${owner}`] as const] : []),
    ["%buildtag", `.copr${taskId.split("-", 1)[0]}`],
  ];
  if (task.kind === "srpm") macros.push(["%dist", "%nil"], ["%_disable_source_fetch", "0"]);
  // Also for packages: a spec file may switch downloads on itself.
  macros.push(["%__urlhelper_localopts", downloadOptions(task, settings)]);
  return macros;
}

/** Options of rpmbuild's curl. Some servers refuse requests without an agent, and it sends none of its own accord. */
function downloadOptions(task: BuildTask, { sourceProtocols }: Pick<Settings, "sourceProtocols">): string {
  // rpm parts these words at blanks and knows no quotes.
  const agent = `--user-agent copr-builder/${version}`;
  // Who uploads a spec file has looked at its addresses: upstream leaves them alone.
  if ((task.kind === "srpm" && task.source.type === "upload") || sourceProtocols.length === 0) return agent;
  return `--proto -all${sourceProtocols.map((protocol) => `,+${protocol}`).join("")} ${agent}`;
}

/** Body of a macro that yields just this text. */
export function literalMacro(value: string): string {
  return value.replaceAll("%", "%%");
}

/** `--define` arguments. The values are literal, so a `%` is doubled, but for `%nil`, which is ours. */
export function defineArguments(macros: readonly Macro[]): string[] {
  return macros.flatMap(([name, value]) => ["--define", `${name.slice(1)} ${macroBody(value)}`]);
}

/** Text of a `.rpmmacros` file. Names and values of the task hold no line ends (build-task.ts). */
export function rpmmacrosText(macros: readonly Macro[]): string {
  return macros.map(([name, value]) => `${name} ${macroBody(value)}\n`).join("");
}

function macroBody(value: string): string {
  return value === "%nil" ? value : literalMacro(value);
}
