import { CoprError, UsageError } from "../errors.ts";

/** `owner/project` as the user typed it; `owner` is undefined for the short form. */
export interface ProjectName {
  owner: string | undefined;
  /** Everything after the first `/`: a project, or a project directory such as `prj:pr:12`. */
  dirname: string;
  /** `dirname` up to its first `:`. */
  project: string;
}

/** Splits `project`, `owner/project` or `@group/project:dir` at the first `/`; where nothing is before it, all is the project. */
export function parseProjectName(text: string): ProjectName {
  const slash = text.startsWith("/") ? -1 : text.indexOf("/");
  const dirname = text.slice(slash + 1);
  return {
    owner: slash < 0 ? undefined : text.slice(0, slash),
    dirname,
    project: dirname.split(":", 1)[0] as string,
  };
}

/** A chroot of a project, `[owner/]project/chroot`. */
export interface ChrootPath {
  owner: string | undefined;
  project: string;
  chroot: string;
}

/** Splits `owner/project/chroot` or `project/chroot`; throws CoprError when there is no `/`. */
export function parseChrootPath(text: string): ChrootPath {
  const match = /^(?:([^/]+)\/)?([^/]+)\/(.*)$/.exec(text);
  if (!match) throw new CoprError("Unexpected chroot path format");
  return { owner: match[1], project: match[2] as string, chroot: match[3] as string };
}

/** What a builder is asked to do: `42` is the SRPM of build 42, `42-fedora-43-x86_64` one of its RPM builds. */
export type TaskId = { kind: "srpm"; buildId: number } | { kind: "rpm"; buildId: number; chroot: string };

/** Name of a mock chroot. No `/` and no leading dot, because a path is made of it (security: C4, C36). */
export const chrootNamePattern = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/;

/** Reads a task id; throws UsageError for anything else. */
export function parseTaskId(text: string): TaskId {
  const match = /^([1-9][0-9]{0,14})(?:-(.+))?$/.exec(text);
  if (!match) throw new UsageError(`'${text}' is not a task id`, { hint: "A task id is <build id> or <build id>-<chroot>." });
  const buildId = Number(match[1]);
  const chroot = match[2];
  if (chroot === undefined) return { kind: "srpm", buildId };
  if (!chrootNamePattern.test(chroot)) throw new UsageError(`'${chroot}' is not the name of a chroot`);
  return { kind: "rpm", buildId, chroot };
}

/** The text form of a task id. */
export function formatTaskId(task: TaskId): string {
  return task.kind === "srpm" ? String(task.buildId) : `${task.buildId}-${task.chroot}`;
}

/** Address of a task's definition, as frontends serve it to builders, and to everybody. */
export function taskAddress(frontendUrl: string, id: TaskId): string {
  const route = id.kind === "srpm" ? "get-srpm-build-task" : "get-build-task";
  return `${frontendUrl}/backend/${route}/${encodeURIComponent(formatTaskId(id))}`;
}
