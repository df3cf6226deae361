import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "../../scripts/docs/generated-files.ts";
import { isInstalled } from "../docs/installed.ts";
import { output, runProgram } from "../support/program.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const packaging = join(repository, "packaging");
const units = (await readdir(join(packaging, "systemd"))).sort();
const services = units.filter((name) => name.endsWith(".service"));
const textOf = (name: string): Promise<string> => readFile(join(packaging, "systemd", name), "utf8");

/** What it can do without a system that systemd has started. */
function canSystemd(...words: string[]): boolean {
  return isInstalled("systemd-analyze") && spawnSync("systemd-analyze", [...words, "--help"], { stdio: "ignore" }).status === 0;
}

/** The units with programs that are there: those that they name may not be installed. */
async function unitsToCheck(): Promise<string> {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, "bin"));
  for (const name of services) {
    const text = await textOf(name);
    for (const [, program = ""] of text.matchAll(/\/usr\/bin\/([\w-]+)/g)) {
      await writeFile(join(directory, "bin", program), "#!/bin/sh\n");
      await chmod(join(directory, "bin", program), 0o755);
    }
    await writeFile(join(directory, name), text.replaceAll("/usr/bin/", `${directory}/bin/`));
  }
  for (const name of units.filter((one) => !services.includes(one))) await cp(join(packaging, "systemd", name), join(directory, name));
  return directory;
}

describe("the units", () => {
  test("start programs that there are, and are explained where they say", async () => {
    for (const name of services) {
      const text = await textOf(name);
      const programs = [...text.matchAll(/^ExecStart=\/usr\/bin\/(\S+)/gm)].map(([, program]) => program);
      expect(programs, name).toHaveLength(1);
      expect(Object.keys(packageJson.bin)).toContain(programs[0]);
      const [, page] = /^Documentation=man:(\S+)\(1\)$/m.exec(text) ?? [];
      expect(Object.keys(packageJson.bin)).toContain(page);
    }
  });

  test.skipIf(!canSystemd("verify"))("systemd takes them without a word (needs systemd-analyze)", async () => {
    const directory = await unitsToCheck();
    const paths = units.map((name) => join(directory, name));
    const { stderr } = await runProgram(["systemd-analyze", "verify", "--man=no", ...paths], { env: { SYSTEMD_LOG_LEVEL: "warning" } });
    // What it has to say of the machine's own units is none of ours.
    expect(stderr.split("\n").filter((line) => /copr-builder/.test(line))).toEqual([]);
  });

  // 10 is no protection at all. What is missing has its reason in the unit.
  test.skipIf(!canSystemd("security")).each([
    ["copr-builder-cleanup.service", 8],
    ["copr-builder-rhsm-subscribe.service", 4],
  ])("%s exposes no more than %d of 10 (needs systemd-analyze)", async (name, limit) => {
    const directory = await unitsToCheck();
    const words = ["security", "--offline=true", "--no-pager", `--threshold=${limit * 10}`, join(directory, name)];
    const { exitCode, stdout, stderr } = await runProgram(["systemd-analyze", ...words]);
    expect(exitCode, `${stdout.split("\n").slice(-3).join("\n")}${stderr}`).toBe(0);
  });

  test("say of each sort of protection that a unit does not have why it can't", async () => {
    const wanted = `NoNewPrivileges PrivateTmp PrivateDevices ProtectSystem ProtectHome ProtectKernelTunables ProtectKernelModules
      ProtectKernelLogs ProtectControlGroups ProtectClock ProtectHostname RestrictNamespaces RestrictSUIDSGID RestrictRealtime
      LockPersonality MemoryDenyWriteExecute SystemCallFilter SystemCallArchitectures CapabilityBoundingSet
      RestrictAddressFamilies`.split(/\s+/);
    for (const name of services) {
      const text = await textOf(name);
      const isSet = (key: string): boolean => new RegExp(`^${key}=`, "m").test(text);
      const isExplained = (key: string): boolean => new RegExp(`^#.*\\b${key}\\b`, "m").test(text);
      expect(
        wanted.filter((key) => isSet(key) === isExplained(key)),
        name,
      ).toEqual([]);
    }
  });

  // A mount namespace of its own would keep what is unmounted from the host, and no new privileges mock from its work.
  test("the clean-up stays in the host's mount namespace", async () => {
    const text = await textOf("copr-builder-cleanup.service");
    expect(text).not.toMatch(/^(Private(Tmp|Devices|Mounts|Users)|Protect\w+|ReadOnlyPaths|ReadWritePaths|NoNewPrivileges|MountFlags)=/m);
  });
});

test.skipIf(!isInstalled("systemd-sysusers") || process.getuid?.() !== 0)(
  "sysusers.d adds the user to the group of mock (needs systemd-sysusers and root)",
  async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, "etc"));
    await writeFile(join(root, "etc/group"), "mock:x:135:\n");
    await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    await output(["systemd-sysusers", `--root=${root}`, join(packaging, "sysusers.d/copr-builder.conf")]);
    expect(await readFile(join(root, "etc/group"), "utf8")).toMatch(/^mock:x:135:mockbuilder$/m);
    expect(await readFile(join(root, "etc/passwd"), "utf8")).toMatch(
      /^mockbuilder:x:\d+:\d+:Does build tasks of Copr:\/home\/mockbuilder:\/bin\/bash$/m,
    );
  },
);

test.skipIf(!isInstalled("systemd-tmpfiles") || process.getuid?.() !== 0)(
  "tmpfiles.d makes the directories of tasks (needs systemd-tmpfiles and root)",
  async () => {
    const root = await temporaryDirectory();
    await mkdir(join(root, "etc"));
    await writeFile(join(root, "etc/group"), "root:x:0:\nmock:x:135:\n");
    await writeFile(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    await output(["systemd-tmpfiles", "--create", `--root=${root}`, join(packaging, "tmpfiles.d/copr-builder.conf")]);
    for (const path of ["run/copr-builder", "var/lib/copr-rpmbuild/results", "var/lib/copr-rpmbuild/workspace", "var/log/copr-builder"])
      expect(await output(["stat", "--format=%a %g", join(root, path)]), path).toBe("775 135\n");
  },
);

test.skipIf(!isInstalled("logrotate"))("logrotate takes its configuration (needs logrotate)", async () => {
  const directory = await temporaryDirectory();
  // Not with the users and the directory of a builder, which this machine may not have.
  const text = (await readFile(join(packaging, "etc/logrotate.d/copr-builder"), "utf8"))
    .replaceAll("/var/log/copr-builder", directory)
    .replace(/^ +su .*\n/m, "")
    .replace(/create (\d+) .*/, "create $1");
  await writeFile(join(directory, "a.log"), "x\n");
  await writeFile(join(directory, "conf"), text, { mode: 0o644 });
  await chmod(directory, 0o755);
  await output(["logrotate", "--force", "--state", join(directory, "state"), join(directory, "conf")]);
  expect(await readFile(join(directory, "a.log"), "utf8")).toBe("");
  expect(await readFile(join(directory, "a.log.1"), "utf8")).toBe("x\n");
});
