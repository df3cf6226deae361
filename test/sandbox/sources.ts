import { posix } from "node:path";
import type { Form } from "./form.ts";
import type { Source, SourceType } from "./models.ts";
import { isAddress, repositoryUrls } from "./project-settings.ts";
import type { World } from "./world.ts";

/** Source types that a user can give to a package or a build; uploads and links have routes of their own. */
const readers = { scm, distgit, pypi, rubygems, custom } as const;

export type ConfiguredSourceType = keyof typeof readers;

export const configuredSourceTypes = Object.keys(readers) as ConfiguredSourceType[];

export function isConfiguredSourceType(type: string): type is ConfiguredSourceType {
  return Object.hasOwn(readers, type);
}

/**
 * The source_json of a form. Fields that were not sent keep the value they had in `previous`, which
 * is how packages are edited.
 */
export function sourceFromForm(world: World, type: ConfiguredSourceType, form: Form, previous?: Source): Source {
  // Fields of the same name stay also where the type changes.
  return { type: type satisfies SourceType, dict: readers[type](form, previous?.dict ?? {}, world) };
}

export function checkPackageName(form: Form, name: string): void {
  if (/^[-+_.a-zA-Z0-9]+$/.test(name)) return;
  form.refuse("package_name", "Please enter a valid package name in ^[-+_.a-zA-Z0-9]+$");
}

type Dict = Record<string, unknown>;

function scm(form: Form, old: Dict): Dict {
  const cloneUrl = required(form, "clone_url", old);
  if (typeof cloneUrl === "string" && cloneUrl !== "" && !isAddress(cloneUrl)) form.refuse("clone_url", "Invalid URL.");
  const methods = ["rpkg", "tito", "tito_test", "make_srpm"];
  return {
    // The form calls it by another name than the source does: what was not sent is git again.
    type: form.choice("scm_type", ["git", "svn"]) ?? "git",
    clone_url: cloneUrl,
    committish: form.text("committish")?.trim() ?? old["committish"] ?? null,
    subdirectory: form.text("subdirectory")?.trim() ?? old["subdirectory"] ?? null,
    spec: specFile(form, old),
    srpm_build_method: buildMethod(form, methods) ?? old["srpm_build_method"] ?? "rpkg",
  };
}

/** The form calls it by the name that tasks have. */
function buildMethod(form: Form, methods: readonly string[]): string | undefined {
  const method = form.text("source_build_method") ?? form.text("srpm_build_method");
  return method === undefined || methods.includes(method) ? method : form.refuse("srpm_build_method", "Not a valid choice.");
}

/** A package that was made without one can't be changed without naming one, be it an empty text: the form sees what is no text. */
function specFile(form: Form, old: Dict): unknown {
  const spec = form.text("spec")?.trim() ?? old["spec"];
  const isSound = spec === undefined || spec === "" || (typeof spec === "string" && /^.+\.spec$/.test(spec));
  if (!isSound) form.refuse("spec", "RPM spec file must end with .spec");
  return spec ?? null;
}

function distgit(form: Form, old: Dict): Dict {
  const instance = form.text("distgit") ?? old["distgit"] ?? "fedora";
  if (instance !== "fedora") {
    form.refuse("distgit", "Not a valid choice.", "DistGit ID must be one of: fedora");
  }
  const namespace = normalPath(form.text("namespace")?.trim() ?? old["namespace"]);
  const committish = (form.text("committish")?.trim() ?? old["committish"]) || undefined;
  const path = namespace === undefined ? "" : `${namespace}/`;
  return {
    clone_url: `https://src.fedoraproject.org/${path}rpms/${form.text("package_name")}`,
    distgit: instance,
    ...(namespace === undefined ? {} : { namespace }),
    ...(committish === undefined ? {} : { committish }),
  };
}

function normalPath(path: unknown): string | undefined {
  return typeof path === "string" && path !== "" ? posix.normalize(path).replace(/(?<=.)\/$/, "") : undefined;
}

function pypi(form: Form, old: Dict): Dict {
  const chosen = form.choices("python_versions", ["3", "2"]) ?? [];
  return {
    pypi_package_name: required(form, "pypi_package_name", old),
    pypi_package_version: form.text("pypi_package_version")?.trim() ?? old["pypi_package_version"] ?? null,
    spec_generator: form.choice("spec_generator", ["pyp2rpm", "pyp2spec"]) ?? old["spec_generator"] ?? "pyp2spec",
    spec_template: form.choice("spec_template", ["", "fedora", "epel7", "mageia", "pld"]) ?? old["spec_template"] ?? "",
    // A list without anything is one that was not sent.
    python_versions: chosen.length > 0 ? chosen : (old["python_versions"] ?? ["3"]),
  };
}

function rubygems(form: Form, old: Dict): Dict {
  return { gem_name: required(form, "gem_name", old) };
}

function required(form: Form, name: string, old: Dict): unknown {
  const value = form.text(name)?.trim() ?? old[name];
  if (!value) form.refuse(name, "This field is required.");
  return value;
}

/** Packages spell these fields `script_…`, builds do not. */
function custom(form: Form, old: Dict, world: World): Dict {
  const field = (name: string) => (form.text(`script_${name}`) ?? form.text(name))?.trim() ?? old[name];
  const given = form.text("script");
  const script = given === undefined ? old["script"] : mendedScript(given);
  if (typeof script !== "string" || script.trim() === "") form.refuse("script", "This field is required.");
  else if (script.length > 4096) form.refuse("script", "Maximum script size is 4kB");
  const repos = repositoryUrls(world, form, "script_repos", "repos");
  const chroot = (field("chroot") ?? "fedora-latest-x86_64") as string;
  const isKnown = world.mockChroots.has(chroot) || latestFedora(world, chroot) !== undefined;
  if (!isKnown) form.refuse("chroot", "Not a valid choice.");
  return {
    script,
    chroot,
    builddeps: field("builddeps") ?? null,
    resultdir: field("resultdir") ?? null,
    repos: repos?.join("\n") ?? old["repos"] ?? "",
  };
}

/** What `fedora-latest-x86_64` is at present: the newest Fedora but rawhide. */
function latestFedora({ mockChroots }: World, chroot: string): string | undefined {
  const [, arch] = /^fedora-latest-(.+)$/.exec(chroot) ?? [];
  const branched = [...mockChroots.keys()].filter((name) => /^fedora-\d+-/.test(name) && name.endsWith(`-${arch}`));
  return branched.toSorted().at(-1);
}

/** A source as a build keeps it: its script runs in a chroot that has a number. */
export function sourceOfBuild(world: World, { type, dict }: Source): Source {
  const chroot = type === "custom" ? latestFedora(world, String(dict["chroot"])) : undefined;
  return { type, dict: chroot === undefined ? dict : { ...dict, chroot } };
}

function mendedScript(script: string): string {
  const mended = script.split("\n", 1)[0]?.endsWith("\r") ? script.replaceAll("\r\n", "\n") : script;
  return mended === "" || mended.endsWith("\n") ? mended : `${mended}\n`;
}
