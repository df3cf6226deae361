import { capture } from "../../core/process/run.ts";

/** Bytes that trees take on their file system together; undefined where that can't be told. */
export async function diskUse(paths: readonly string[]): Promise<number | undefined> {
  if (paths.length === 0) return 0;
  const { exitCode, stdout } = await capture(["du", "--summarize", "--total", "--one-file-system", "--block-size=1", "--", ...paths]);
  // Its total is right also where some of it has gone meanwhile.
  const total = /^(\d+)\ttotal$/m.exec(stdout.toString())?.[1];
  return exitCode > 1 || total === undefined ? undefined : Number(total);
}
