import { addPackage, deletePackage, editPackage, type PackageSettings, type PackageSourceType, resetPackage } from "../api/index.ts";
import { type Change, changesOf, fieldOf, type Step } from "./change.ts";
import { entriesOf, packageFields, sourceFields } from "./fields.ts";
import type { PresentPackage, PresentProject, Values } from "./present-project.ts";
import type { ProjectFile, ProjectFilePackage } from "./project-file.ts";
import type { ProjectState } from "./settings-step.ts";

/** Adds packages and changes them, a step for each. */
export function packageSteps(state: ProjectState, present: PresentProject, { packages = {} }: ProjectFile): Step[] {
  return Object.entries(packages).map(([name, wanted]) => {
    const known = present.packages.get(name);
    return known === undefined ? additionStep(state, name, wanted ?? {}) : changeStep(state, name, known, wanted ?? {});
  });
}

/** Deletes packages that the file does not name, with their builds. */
export function packagePruning(state: ProjectState, present: PresentProject, { packages }: ProjectFile): Step[] {
  const gone = packages === undefined ? [] : [...present.packages].filter(([name]) => !Object.hasOwn(packages, name));
  return gone.map(([name, { source, webhook_rebuild }]) => ({
    changes: [{ path: `packages/${name}`, action: "delete", old: { source, webhook_rebuild }, new: null, obstacle: null }],
    run: async () => void (await deletePackage(state.client, { ...state.ref, package_name: name })),
  }));
}

function additionStep(state: ProjectState, name: string, wanted: ProjectFilePackage): Step {
  const { source = { type: "unset" }, ...settings } = wanted;
  return {
    changes: [{ path: `packages/${name}`, action: "create", old: null, new: { source, ...settings }, obstacle: null }],
    run: () => save(state, name, true, wholeSource(source as unknown as Values), settings),
  };
}

function changeStep(state: ProjectState, name: string, present: PresentPackage, wanted: ProjectFilePackage): Step {
  const path = `packages/${name}`;
  const { source, ...settings } = wanted;
  const sourceChanges = changesOfSource(path, present, source as Values | undefined);
  const changes = [...sourceChanges, ...changesOf(path, packageFields, { webhook_rebuild: present.webhook_rebuild }, settings)];
  const isStuck = sourceChanges.length === 0 && present.sourceType !== "unset" && present.source["type"] === "unset";
  const obstacle = `the API can't write the kind of its source, '${present.sourceType}', nor change anything else without`;
  return {
    changes: isStuck ? changes.map((change) => ({ ...change, obstacle })) : changes,
    async run(made) {
      const whole = made.find((change) => change.path === `${path}/source`);
      const fields = made.filter((change) => change.path.startsWith(`${path}/source/`));
      const others = made.filter((change) => change !== whole && !fields.includes(change));
      const next = whole === undefined ? { ...present.source, ...valuesOf(fields) } : (whole.new as Values);
      await save(state, name, false, next, valuesOf(others));
    },
  };
}

/** Another type of source is one change; fields of the same type are one each. */
function changesOfSource(path: string, present: PresentPackage, named: Values | undefined): Change[] {
  // Left by an apply that was killed; see below.
  const wanted = named ?? (present.source["gem_name"] === PLACEHOLDER ? { type: "unset" } : undefined);
  if (wanted === undefined) return [];
  const type = wanted["type"] as keyof typeof sourceFields;
  if (type === present.source["type"]) return changesOf(`${path}/source`, sourceFields[type], present.source, wanted);
  return [{ path: `${path}/source`, action: "change", old: present.source, new: wholeSource(wanted), obstacle: null }];
}

/** A source with all its fields, those that the file does not name being empty. */
function wholeSource(wanted: Values): Values {
  const type = wanted["type"] as keyof typeof sourceFields;
  const fields = entriesOf(sourceFields[type]).map(([name, field]) => [name, field.normal(wanted[name] ?? field.preset)]);
  return { type, ...Object.fromEntries(fields) };
}

function valuesOf(changes: readonly Change[]): Values {
  return Object.fromEntries(changes.map((change) => [fieldOf(change), change.new]));
}

/** A package without source can't be made or changed: it gets one that is taken away again. */
const PLACEHOLDER = "copr-cli-no-source";

/** Sends a source whole: fields that are not sent may be taken from another type, or lost. */
async function save(state: ProjectState, name: string, isNew: boolean, { type, ...source }: Values, settings: Values): Promise<void> {
  const ref = { ...state.ref, package_name: name };
  const isUnset = type === "unset";
  if (!isUnset || isNew || Object.keys(settings).length > 0) {
    const fields = isUnset ? { gem_name: PLACEHOLDER } : onWire(type as string, source);
    const write = isNew ? addPackage : editPackage;
    const known = isUnset ? "rubygems" : (type as PackageSourceType);
    await write(state.client, ref, known, { ...fields, ...settingsOnWire(settings) });
  }
  if (isUnset) await resetPackage(state.client, ref);
}

function onWire(type: string, source: Values): Values {
  if (type === "custom") return Object.fromEntries(Object.entries(source).map(([name, value]) => [customNames[name] ?? name, value]));
  // The instance's first is meant, which an empty text is not.
  if (type === "distgit" && source["distgit"] === "") return { ...source, distgit: null };
  return source;
}

const customNames: Readonly<Record<string, string>> = {
  chroot: "script_chroot",
  builddeps: "script_builddeps",
  resultdir: "script_resultdir",
  repos: "script_repos",
};

function settingsOnWire({ chroot_denylist: denied, ...settings }: Values): PackageSettings {
  return { ...settings, ...(denied !== undefined && { chroot_denylist: (denied as string[]).join(",") }) };
}
