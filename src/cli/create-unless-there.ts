import { addProject, getProject, type NewProject, type Project } from "../core/api/index.ts";
import { isNotFound } from "../core/errors.ts";
import { mayHaveArrived } from "../core/http/connection-errors.ts";
import type { Transport } from "../core/http/transport.ts";
import { cleanText } from "../core/text/clean-text.ts";
import type { readProjectOptions } from "./options/project.ts";
import type { Output } from "./output/output.ts";

/** A project that was made, or with `--exist-ok` was there. */
export interface CreatedProject extends Project {
  /** Whether it was there already; only with `--exist-ok`. */
  existed?: boolean;
  /** Settings that were asked for and that an existing project has otherwise; only with `--exist-ok`. */
  differing?: string[];
}

/** A project that shall be there. */
interface WantedProject {
  ownername: string;
  wanted: NewProject;
  /** What was said of it; null where nothing was. */
  asked: ReturnType<typeof readProjectOptions>;
  /** Its page. */
  url: string;
}

/**
 * Makes a project unless it is there. An existing one is not changed; the frontend is asked to make it all the same, so that it
 * says no to who may not, and so that one that somebody else makes at the same moment is no error.
 */
export async function createUnlessThere(
  transport: Transport,
  output: Output<CreatedProject>,
  { ownername, wanted, asked, url }: WantedProject,
): Promise<void> {
  const before = await existing(transport, ownername, wanted.name);
  const make = (): Promise<Project> => addProject(transport, ownername, wanted, true);
  // Whether or not the frontend has made it before the connection broke: to ask once more is no second project.
  const project = await make().catch((error: unknown) => (mayHaveArrived(error) ? make() : Promise.reject(error)));
  if (before === undefined) {
    await output.record({ ...project, existed: false, differing: [] }, `New project was successfully created: ${url}\n`);
    return;
  }
  const differing = differences(project, asked);
  const advice = differing.length === 0 ? "" : `${describe(differing)} Change them by 'copr-cli modify'.\n`;
  await output.record({ ...project, existed: true, differing }, cleanText(`The project was there already: ${url}\n${advice}`));
}

/** Undefined where the frontend says so; a page of some web server on the way says nothing of the project. */
async function existing(transport: Transport, ownername: string, projectname: string): Promise<Project | undefined> {
  try {
    return await getProject(transport, { ownername, projectname });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function describe(differing: readonly string[]): string {
  return `It has settings that differ from those asked for, and stay as they are: ${differing.join(", ")}.`;
}

/** Names of what was asked for and is otherwise. What the frontend does not tell of a project is not among them. */
function differences(project: Project, { repos, chroots, ...rest }: WantedProject["asked"]): string[] {
  const asked = { ...rest, chroots, additional_repos: repos };
  const present: Readonly<Record<string, unknown>> = { ...project, chroots: Object.keys(project.chroot_repos ?? {}) };
  return Object.entries(asked)
    .filter(([name, value]) => value !== null && Object.hasOwn(present, name) && comparable(present[name]) !== comparable(value))
    .map(([name]) => name);
}

/** Lists have no order that means anything; numbers come as the texts that were typed. */
function comparable(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map(String).toSorted() : String(value));
}
