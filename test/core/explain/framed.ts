import { explainLog } from "../../../src/core/explain/explain.ts";
import type { ExplainedLog, Explanation } from "../../../src/core/explain/explanation.ts";
import type { Phase } from "../../../src/core/explain/rules/categories.ts";

/** A log from text, its bytes in pieces of a few sizes. */
export function logOf(text: string | Buffer, name = "build.log", chunkSize = 1000): ExplainedLog {
  const bytes = Buffer.from(text);
  return {
    name,
    *open() {
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
    },
  };
}

export function explainText(text: string | Buffer, name?: string): Promise<Explanation> {
  return explainLog([logOf(text, name)]);
}

interface Frame {
  before: string;
  after: string;
  name?: string;
}

const script = (name: string) => ({
  before: `Executing(%${name}): /bin/bash -e /var/tmp/rpm-tmp.aBcDeF\n+ umask 022\n+ cd /builddir/build/BUILD\n`,
  after: `error: Bad exit status from /var/tmp/rpm-tmp.aBcDeF (%${name})\n\nRPM build errors:\n    Bad exit status from /var/tmp/rpm-tmp.aBcDeF (%${name})\nChild return code was: 1\n`,
});

const ofMock = (start: string) => ({
  before: `INFO: Start(/results/x-1-1.src.rpm)  Config(fedora-43-x86_64)\n${start}\n`,
  after: "ERROR: Exception(/results/x-1-1.src.rpm) Config(fedora-43-x86_64) 0 minutes 3 seconds\nINFO: Results and/or logs in: /results\n",
});

/** What surrounds the failure in the log of a build. */
const frames: Partial<Record<Phase, Frame>> = {
  prep: script("prep"),
  "generate-buildrequires": script("generate_buildrequires"),
  build: script("build"),
  install: script("install"),
  check: script("check"),
  files: { before: "Processing files: x-1.0-1.noarch\n", after: "Child return code was: 1\n" },
  srpm: { ...ofMock("Start: buildsrpm\nStart: rpmbuild -bs"), name: "builder-live.log" },
  builddeps: { ...ofMock("Start: build setup for x-1-1.src.rpm"), name: "builder-live.log" },
  "chroot-setup": { ...ofMock("Start: chroot init"), name: "builder-live.log" },
  sources: {
    before: "Running: git clone https://git.example.org/x.git /var/lib/copr-rpmbuild/workspace/workdir-x/x\n",
    after: "Copr build error: Build failed\n",
    name: "builder-live.log",
  },
  infrastructure: { before: "", after: "", name: "backend.log" },
};

/** The log of a build that failed with these lines in this phase; the number of the line marked with "=> ". */
export function framed(excerpt: string, phase: Phase): { text: string; name: string; line: number } {
  const frame: Frame = frames[phase] ?? script("build");
  const lines = `${frame.before}${excerpt.replace(/^\n/, "")}\n`.split("\n");
  const line = lines.findIndex((text) => text.startsWith("=> "));
  return {
    text: `${lines.map((text) => text.replace(/^=> /, "")).join("\n")}${frame.after}`,
    name: frame.name ?? "build.log",
    line: line + 1,
  };
}
