import { access } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { type ChrootSettings, editProject, editProjectChroot, getProject } from "../api/index.ts";
import { CoprError } from "../errors.ts";
import { type Change, changesOf, fieldOf, type Step } from "./change.ts";
import { chrootFields, entriesOf } from "./fields.ts";
import type { PresentProject, Values } from "./present-project.ts";
import type { ProjectFile, ProjectFileChroot } from "./project-file.ts";
import type { ProjectState } from "./settings-step.ts";

/** Enables chroots and gives them their settings, each for itself: the name of one may be wrong. */
export async function chrootSteps(state: ProjectState, present: PresentProject, file: ProjectFile, directory: string): Promise<Step[]> {
  const steps = Object.entries(file.chroots ?? {}).map(async ([name, wanted]): Promise<Step> => {
    const values = present.chroots.get(name);
    const path = `chroots/${name}`;
    const comps = await compsOf(wanted ?? {}, directory);
    const named = (wanted ?? {}) as Values;
    const changes =
      values === undefined
        ? creation(path, named, comps)
        : compsChanges(changesOf(path, chrootFields, values ?? {}, named), comps, `${path}/comps`);
    return {
      changes,
      parts: chrootParts,
      async run(made) {
        if (made[0]?.action === "create") await add(state, name, made[0].new as Values, comps.path);
        else await edit(state, name, Object.fromEntries(made.map((change) => [fieldOf(change), change.new])), comps.path);
      },
    };
  });
  return Promise.all(steps);
}

/** Disables what the file does not name; a project keeps one chroot at least. */
export function chrootPruning(state: ProjectState, present: PresentProject, { chroots }: ProjectFile): Step {
  const gone = chroots === undefined ? [] : [...present.chroots.keys()].filter((name) => !Object.hasOwn(chroots, name));
  const obstacle = Object.keys(chroots ?? {}).length === 0 ? "a project keeps one chroot at least" : null;
  return {
    changes: gone.map((name): Change => ({ path: `chroots/${name}`, action: "delete", old: {}, new: null, obstacle })),
    async run(changes) {
      const names = new Set(changes.map(fieldOf));
      const left = (await enabledNow(state)).filter((name) => !names.has(name));
      if (left.length === 0) throw new CoprError("A project keeps one chroot at least");
      await editProject(state.client, state.ref, { chroots: left });
      for (const name of names) state.chroots.delete(name);
    },
  };
}

/** A new chroot is one change, but for a comps.xml that there is not. */
function creation(path: string, { comps: named, ...rest }: Values, { obstacle }: Comps): Change[] {
  const change = { action: "create", old: null } as const;
  if (obstacle !== null) return [...creation(path, rest, NO_COMPS), { ...change, path: `${path}/comps`, new: named, obstacle }];
  return [{ ...change, path, new: { ...rest, ...(named !== undefined && { comps: named }) }, obstacle }];
}

/** An image that is sent alone makes the frontend choose it, whatever else was chosen; and to choose it wants the image. */
function chrootParts(changes: readonly Change[]): Change[][] {
  const isBootstrap = (change: Change): boolean => /^bootstrap(_image)?$/.test(fieldOf(change));
  const together = changes.filter(isBootstrap);
  const others = changes.filter((change) => !isBootstrap(change)).map((change) => [change]);
  return together.length === 0 ? others : [...others, together];
}

/** One that was disabled in the last days comes back with the settings it had: those that the file does not name are undone. */
async function add(state: ProjectState, name: string, named: Values, compsPath: string | undefined): Promise<void> {
  if (!(await enable(state, name))) return void (await edit(state, name, named, compsPath));
  const presets = entriesOf(chrootFields).flatMap(([field, { preset }]) => (field === "comps" ? [] : [[field, preset]]));
  const chroot = await edit(state, name, { ...Object.fromEntries(presets), ...named }, compsPath);
  if (named["comps"] === undefined && chroot?.comps_name) await edit(state, name, { comps: null }, undefined);
}

/** Tells whether it had to be done. */
async function enable(state: ProjectState, name: string): Promise<boolean> {
  if (state.chroots.has(name)) return false;
  const enabled = await enabledNow(state);
  const isMissing = !enabled.includes(name);
  if (isMissing) await editProject(state.client, state.ref, { chroots: [...enabled, name] });
  state.chroots.add(name);
  return isMissing;
}

/** The API takes whole lists only; somebody else may have enabled chroots since the plan, and these are to stay. */
async function enabledNow({ client, ref }: ProjectState): Promise<string[]> {
  return Object.keys((await getProject(client, ref)).chroot_repos);
}

/** The chroot as it is then; undefined where there was nothing to change. */
async function edit(state: ProjectState, chrootname: string, values: Values, compsPath: string | undefined) {
  if (Object.keys(values).length === 0) return undefined;
  const isUpload = typeof values["comps"] === "string" && compsPath !== undefined;
  return editProjectChroot(state.client, { ...state.ref, chrootname }, settingsOf(values), isUpload ? compsPath : undefined);
}

/** Lists are texts there; null is what was not sent, so that a setting goes back to none by its name. */
function settingsOf(values: Values): ChrootSettings {
  const { additional_modules: modules, comps, bootstrap_image: image, ...rest } = values;
  const texts = Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? value.join(" ") : value]);
  return {
    ...(Object.fromEntries(texts) as ChrootSettings),
    ...(modules !== undefined && { additional_modules: (modules as string[]).join(",") }),
    ...(comps === null && { delete_comps: true }),
    ...(typeof image === "string" && { bootstrap_image: image }),
    ...(image === null && { reset_fields: ["bootstrap_image"] }),
  };
}

/** A local comps.xml, and what keeps it from being uploaded. */
interface Comps {
  /** Undefined when there is none. */
  path: string | undefined;
  obstacle: string | null;
}

const NO_COMPS: Comps = { path: undefined, obstacle: null };

async function compsOf({ comps }: ProjectFileChroot, directory: string): Promise<Comps> {
  if (typeof comps !== "string") return NO_COMPS;
  const path = resolve(directory, comps);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? { path, obstacle: null } : { path: undefined, obstacle: `there is no file '${comps}' to upload` };
}

/** A comps.xml of the same name may hold the same: it is sent anyway where there is one, and left as it is where there is none. */
function compsChanges(changes: Change[], { path: local, obstacle }: Comps, path: string): Change[] {
  if (changes.some((change) => change.path === path)) {
    return changes.map((change) => (change.path === path && change.new !== null ? { ...change, obstacle } : change));
  }
  if (local === undefined) return changes;
  return [...changes, { path, action: "set", old: null, new: posix.basename(local), obstacle: null }];
}
