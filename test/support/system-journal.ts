import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type Outcome, output, type ProgramOptions, runProgram } from "./program.ts";

/** A machine of a test's own with systemd's journal: /run and /dev/log there are the test's. */
export interface SystemJournal {
  /** Runs a program there. */
  run(argv: readonly string[], options?: ProgramOptions): Promise<Outcome>;
  /** The entries with a field of this value, e.g. `SYSLOG_IDENTIFIER=x`. */
  entries(match: string): Promise<Record<string, string>[]>;
  close(): Promise<void>;
}

const SET_UP = `set -e
mount --make-rprivate /
mount -t tmpfs none /mnt
mkdir -p /mnt/upper /mnt/work
mount -t overlay -o lowerdir=/dev,upperdir=/mnt/upper,workdir=/mnt/work none /dev
mount -t tmpfs -o mode=755 none /run
mkdir -p /run/systemd/journal "/run/log/journal/$(cat /etc/machine-id)"
ln -sfn /run/systemd/journal/dev-log /dev/log
`;
const JOURNALD = "/usr/lib/systemd/systemd-journald";

/** Whether this user may have one: as root where there is systemd. */
export const hasSystemJournals =
  process.getuid?.() === 0 &&
  spawnSync("timeout", ["20", "unshare", "--mount", "sh", "-c", `${SET_UP}test -x ${JOURNALD}; command -v journalctl`], { stdio: "ignore" })
    .status === 0;

export async function startSystemJournal(): Promise<SystemJournal> {
  const journald = spawn("unshare", ["--mount", "sh", "-c", `${SET_UP}echo ready; exec ${JOURNALD}`], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(journald.stdout, "data");
  const enter = ["nsenter", "--target", String(journald.pid), "--mount", "--wd=/", "--"];
  const run: SystemJournal["run"] = (argv, options) => runProgram([...enter, ...argv], options);
  await output([...enter, "sh", "-c", "until [ -S /run/systemd/journal/socket ]; do sleep 0.05; done"]);
  return {
    run,
    async entries(match) {
      const { stdout } = await run(["journalctl", "--directory=/run/log/journal", "--output=json", "--no-pager", match]);
      return stdout
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as Record<string, string>);
    },
    async close() {
      journald.kill("SIGKILL");
      await once(journald, "close");
    },
  };
}
