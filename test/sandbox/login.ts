import { ApiError } from "./api-error.ts";
import type { Account, Project } from "./models.ts";
import { fullName } from "./repositories.ts";
import type { Call } from "./routing.ts";
import type { World } from "./world.ts";

/** The account of a request, by HTTP Basic with login and token. */
export function authenticated(call: Call): Account {
  const [scheme, encoded = ""] = (call.request.headers.authorization ?? "").split(" ");
  const [login, token, ...rest] = Buffer.from(encoded, "base64").toString().split(":");
  const account = call.world.accounts.find((each) => each.login === login && each.token === token);
  if (scheme?.toLowerCase() !== "basic" || rest.length > 0 || account === undefined) {
    const page = `${call.world.url}/api`;
    const text = `Login invalid/expired. Please visit ${page} to get or renew your API token.`;
    throw new ApiError(401, text, { output: "notok" });
  }
  return account;
}

/** Refuses owners that the account may not create projects for. */
export function requireOwner(world: World, account: Account, ownername: string): void {
  if (!ownername.startsWith("@")) {
    if (ownername === account.name) return;
    if (world.accounts.every(({ name }) => name !== ownername)) throw new ApiError(404, `No such user \`${ownername}'`);
    const who = `You were authorized as '${account.name}' user`;
    throw new ApiError(403, `${who} without permissions to access projects of user '${ownername}'`);
  }
  const group = ownername.slice(1);
  const members = world.groups.get(group);
  if (members === undefined) throw new ApiError(404, `Group ${group} does not exist.`);
  if (!members.includes(account.name)) {
    const text = `User '${account.name}' doesn't have access to the copr group '${group}' (fas_name='${group}')`;
    throw new ApiError(403, text);
  }
}

export function isOwner(world: World, name: string, project: Project): boolean {
  if (!project.ownername.startsWith("@")) return project.ownername === name;
  return world.groups.get(project.ownername.slice(1))?.includes(name) ?? false;
}

export function mayEdit(world: World, name: string, project: Project): boolean {
  return isOwner(world, name, project) || project.permissions.get(name)?.admin === "approved";
}

export function mayBuild(world: World, name: string, project: Project): boolean {
  return mayEdit(world, name, project) || project.permissions.get(name)?.builder === "approved";
}

/** For the routes that only administrators of a project may use. */
export function requireAdmin(call: Call, project: Project): void {
  const { name } = authenticated(call);
  if (mayEdit(call.world, name, project)) return;
  const text = `User '${name}' can not see permissions for project '${fullName(project)}' (missing admin rights)`;
  throw new ApiError(403, text);
}
