import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "./models.ts";
import { runProgram } from "./programs.ts";

/**
 * Keeps the metadata of published repositories, one at a time because createrepo_c locks them. Without
 * createrepo_c there is no metadata, which only builds in mock would miss.
 */
export class RepositoryMaker {
  private readonly resultsDirectory: string;
  private last: Promise<void> = Promise.resolve();

  constructor(resultsDirectory: string) {
    this.resultsDirectory = resultsDirectory;
  }

  /** Every chroot is a repository from the project's first day: buildroots refuse missing ones. */
  createAll(project: Project): void {
    for (const chroot of project.chroots.keys()) {
      const directory = join(this.resultsDirectory, project.ownername, project.name, chroot);
      void this.update(directory);
      if (project.settings.devel_mode) void this.update(join(directory, "devel"));
    }
  }

  async update(directory: string): Promise<void> {
    this.last = this.last.then(async () => {
      await mkdir(directory, { recursive: true });
      await runProgram(["createrepo_c", "--quiet", directory]).catch(() => undefined);
    });
    await this.last;
  }

  /** Resolves when nothing is being written any more. */
  async idle(): Promise<void> {
    await this.last;
  }
}
