import { constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CoprError, describeFileError } from "../errors.ts";
import { PIPES_PREFIX } from "./pipes-prefix.ts";
import { exitStatus, rethrowStartError, start } from "./start.ts";

/** File descriptors of both ends. */
export interface PipeEnds {
  readEnd: number;
  writeEnd: number;
}

/**
 * A real pipe. Node gives children socket pairs, on which `/dev/stdout` can't be opened: builds that write to it
 * would fail. The name of the FIFO is gone before the program starts. Throws CoprError.
 */
export async function makePipe(): Promise<PipeEnds> {
  return sparePipes.pop() ?? makePipes();
}

/** So many are made at a time: making one costs as much as making several. */
const PIPES_AT_A_TIME = 6;
const sparePipes: PipeEnds[] = [];

/** One pipe for now, the others to spare. */
async function makePipes(): Promise<PipeEnds> {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), PIPES_PREFIX));
    const paths = Array.from({ length: PIPES_AT_A_TIME }, (_, index) => join(directory as string, `output-${index}`));
    const argv = ["mkfifo", "--mode=600", ...paths];
    const made = await start(argv, {}, { stdio: ["ignore", "ignore", "pipe"] });
    rethrowStartError(made, argv, {});
    if (exitStatus(made) !== 0)
      throw new CoprError(
        `Cannot make a pipe: ${Buffer.from(made.stderr ?? [])
          .toString()
          .trim()}`,
      );
    for (const path of paths) {
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      sparePipes.push({ readEnd, writeEnd: openSync(path, constants.O_WRONLY) });
    }
    return sparePipes.pop() as PipeEnds;
  } catch (error) {
    if (error instanceof CoprError) throw error;
    throw new CoprError(`Cannot make a pipe in '${tmpdir()}': ${describeFileError(error)}`, { cause: error });
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}
