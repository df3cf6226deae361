import { join } from "node:path";
import { Command } from "commander";
import { getBuild, getBuiltPackages, getProject, listBuildChroots } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, ResponseError } from "../../core/errors.ts";
import { chrootNamePattern } from "../../core/task/names.ts";
import type { Context } from "../context.ts";
import { collect } from "../options/values.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

/** What was had of one chroot of a build. */
export interface DownloadedChroot {
  chroot: string;
  /** Where its files are now. */
  directory: string;
  /** Addresses of files that could not be fetched. */
  failed: string[];
  /** Addresses of packages that the frontend named but its storage does not have. */
  missing: string[];
}

const shape: Shape<DownloadedChroot> = {
  fields: { chroot: "shown", directory: "shown", failed: "known", missing: "known" },
  // Upstream has nothing to say of what went well.
  text: () => "",
};
const printed = printing(shape);

interface DownloadOptions extends OutputOptions {
  chroot?: string[];
  dest: string;
  rpms?: boolean;
  spec?: boolean;
  logs?: boolean;
  review?: boolean;
}

/** `download-build`: the results of a build. */
export function downloadBuild(context: Context): Command {
  const command = new Command("download-build")
    .helpGroup("Builds:")
    .summary("download the results of a build")
    .argument("<build_id>", "number of the build")
    .option("-r, --chroot <chroot>", "only from this chroot; may be repeated", collect)
    .option("-d, --dest <directory>", "where to, a directory for each chroot is made in it", ".")
    .optionsGroup("What to download (everything when none is given):")
    .option("--rpms", "packages")
    .option("--spec", "spec files")
    .option("--logs", "logs")
    .option("--review", "results of fedora-review");
  return printed
    .addOptions(command)
    .addHelpText("after", "\nExample:\n  copr-cli download-build 1234567 --rpms -r fedora-rawhide-x86_64 --dest results")
    .action(async (id: string, options: DownloadOptions) => {
      const output = printed.open(context.terminal, options);
      const failed: string[] = [];
      await output.records(fetched(context, id, options, failed));
      if (failed.length > 0)
        throw new CoprError(`${failed.length} file(s) of build ${id} could not be downloaded`, {
          hint: "The same command again goes on where it stopped.",
        });
    });
}

/** Fetches one chroot after the other; what could not be had is told at once, and collected. */
async function* fetched(context: Context, id: string, options: DownloadOptions, failed: string[]): AsyncIterable<DownloadedChroot> {
  const transport = await context.transport();
  const { ownername, projectname } = await getBuild(transport, id);
  const chroots = await listBuildChroots(transport, id);
  const project = await getProject(transport, { ownername, projectname });
  const built = await getBuiltPackages(transport, id);
  const { downloadResults } = await import("../../core/builds/download.ts");
  for (const { name, result_url: resultUrl } of chroots) {
    if (options.chroot && !options.chroot.includes(name)) continue;
    // A directory is named after it.
    if (!chrootNamePattern.test(name))
      throw new ResponseError(`The server names a chroot ${JSON.stringify(name)}, which is no name of one`);
    if (!resultUrl) {
      context.terminal.notice(cleanText(`No data for build id: ${id} and chroot: ${name}.\n`));
      continue;
    }
    const directory = join(options.dest, name);
    const result = await downloadResults(transport, {
      url: resultUrl,
      chroot: name,
      directory,
      wanted: options,
      pulp: project.storage === "pulp" ? { packages: built[name]?.packages ?? [], isDevel: project.devel_mode } : undefined,
      signal: context.interrupted,
    });
    failed.push(...result.failed);
    const missing = result.missing.map(({ url }) => url);
    for (const url of [...missing, ...result.failed]) context.terminal.notice(cleanText(`Failed to download: ${url}\n`));
    yield { chroot: name, directory, failed: result.failed, missing };
  }
}
