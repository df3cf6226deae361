import { listMockChroots, listProjects } from "../core/api/index.ts";
import type { Client } from "../core/client.ts";
import { remembered } from "../core/account/name-cache.ts";
import { readCachedSession } from "../core/account/session-cache.ts";
import { version } from "../core/version.ts";
import type { Context } from "./context.ts";

/** What names are wanted for: `NAME` or `OWNER/NAME`; chroots to build for; `[OWNER/]NAME/CHROOT`. */
export type CompletedNames = "projects" | "chroots" | "project-chroots";

/**
 * Answers a shell, `copr-cli __complete projects hel`: prints names that begin with the last word, one a line, from a
 * cache or from the frontend. A shell waits for it at each TAB, so it never complains, asks nobody for a password and
 * gives up soon. A name that ends in `/` is to be continued.
 */
export async function completeNames(context: Context, words: readonly string[]): Promise<void> {
  const [kind, typed = ""] = words;
  const candidates = await namesFor(context, kind, typed).catch(() => []);
  const matching = candidates.filter((name) => name.startsWith(typed)).map((name) => cutAfterNextSlash(name, typed.length));
  context.terminal.out([...new Set(matching)].map((name) => `${name}\n`).join(""));
}

const DEADLINE_MS = 1200;
const PROJECTS_FRESH_MS = 5 * 60_000;
const CHROOTS_FRESH_MS = 24 * 3600_000;

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

/** All that is asked for is public. */
async function anonymousClient(url: string): Promise<Client> {
  const [{ createClient }, { tuneForShortRun }] = await Promise.all([import("../core/client.ts"), import("../core/http/short-run.ts")]);
  tuneForShortRun();
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
