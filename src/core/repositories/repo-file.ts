import type { RpmRepo, RpmRepoArchitecture, RpmRepoDependency } from "../api/types.ts";
import { CoprError, ResponseError } from "../errors.ts";
import { checkedId, type RepoSection, sectionText } from "./repo-section.ts";

/** Which repository is wanted, and who asks. */
export interface RepoFileRequest {
  /** Address of the frontend: its host is part of the id. */
  coprUrl: string;
  ownername: string;
  /** `project`, or a directory of it, `project:dir`. */
  dirname: string;
  /**
   * Releases, the best first: the first that the project has is meant. A single one may name an architecture, too, as
   * `fedora-43-x86_64`.
   */
  releases: readonly string[];
  /** They are those of the machine, which the file is to follow when it is upgraded: dnf's `$releasever` stands for it. */
  isMachines: boolean;
  /** RPM's name of the machine's architecture: its options are taken. */
  architecture: string;
}

/** A `.repo` file. */
export interface RepoFile {
  /** Name of the file, without a directory. */
  name: string;
  /** The release it is for, one of those that were asked for. */
  release: string;
  text: string;
}

/**
 * The `.repo` file of a project with those it needs at run time, as `dnf copr enable` makes it: ids, sections, options.
 * Throws CoprError when the project has no such release or directory, ResponseError for an answer that must not become a file.
 */
export function repoFile(answer: RpmRepo, request: RepoFileRequest): RepoFile {
  checkDirectory(answer, request);
  const { release, pinned, settings } = chosenRelease(answer, request);
  const chroot = pinned ?? `${request.isMachines ? withVariable(release) : release}-$basearch`;
  const main = mainSection(answer, request, { chroot, settings });
  const sections = [main];
  if (pinned === undefined) sections.push(...multilibSections(main, settings));
  for (const dependency of answer.dependencies ?? []) {
    const section = dependencySection(answer, dependency, chroot);
    // A project that several others need is named several times.
    if (sections.every(({ id }) => id !== section.id)) sections.push(section);
  }
  const days = daysLeft(answer, request, settings);
  const comment = days === undefined ? "" : `# ${days === 1 ? "1 day" : `${days} days`} until this repository is deleted.\n`;
  return { name: `_${main.id}.repo`, release, text: comment + sections.map(sectionText).join("\n") };
}

function checkDirectory(answer: RpmRepo, { ownername, dirname }: RepoFileRequest): void {
  const directories = Object.keys(answer.directories ?? {});
  if (directories.length === 0 || directories.includes(dirname)) return;
  const project = `${ownername}/${projectOf(dirname)}`;
  throw new CoprError(`There is no directory '${dirname}' in ${project}; there are: ${directories.join(", ")}`);
}

interface ChosenRelease {
  release: string;
  /** The chroot, where an architecture was named. */
  pinned?: string;
  settings: RpmRepoArchitecture;
}

function chosenRelease(answer: RpmRepo, { ownername, dirname, releases, isMachines, architecture }: RepoFileRequest): ChosenRelease {
  const repos = answer.repos ?? {};
  for (const wanted of releases) {
    const architectures = Object.hasOwn(repos, wanted) ? (repos[wanted]?.arch ?? {}) : {};
    const settings = ownValue(architectures, architecture) ?? (isMachines ? undefined : Object.values(architectures)[0]);
    if (settings) return { release: wanted, settings };
    const [, release = "", named = ""] = /^(.+)-([^-]+)$/.exec(wanted) ?? [];
    const pinned = isMachines ? undefined : ownValue(ownValue(repos, release)?.arch ?? {}, named);
    if (pinned) return { release, pinned: wanted, settings: pinned };
  }
  const known = Object.entries(repos).map(([release, { arch }]) => (isMachines ? `${release} (${Object.keys(arch).join(", ")})` : release));
  const wanted = isMachines ? `${releases.join(" or ")} for ${architecture}` : releases.join(" or ");
  const rest = known.length === 0 ? "it has no releases yet" : `there are: ${known.join(", ")}`;
  throw new CoprError(`${ownername}/${dirname} has no repository of ${wanted}; ${rest}`);
}

