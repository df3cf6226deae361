import { addProject, editProject } from "../api/index.ts";
import type { Transport } from "../http/transport.ts";
import { type Change, changesOf, fieldOf, type Step } from "./change.ts";
import { entriesOf, settingFields } from "./fields.ts";
import type { FullProjectRef, PresentProject, Values } from "./present-project.ts";
import type { ProjectFile } from "./project-file.ts";

/** What is known of the project while its changes are made. */
export interface ProjectState {
  readonly client: Transport;
  readonly ref: FullProjectRef;
  /** Whether there is one. */
  exists: boolean;
  /** Chroots that are enabled now. */
  readonly chroots: Set<string>;
}

/** Makes the project, with its settings and chroots: the API wants one chroot at least. */
export function creationStep(state: ProjectState, { settings = {}, chroots = {} }: ProjectFile): Step {
  const names = Object.keys(chroots);
  const path = "project";
  const change: Change = { path, action: "create", old: null, new: settings, obstacle: null };
  return {
    changes: [change],
    async run() {
      const { ownername, projectname } = state.ref;
      await addProject(state.client, ownername, { ...newSettings(settings as Values), name: projectname, chroots: names });
      state.exists = true;
      for (const name of names) state.chroots.add(name);
    },
  };
}

/** Settings of the project as it is. */
export function settingsStep(state: ProjectState, present: PresentProject, { settings = {} }: ProjectFile): Step {
  return {
    changes: changesOf("settings", settingFields, present.settings, settings as Values),
    async run(changes) {
      const values = Object.fromEntries(changes.map((change) => [fieldOf(change), change.new]));
      const { additional_repos: repos, ...rest } = values as Values;
      await editProject(state.client, state.ref, { ...rest, ...(repos !== undefined && { repos: repos as string[] }) });
    },
  };
}

/** What a file names, as frontends keep it. */
function newSettings(settings: Values): Values {
  const named = entriesOf(settingFields).filter(([name]) => settings[name] !== undefined);
  const values = Object.fromEntries(named.map(([name, field]) => [name, field.normal(settings[name])]));
  // Of a project that is never deleted the form refuses any number of days, also the one for none.
  if (values["delete_after_days"] === -1) delete values["delete_after_days"];
  return values;
}
