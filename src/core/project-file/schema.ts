import * as v from "valibot";
import { nearestWords } from "../text/nearest.ts";
import type {
  CustomSource,
  DistGitSource,
  ProjectFile,
  ProjectFileChroot,
  ProjectFilePackage,
  ProjectFileRoles,
  ProjectFileSettings,
  PyPISource,
  RubyGemsSource,
  ScmSource,
  UnsetSource,
} from "./project-file.ts";

/** A field's schema for each field of a type: none can be forgotten. */
type Entries<T> = { [Key in keyof Required<T>]: v.GenericSchema<unknown, T[Key]> };

/** A mapping with these keys and no others. */
function mapping<T extends object>(entries: Entries<T>): v.GenericSchema<unknown, T> {
  // Without a prototype, of which `constructor` would be a known key.
  const known = Object.assign(Object.create(null) as object, entries) as unknown as v.ObjectEntries;
  const message = ({ input, received, path }: v.LooseObjectIssue): string =>
    received === "undefined" && path !== undefined
      ? `'${String(path.at(-1)?.key)}' is missing`
      : `must be a mapping, not ${describe(input)}`;
  const schema = v.looseObject(known, message);
  // To the library a list is an object, and some keys are none.
  return v.lazy((input): v.GenericSchema => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return v.never(`must be a mapping, not ${describe(input)}`);
    const keys = Object.entries(input).filter(([key]) => !(key in known));
    if (keys.length === 0) return schema;
    return v.pipe(
      schema,
      v.rawCheck(({ addIssue }) => {
        for (const [key, value] of keys) {
          const path: [v.ObjectPathItem] = [{ type: "object", origin: "key", input: input as Record<string, unknown>, key, value }];
          addIssue({ message: `unknown key '${key}'${nearest(key, Object.keys(entries))}`, path });
        }
      }),
    );
  }) as v.GenericSchema<unknown, T>;
}

/** What somebody may have meant. */
function nearest(word: string, known: readonly string[]): string {
  const [best] = nearestWords(word, known, 1);
  return best === undefined ? `; there are: ${known.join(", ")}` : `, did you mean '${best}'?`;
}

/** A value as a person would call it. */
function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "boolean") return `the switch ${value}`;
  return typeof value === "number" ? `the number ${value}` : "a text";
}

const optional = <T>(schema: v.GenericSchema<unknown, T>) => v.exactOptional(schema) as unknown as v.GenericSchema<unknown, T>;

// YAML reads 1.10, null, true and 2026-01-01 as what they look like: what was meant must be said, not guessed.
const text = v.pipe(
  v.string(({ input }) => `must be a text, not ${describe(input)}${typeof input === "object" ? "" : ": put it in quotes"}`),
  // Databases keep no NUL, and half a surrogate pair is no character.
  v.check((value) => !value.includes("\0"), "must not contain NUL characters"),
  v.check((value) => !/\p{Cs}/u.test(value), "must not contain half a surrogate pair"),
);
const line = v.pipe(
  text,
  v.check((value) => !/[\r\n]/.test(value), "must be one line"),
);
const filledLine = v.pipe(
  line,
  v.check((value) => value.trim() !== "", "must not be empty"),
);
const word = v.pipe(
  line,
  v.check((value) => /^\S+$/.test(value), "must be one word without blanks"),
);
const address = v.pipe(
  word,
  v.check((value) => /^(https?|copr):\/\/[^/]/.test(value), "must be an address that begins with http://, https:// or copr://"),
);
const flag = v.boolean(({ input }) => `must be true or false, not ${describe(input)}`);
const list = <T>(item: v.GenericSchema<unknown, T>) => v.array(item, ({ input }) => `must be a list, not ${describe(input)}`);
const choice = <const T extends string>(...words: T[]) =>
  v.picklist(words, ({ input }) => `must be ${alternatives(words)}, not ${typeof input === "string" ? `'${input}'` : describe(input)}`);
const integer = (least: number, most: number) =>
  v.pipe(
    v.number(({ input }) => `must be a number, not ${describe(input)}`),
    v.check((value) => Number.isInteger(value) && value >= least && value <= most, `must be a whole number ${range(least, most)}`),
  );

