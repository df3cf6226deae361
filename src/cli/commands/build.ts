import { rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { type Build, type BuildOptions, type BuildTarget, buildUpload, buildUrls, checkBeforeBuild } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import { CoprError, UsageError } from "../../core/errors.ts";
import { type PackagingTool, packagingTools } from "../../core/packaging/packaging-tools.ts";
import type { Transport } from "../../core/http/transport.ts";
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
    .argument("[pkgs...]", ".src.rpm or .spec files, their addresses, or checkouts to make a source package of; here when left out")
    .addOption(new Option("--with <tool>", "make source packages of checkouts by this tool").choices(packagingTools));
  return addBuildOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  copr-cli build hello hello-1.0-1.src.rpm\n  copr-cli build @copr/copr-dev --nowait -r 'fedora-*' https://example.org/hello.spec\n  cd hello && copr-cli build hello",
    )
    .action(async (name: string, packages: string[], options: BuildCommandOptions & { with?: PackagingTool }) => {
      const chosen = packages.length > 0 ? packages : [await checkoutHere()];
      const transport = await context.authenticated();
      const target = { ...(await context.buildTarget(name)), ...readBuildOptions(options, context.terminal) };
      await checkBeforeBuild(transport, target);
      const builds: Build[] = [];
      try {
        for (const source of chosen) builds.push(await submit(context, transport, { source, tool: options.with, target }));
      } catch (error) {
        // These run, whatever became of the rest. Scripts know nothing of such a line: it is for people.
        if (builds.length > 0 && context.terminal.showsProgress)
          context.terminal.error(cleanText(`Builds already created: ${builds.map(({ id }) => id).join(", ")}\n`));
        throw error;
      }
      await submitted(context, builds, options);
    });
}

interface Submission {
  /** File, checkout or address, as typed. */
  source: string;
  tool: PackagingTool | undefined;
  target: BuildTarget & BuildOptions;
}

/** The working directory, if it is a checkout with a spec file; else the arguments are simply missing. */
async function checkoutHere(): Promise<string> {
  const { findSpecFile } = await import("../../core/packaging/spec-file.ts");
  if ((await findSpecFile(".")) === undefined) {
    throw new UsageError("the following arguments are required: pkgs", { hint: "Or run it in a checkout with a spec file." });
  }
  return ".";
}

/** Makes a checkout's source package, submits it, and leaves nothing behind. */
async function buildCheckout(context: Context, transport: Transport, { source, tool, target }: Submission): Promise<Build> {
  const { makeSourcePackage } = await import("../../core/packaging/source-package.ts");
  const path = await makeSourcePackage({ directory: source, transport, tool, signal: context.interrupted });
  try {
    return await upload(context, transport, path, (await stat(path)).size, target);
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}

/** A name that exists here is a file, also if it looks like an address. */
async function submit(context: Context, transport: Transport, { source, tool, target }: Submission): Promise<Build> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isDirectory()) return buildCheckout(context, transport, { source, tool, target });
  if (info) return upload(context, transport, source, info.size, target);
  if (!/^\s*[a-z][a-z0-9+.-]*:/i.test(source)) throw new CoprError(`File ${source} not found`);
  if (/\s/.test(source.trim())) {
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