function ownValue<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** The distributions whose repositories outlive an upgrade of the machine by dnf's variable. */
function withVariable(release: string): string {
  if (release === "fedora-eln" || release === "mageia-cauldron") return release;
  return release.replace(/^(fedora|mageia|opensuse-leap)-[^-]+$/, "$1-$$releasever");
}

function mainSection(
  answer: RpmRepo,
  { coprUrl, ownername, dirname }: RepoFileRequest,
  { chroot, settings }: { chroot: string; settings: RpmRepoArchitecture },
): RepoSection {
  const hub = new URL(coprUrl).hostname.replace(/^\[|\]$/g, "");
  return {
    id: checkedId(`copr:${hub}:${ownername.replace("@", "group_")}:${dirname}`),
    name: `Copr repo for ${dirname} owned by ${ownername}`,
    baseurl: resultsUrl(answer, ownername, dirname, `${chroot}/`),
    gpgkey: answer.pubkey_url ?? resultsUrl(answer, ownername, projectOf(dirname), "pubkey.gpg"),
    options: settings.opts,
  };
}

/** The packages of a second architecture that a machine of the first one can run, too. */
function multilibSections(main: RepoSection, { opts, multilib = {} }: RpmRepoArchitecture): RepoSection[] {
  return Object.entries(multilib).map(([architecture, { opts: own }], at) => ({
    ...main,
    id: `${main.id}:ml${at === 0 ? "" : at}`,
    name: `${main.name} (${architecture})`,
    baseurl: main.baseurl.replace("$basearch", () => checkedName(architecture)),
    options: { ...opts, ...own },
  }));
}

function dependencySection(answer: RpmRepo, { opts, ...dependency }: RpmRepoDependency, chroot: string): RepoSection {
  const id = checkedId(opts.id);
  if (dependency.type === "copr") {
    const { owner, projectname } = dependency.data;
    const baseurl = resultsUrl(answer, owner, projectname, `${chroot}/`);
    return { id, name: opts.name, baseurl, gpgkey: resultsUrl(answer, owner, projectname, "pubkey.gpg"), options: opts };
  }
  if (dependency.type !== "external_baseurl") throw new ResponseError(`The frontend names a dependency of an unknown kind: ${id}`);
  const distribution = chroot.replace(/-[^-]+-[^-]+$/, "");
  const baseurl = dependency.data.pattern.replaceAll("$chroot", () => chroot).replaceAll("$distname", () => distribution);
  return { id, name: opts.name, baseurl, options: opts };
}

function resultsUrl(answer: RpmRepo, owner: string, dirname: string, rest: string): string {
  return `${answer.results_url}/${checkedName(owner)}/${checkedName(dirname)}/${rest}`;
}

/** A part of a path. */
function checkedName(name: unknown): string {
  if (typeof name === "string" && /^@?[A-Za-z0-9_][A-Za-z0-9_.:+~-]{0,200}$/.test(name)) return name;
  throw new ResponseError(`The frontend gives a name that can't be part of an address: ${JSON.stringify(name)}`);
}

/** How long the repository stays, if its end is known: it may be that of the project, its directory or the chroot. */
function daysLeft(answer: RpmRepo, { dirname }: RepoFileRequest, settings: RpmRepoArchitecture): number | undefined {
  const ends = [answer.delete_after_days, answer.directories?.[dirname]?.delete_after_days, settings.delete_after_days];
  const known = ends.filter((days) => Number.isInteger(days) && (days as number) >= 0) as number[];
  return known.length === 0 ? undefined : Math.min(...known);
}

function projectOf(dirname: string): string {
  return dirname.split(":", 1)[0] as string;
}