function alternatives(words: readonly string[]): string {
  const quoted = words.map((one) => (one === "" ? "an empty text" : one));
  return quoted.length === 1 ? (quoted[0] as string) : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function range(least: number, most: number): string {
  return most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
}

const settings = mapping<ProjectFileSettings>({
  description: optional(text),
  instructions: optional(text),
  homepage: optional(v.nullable(line)),
  contact: optional(v.nullable(line)),
  additional_repos: optional(list(address)),
  unlisted_on_hp: optional(flag),
  enable_net: optional(flag),
  auto_prune: optional(flag),
  bootstrap: optional(choice("default", "on", "off", "image")),
  isolation: optional(choice("default", "nspawn", "simple")),
  devel_mode: optional(flag),
  module_hotfixes: optional(flag),
  appstream: optional(flag),
  follow_fedora_branching: optional(flag),
  repo_priority: optional(v.nullable(integer(1, 2 ** 31 - 1))),
  packit_forge_projects_allowed: optional(list(word)),
  runtime_dependencies: optional(list(address)),
  multilib: optional(flag),
  fedora_review: optional(flag),
  delete_after_days: optional(integer(-1, 720)),
  persistent: optional(flag),
  storage: optional(choice("backend", "pulp")),
});

const module_ = v.pipe(
  word,
  v.check((value) => /^[\w!-][^\s,:]*:[\w!-][^\s,:]*$/.test(value), "must be a module and its stream, as nodejs:20"),
);

const chroot = mapping<ProjectFileChroot>({
  additional_repos: optional(list(address)),
  additional_packages: optional(list(word)),
  additional_modules: optional(
    v.pipe(
      list(module_),
      v.check((all) => new Set(all.map((one) => one.split(":")[0])).size === all.length, "must not name a module twice"),
    ),
  ),
  with_opts: optional(list(word)),
  without_opts: optional(list(word)),
  isolation: optional(choice("unchanged", "default", "nspawn", "simple")),
  bootstrap: optional(choice("unchanged", "default", "on", "off", "image", "custom_image")),
  bootstrap_image: optional(
    v.nullable(
      v.pipe(
        line,
        v.check((value) => /^[-./\w]+(:[\w.-]+)?$/.test(value), "must be the name of an image, as fedora:43"),
      ),
    ),
  ),
  comps: optional(v.nullable(filledLine)),
});

const sources = {
  scm: mapping<ScmSource>({
    type: v.literal("scm"),
    clone_url: filledLine,
    scm_type: optional(choice("git", "svn")),
    committish: optional(line),
    subdirectory: optional(line),
    spec: optional(
      v.pipe(
        line,
        v.check((value) => value.trim() === "" || /^.+\.spec$/.test(value.trim()), "must end with .spec"),
      ),
    ),
    source_build_method: optional(choice("rpkg", "tito", "tito_test", "make_srpm")),
  }),
  distgit: mapping<DistGitSource>({
    type: v.literal("distgit"),
    distgit: optional(filledLine),
    namespace: optional(line),
    committish: optional(line),
  }),
  pypi: mapping<PyPISource>({
    type: v.literal("pypi"),
    pypi_package_name: filledLine,
    pypi_package_version: optional(line),
    spec_generator: optional(choice("pyp2rpm", "pyp2spec")),
    spec_template: optional(choice("", "fedora", "epel7", "mageia", "pld")),
    python_versions: optional(list(choice("2", "3"))),
  }),
  rubygems: mapping<RubyGemsSource>({ type: v.literal("rubygems"), gem_name: filledLine }),
  custom: mapping<CustomSource>({
    type: v.literal("custom"),
    script: v.pipe(
      text,
      v.check((value) => value.trim() !== "", "must not be empty"),
      v.check((value) => withEnd(value).length <= 4096, "must not have more than 4096 characters"),
    ),
    chroot: optional(word),
    builddeps: optional(line),
    resultdir: optional(line),
    repos: optional(list(address)),
  }),
  unset: mapping<UnsetSource>({ type: v.literal("unset") }),
} as const;

/** Frontends end a script with a line end before they count. */
function withEnd(script: string): string {
  return script.endsWith("\n") ? script : `${script}\n`;
}

/** The schema of the type that a source says it has. */
const source = v.lazy((input) => {
  const type: unknown = typeof input === "object" && input !== null ? (input as { type?: unknown }).type : undefined;
  const schema = typeof type === "string" && Object.hasOwn(sources, type) ? sources[type as keyof typeof sources] : undefined;
  return schema ?? v.looseObject({ type: choice(...(Object.keys(sources) as (keyof typeof sources)[])) }, sourceMessage);
}) as v.GenericSchema<unknown, ProjectFilePackage["source"] & object>;

function sourceMessage({ input, path }: v.LooseObjectIssue): string {
  return path?.at(-1)?.key === "type" ? "'type' is missing" : `must be a mapping, not ${describe(input)}`;
}

const package_ = mapping<ProjectFilePackage>({
  source: optional(source),
  webhook_rebuild: optional(flag),
  max_builds: optional(integer(0, 100)),
  timeout: optional(integer(0, 10_000_000)),
  chroot_denylist: optional(
    list(
      v.pipe(
        word,
        v.check((value) => /^[a-z0-9-_*.+]+$/.test(value), "must be a chroot or a pattern, as fedora-*-i386"),
      ),
    ),
  ),
});

const roleState = choice("nothing", "request", "approved");
const roles = mapping<ProjectFileRoles>({ builder: optional(roleState), admin: optional(roleState) });

/** Things by their names, any of them: the library's own record leaves out such as `constructor`. */
function named<T>(name: RegExp, what: string, schema: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, Record<string, T>> {
  return v.pipe(
    v.custom<object>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      ({ input }) => `must be a mapping, not ${describe(input)}`,
    ),
    v.rawTransform<object, Record<string, T>>(({ dataset, addIssue }) => {
      const things = Object.entries(dataset.value).map(([key, value]: [string, unknown]): [string, T] => {
        const here = { type: "object", origin: "value", input: dataset.value as Record<string, unknown>, key, value } as const;
        // A path of the API is made of it.
        if (!name.test(key) || key === "." || key === "..")
          addIssue({ message: `is not the name of a ${what}`, path: [{ ...here, origin: "key" }] });
        const read = v.safeParse(schema, value);
        for (const { message, path = [], expected, received } of read.issues ?? []) {
          addIssue({ message, path: [here, ...path], ...(expected !== null && { expected }), received });
        }
        return [key, read.output as T];
      });
      return Object.fromEntries(things);
    }),
  );
}

/** A project as a file, whole. */
export const projectFileSchema: v.GenericSchema<unknown, ProjectFile> = mapping<ProjectFile>({
  $schema: optional(text),
  project: v.pipe(
    line,
    v.check((value) => /^(@?[^/\s:]+\/)?[\p{L}\p{N}_.-]+$/u.test(value), "must be a project, as owner/name or @group/name"),
  ),
  settings: optional(settings),
  chroots: optional(named(/^[\w.+-]+$/, "chroot", v.nullable(chroot))),
  packages: optional(named(/^[-+_.a-zA-Z0-9]+$/, "package", v.nullable(package_))),
  permissions: optional(named(/^[^\s/:]+$/, "user", roles)),
});
