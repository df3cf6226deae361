import { posix } from "node:path";
import { shellWord } from "./shell-words.ts";

/** Owner of the script's directory in the chroot. */
const USER = "mockbuild";

/** A script to run in a chroot of mock. Paths below `/` of the chroot are normalised and absolute. */
export interface CustomScript {
  /** `mock` and the words that say which chroot is meant. */
  mock: readonly string[];
  /** File on this machine. */
  script: string;
  /** File on this machine that the script finds as `hook_payload`. */
  payload?: string | undefined;
  /** Names of packages to install first; none begins with a dash. */
  packages: readonly string[];
  /** Where the script runs. Made anew. */
  workDirectory: string;
  /** Where the script is told to leave its results. */
  resultDirectory: string;
  variables: readonly (readonly [name: string, value: string])[];
}

/**
 * The calls of mock that run a script: each one's command line, in order. All of them have to use the same chroot, and
 * the first one makes it.
 */
export function customScriptCommands(request: CustomScript): string[][] {
  const { mock, script, payload, packages, workDirectory } = request;
  const directory = shellWord(workDirectory);
  const inner = posix.join(workDirectory, "hook_payload");
  return [
    ["--init"],
    ...(packages.length > 0 ? [["--install", ...packages]] : []),
    ["--copyin", script, "/script"],
    ["--chroot", `set -ex; chmod a+x /script; rm -rf ${directory}; mkdir -p ${directory}; chown ${USER} ${directory};`],
    ...(payload === undefined
      ? []
      : [
          ["--copyin", payload, inner],
          ["--shell", `chmod a+r ${shellWord(inner)}`],
        ]),
    ["--unpriv", "--chroot", `set -xe ; cd ${directory} ; ${assignments(request)} /script`],
  ].map((words) => [...mock, ...words]);
}

function assignments({ variables, resultDirectory }: CustomScript): string {
  const all = [...variables, ["COPR_RESULTDIR", resultDirectory] as const];
  return all.map(([name, value]) => `${name}=${shellWord(value)}`).join(" ");
}
