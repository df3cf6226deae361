import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRepository, rpmTask, specText } from "../test/support/builder-host.ts";
import { bin } from "../test/support/program.ts";
import { inTurn, measure, median, succeeding } from "./measure.ts";
import type { Finding } from "./promise.ts";

const ROUNDS = 15;

/** Node 20 reads the file of this variable at each start, which takes longer than the start itself and is no doing of ours. */
const plainNode = { NODE_EXTRA_CA_CERTS: "" };

/** What copr-builder adds to the programs that do the work of an RPM task: git and rpmbuild. */
export async function overhead(): Promise<Finding[]> {
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  try {
    const repository = await makeRepository(directory, "small", { "small.spec": specText("small", "true") });
    const taskFile = join(directory, "task.json");
    await writeFile(taskFile, JSON.stringify(rpmTask(repository)));
    const builder = [...bin.builder, "run", "--buildroot", "host", "--task-file", taskFile, "--state-dir", join(directory, "state")];
    const clone = join(directory, "clone");
    const bare =
      'git clone --quiet --depth 500 --no-single-branch "$1" "$2" && rpmbuild -ba --define "_topdir $2/rpmbuild" "$2/small.spec"';
    const [ours, theirs] = await inTurn(
      () => succeeding(measure(builder, { env: plainNode })),
      async () => {
        await rm(clone, { recursive: true, force: true });
        return succeeding(measure(["sh", "-c", bare, "sh", repository.url, clone]));
      },
      ROUNDS,
    );
    const seconds = [ours, theirs].map((usages) => median(usages.map(({ wallSeconds }) => wallSeconds))) as [number, number];
    const pairs = ours.map(({ wallSeconds }, round) => [wallSeconds, theirs[round]?.wallSeconds ?? 0] as const);
    const detail = `${seconds[0].toFixed(2)} s against ${seconds[1].toFixed(2)} s for git and rpmbuild alone, ${ROUNDS} rounds`;
    return [
      {
        what: "an RPM task of a small repository, beyond its programs",
        rounds: pairs.map(([task, programs]) => task - programs),
        atMost: 0.4,
        unit: " s",
        detail,
      },
      { what: "the same, as a ratio to its programs", rounds: pairs.map(([task, programs]) => task / programs), atMost: 12, detail },
    ];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
