import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bin, runProgram } from "../../support/program.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const prefix = "\nError: Copr configuration error. ";

async function whoamiWith(config: string | undefined, HOME: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram([...bin.cli, ...(config === undefined ? [] : ["--config", config]), "whoami"], {
    cwd: HOME,
    env: { HOME },
  });
  expect([exitCode, stdout]).toEqual([6, ""]);
  return stderr.replace(prefix, "");
}

test("a configuration that is named and missing", async () => {
  expect(await whoamiWith("copr.conf", await temporaryDirectory())).toBe("File copr.conf is missing.\n");
});

test("one that is something else is not called missing", async () => {
  const home = await temporaryDirectory();
  await mkdir(join(home, "directory"));
  await writeFile(join(home, "file"), "");
  await symlink("loop", join(home, "loop"));
  expect(await whoamiWith("directory", home)).toBe("Cannot read directory: is a directory\n");
  expect(await whoamiWith("file/copr", home)).toBe("Cannot read file/copr: not a directory\n");
  expect(await whoamiWith("loop", home)).toBe("Cannot read loop: is a symbolic link\n");
  await mkdir(join(home, ".config", "copr"), { recursive: true });
  expect(await whoamiWith(undefined, home)).toBe(`Cannot read ${home}/.config/copr: is a directory\n`);
});

test.skipIf(process.getuid?.() === 0)("one that may not be read (not as root, who may)", async () => {
  const home = await temporaryDirectory();
  await writeFile(join(home, "copr.conf"), "");
  await chmod(join(home, "copr.conf"), 0);
  expect(await whoamiWith("copr.conf", home)).toBe("Cannot read copr.conf: permission denied\n");
});
