import { stat } from "node:fs/promises";
import { Command } from "commander";
import { type Build, type BuildOptions, type BuildTarget, buildUpload, buildUrls, checkBeforeBuild } from "../../core/api.ts";
import { CoprError } from "../../core/errors.ts";
import type { Transport } from "../../core/transport.ts";
import type { Context } from "../context.ts";
import { addBuildOptions, type BuildCommandOptions, readBuildOptions } from "../options/build.ts";
import { buildTargetArgument } from "../options/targets.ts";
import { startProgress } from "../progress.ts";
import { submitted } from "../submitted.ts";

/** `build`: local source packages and spec files, or their addresses. */
export function build(context: Context): Command {
  const command = new Command("build")
    .helpGroup("Builds:")
    .summary("build source packages or spec files, local or by address")
    .addArgument(buildTargetArgument())
    .argument("<pkgs...>", ".src.rpm or .spec files, or their addresses");
  return addBuildOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  copr-cli build hello hello-1.0-1.src.rpm\n  copr-cli build @copr/copr-dev --nowait -r 'fedora-*' https://example.org/hello.spec",
    )
    .action(async (name: string, packages: string[], options: BuildCommandOptions) => {
      const transport = await context.authenticated();
      const target = { ...(await context.buildTarget(name)), ...readBuildOptions(options, context.terminal) };
      await checkBeforeBuild(transport, target);
      const builds: Build[] = [];
      for (const source of packages) builds.push(await submit(context, transport, source, target));
      await submitted(context, builds, options);
    });
}

/** A name that exists here is a file, also if it looks like an address. */
async function submit(context: Context, transport: Transport, source: string, target: BuildTarget & BuildOptions): Promise<Build> {
  const info = await stat(source).catch(() => undefined);
  if (info) return upload(context, transport, source, info.size, target);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) throw new CoprError(`File ${source} not found`);
  if (/\s/.test(source)) {
    throw new CoprError("This method doesn't allow submitting multiple URLs at once. Use `create_from_urls` instead.");
  }
  const [build] = await buildUrls(transport, [source], target);
  if (!build) throw new CoprError(`The frontend made no build of ${source}`);
  return build;
}

async function upload(
  context: Context,
  transport: Transport,
  path: string,
  size: number,
  target: BuildTarget & BuildOptions,
): Promise<Build> {
  context.terminal.out(`Uploading package ${path}\n`);
  const progress = await startProgress(context.terminal, size);
  try {
    return await buildUpload(transport, path, target, (sentBytes) => progress.update(sentBytes));
  } finally {
    progress.end();
  }
}
