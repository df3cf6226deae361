import type { Form } from "./form.ts";
import type { Source, SourceType } from "./models.ts";

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
export function sourceFromForm(type: ConfiguredSourceType, form: Form, previous?: Source): Source {
  const old = previous?.type === type ? previous.dict : {};
  return { type: type satisfies SourceType, dict: readers[type](form, old) };
}

type Dict = Record<string, unknown>;

function scm(form: Form, old: Dict): Dict {
  const cloneUrl = form.text("clone_url") ?? old["clone_url"];
  if (typeof cloneUrl !== "string" || !/^[a-z+]+:\/\/\S+$/.test(cloneUrl)) {
    throw form.refusal("clone_url", "Invalid URL.");
  }
  const methods = ["rpkg", "tito", "tito_test", "make_srpm"];
  return {
    type: form.choice("scm_type", ["git", "svn"]) ?? old["type"] ?? "git",
    clone_url: cloneUrl,
    committish: form.text("committish") ?? old["committish"] ?? "",
    subdirectory: form.text("subdirectory") ?? old["subdirectory"] ?? "",
    spec: specFile(form) ?? old["spec"] ?? "",
    srpm_build_method:
      form.choice("source_build_method", methods) ?? form.choice("srpm_build_method", methods) ?? old["srpm_build_method"] ?? "rpkg",
  };
}

function specFile(form: Form): string | undefined {
  const spec = form.text("spec");
  if (spec === undefined || spec === "" || spec.endsWith(".spec")) return spec;
  throw form.refusal("spec", "RPM spec file must end with .spec");
}

function distgit(form: Form, old: Dict): Dict {
  const instance = form.text("distgit") ?? old["distgit"];
  if (instance !== undefined && instance !== "fedora") {
    throw form.refusal("distgit", "Not a valid choice.", "DistGit ID must be one of: fedora");
  }
  const namespace = form.text("namespace") ?? old["namespace"];
  const committish = form.text("committish") ?? old["committish"];
  const path = typeof namespace === "string" ? `${namespace}/` : "";
  return {
    clone_url: `https://src.fedoraproject.org/${path}rpms/${form.text("package_name")}`,
    ...(instance === undefined ? {} : { distgit: instance }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(committish === undefined ? {} : { committish }),
  };
}

function pypi(form: Form, old: Dict): Dict {
  return {
    pypi_package_name: form.text("pypi_package_name") ?? old["pypi_package_name"],
    pypi_package_version: form.text("pypi_package_version") ?? old["pypi_package_version"] ?? "",
    spec_generator: form.choice("spec_generator", ["pyp2rpm", "pyp2spec"]) ?? old["spec_generator"] ?? "pyp2spec",
    spec_template: form.text("spec_template") ?? old["spec_template"] ?? "",
    python_versions: form.words("python_versions") ?? old["python_versions"] ?? ["3"],
  };
}

function rubygems(form: Form, old: Dict): Dict {
  return { gem_name: form.text("gem_name") ?? old["gem_name"] };
}

/** Packages spell these fields `script_…`, builds do not. */
function custom(form: Form, old: Dict): Dict {
  const field = (name: string) => form.text(`script_${name}`) ?? form.text(name) ?? old[name];
  const script = form.text("script");
  return {
    script: script === undefined ? old["script"] : `${script.replaceAll("\r\n", "\n").trimEnd()}\n`,
    chroot: field("chroot") ?? "fedora-latest-x86_64",
    builddeps: field("builddeps") ?? "",
    resultdir: field("resultdir") ?? "",
    repos: field("repos") ?? "",
  };
}
