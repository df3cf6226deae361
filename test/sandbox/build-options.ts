import { ApiError } from "./api-error.ts";
import { isFinished, isFinishedBatch, newBuildChroot } from "./build-state.ts";
import type { Form } from "./form.ts";
import type { Account, Batch, Build, BuildOptions, Project, Source } from "./models.ts";
import { sourceOfBuild } from "./sources.ts";
import type { World } from "./world.ts";

const DEFAULT_TIMEOUT_S = 18_000;
export const MAX_TIMEOUT_S = 108_000;

/** The memory a builder is promised; the frontend's setting, the same for every build. */
export const MEMORY_LIMIT_MIB = 2048;

/** The project a build form names; without both names the real server breaks. */
export function projectInForm(world: World, form: Form): Project {
  const owner = form.text("ownername");
  const name = form.text("projectname");
  if (owner === undefined || name === undefined) {
    throw new ApiError(500, "Request wasn't successful, there is probably a bug in the Copr code.");
  }
  return world.project(owner, name);
}

/** The options that every way to create a build shares. */
export function readBuildOptions(world: World, project: Project, form: Form): BuildOptions {
  const isolations = ["unchanged", "default", "nspawn", "simple"];
  const bootstraps = ["unchanged", "default", "on", "off", "image"];
  const options = {
    chroots: chosenChroots(project, form),
    timeout: form.integer("timeout", 0, MAX_TIMEOUT_S) ?? DEFAULT_TIMEOUT_S,
    background: form.flag("background") ?? form.flag("is_background") ?? false,
    bootstrap: form.choice("bootstrap", bootstraps) ?? "unchanged",
    isolation: form.choice("isolation", isolations) ?? "unchanged",
    enable_net: form.flag("enable_net") ?? project.settings.enable_net,
    batch: batch(world, form),
  };
  form.check();
  return { ...options, project_dirname: directoryName(project, form) };
}

/** Creates the build; its chroots are known at once only if the user or a package chose them. */
export function createBuild(world: World, project: Project, account: Account, source: Source, options: BuildOptions): Build {
  const build = world.addBuild(project, account.name, sourceOfBuild(world, source), options);
  build.chroots = (options.chroots ?? []).map(newBuildChroot);
  return build;
}

/** Names and globs, less the excluded ones; null when the form leaves it to the project. */
function chosenChroots(project: Project, form: Form): string[] | null {
  const enabled = [...project.chroots.keys()];
  const wanted = matchingChroots(enabled, form, "chroots");
  const excluded = matchingChroots(enabled, form, "exclude_chroots");
  if (wanted.length === 0 && excluded.length === 0) return null;
  const left = (wanted.length === 0 ? enabled : wanted).filter((name) => !excluded.includes(name));
  return left.length === 0 ? null : left;
}

function matchingChroots(enabled: readonly string[], form: Form, field: string): string[] {
  const matches = (form.words(field) ?? []).flatMap((glob) => {
    const pattern = new RegExp(
      `^${glob
        .replaceAll(/[.+^${}()|\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    );
    const names = enabled.filter((name) => pattern.test(name));
    if (names.length === 0) form.refuse(field, `'${glob}' is not a valid choice for this field.`);
    return names;
  });
  return [...new Set(matches)];
}

function directoryName(project: Project, form: Form): string {
  const name = form.text("project_dirname") ?? project.name;
  if (name === project.name) return name;
  if (!name.startsWith(`${project.name}:`)) throw new ApiError(400, `Copr dirname must start with '${project.name}:' prefix`);
  const suffix = name.slice(project.name.length);
  if (!/^:(custom:.*|pr:([^:]*-)?\d+)$/.test(suffix)) {
    const formats = `${project.name}:custom:<SUFFIX_OF_CHOICE> or ${project.name}:pr:<ID>`;
    throw new ApiError(400, `Please use directory format ${formats} (for automatically removed directories)`);
  }
  if (/^(:[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*)+$/u.test(suffix)) return name;
  const rule = "Directory name can consist of alpha-numeric strings separated by colons.";
  throw new ApiError(400, `Wrong directory '${name}' specified.  ${rule}`);
}

function batch(world: World, form: Form): Batch | null {
  if (form.has("after_build_id") && form.has("with_build_id")) {
    for (const field of ["after_build_id", "with_build_id"]) form.refuse(field, "Only one batch option can be specified");
    return null;
  }
  const joined = batchOf(world, form, "with_build_id");
  if (joined !== null) return joined;
  const before = batchOf(world, form, "after_build_id");
  return before === null ? null : world.addBatch(before);
}

/** The batch of the named build, made now if it has none yet and is not over. */
function batchOf(world: World, form: Form, field: string): Batch | null {
  const id = form.text(field);
  if (id === undefined) return null;
  const build = world.findBuild(Number(id));
  const refuse = (message: string) => form.refuse(field, message) ?? null;
  if (!/^\d+$/.test(id)) return refuse("Not a valid integer value.");
  if (build === undefined) return refuse(`Build ${id} not found`);
  if (build.options.batch === null && isFinished(build)) {
    const reason = "new batch can not be created because the build has already finished";
    return refuse(`Build ${id} is not yet in any batch, and ${reason}`);
  }
  if (build.options.batch === null) {
    build.options.batch = world.addBatch(null);
    build.options.batch.builds.push(build);
  }
  // Others may wait for a batch that is over, but none may join it.
  if (field === "with_build_id" && isFinishedBatch(build.options.batch)) {
    return refuse(`Batch ${build.options.batch.id} is already finished`);
  }
  return build.options.batch;
}
