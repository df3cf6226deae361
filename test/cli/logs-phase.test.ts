import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { phaseHeading } from "../../src/core/text/phase-heading.ts";
import { type BuildServer, buildServer, type ServedPart } from "../support/build-server.ts";
import { type CliResult, runCli } from "../support/run-cli.ts";

const at = Date.parse("2026-11-28T14:03:11Z");

function logs({ url }: BuildServer, ...words: string[]): Promise<CliResult> {
  const config = `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`;
  return runCli({ argv: ["logs", "7", ...words], config });
}

const head =
  "\nYou can reproduce this build on your computer by running:\n\n  sudo dnf install copr-rpmbuild\n\n\nVersion: 1\nPID: 5\nLogging PID: 5\n";
const phases = {
  fetching: `${phaseHeading("fetching", at)}\nBuild definition: http://x\nTask:\n  task_id: 7\n\n\n`,
  sources: `${phaseHeading("sources", at)}\nRunning: git clone x\n\n`,
  chroot: `${phaseHeading("chroot", at)}\nRunning: mock -r x\nStart: chroot init\n\n`,
  building: `${phaseHeading("building", at)}\nStart: rpmbuild x-1.src.rpm\nRunning RPMResults tool\n === copr-builder: collecting (2026-01-01 00:00:00 UTC) ===\n\n`,
  collecting: `${phaseHeading("collecting", at)}\nPackage info:\n{}\nBuild succeeded\n`,
};
const ours = head + Object.values(phases).join("");

/** As upstream's builder tells it, with lines that real ones have. */
const upstream = {
  starting: head,
  fetching: "Task:\n{'allow_user_ssh': False,\n 'bootstrap': 'off'}\n\n",
  sources:
    "Running: git clone file:///x.git /w/x --depth 500 --no-single-branch --recursive\nRunning: git checkout 4b98 --\nRunning: dist-git-client sources\n",
  chroot:
    "Running (timeout=18000): unbuffer mock --spec /w/x.spec --sources /w --resultdir /r --uniqueext 17.6 -r /r/configs/child.cfg\n" +
    "INFO: mock.py version 6.7 starting\nStart: chroot init\nStart: buildsrpm\nStart: rpmbuild -bs\nStart: chroot init\n",
  building: `Start: rpmbuild x-1.fc43.src.rpm\r\n${phaseHeading("collecting", at)}\nFinish: rpmbuild x-1.fc43.src.rpm\n`,
  collecting: "Running RPMResults tool\nPackage info:\n{}\nRPMResults finished\n",
};

const part = (text: string, packed = false): ServedPart => ({
  state: "succeeded",
  files: packed ? { "builder-live.log.gz": gzipSync(text) } : { "builder-live.log": text },
});

describe("logs --phase", () => {
  test("prints one phase of a log of our builder, plain or packed", async () => {
    const server = await buildServer({ a: part(ours) });
    for (const [phase, text] of Object.entries({ starting: head, ...phases })) {
      expect(await logs(server, "--phase", phase)).toEqual({ exit: 0, stdout: text, stderr: "" });
    }
    expect((await logs(await buildServer({ a: part(ours, true) }), "--phase", "build")).stdout).toBe(phases.building);
  });

  test("tells the phases of upstream's logs by their messages, says so, and believes no heading in them", async () => {
    const server = await buildServer({ a: part(Object.values(upstream).join("")) });
    for (const [phase, text] of Object.entries(upstream)) {
      expect(await logs(server, "--phase", phase)).toEqual({
        exit: 0,
        stdout: text.replaceAll("\r\n", "\n"),
        stderr: "The log of a has no headings, so its phases are told by what mock and the builder say in it.\n",
      });
    }
  });

  test("gives each chroot its own, as text and as data", async () => {
    const server = await buildServer({ a: part(ours), b: part(head + phases.fetching + phases.sources) });
    const { exit, stdout, stderr } = await logs(server, "--phase", "chroot", "-r", "all");
    expect(exit).toBe(0);
    expect(stdout.split("\n").map((line) => line.slice(-20))).toContain("a           | Start: chroot init".slice(-20));
    expect(stderr).toContain("The log of b has no phase 'chroot', it has starting, fetching, sources.\n");
    const data = await logs(server, "--phase", "chroot", "-r", "a", "--output-format", "jsonl");
    const records = data.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { offset: number; text: string });
    expect(records.map(({ text }) => text).join("\n")).toBe(phases.chroot.trimEnd() + "\n");
    for (const { offset, text } of records) expect(ours.slice(offset, offset + text.length)).toBe(text);
  });

  test("that is not there, or can't be asked for, is an error", async () => {
    const server = await buildServer({ b: part(head + phases.fetching) });
    expect(await logs(server, "--phase", "build")).toEqual({
      exit: 1,
      stdout: "",
      stderr: "\nSomething went wrong:\nError: The log of b has no phase 'building', it has starting, fetching.\n",
    });
    expect((await logs(server, "--phase", "install")).stderr).toContain("'install' is no phase of a task");
    for (const words of [
      ["--tail", "3"],
      ["--from-offset", "3"],
      ["--log", "root.log"],
    ]) {
      expect((await logs(server, "--phase", "build", ...words)).exit).toBe(2);
    }
  });

  test("follows a phase to the end of the build", async () => {
    const server = await buildServer({ a: { state: "failed", files: { "builder-live.log": ours } } });
    const { exit, stdout } = await logs(server, "--phase", "building", "--follow");
    expect([exit, stdout]).toEqual([4, phases.building]);
  });
});
