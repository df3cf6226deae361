import { Command, Option } from "commander";
import { type Build, buildStates } from "../../core/api/index.ts";
import { findBuilds } from "../../core/builds/find-builds.ts";
import { added } from "../arguments.ts";
import { buildUrl } from "../../core/builds/build-record.ts";
import type { Context } from "../context.ts";
import { timeAgo } from "../options/time-ago.ts";
import { projectArgument } from "../options/targets.ts";
import { count } from "../options/values.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";
import type { SeenBuild } from "../../core/account/seen-builds.ts";
import { noteSeen, seenBuild } from "../seen-builds.ts";

/** A build in a list: upstream's three fields, and those that are chosen. */
export interface ListedBuild {
  id: number;
  /** Its package, as soon as that is known. */
  name: string | null;
  state: string;
  version?: string | null;
  /** `owner/name`. */
  project?: string;
  project_dirname?: string;
  chroots?: string[];
  submitter?: string | null;
  /** Epoch seconds, as the two below. */
  submitted_on?: number;
  started_on?: number | null;
  ended_on?: number | null;
  /** Page of the build. */
  url?: string;
}

const shape: Shape<ListedBuild> = {
  fields: {
    id: "shown",
    name: "shown",
    state: "shown",
    version: "known",
    project: "known",
    project_dirname: "known",
    chroots: "known",
    submitter: "known",
    submitted_on: "known",
    started_on: "known",
    ended_on: "known",
    url: "known",
  },
  needs: ["id", "state"],
  isFixed: true,
};
const printed = printing(shape, { preset: "text-row", isUpstreams: true });

interface ListBuildsOptions extends OutputOptions {
  status?: string;
  package?: string;
  limit?: number;
  since?: number;
}

/** `list-builds`: all builds of a project, newest first. */
export function listBuilds(context: Context): Command {
  const command = new Command("list-builds")
    .helpGroup("Builds:")
    .summary("list the builds of a project")
    .addArgument(projectArgument())
    .addOption(added(new Option("--status <state>", "only builds in this state, e.g. failed or running").choices(buildStates)))
    .addOption(added(new Option("--package <name>", "only builds of this package, or of those matching a glob pattern")))
    .addOption(added(new Option("--limit <number>", "no more than so many, the newest").argParser(count)))
    .addOption(added(new Option("--since <time>", "only what was submitted since, e.g. 2d, 12h or 2026-11-28").argParser(timeAgo)));
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nPrints text-row when no format is given: id, package, state, separated by tabs.\n\nExamples:\n" +
        "  copr-cli list-builds @copr/copr-dev --output-format json\n" +
        "  copr-cli list-builds hello --status failed --since 2d --fields id,name,url --output-format table",
    )
    .action(async (name: string, options: ListBuildsOptions) => {
      const output = printed.open(context.terminal, options);
      const { coprUrl } = await context.config();
      const project = await context.project(name);
      const { status, package: pattern, limit, since } = options;
      const builds = findBuilds(await context.transport(), project, { status, package: pattern, limit, since });
      const notice = options.outputFormat === undefined ? NOTICE : "";
      const seen: SeenBuild[] = [];
      await output.records(listed(noting(builds, seen), coprUrl, () => context.terminal.error(notice)));
      await noteSeen(context, seen);
    });
}

const NOTICE = "The default setting will be changed from text-row to json in the following releases\n";

/** The list is newest first, and the newest are what somebody may want to look at next. */
const NOTED = 50;

async function* noting(builds: AsyncIterable<Build>, seen: SeenBuild[]): AsyncIterable<Build> {
  for await (const build of builds) {
    if (seen.length < NOTED) seen.push(seenBuild(build));
    yield build;
  }
}

/** Once the project is known to be there, it is told that the format was not chosen. */
async function* listed(builds: AsyncIterable<Build>, coprUrl: string, notice: () => void): AsyncIterable<ListedBuild> {
  let isNoticeOpen = true;
  for await (const build of builds) {
    if (isNoticeOpen) notice();
    isNoticeOpen = false;
    yield describe(build, coprUrl);
  }
  if (isNoticeOpen) notice();
}

function describe(build: Build, coprUrl: string): ListedBuild {
  const { id, state, ownername, projectname, project_dirname, chroots, submitter, submitted_on, started_on, ended_on } = build;
  return {
    id,
    // Upstream leaves it out where a frontend says nothing of the source package.
    name: build.source_package?.name,
    state,
    version: build.source_package?.version,
    project: `${ownername}/${projectname}`,
    project_dirname,
    chroots,
    submitter,
    submitted_on,
    started_on,
    ended_on,
    url: buildUrl(coprUrl, id),
  };
}
