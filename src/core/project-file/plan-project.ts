import { authCheck } from "../api/index.ts";
import { AuthenticationError, CoprError } from "../errors.ts";
import { isAccountRefused, notTried } from "../http/refused-account.ts";
import type { Transport } from "../http/transport.ts";
import { type Change, runStep, type Step } from "./change.ts";
import { chrootPruning, chrootSteps } from "./chroot-steps.ts";
import { packagePruning, packageSteps } from "./package-steps.ts";
import { permissionPruning, permissionSteps } from "./permission-steps.ts";
import { type FullProjectRef, type PresentProject, readPresentProject } from "./present-project.ts";
import type { ProjectFile } from "./project-file.ts";
import { creationStep, type ProjectState, settingsStep } from "./settings-step.ts";

export interface PlanOptions {
  /** Delete the packages, chroots and permissions that the file does not name, in the sections that it has. */
  prune?: boolean;
  /** The directory from which the file's paths lead; default: the current one. */
  directory?: string;
  /** It is to be applied: who may not is told before anything else. */
  isToApply?: boolean;
}

/** What would change if a file were applied. */
export interface ProjectPlan {
  /** `owner/name`. */
  readonly project: string;
  /** Whether there is such a project. */
  readonly exists: boolean;
  /** All changes, in the order in which they are made. */
  readonly changes: readonly Change[];
  /** The same, by what is asked of the frontend. */
  readonly steps: readonly Step[];
  /** Why the permissions are not known; undefined where they are, or where the file names none. */
  readonly permissionsRefusal: string | undefined;
}

/** A change that was tried. */
export interface AppliedChange {
  change: Change;
  /** Why it failed; undefined when it was made. */
  error: CoprError | undefined;
}

/**
 * Compares a file with its project. Changes nothing. One request for the project, one for each chroot and each page of packages
 * that the file names. Throws AuthenticationError for who may not apply it, and CoprError for a new project without chroot.
 */
export async function planProject(client: Transport, file: ProjectFile, options: PlanOptions = {}): Promise<ProjectPlan> {
  const { prune = false, directory = ".", isToApply = false } = options;
  const ref = await refOf(client, file);
  const project = `${ref.ownername}/${ref.projectname}`;
  const found = await readPresentProject(client, ref, {
    chroot: (name) => Object.keys(file.chroots?.[name] ?? {}).length > 0,
    packages: file.packages !== undefined,
    permissions: isToApply || file.permissions !== undefined,
  });
  if (isToApply) await refuseStrangers(client, ref, found);
  if (found === undefined && Object.keys(file.chroots ?? {}).length === 0) {
    throw new CoprError(`There is no project ${project}, and the file names no chroot to make it with`);
  }
  const present = found ?? nothing;
  const state: ProjectState = { client, ref, exists: found !== undefined, chroots: new Set(present.chroots.keys()) };
  const steps = [
    found === undefined ? creationStep(state, file) : settingsStep(state, present, file),
    ...(await chrootSteps(state, present, file, directory)).map((step) => afterCreation(state, step)),
    ...packageSteps(state, present, file).map((step) => afterCreation(state, step)),
    ...(prune ? [...packagePruning(state, present, file), chrootPruning(state, present, file)] : []),
    ...permissionSteps(state, present, file).map((step) => afterCreation(state, step)),
    ...(prune ? permissionPruning(state, present, file) : []),
  ].filter(({ changes }) => changes.length > 0);
  return {
    project,
    exists: found !== undefined,
    steps,
    changes: steps.flatMap(({ changes }) => changes),
    permissionsRefusal: found?.permissionsRefusal,
  };
}

/**
 * Makes the changes of a plan, and tells of each what became of it. A failure does not stop the rest, unless the account is
 * refused. To repeat it is safe.
 */
export async function* applyProject({ steps }: ProjectPlan): AsyncGenerator<AppliedChange> {
  let isRefused = false;
  for (const step of steps) {
    const failures = isRefused ? undefined : await runStep(step);
    for (const change of step.changes) {
      const error = isRefused ? notTried() : failures?.get(change);
      isRefused ||= isAccountRefused(error);
      yield { change, error };
    }
  }
}

const nothing: PresentProject = {
  settings: {},
  chroots: new Map(),
  packages: new Map(),
  permissions: new Map(),
  permissionsRefusal: undefined,
};

/** The project of a file; one without owner is one's own. */
async function refOf(client: Transport, { project }: ProjectFile): Promise<FullProjectRef> {
  const slash = project.indexOf("/");
  const ownername = slash < 0 ? (await authCheck(client)).name : project.slice(0, slash);
  return { ownername, projectname: project.slice(slash + 1) };
}

/** Only who may change a project is told its permissions. Whether one may make projects of a group, the frontend knows alone. */
async function refuseStrangers(client: Transport, ref: FullProjectRef, found: PresentProject | undefined): Promise<void> {
  const project = `${ref.ownername}/${ref.projectname}`;
  if (found?.permissionsRefusal !== undefined) {
    throw new AuthenticationError(`You may not change ${project}: ${found.permissionsRefusal}`, {
      hint: "Ask its owner for the role 'admin': copr-cli request-permissions --admin",
    });
  }
  if (found !== undefined || ref.ownername.startsWith("@")) return;
  const { name } = await authCheck(client);
  if (name !== ref.ownername) throw new AuthenticationError(`There is no project ${project}, and you, ${name}, can't make one for another`);
}

/** Nothing can be done in a project that could not be made. */
function afterCreation(state: ProjectState, step: Step): Step {
  return {
    ...step,
    run: (changes) => (state.exists ? step.run(changes) : Promise.reject(new CoprError("Not tried: the project could not be made"))),
  };
}
