import { EventEmitter } from "node:events";
import { randomBytes } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { cancelBuild } from "./build-state.ts";
import type { Account, Batch, Build, BuildOptions, Package, Project, ProjectSettings, Source } from "./models.ts";

const TOKEN_LIFE_DAYS = 180;

/**
 * The database of the sandbox: everything lives in memory and dies with it, because every test
 * starts from an empty frontend.
 */
export class World extends EventEmitter<{ task: []; canceled: [Build]; project: [Project] }> {
  readonly url: string;
  readonly mockChroots: ReadonlyMap<string, string>;
  readonly accounts: Account[] = [];
  /** Group name to members; owners of that name are spelled `@name`. */
  readonly groups = new Map<string, string[]>();
  readonly projects: Project[] = [];
  readonly packages: Package[] = [];
  readonly builds: Build[] = [];
  private readonly lastId = { project: 0, package: 0, build: 0, batch: 0 };

  constructor(url: string, mockChroots: Record<string, string>) {
    super();
    this.url = url;
    this.mockChroots = new Map(Object.entries(mockChroots));
  }

  addAccount(name: string): Account {
    const account: Account = { id: this.accounts.length + 1, name, login: "", token: "", expiration: "" };
    this.renewToken(account);
    this.accounts.push(account);
    return account;
  }

  /** The old pair dies at once, as on the real server. */
  renewToken(account: Account): void {
    account.login = randomBytes(10).toString("hex");
    account.token = randomBytes(15).toString("hex");
    account.expiration = new Date(Date.now() + TOKEN_LIFE_DAYS * 86_400_000).toISOString().slice(0, 10);
  }

  findProject(ownername: string, name: string): Project | undefined {
    return this.projects.find((project) => project.ownername === ownername && project.name === name);
  }

  project(ownername: string, name: string): Project {
    const project = this.findProject(ownername, name);
    const group = ownername.startsWith("@") ? ownername.slice(1) : undefined;
    if (group !== undefined && !this.groups.has(group)) throw new ApiError(404, `Group ${group} does not exist.`);
    if (project === undefined) throw new ApiError(404, `Project ${ownername}/${name} does not exist.`);
    return project;
  }

  addProject(ownername: string, name: string, settings: ProjectSettings, creator = ownername): Project {
    const project: Project = {
      id: ++this.lastId.project,
      ownername,
      creator,
      name,
      settings,
      chroots: new Map(),
      disabledChroots: new Map(),
      permissions: new Map(),
    };
    this.projects.push(project);
    return project;
  }

  removeProject(project: Project): void {
    this.projects.splice(this.projects.indexOf(project), 1);
    for (const build of this.builds.filter((each) => each.project === project)) this.removeBuild(build);
    for (const each of this.packages.filter((each) => each.project === project)) this.removePackage(each);
  }

  findPackage(project: Project, name: string): Package | undefined {
    return this.packages.find((each) => each.project === project && each.name === name);
  }

  addPackage(project: Project, name: string, source: Source): Package {
    const added = {
      id: ++this.lastId.package,
      name,
      project,
      source,
      webhook_rebuild: false,
      timeout: null,
      max_builds: null,
      chroot_denylist: "",
    };
    this.packages.push(added);
    return added;
  }

  removePackage(removed: Package): void {
    for (const build of this.builds.filter((each) => each.package === removed)) this.removeBuild(build);
    this.packages.splice(this.packages.indexOf(removed), 1);
  }

  findBuild(id: number): Build | undefined {
    return this.builds.find((build) => build.id === id);
  }

  build(id: string | number): Build {
    const build = this.findBuild(Number(id));
    if (build === undefined) throw new ApiError(404, `Build ${id} does not exist.`);
    return build;
  }

  addBuild(project: Project, submitter: string, source: Source, options: BuildOptions): Build {
    const url = source.dict["url"];
    const build: Build = {
      id: ++this.lastId.build,
      project,
      submitter,
      submitted_on: now(),
      options,
      source,
      source_state: "pending",
      source_result_dir: null,
      package: null,
      version: null,
      srpm_url: typeof url === "string" && !url.endsWith(".spec") ? url : null,
      canceled: false,
      chroots: [],
    };
    options.batch?.builds.push(build);
    this.builds.push(build);
    this.emit("task");
    return build;
  }

  addBatch(after: Batch | null): Batch {
    return { id: ++this.lastId.batch, after, builds: [] };
  }

  /** Takes effect at once; whoever runs a task of the build hears of it, and later batches may start. */
  cancel(build: Build): void {
    cancelBuild(build);
    this.emit("canceled", build);
    this.emit("task");
  }

  removeBuild(removed: Build): void {
    this.builds.splice(this.builds.indexOf(removed), 1);
  }
}

/** The wire's clock: whole seconds since the epoch. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
