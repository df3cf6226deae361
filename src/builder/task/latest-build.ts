import { getPackage } from "../../core/api/packages.ts";
import { RequestError, UsageError } from "../../core/errors.ts";
import { createTransport } from "../../core/http/transport.ts";
import { parseProjectName } from "../../core/task/names.ts";
import { userAgent } from "../../core/version.ts";
import { TaskError } from "../errors.ts";
import { requireFrontend } from "./origin.ts";
import { readSettings } from "../settings.ts";

/** Number of the latest build of a package, `path` as owner/project/package. Throws TaskError where there is none, and UsageError. */
export async function findLatestBuild(path: string, config: string | undefined): Promise<number> {
  const at = path.lastIndexOf("/");
  const { owner, project } = parseProjectName(path.slice(0, Math.max(0, at)));
  const name = path.slice(at + 1);
  if (owner === undefined || project === "" || name === "") {
    throw new UsageError(`'${path}' is not of the form owner/project/package`);
  }
  const transport = createTransport({ coprUrl: requireFrontend(await readSettings(config)), userAgent: userAgent("copr-builder") });
  try {
    const { builds } = await getPackage(transport, { ownername: owner, projectname: project }, name, { with_latest_build: true });
    const id = builds?.latest?.id;
    if (id !== undefined) return id;
    throw new TaskError(`The package ${path} was never built`);
  } catch (error) {
    if (error instanceof RequestError) throw new TaskError(error.message, { cause: error });
    throw error;
  } finally {
    await transport.close();
  }
}
