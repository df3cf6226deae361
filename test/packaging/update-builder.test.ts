import { chmod, cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../scripts/docs/generated-files.ts";
import { isInstalled } from "../docs/installed.ts";
import { output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const script = join(repository, "packaging/bin/copr-update-builder");

/** A machine below a directory: the script with its paths moved there, and a stand-in for dnf that notes how it was called. */
async function machine(
  files: Record<string, string>,
): Promise<{ root: string; run: (...words: string[]) => ReturnType<typeof runProgram> }> {
  const root = await temporaryDirectory();
  for (const [path, text] of Object.entries({ "/etc/mock/site-defaults.cfg": "site\n", ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, "bin"));
  await writeFile(join(root, "bin/dnf"), `#!/bin/sh\nprintf '%s ' "$@" >>'${root}/dnf-calls'\n`);
  // Answers for a machine that has these three packages only.
  await writeFile(join(root, "bin/rpm"), `#!/bin/sh\nprintf 'rpm\\nmock\\nmock-core-configs\\n'\n`);
  for (const name of ["dnf", "rpm"]) await chmod(join(root, "bin", name), 0o755);
  const moved = join(root, "bin/copr-update-builder");
  await cp(script, moved);
  await writeFile(moved, (await readFile(script, "utf8")).replaceAll("=/etc/", `=${root}/etc/`));
  return { root, run: (...words) => runProgram([moved, ...words], { env: { PATH: `${join(root, "bin")}:${process.env["PATH"]}` } }) };
}

test("updates what is installed, takes new configuration, and puts the overrides over it", async () => {
  const { root, run } = await machine({
    "/etc/mock/templates/fedora.tpl": "changed when the image was made\n",
    "/etc/mock/templates/fedora.tpl.rpmnew": "new\n",
    "/etc/mock/fedora 43.cfg.rpmnew": "with a blank\n",
    "/etc/mock/epel-9.cfg": "from the package\n",
    "/etc/copr-rpmbuild/mock-config-overrides/README": "not for mock\n",
    "/etc/copr-rpmbuild/mock-config-overrides/epel-9.cfg": "ours\n",
    "/etc/copr-rpmbuild/mock-config-overrides/eol/epel-7.cfg": "old\n",
  });
  expect(await run()).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(await readFile(join(root, "dnf-calls"), "utf8")).toBe("-y upgrade mock mock-core-configs rpm ");
  const mock = async (path: string): Promise<string> => readFile(join(root, "etc/mock", path), "utf8");
  expect(await mock("templates/fedora.tpl")).toBe("new\n");
  expect(await mock("templates/fedora.tpl.copr-builder-backup")).toBe("changed when the image was made\n");
  expect(await mock("fedora 43.cfg")).toBe("with a blank\n");
  expect(await mock("epel-9.cfg")).toBe("ours\n");
  expect(await mock("eol/epel-7.cfg")).toBe("old\n");
  expect((await readdir(join(root, "etc/mock"))).sort()).toEqual(["eol", "epel-9.cfg", "fedora 43.cfg", "site-defaults.cfg", "templates"]);
});

test("does nothing more when dnf fails", async () => {
  const { root, run } = await machine({ "/etc/mock/fedora.cfg.rpmnew": "new\n" });
  await writeFile(join(root, "bin/dnf"), "#!/bin/sh\necho 'no mirror' >&2\nexit 1\n");
  expect(await run()).toEqual({ exitCode: 1, stdout: "", stderr: "no mirror\n" });
  expect(await readdir(join(root, "etc/mock"))).toContain("fedora.cfg.rpmnew");
});

test("refuses words it doesn't know", async () => {
  const { root, run } = await machine({});
  expect(await run("--now")).toEqual({ exitCode: 2, stdout: "", stderr: "copr-update-builder: no arguments are expected\n" });
  expect(await readdir(root)).not.toContain("dnf-calls");
});

test.skipIf(!isInstalled("shellcheck"))("shellcheck finds nothing (needs shellcheck)", async () => {
  expect(await output(["shellcheck", script])).toBe("");
});
