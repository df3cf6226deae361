import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../test/sandbox/sandbox.ts";
import { makeSrpm } from "../../test/support/builder-host.ts";
import { bin } from "../../test/support/program.ts";
import { runOnTerminal } from "../../test/support/terminal-run.ts";
import { terminalPicture } from "./terminal-picture.ts";

const COLUMNS = 120;
const chroots = ["fedora-43-x86_64", "fedora-rawhide-x86_64"];

/** The pictures of the README: real builds in the sandbox, at a terminal; by path in the repository. Needs built programs and rpmbuild. */
export async function pictures(): Promise<Map<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), "copr-pictures-"));
  const sandbox = await startSandbox({ directory: join(directory, "sandbox"), builder: bin.builder, buildroot: "host" });
  try {
    await mkdir(join(directory, ".config"));
    await writeFile(join(directory, ".config", "copr"), sandbox.configText);
    const run = (...words: string[]) => {
      const env = { HOME: directory, XDG_CACHE_HOME: join(directory, "cache"), no_proxy: "127.0.0.1" };
      return runOnTerminal([...bin.cli, ...words], { columns: COLUMNS, rows: 50, cwd: directory, env });
    };
    await run("create", "tools", ...chroots.flatMap((chroot) => ["--chroot", chroot]));
    const good = await makeSrpm(directory, "greeter", "echo 'int main(void) { return 0; }' > main.c\ngcc -c main.c");
    const broken = await makeSrpm(directory, "hello", "printf 'int main(void)\\n{\\n  return verbosty;\\n}\\n' > main.c\ngcc -c main.c");
    const watched = await run("build", "tools", good, broken, "--poll-interval", "1");
    const explained = await run("explain", "2");
    const options = { columns: COLUMNS, normalized };
    return new Map([
      [
        "docs/pictures/board.svg",
        await terminalPicture(`${prompt("copr-cli build tools *.src.rpm")}${board(watched.raw)}`, {
          ...options,
          label: "The board of two builds, one of which failed, and why",
        }),
      ],
      [
        "docs/pictures/explain.svg",
        await terminalPicture(`${prompt("copr-cli explain 2")}${explained.raw}`, { ...options, label: "What copr-cli explain prints" }),
      ],
    ]);
  } finally {
    await sandbox.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const prompt = (command: string): string => `\u001b[1m$ ${command}\u001b[0m\r\n`;

/** From where the builds are watched: the upload before has paths of this machine. */
function board(raw: string): string {
  return raw.slice(raw.indexOf("Watching build(s)"));
}

/** Times, and the address of the sandbox, are others at each run. */
function normalized(text: string): string {
  return text
    .replaceAll(/https?:\/\/(?:127\.0\.0\.1|localhost):\d+/g, "https://copr.example.org")
    .replaceAll(/\b\d+ (?:s|min)(?: \d+ s)?\b/g, "4 s")
    .replaceAll(/demo\/tools/g, "alice/tools");
}
