import type { Macro } from "../core/mock-profile.ts";
import type { BuildTask } from "../core/build-task.ts";
import { userAgent } from "../core/version.ts";
import type { Settings } from "./settings.ts";

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
  if (task.kind === "srpm") {
    macros.push(["%dist", "%nil"], ["%_disable_source_fetch", "0"]);
    if (task.source.type !== "upload" && settings.sourceProtocols.length > 0) {
      const protocols = settings.sourceProtocols.map((protocol) => `,+${protocol}`).join("");
      // Some servers refuse requests without an agent, and rpmbuild's curl sends none of its own accord.
      macros.push(["%__urlhelper_localopts", `--proto -all${protocols} --user-agent '${userAgent("copr-builder")}'`]);
    }
  }
  return macros;
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
