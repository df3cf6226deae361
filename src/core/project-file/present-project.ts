import { getPermissions, getProject, getProjectChroot, listPackagesOnly } from "../api/index.ts";
import type { Package, Project, ProjectChroot } from "../api/types.ts";
import type { Transport } from "../http/transport.ts";
import { AuthenticationError, ConfigurationError, isNotFound } from "../errors.ts";
import { chrootFields, entriesOf, type Field, settingFields, sourceFields } from "./fields.ts";
import { inParallel } from "./in-parallel.ts";

/** A project, and whose it is. */
export interface FullProjectRef {
  ownername: string;
  projectname: string;
}

/** Values by the names of their fields; a field that the API does not tell is not in it. */
export type Values = Readonly<Record<string, unknown>>;

/** A package as it is. */
export interface PresentPackage {
  /** With its type; `unset` stands for all that the API can't set. */
  source: Values;
  /** What the frontend calls the type. */
  sourceType: string;
  webhook_rebuild: boolean;
}

/** What the API tells of a project, as the file spells it. */
export interface PresentProject {
  settings: Values;
  /** Null where nobody asked for the settings. */
  chroots: ReadonlyMap<string, Values | null>;
  packages: ReadonlyMap<string, PresentPackage>;
  /** User: roles other than `nothing`. */
  permissions: ReadonlyMap<string, Values>;
  /** Why nobody knows the permissions; undefined where they are known. */
  permissionsRefusal: string | undefined;
}

/** What is to be asked for. */
export interface Wanted {
  /** Whether the settings of a chroot are of interest. */
  chroot(name: string): boolean;
  packages: boolean;
  permissions: boolean;
}

/** How many requests are on their way at once: a frontend has others to serve. */
const PARALLEL = 6;

/** What is there; undefined if there is no such project. One request for the project, one for each chroot and each page of packages. */
export async function readPresentProject(client: Transport, ref: FullProjectRef, wanted: Wanted): Promise<PresentProject | undefined> {
  const project = await findProject(client, ref);
  if (project === undefined) return undefined;
  const names = Object.keys(project.chroot_repos).toSorted();
  const chroots = new Map<string, Values | null>(names.map((name) => [name, null]));
  const packages = new Map<string, PresentPackage>();
  let permissions: { roles: ReadonlyMap<string, Values>; refusal: string | undefined } = { roles: new Map(), refusal: undefined };
  await inParallel(PARALLEL, [
    async () => {
      if (wanted.permissions) permissions = await readPermissions(client, ref);
    },
    async () => {
      if (!wanted.packages) return;
      for await (const each of listPackagesOnly(client, ref)) packages.set(each.name, presentPackage(each));
    },
    ...names
      .filter((name) => wanted.chroot(name))
      .map((name) => async () => {
        chroots.set(name, chrootValues(await getProjectChroot(client, { ...ref, chrootname: name })));
      }),
  ]);
  return {
    settings: told(settingFields, project as unknown as Values),
    chroots,
    packages: new Map([...packages].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    permissions: permissions.roles,
    permissionsRefusal: permissions.refusal,
  };
}

async function findProject(client: Transport, ref: FullProjectRef): Promise<Project | undefined> {
  try {
    return await getProject(client, ref);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Only administrators of a project are told; that nobody has any is an error, too. */
async function readPermissions(client: Transport, ref: FullProjectRef) {
  try {
    const { permissions } = await getPermissions(client, ref);
    const users = Object.entries(permissions).flatMap(([user, roles]): [string, Values][] => {
      const held = { builder: roles["builder"] ?? "nothing", admin: roles["admin"] ?? "nothing" };
      return held.builder === "nothing" && held.admin === "nothing" ? [] : [[user, held]];
    });
    return { roles: new Map(users.toSorted(([one], [other]) => (one < other ? -1 : 1))), refusal: undefined };
  } catch (error) {
    if (isNotFound(error)) return { roles: new Map<string, Values>(), refusal: undefined };
    if (!(error instanceof AuthenticationError || error instanceof ConfigurationError)) throw error;
    return { roles: new Map<string, Values>(), refusal: error.message };
  }
}

function chrootValues(chroot: ProjectChroot): Values {
  return told(chrootFields, { ...chroot, comps: chroot.comps_name });
}

function presentPackage({ source_type: sourceType, source_dict: dict, auto_rebuild }: Package): PresentPackage {
  return { source: sourceValues(sourceType, dict), sourceType, webhook_rebuild: auto_rebuild };
}

/** The type of version control is called `type` there, and what the file calls a list may be a text. */
function sourceValues(type: string, dict: Values): Values {
  if (!Object.hasOwn(sourceFields, type) || type === "unset") return { type: "unset" };
  const known = { ...dict, scm_type: dict["type"] };
  const values = told(sourceFields[type as keyof typeof sourceFields], known);
  const repos = dict["repos"];
  return { type, ...values, ...(type === "custom" && { repos: typeof repos === "string" ? repos.split(/\s+/).filter(Boolean) : [] }) };
}

/** The fields that the API tells, as they are. */
function told(fields: Readonly<Record<string, Field>>, values: Values): Values {
  const known = entriesOf(fields).filter(([, { isUntold }]) => !isUntold);
  return Object.fromEntries(known.map(([name, field]) => [name, field.normal(values[name] ?? field.preset)]));
}
