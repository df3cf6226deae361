import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "../../scripts/docs/generated-files.ts";
import { readSettings } from "../../src/builder/settings.ts";
import { isInstalled } from "../docs/installed.ts";
import { runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const path = join(repository, "packaging/cloud-init/user-data.yaml");
/** What the packages and the system of a builder bring. */
const programs = [...Object.keys(packageJson.bin), "copr-update-builder", "systemctl", "systemd-sysusers", "systemd-tmpfiles", "setpriv"];

interface UserData {
  users: { name: string }[];
  packages: string[];
  write_files: { path: string; content: string; permissions: string }[];
  runcmd: unknown[][];
}

describe("user-data.yaml", () => {
  const read = async (): Promise<UserData> => parse(await readFile(path, "utf8")) as UserData;

  test("begins as cloud-init wants it, and runs programs that there are, none by a shell", async () => {
    expect(await readFile(path, "utf8")).toMatch(/^#cloud-config\n/);
    const { runcmd } = await read();
    for (const argv of runcmd) {
      expect(Array.isArray(argv) && argv.every((word) => typeof word === "string"), String(argv)).toBe(true);
      expect(programs).toContain(argv[0]);
    }
    // By another user's hand, the last word on the machine.
    const last = runcmd.at(-1) as string[];
    expect(last[0]).toBe("setpriv");
    expect(last.slice(-2)).toEqual(["copr-builder-ready", "srpm-builds"]);
  });

  test("names the unit, the package and the user that our packages have", async () => {
    const { packages, users, runcmd } = await read();
    const spec = await readFile(join(repository, "packaging/copr-rpmbuild.spec"), "utf8");
    expect(spec).toContain(`%package -n ${packages[0]}\n`);
    expect(users.map(({ name }) => name)).toEqual(["mockbuilder", "root"]);
    expect(await readFile(join(repository, "packaging/sysusers.d/copr-builder.conf"), "utf8")).toMatch(/^u mockbuilder /m);
    const units = runcmd.find(([program]) => program === "systemctl")?.filter((word) => String(word).startsWith("copr-")) as string[];
    expect(units).toHaveLength(1);
    for (const unit of units) await readFile(join(repository, "packaging/systemd", unit));
  });

  test("writes a main.ini that can be read, with keys that there are", async () => {
    const [file] = (await read()).write_files;
    const directory = await temporaryDirectory();
    const config = join(directory, "main.ini");
    await writeFile(config, file?.content ?? "");
    expect(await readSettings(config, { environment: {} })).toMatchObject({
      frontendUrl: "https://copr.example.org",
      rootCaches: 8,
      cacheMaxMebibytes: 20480,
    });
    const packaged = await readFile(join(repository, "packaging/etc/copr-rpmbuild/main.ini"), "utf8");
    for (const [, key = ""] of (file?.content ?? "").matchAll(/^(\w+) =/gm)) expect(packaged).toMatch(new RegExp(`^#?${key} = `, "m"));
  });

  test.skipIf(!isInstalled("cloud-init"))("cloud-init's schema takes it (needs cloud-init)", async () => {
    const { exitCode, stdout, stderr } = await runProgram(["cloud-init", "schema", "--config-file", path]);
    expect(exitCode, stdout + stderr).toBe(0);
  });
});
