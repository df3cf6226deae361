import { readFile } from "node:fs/promises";
import { machine } from "node:os";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { getRpmRepo } from "../../core/api/index.ts";
import { CoprError, UsageError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type Output, type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";
import { confirm } from "../prompt.ts";

/** The `.repo` file of a project. */
export interface RepoFileRecord {
  /** `owner/name`, or a directory, `owner/name:dir`. */
  project: string;
  release: string;
  /** Name of the file. */
  name: string;
  /** Where it was written; null when it was only shown. */
  path: string | null;
  text: string;
}

const shape: Shape<RepoFileRecord> = {
  fields: { project: "known", release: "known", name: "known", path: "known", text: "shown" },
  text: ({ text }) => text,
};
const printed = printing(shape, { formats: formatsOfActs });

interface RepoOptions extends OutputOptions {
  install?: boolean;
  directory: string;
  yes?: boolean;
}

/** `repo`: a project as a repository of dnf. */
export function repo(context: Context): Command {
  const command = new Command("repo")
    .helpGroup("Projects:")
    .summary("print the .repo file of a project, or install it")
    .argument("<project>", "project, as NAME, OWNER/NAME or OWNER/NAME:DIRECTORY")
    .addArgument(new Argument("[release]", "release, as fedora-43 or epel-9, or a chroot of it; this machine's when left out"))
    .option("--install", "write the file for dnf, after asking")
    .option("--directory <path>", "where --install writes it", "/etc/yum.repos.d")
    .option("--yes", "do not ask");
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nThe file has the name and the sections of 'dnf copr enable', with those of the projects that this one needs. " +
        "For this machine's release it follows an upgrade of Fedora; a release that is named stays.\n\n" +
        "Examples:\n  copr-cli repo @copr/copr-dev fedora-43\n  sudo copr-cli repo @copr/copr-dev --install",
    )
    .action(async (name: string, release: string | undefined, options: RepoOptions) => {
      const output = printed.open(context.terminal, options);
      checkQuestion(context, output, options);
      const record = await makeFile(context, name, release);
      if (!options.install) return output.record(record);
      const path = join(options.directory, record.name);
      if (!options.yes) {
        context.terminal.out(`${record.text}\n`);
        if (!(await confirm(context.terminal, `Write this to ${path}`))) return;
      }
      await write(path, record.text);
      await output.record({ ...record, path }, `${path} was written.\n`);
    });
}

/** Before anything is asked of the frontend. */
function checkQuestion({ terminal }: Context, { isData }: Output<RepoFileRecord>, { install, yes }: RepoOptions): void {
  if (!install || yes || (terminal.isInteractive && !isData)) return;
  throw new UsageError("There is nobody to ask whether the file may be installed: say so by --yes");
}

async function makeFile(context: Context, name: string, release: string | undefined): Promise<RepoFileRecord> {
  const { repoFile } = await import("../../core/repositories/repo-file.ts");
  const { coprUrl } = await context.config();
  const { ownername, project_dirname: dirname } = await context.buildTarget(name);
  const releases = release === undefined ? await machineReleases() : [release];
  const answer = await getRpmRepo(await context.transport(), ownername, dirname, releases[0] as string);
  const request = { coprUrl, ownername, dirname, releases, isMachines: release === undefined, architecture: architecture() };
  const file = repoFile(answer, request);
  return { project: `${ownername}/${dirname}`, release: file.release, name: file.name, path: null, text: file.text };
}

async function machineReleases(): Promise<string[]> {
  const { releasesOf } = await import("../../core/repositories/machine-release.ts");
  const text = await readFile("/etc/os-release", "utf8").catch(() => readFile("/usr/lib/os-release", "utf8").catch(() => ""));
  const releases = releasesOf(text);
  if (releases.length > 0) return releases;
  throw new UsageError("This machine does not say which release it runs: name one, as fedora-43 or epel-9");
}

/** As dnf's `$basearch` has it. */
function architecture(): string {
  const name = machine();
  if (/^i[3-6]86$/.test(name)) return "i386";
  return /^armv[6-8].*l$/.test(name) ? "armhfp" : name;
}

async function write(path: string, text: string): Promise<void> {
  const { writeFileAtomic } = await import("../../core/files/atomic-file.ts");
  try {
    await writeFileAtomic(path, text, 0o644, { isExactMode: true });
  } catch (cause) {
    if (!(cause instanceof CoprError)) throw cause;
    throw new CoprError(cause.message, { cause, hint: "Run it as root, or let --directory name a place of yours." });
  }
}
