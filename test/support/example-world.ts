import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { newBuildChroot } from "../sandbox/build-state.ts";
import type { Build, Project, State } from "../sandbox/models.ts";
import { defaultSettings, replaceChroots } from "../sandbox/project-settings.ts";
import { type Sandbox, startSandboxWithWorld } from "../sandbox/sandbox.ts";
import type { World } from "../sandbox/world.ts";

const F43 = "fedora-43-x86_64";
const RAWHIDE = "fedora-rawhide-x86_64";

/** A log in which a cause is to be found. */
export const FAILED_LOG = `Start: rpmbuild hello-2.12-1.src.rpm
Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.abc
main.c:3:5: error: 'nosuch' undeclared (first use in this function)
error: Bad exit status from /var/tmp/rpm-tmp.abc (%build)

RPM build errors:
    Bad exit status from /var/tmp/rpm-tmp.abc (%build)
Copr build error: Build failed
`;

export interface ExampleWorld {
  /** How the builds 1234567 and 1234568 stand. */
  state: "failed" | "succeeded" | "running";
  /** Nothing was built or added yet. */
  isNew: boolean;
}

/**
 * A frontend on which the examples of the helps make sense: their projects, packages, builds and users. Whatever is submitted
 * there succeeds at once.
 */
export async function exampleWorld(directory: string, { state, isNew }: ExampleWorld): Promise<{ sandbox: Sandbox; world: World }> {
  const { sandbox, world } = await startSandboxWithWorld({ directory, builder: [], username: "me", dispatch: false });
  for (const name of ["alice", "bob"]) world.addAccount(name);
  world.groups.set("copr", ["me"]);
  const [hello, mine, theirs] = [
    ["me", "hello"],
    ["me", "my-project"],
    ["@copr", "copr-dev"],
    ["alice", "hello"],
  ].map(([owner, name]) => project(world, owner as string, name as string)) as [Project, Project, Project];
  world.on("task", () => setImmediate(() => world.builds.filter(({ source_state }) => source_state === "pending").forEach(succeed)));
  hello.permissions.set("bob", { admin: "nothing", builder: "approved" });
  if (isNew) return { sandbox, world };
  world.addPackage(mine, "hello", { type: "rubygems", dict: { gem_name: "hello" } });
  for (const [at, name] of ["copr-cli", "python-copr"].entries())
    build(world, theirs, name, at + 1, { [F43]: "succeeded", [RAWHIDE]: "failed" });
  for (const id of [1234567, 1234568]) {
    const made = build(world, hello, "hello", id, { [F43]: state === "running" ? "running" : "succeeded", [RAWHIDE]: state });
    await publish(sandbox, made);
  }
  return { sandbox, world };
}

function project(world: World, owner: string, name: string): Project {
  const made = world.addProject(owner, name, defaultSettings(), owner.startsWith("@") ? "alice" : owner);
  replaceChroots(made, [F43, RAWHIDE]);
  return made;
}

function build(world: World, project: Project, name: string, id: number, states: Record<string, State>): Build {
  const source = { type: "link", dict: { url: `https://example.org/${name}-1-1.src.rpm` } } as const;
  const made = world.addBuild(project, "me", source, {
    chroots: null,
    timeout: 18_000,
    background: false,
    bootstrap: "unchanged",
    isolation: "unchanged",
    enable_net: false,
    project_dirname: project.name,
    batch: null,
  });
  made.id = id;
  made.package = world.findPackage(project, name) ?? world.addPackage(project, name, source);
  made.version = "1-1";
  made.source_state = "succeeded";
  made.source_result_dir = String(id).padStart(8, "0");
  made.chroots = Object.entries(states).map(([chroot, state]) => ({ ...newBuildChroot(chroot), state, git_hash: "0".repeat(40) }));
  return made;
}

/** Logs and a package of each chroot that is done, where web servers of results have them. */
async function publish({ resultsDirectory }: Sandbox, { id, project, chroots, package: built }: Build): Promise<void> {
  for (const chroot of chroots) {
    chroot.result_dir = `${String(id).padStart(8, "0")}-${built?.name}`;
    const place = join(resultsDirectory, project.ownername, project.name, chroot.name, chroot.result_dir);
    await mkdir(place, { recursive: true });
    const log = chroot.state === "failed" ? FAILED_LOG : "Build succeeded\n";
    for (const name of ["builder-live.log", "build.log"]) await writeFile(join(place, `${name}.gz`), gzipSync(log));
    if (chroot.state === "succeeded") await writeFile(join(place, "hello-1-1.noarch.rpm"), "package");
  }
}

function succeed(build: Build): void {
  build.source_state = "succeeded";
  const names = build.chroots.length > 0 ? build.chroots.map(({ name }) => name) : [...build.project.chroots.keys()];
  build.chroots = names.map((name) => ({ ...newBuildChroot(name), state: "succeeded" }));
}
