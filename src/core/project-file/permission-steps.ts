import { setPermissions } from "../api/index.ts";
import { type Change, fieldOf, type Step } from "./change.ts";
import type { PresentProject, Values } from "./present-project.ts";
import type { ProjectFile, ProjectFileRoles } from "./project-file.ts";
import type { ProjectState } from "./settings-step.ts";

const roleNames = ["builder", "admin"] as const;

/**
 * Gives users their roles, a step for each: the name of one may be wrong. Who stops being an administrator comes last, for
 * that may be who applies the file.
 */
export function permissionSteps(state: ProjectState, present: PresentProject, { permissions = {} }: ProjectFile): Step[] {
  const steps = Object.entries(permissions).map(([user, wanted]) => ({
    isLast: wanted.admin !== "approved",
    step: stepOf(state, user, changesOfUser(present, user, wanted)),
  }));
  return steps.toSorted((one, other) => Number(one.isLast) - Number(other.isLast)).map(({ step }) => step);
}

/** Takes the roles of users whom the file does not name. */
export function permissionPruning(state: ProjectState, present: PresentProject, { permissions }: ProjectFile): Step[] {
  const gone = permissions === undefined ? [] : [...present.permissions].filter(([user]) => !Object.hasOwn(permissions, user));
  return gone.map(([user, old]) =>
    stepOf(state, user, [{ path: `permissions/${user}`, action: "delete", old, new: null, obstacle: null }]),
  );
}

function changesOfUser(present: PresentProject, user: string, wanted: ProjectFileRoles): Change[] {
  const path = `permissions/${user}`;
  const known = present.permissions.get(user);
  const named = roleNames.filter((role) => wanted[role] !== undefined);
  if (present.permissionsRefusal !== undefined) {
    return named.map((role) => ({ path: `${path}/${role}`, action: "set", old: null, new: wanted[role], obstacle: null }));
  }
  const changed = named.filter((role) => (known?.[role] ?? "nothing") !== wanted[role]);
  if (known === undefined) return changed.length === 0 ? [] : [{ path, action: "create", old: null, new: wanted, obstacle: null }];
  return changed.map((role) => ({ path: `${path}/${role}`, action: "change", old: known[role], new: wanted[role], obstacle: null }));
}

function stepOf(state: ProjectState, user: string, changes: Change[]): Step {
  return {
    changes,
    async run(made) {
      const roles = Object.assign({}, ...made.map((change) => rolesOf(change))) as Record<string, string>;
      await setPermissions(state.client, state.ref, { [user]: roles });
    },
  };
}

function rolesOf(change: Change): Values {
  if (change.action === "create") return change.new as Values;
  if (change.action === "delete") return { builder: "nothing", admin: "nothing" };
  return { [fieldOf(change)]: change.new };
}
