import { compileFor, nodeOf, otherMajors } from "../scripts/nodes.ts";
import { bin } from "../test/support/program.ts";
import { startFrontend } from "./frontend.ts";
import { inTurn, measure, succeeding, sum, type Usage } from "./measure.ts";
import type { Finding } from "./promise.ts";

/** CPU is counted in hundredths of a second, so a round is several pairs. */
const PAIRS = 6;
const ROUNDS = 5;

/** The CPU of a command against that of `node -e 0`, by the major of Node. */
const promises = {
  20: { "--version": 1.15, whoami: 1.3, list: 1.9 },
  22: { "--version": 1.25, whoami: 1.45, list: 2.2 },
  24: { "--version": 1.25, whoami: 1.45, list: 2.2 },
} as const;

type Command = keyof (typeof promises)[20];

/** Start-up: what copr-cli costs beyond Node itself, on each major that is supported. */
export async function startUp(): Promise<Finding[]> {
  const frontend = await startFrontend("api");
  try {
    const findings: Finding[] = [];
    for (const major of [20, ...otherMajors] as (keyof typeof promises)[]) {
      const node = process.versions.node.startsWith(`${major}.`) ? process.execPath : nodeOf(major);
      if (node === undefined) {
        console.log(`skipped  start-up on Node ${major}: it can't be had here`);
        continue;
      }
      compileFor(node);
      for (const [command, atMost] of Object.entries(promises[major]) as [Command, number][]) {
        findings.push(await against({ node, major, home: frontend.directory, command, atMost }));
      }
    }
    return findings;
  } finally {
    await frontend.close();
  }
}

interface Case {
  node: string;
  major: number;
  home: string;
  command: Command;
  atMost: number;
}

async function against({ node, major, home, command, atMost }: Case): Promise<Finding> {
  const env = { HOME: home };
  const [, script] = bin.cli;
  const [ours, bare] = await inTurn(
    () => succeeding(measure([node, script, command], { env })),
    () => succeeding(measure([node, "-e", "0"], { env })),
    PAIRS * ROUNDS,
  );
  const mean = (usages: readonly Usage[]): string => `${((sum(usages, "cpuSeconds") / usages.length) * 1000).toFixed(0)} ms`;
  return {
    what: `Node ${major}: CPU of copr-cli ${command} / CPU of node -e 0`,
    rounds: Array.from({ length: ROUNDS }, (_, round) => {
      const part = (usages: readonly Usage[]): number => sum(usages.slice(round * PAIRS, (round + 1) * PAIRS), "cpuSeconds");
      return part(ours) / part(bare);
    }),
    atMost,
    detail: `${mean(ours)} against ${mean(bare)}`,
  };
}
