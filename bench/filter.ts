import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin } from "../test/support/program.ts";
import { measure, median, succeeding, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

const MEGABYTE = 1e6;
const ROUNDS = 5;
const SIZE_BYTES = 400 * MEGABYTE;
/** sed writes and reads a few bytes at a time here, so it gets less of the same. */
const SED_BYTES = 4 * MEGABYTE;

/** The filter of the log beside sed with the expressions upstream gives it, and beside cat, over the same files. */
export async function filter(): Promise<Finding[]> {
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  try {
    const findings: Finding[] = [];
    for (const [what, block] of Object.entries(logs)) {
      const whole = join(directory, "log");
      const part = join(directory, "part");
      await fill(whole, block(), SIZE_BYTES);
      await fill(part, block(), SED_BYTES);
      const ours = await speeds(bin.loggify, whole, SIZE_BYTES);
      const copy = await speeds(["cat"], whole, SIZE_BYTES);
      const sed = await speeds(sedFilter, part, SED_BYTES, 1);
      const figures = `sed ${median(sed).toFixed(1)} MB/s; cat copies ${median(copy).toFixed(0)} MB/s`;
      findings.push(
        { what: `speed of the log filter on ${what}`, rounds: ours, atLeast: 100, unit: " MB/s", detail: `${ROUNDS} rounds of 400 MB` },
        {
          what: `speed of the log filter on ${what} / speed of sed --unbuffered`,
          rounds: ours.map((speed) => speed / median(sed)),
          atLeast: 10,
          detail: figures,
        },
      );
    }
    return findings;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Drops what a lone CR draws over, simple CSI sequences, and CR, SO, SI. */
const sedFilter = ["sed", "-u", "-e", "s/.*\\r\\([^\\n]\\)/\\1/g", "-e", "s/\\x1b\\[[0-9;]*[A-Za-z]//g", "-e", "s/[\\r\\x0e\\x0f]*//g"];

const logs = {
  "plain lines": () => numbered((line) => `gcc -O2 -g -c -o obj/file${line}.o src/file${line}.c ${"-Wall ".repeat(line % 9)}\n`),
  "UTF-8": () => numbered((line) => `сборка пакета ${line} «готово» → ✓ 日本語のログ naïve café © 😀\n`),
  colours: () => numbered((line) => `\u001b[1m\u001b[32m[${line}]\u001b[0m Building \u001b[38;5;12mC object\u001b[m\u001b[K file.c\n`),
  "progress bars": () => numbered((line) => `\r${line}% [=====>          ]${line % 50 === 0 ? "\n" : ""}`),
} as const;

function numbered(text: (line: number) => string): Buffer {
  return Buffer.from(Array.from({ length: 20_000 }, (_, index) => text(index)).join(""));
}

async function fill(path: string, block: Buffer, bytes: number): Promise<void> {
  const file = await open(path, "w");
  try {
    for (let left = bytes; left > 0; left -= block.length) await file.write(block.subarray(0, left));
  } finally {
    await file.close();
  }
}

/** Bytes a second, in MB, of some rounds, start-up and all. */
async function speeds(argv: readonly string[], input: string, bytes: number, rounds = ROUNDS): Promise<number[]> {
  const usages: Usage[] = [];
  for (let round = 0; round < rounds; round += 1) {
    usages.push(await succeeding(measure(["sh", "-c", '"$@" <"$0" | cat >/dev/null', input, ...argv])));
  }
  return usages.map(({ wallSeconds }) => bytes / MEGABYTE / wallSeconds);
}
