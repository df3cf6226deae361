import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Command, Option } from "commander";
import { type BuildOptions, type BuildTarget, buildUpload, buildUrls, checkBeforeBuild } from "../../core/api/index.ts";
import { CoprError, UsageError } from "../../core/errors.ts";
import { type PackagingTool, packagingTools } from "../../core/packaging/packaging-tools.ts";
import type { Transport } from "../../core/http/transport.ts";
import { added } from "../arguments.ts";
import type { Context } from "../context.ts";
import { addBuildOptions, type BuildCommandOptions, readBuildOptions } from "../options/build.ts";
import { buildTargetArgument } from "../options/targets.ts";
import { startProgress } from "../progress.ts";
import { openSubmission, type Submission } from "../waiting/submission.ts";

/** `build`: local source packages and spec files, or their addresses. */
export function build(context: Context): Command {
  const command = new Command("build")
    .helpGroup("Builds:")
    .summary("build source packages or spec files, local or by address")
    .addArgument(buildTargetArgument())
    .argument("[pkgs...]", ".src.rpm or .spec files, their addresses, or checkouts to make a source package of; here when left out")
    .addOption(added(new Option("--with <tool>", "make source packages of checkouts by this tool").choices(packagingTools)));
  return addBuildOptions(command)
    .addHelpText(
      "after",
      "\nExamples:\n  copr-cli build hello hello-1.0-1.src.rpm\n  copr-cli build @copr/copr-dev --nowait -r 'fedora-*' https://example.org/hello.spec\n  cd hello && copr-cli build hello\n  copr-cli build hello needs-hello-1-1.src.rpm --after-success 1234567",
    )
    .action(async (name: string, packages: string[], options: BuildCommandOptions & { with?: PackagingTool }) => {
      const submission = await openSubmission(context, options);
      const chosen = packages.length > 0 ? packages : [await checkoutHere()];
      const transport = await context.authenticated();
      const target = { ...(await context.buildTarget(name)), ...readBuildOptions(options, context.terminal) };
      await checkBeforeBuild(transport, target);
      await submission.ready();
      try {
        for (const source of chosen) await submit(context, transport, { source, tool: options.with, target, submission });
      } catch (error) {
        await submission.abandoned();
        throw error;
      }
      await submission.done();
    });
}

interface Source {
  /** File, checkout or address, as typed. */
  source: string;
  tool: PackagingTool | undefined;
  target: BuildTarget & BuildOptions;
  submission: Submission;
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
async function buildCheckout(context: Context, transport: Transport, { source, tool, target, submission }: Source): Promise<void> {
  const [{ makeSourcePackage }, { withPrivateDirectory }] = await Promise.all([
    import("../../core/packaging/source-package.ts"),
    import("../../core/files/private-directory.ts"),
  ]);
  await withPrivateDirectory("srpm-", async (output) => {
    const path = await makeSourcePackage({ directory: source, output, transport, tool, signal: context.interrupted });
    await upload(context, transport, path, (await stat(path)).size, { target, submission });
  });
}

/** A name that exists here is a file, also if it looks like an address. */
async function submit(context: Context, transport: Transport, { source, tool, target, submission }: Source): Promise<void> {
  const info = await stat(source).catch(() => undefined);
  if (info?.isDirectory()) return buildCheckout(context, transport, { source, tool, target, submission });
  if (info) return upload(context, transport, source, info.size, { target, submission });
  if (!/^\s*[a-z][a-z0-9+.-]*:/i.test(source)) throw new CoprError(`File ${source} not found`);
  if (/\s/.test(source.trim())) {
    throw new CoprError("This method doesn't allow submitting multiple URLs at once. Use `create_from_urls` instead.");
  }
  await submission.submit(target, { type: "link", url: source.trim() }, async () => {
    const [build] = await buildUrls(transport, [source], target);
    if (!build) throw new CoprError(`The frontend made no build of ${source}`);
    return build;
  });
}

async function upload(
  context: Context,
  transport: Transport,
  path: string,
  size: number,
  { target, submission }: Pick<Source, "target" | "submission">,
): Promise<void> {
  submission.note(`Uploading package ${path}\n`);
  await submission.submit(target, { type: "upload", file: basename(path) }, async () => {
    const progress = await startProgress(context.terminal, size);
    try {
      return await buildUpload(transport, path, target, (sentBytes) => progress.update(sentBytes));
    } finally {
      progress.end();
    }
  });
}
