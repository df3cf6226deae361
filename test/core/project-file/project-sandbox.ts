import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createClient } from "../../../src/core/client.ts";
import { applyProject, planProject, type ProjectPlan } from "../../../src/core/project-file/plan-project.ts";
import type { ProjectFile } from "../../../src/core/project-file/project-file.ts";
import type { Account } from "../../sandbox/models.ts";
import { startSandboxWithWorld } from "../../sandbox/sandbox.ts";
import type { World } from "../../sandbox/world.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { chrootNames, users } from "./random-project.ts";

/** For one test: a sandbox without builder and dnf repositories, with the users of random projects and the comps files that they name. */
export async function projectSandbox() {
  const directory = await temporaryDirectory();
  const chroots = Object.fromEntries(chrootNames.map((name) => [name, ""]));
  const { sandbox, world } = await startSandboxWithWorld({ directory: join(directory, "copr"), builder: [], dispatch: false, chroots });
  onTestFinished(() => sandbox.close());
  world.removeAllListeners("project");
  for (const user of users) world.addAccount(user);
  const files = join(directory, "files");
  await mkdir(files);
  for (const name of ["comps.xml", "other.xml"]) await writeFile(join(files, name), `<comps>${name}</comps>\n`);
  const clientOf = (name: string) => {
    const { login, token } = world.accounts.find((account) => account.name === name) as Account;
    return createClient({ url: sandbox.url, login, token });
  };
  const client = clientOf("demo");
  const plan = (file: ProjectFile, prune = false): Promise<ProjectPlan> => planProject(client, file, { directory: files, prune });
  return {
    sandbox,
    world,
    client,
    clientOf,
    files,
    plan,
    /** Plans and applies; returns the sentences of what failed. */
    async apply(file: ProjectFile, prune = false): Promise<string[]> {
      const failures: string[] = [];
      for await (const { change, error } of applyProject(await plan(file, prune))) {
        if (error !== undefined) failures.push(`${change.path}: ${error.message}`);
      }
      return failures;
    },
  };
}

/** All that the frontend keeps of a project, without numbers and its name. */
export function stateOf(world: World, name: string) {
  const project = world.project("demo", name);
  const packages = world.packages.filter((each) => each.project === project);
  const roles = [...project.permissions].filter(([, { admin, builder }]) => admin !== "nothing" || builder !== "nothing");
  return {
    settings: project.settings,
    chroots: [...project.chroots.values()].toSorted((one, other) => one.name.localeCompare(other.name)),
    packages: packages.map(({ id: _id, project: _project, ...rest }) => rest).toSorted((one, other) => one.name.localeCompare(other.name)),
    permissions: Object.fromEntries(roles.toSorted(([one], [other]) => one.localeCompare(other))),
  };
}
