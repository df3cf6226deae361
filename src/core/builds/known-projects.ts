import { getProjectChrootBuildConfig } from "../api/chroots.ts";
import { getPackage } from "../api/packages.ts";
import { getProject } from "../api/projects.ts";
import type { Package, Project, ProjectChrootBuildConfig, ProjectRef } from "../api/types.ts";
import { RequestError } from "../errors.ts";
import type { Transport } from "../http/transport.ts";

/** What is asked of projects for many of their builds, each question once. */
export class KnownProjects {
  readonly #transport: Transport;
  readonly #answers = new Map<string, Promise<unknown>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  project(project: ProjectRef): Promise<Project> {
    return this.#once(["project", project.ownername, project.projectname], () => getProject(this.#transport, project));
  }

  /** Names of the chroots that are enabled in a project. */
  async chroots(project: ProjectRef): Promise<string[]> {
    return Object.keys((await this.project(project)).chroot_repos ?? {});
  }

  /** Settings of a chroot; undefined where the frontend has none to tell. */
  chrootConfig(project: ProjectRef, chrootname: string): Promise<ProjectChrootBuildConfig | undefined> {
    const { ownername, projectname } = project;
    return this.#once(["chroot", ownername, projectname, chrootname], () =>
      unlessRefused(getProjectChrootBuildConfig(this.#transport, { ownername, projectname, chrootname })),
    );
  }

  /** A package; undefined for one that there is not, or not any more. */
  packageOf(project: ProjectRef, name: string): Promise<Package | undefined> {
    const { ownername, projectname } = project;
    return this.#once(["package", ownername, projectname, name], () =>
      unlessRefused(getPackage(this.#transport, { ownername, projectname }, name)),
    );
  }

  /** A question that failed is asked anew. */
  #once<T>(key: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    const known = this.#answers.get(text) as Promise<T> | undefined;
    if (known) return known;
    const answer = ask();
    this.#answers.set(text, answer);
    answer.catch(() => this.#answers.delete(text));
    return answer;
  }
}

/** Undefined where the frontend answered that it can't tell; a connection that failed is an error. */
export async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestError && error.status >= 400 && !error.isUnreadable) return undefined;
    throw error;
  }
}
