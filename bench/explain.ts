import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { measure, succeeding, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 5;
const BYTES = 27e6;
const MEGABYTE = 1e6;

/** A build log of 27 MB with the cause far above its end: how quickly it is explained, and in how much memory. */
export async function explain(): Promise<Finding[]> {
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  try {
    await writeFile(join(directory, "build.log"), buildLog());
    const usages: Usage[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      usages.push(await succeeding(measure([...bin.cli, "explain", "--json", directory], { env: { HOME: directory } })));
    }
    return [
      {
        what: "explain of a log of 27 MB",
        rounds: usages.map(({ wallSeconds }) => wallSeconds),
        atMost: 1.5,
        unit: " s",
        detail: `${ROUNDS} rounds`,
      },
      {
        what: "memory of explain of a log of 27 MB",
        rounds: usages.map(({ peakBytes }) => peakBytes / MEGABYTE),
        atMost: 80,
        unit: " MB",
        detail: `${ROUNDS} rounds`,
      },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Parallel make goes on long after its first error. */
function buildLog(): string {
  const flags = "-O2 -flto=auto -g -grecord-gcc-switches -pipe -Wall -Werror=format-security -Wp,-D_FORTIFY_SOURCE=3 -fexceptions";
  const parts = ["Start: build phase for hello\nExecuting(%build): /bin/sh -e /var/tmp/rpm-tmp.abc\n+ make -j8\n"];
  let size = 0;
  for (let number = 0; size < BYTES; number += 1) {
    let text = `g++ ${flags} -c -o obj/module${number}.o src/module${number}.cpp\n`;
    if (number % 4 === 0)
      text += `src/module${number}.cpp:12:7: warning: unused variable 'error' [-Wunused-variable]\n   12 |   int error;\n      |       ^~~~~\n`;
    if (number === 20_000)
      text +=
        "src/module20000.cpp:7:3: error: 'launch' was not declared in this scope\nmake: *** [Makefile:9: obj/module20000.o] Error 1\n";
    parts.push(text);
    size += text.length;
  }
  parts.push(
    "make: Target 'all' not remade because of errors.\nerror: Bad exit status from /var/tmp/rpm-tmp.abc (%build)\n\n\nRPM build errors:\n",
  );
  parts.push("    Bad exit status from /var/tmp/rpm-tmp.abc (%build)\n");
  return parts.join("");
}
