import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Project } from "../sandbox/models.ts";
import { type StagedSandbox, stagedSandbox } from "./staged-sandbox.ts";

/** A staged sandbox, and a project of it. */
export interface StagedProject {
  staged: StagedSandbox;
  project: Project;
}

/** Starts a staged sandbox for the tests of a file, and gives each of them a new project with these chroots. */
export function withStagedProject(chroots: readonly string[], give: (one: StagedProject) => void): void {
  let staged: StagedSandbox;
  let count = 0;
  beforeAll(async () => {
    staged = await stagedSandbox();
  });
  afterAll(() => staged.close());
  beforeEach(() => {
    const project = staged.project(`prj${(count += 1)}`, chroots);
    staged.changes();
    give({ staged, project });
  });
}
