import { rm } from "node:fs/promises";
import { CoprError, describeFileError, errorCode } from "../errors.ts";

/**
 * Removes a file or tree without following links; what is not there is fine. Paths longer than the system takes and
 * directories without permissions, as builds leave them, are no obstacle.
 */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    const isStubborn = ["ENAMETOOLONG", "EACCES", "ENOTEMPTY"].includes(errorCode(error) ?? "");
    if (isStubborn && typeof path === "string" && (await removeByPrograms(path))) return;
    throw new CoprError(`Cannot remove '${path.toString()}': ${describeFileError(error)}`, { cause: error });
  }
}

/** chmod and rm go from directory to directory, without paths. */
async function removeByPrograms(path: string): Promise<boolean> {
  const { capture } = await import("../process/run.ts");
  const options = { env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" } };
  await capture(["chmod", "-R", "--quiet", "u+rwX", "--", path], options);
  return (await capture(["rm", "-rf", "--", path], options)).exitCode === 0;
}
