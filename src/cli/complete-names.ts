import { listMockChroots, listPackages, listProjects } from "../core/api/index.ts";
import type { Client } from "../core/client.ts";
import { remembered } from "../core/account/name-cache.ts";
import { readCachedSession } from "../core/account/session-cache.ts";
import { parseProjectName } from "../core/task/names.ts";
import { version } from "../core/version.ts";
import type { Candidate } from "./complete-builds.ts";
import type { Context } from "./context.ts";

/**
 * What names are wanted for: `NAME` or `OWNER/NAME`; chroots to build for; `[OWNER/]NAME/CHROOT`; numbers of builds that
 * were seen lately; packages of the project on the command line; what has a web page.
 */
export type CompletedNames = "projects" | "chroots" | "project-chroots" | "builds" | "packages" | "pages";

/**
 * Answers a shell, `copr-cli __complete projects hel`: prints names that begin with the second word, one a line, from a
 * cache or from the frontend; behind a tab what it is, where that is known. For packages the third word is their project, of `--project` or the first argument.
 * A shell waits for it at each TAB, so it never complains, asks nobody for a password and gives up soon. A name that ends
 * in `/` is to be continued.
 */
export async function completeNames(context: Context, words: readonly string[]): Promise<void> {
  const [kind, typed = "", project = ""] = words;
  const candidates = await candidatesFor(context, kind, typed, project).catch(() => []);
  const lines = candidates
    .filter(({ word }) => word.startsWith(typed))
    .map(({ word, description }) => cutAfterNextSlash(word, typed.length) + (description === undefined ? "" : `\t${description}`));
  context.terminal.out([...new Set(lines)].map((line) => `${line}\n`).join(""));
}

async function candidatesFor(context: Context, kind: string | undefined, typed: string, project: string): Promise<Candidate[]> {
  if (kind === "builds" || (kind === "pages" && /^\d/.test(typed))) {
    const { buildCandidates } = await import("./complete-builds.ts");
    return buildCandidates(context);
  }
  const names =
    kind === "packages" ? packagesOf(context, project) : kind === "pages" ? pages(context, typed) : namesFor(context, kind, typed);
  return (await names).map((word) => ({ word }));
}

const DEADLINE_MS = 1200;
const PROJECTS_FRESH_MS = 5 * 60_000;
const CHROOTS_FRESH_MS = 24 * 3600_000;
const MOST_PACKAGES = 5000;

/** Names come from a server and go to a shell: others than these are not worth the risk. */
const safeName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}$/;
const safeOwner = /^@?[A-Za-z0-9_][A-Za-z0-9_.+-]{0,199}$/;

/** A project as it is kept: its name, and what it is built for. */
type KeptProject = [name: string, ...chroots: string[]];

async function namesFor(context: Context, kind: string | undefined, typed: string): Promise<string[]> {
  if (kind === "chroots") return chroots(context);
  const owner = typed.includes("/") ? typed.slice(0, typed.indexOf("/")) : undefined;
  if (kind === "projects") {
    const names = (await projectsOf(context, owner)).map(([name]) => name);
    return owner === undefined ? names : names.map((name) => `${owner}/${name}`);
  }
  if (kind !== "project-chroots") return [];
  const own = await projectsOf(context);
  // What stands before the first slash is a project of one's own, or an owner.
  if (owner === undefined || own.some(([name]) => name === owner)) return own.flatMap(paths);
  return (await projectsOf(context, owner)).flatMap(paths).map((path) => `${owner}/${path}`);
}

/** Projects, and behind an owner and a project its packages. */
async function pages(context: Context, typed: string): Promise<string[]> {
  const [owner, name, ...rest] = typed.split("/");
  if (rest.length === 0) return namesFor(context, "projects", typed);
  return (await packagesOf(context, `${owner}/${name}`)).map((one) => `${owner}/${name}/${one}`);
}

function paths([name, ...chroots]: KeptProject): string[] {
  return chroots.map((chroot) => `${name}/${chroot}`);
}

async function chroots(context: Context): Promise<string[]> {
  const { coprUrl } = await context.config();
  const names = await remembered({
    coprUrl,
    topic: "chroots",
    freshForMs: CHROOTS_FRESH_MS,
    ask: async () => Object.keys(await listMockChroots(await anonymousClient(coprUrl))),
    isAnswer: isListOfNames,
  });
  return (names ?? []).filter((name) => safeName.test(name));
}

/** Projects of an owner, by default the user; none when nobody knows who that is without a login. */
async function projectsOf(context: Context, owner?: string): Promise<KeptProject[]> {
  const { coprUrl, username } = await context.config();
  const ownername = owner ?? username ?? (await readCachedSession(coprUrl))?.name;
  if (ownername === undefined || !safeOwner.test(ownername)) return [];
  const projects = await remembered({
    coprUrl,
    topic: `projects of ${ownername}`,
    freshForMs: PROJECTS_FRESH_MS,
    ask: async () => {
      const answer = await listProjects(await anonymousClient(coprUrl), ownername);
      return answer.map(({ name, chroot_repos: repositories }): KeptProject => [name, ...Object.keys(repositories ?? {})]);
    },
    isAnswer: isListOfProjects,
  });
  return (projects ?? [])
    .filter(([name]) => safeName.test(name))
    .map(([name, ...chroots]) => [name, ...chroots.filter((chroot) => safeName.test(chroot))]);
}

/** Packages of a project, as far as a shell can wait for them: of thousands the first. */
async function packagesOf(context: Context, text: string): Promise<string[]> {
  const { coprUrl, username } = await context.config();
  const { owner, project } = parseProjectName(text);
  const ownername = owner ?? username ?? (await readCachedSession(coprUrl))?.name;
  if (ownername === undefined || !safeOwner.test(ownername) || !safeName.test(project)) return [];
  const names = await remembered({
    coprUrl,
    topic: `packages of ${ownername}/${project}`,
    freshForMs: PROJECTS_FRESH_MS,
    ask: async () => firstPackages(await anonymousClient(coprUrl), { ownername, projectname: project }),
    isAnswer: isListOfNames,
  });
  return (names ?? []).filter((name) => safeName.test(name));
}

/** One page of them, and others as long as they come in time. */
async function firstPackages(client: Client, project: { ownername: string; projectname: string }): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of listPackages(client, project)) {
      names.push(name);
      if (names.length === MOST_PACKAGES) break;
    }
  } catch (error) {
    if (names.length === 0) throw error;
  }
  return names;
}

/** All that is asked for is public. */
async function anonymousClient(url: string): Promise<Client> {
  const { createClient } = await import("../core/client.ts");
  return createClient({ url, userAgent: `copr-cli/${version}`, attempts: 1, signal: AbortSignal.timeout(DEADLINE_MS) });
}

/** As shells complete paths: one part at a time. */
function cutAfterNextSlash(name: string, start: number): string {
  const slash = name.indexOf("/", start);
  return slash < 0 ? name : name.slice(0, slash + 1);
}

function isListOfNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function isListOfProjects(value: unknown): value is KeptProject[] {
  return Array.isArray(value) && value.every((names) => isListOfNames(names) && names.length > 0);
}
