import * as v from "valibot";
import { chrootNamePattern } from "./names.ts";
import { hasOddCharacters } from "../text/odd-characters.ts";

/** What a definition may hold beyond what frontends send. */
export interface TaskRules {
  /** Accept `file:` addresses: only for definitions the local user wrote. */
  allowLocalFiles?: boolean;
  /** Chroot of a build of packages whose definition names none. */
  chroot?: string | undefined;
}

const noControl = v.check<string, string>((text) => !hasOddCharacters(text), "must not contain control characters");
const noTemplate = v.check<string, string>((text) => !/\{[{%#]/.test(text), "must not contain a template");

/** One line of text that is only shown or becomes a quoted value. */
const line = (max = 1000) => v.pipe(v.string(), v.maxLength(max), noControl, noTemplate);
/** Frontends pass on what stands behind `?priority=` as text; dnf takes no notice of what is no number. */
const priority = v.union([
  v.pipe(v.number(), v.integer()),
  v.pipe(
    line(100),
    v.transform((text) => (/^-?\d{1,6}$/.test(text.trim()) ? Number(text) : null)),
  ),
]);
/** One word that may reach a command line: no leading dash, no white space. */
const word = (max = 300) => v.pipe(line(max), v.regex(/^[^\s-]\S*$/u, "must be one word that does not begin with a dash"));
/** Null and an empty text are as good as nothing, as they are to upstream, which looks for truth or iterates. */
const list = <const Item extends v.GenericSchema>(item: Item, max = 1000) =>
  v.optional(
    v.pipe(
      v.unknown(),
      v.transform((items) => (items === "" || items === null ? [] : items)),
      v.array(item),
      v.maxLength(max),
    ),
    [],
  );
/** What upstream takes for nothing: an empty text is as good as null. */
const orNothing = <const Schema extends v.GenericSchema<string, string>>(schema: Schema) =>
  v.pipe(
    v.nullable(v.union([v.literal(""), schema])),
    v.transform((text) => (text === "" ? null : (text as Exclude<typeof text, "">))),
  );
/** However many: a limit that nothing reaches is none. */
const seconds = v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))));
/** An object; the library's own check takes a list for one. */
const plain = v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), "must be an object");
const flag = v.optional(v.nullable(v.boolean()), false);

/** Characters frontends allow in names; Python's `\w` covers letters of all scripts. */
const nameText = v.pipe(v.string(), v.maxLength(200), v.regex(/^@?[\p{L}\p{N}_][\p{L}\p{N}_.+@-]*$/u, "is not a name"));
const directoryName = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.+:-]*$/u, "is not the name of a project directory"),
);
const packageName = v.pipe(v.string(), v.maxLength(300), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/, "is not the name of a package"));
const chrootName = v.pipe(v.string(), v.regex(chrootNamePattern, "is not the name of a chroot"));
/** Branches are often named after issues and people: `fix/#12`, `topic(core)`, `größe`. */
const committish = v.pipe(
  v.string(),
  v.maxLength(400),
  noTemplate,
  v.regex(/^[\p{L}\p{N}_#][\p{L}\p{M}\p{N}_.+/@~^{}#(),=!&-]*$/u, "is not a commit, branch or tag"),
);
const buildCondition = v.pipe(v.string(), v.maxLength(200), v.regex(/^[A-Za-z0-9_][\w.+-]*$/, "is not a build condition"));
/** A path inside a repository; whether links lead out of it is checked when it is used. */
const innerPath = v.pipe(
  line(500),
  v.check((path) => !path.startsWith("-") && !path.split("/").includes(".."), "must stay inside the repository"),
);

function address(schemes: readonly string[]) {
  return v.pipe(
    line(2000),
    v.check(
      (text) => schemes.some((scheme) => text.toLowerCase().startsWith(`${scheme}:`)),
      `must begin with ${schemes.map((one) => `${one}:`).join(", ")}`,
    ),
    v.check((text) => !/[\s"'\\<>`]/.test(text), "must not contain blanks or quotes"),
    // A host that begins with a dash would be an option of ssh.
    v.check((text) => /^file:/i.test(text) || /^[a-z]+:\/\/(?!-)(?![^/?#]*@-)[^/?#]/i.test(text), "must name a host"),
  );
}

/** The schemas of both kinds of task and of every source's `source_json`, as far as something is done with it: the rest must not fail a build. */
export function taskSchemas({ allowLocalFiles = false }: TaskRules) {
  const local = allowLocalFiles ? ["file"] : [];
  const web = address(["https", "http", "ftp", "ftps", ...local]);
  const repositoryUrl = address(["https", "http", "git", "ssh", ...local]);
  const repository = v.object({
    id: v.pipe(v.string(), v.maxLength(500), v.regex(/^[\w.:+@~-]+$/u, "is not the id of a repository")),
    name: line(),
    baseurl: web,
    priority: v.optional(v.nullable(priority)),
    module_hotfixes: v.optional(v.nullable(v.boolean())),
    repo_gpgcheck: v.optional(v.nullable(v.boolean())),
  });
  const common = {
    task_id: v.pipe(v.string(), v.maxLength(300)),
    project_owner: nameText,
    project_name: nameText,
    project_dirname: v.optional(orNothing(directoryName)),
    repos: list(repository, 500),
    package_name: v.optional(orNothing(packageName)),
    tags: list(line(200)),
    /** Seconds. Absent: the default of the kind of task; null and 0: no limit of its own. */
    timeout: seconds,
  };
  const rpm = v.object({
    ...common,
    chroot: chrootName,
    // The log is public, and git repeats addresses in its messages.
    git_repo: v.pipe(
      repositoryUrl,
      v.check((text) => !/^https?:\/\/[^/]*@/i.test(text), "must not hold a user name or password"),
    ),
    /** Null: what the repository checks out by itself. */
    git_hash: orNothing(committish),
    package_version: v.optional(v.nullable(line(300))),
    enable_net: flag,
    buildroot_pkgs: list(word()),
    with_opts: list(buildCondition),
    without_opts: list(buildCondition),
    isolation: v.optional(orNothing(v.picklist(["default", "nspawn", "simple", "unchanged"]))),
    bootstrap: v.optional(orNothing(v.picklist(["default", "on", "off", "image", "custom_image", "unchanged"]))),
    bootstrap_image: v.optional(
      orNothing(
        v.pipe(v.string(), v.maxLength(300), v.regex(/^[\w./][-./\w]*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/, "is not the name of an image")),
      ),
    ),
    // Whatever is there and not understood would make another chroot, as upstream's assertions say.
    modules: v.optional(
      v.nullable(
        v.pipe(
          plain,
          v.strictObject({
            toggle: v.pipe(
              v.array(
                v.pipe(
                  plain,
                  v.record(v.picklist(["enable", "disable"]), word()),
                  v.check((pair) => Object.keys(pair).length === 1, "must hold one pair"),
                ),
              ),
              v.minLength(1),
              v.maxLength(1000),
            ),
          }),
        ),
      ),
    ),
    allow_user_ssh: flag,
    fedora_review: flag,
  });
  const srpm = v.object({
    ...common,
    chroot: v.optional(orNothing(chrootName)),
    source_type: v.pipe(v.number(), v.integer()),
    source_json: v.optional(v.nullable(v.union([v.string(), v.record(v.string(), v.unknown())]))),
    distributions_in_build: list(line(200)),
    distributions_in_project: list(line(200)),
  });
  const sources = {
    link: v.object({ url: address(["https", "http", "ftp", "ftps", ...local]) }),
    upload: v.object({
      url: address(["https", "http", ...local]),
    }),
    pypi: v.object({
      pypi_package_name: v.pipe(
        v.string(),
        v.maxLength(200),
        v.regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, "is not the name of a Python package"),
      ),
      pypi_package_version: v.optional(
        orNothing(v.pipe(v.string(), v.maxLength(100), v.regex(/^[A-Za-z0-9][A-Za-z0-9._+!-]*$/, "is not a version"))),
      ),
      spec_generator: v.optional(v.nullable(v.picklist(["pyp2rpm", "pyp2spec"]))),
      spec_template: v.optional(orNothing(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]{1,50}$/, "is not the name of a template")))),
      python_versions: list(
        v.union([
          v.pipe(v.string(), v.regex(/^[0-9](\.[0-9]+)?$/, "is not a version of Python")),
          v.pipe(v.number(), v.minValue(2), v.maxValue(9)),
        ]),
        20,
      ),
    }),
    rubygems: v.object({
      gem_name: v.pipe(v.string(), v.maxLength(200), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "is not the name of a gem")),
    }),
    scm: v.pipe(
      v.object({
        type: v.optional(orNothing(v.picklist(["git", "svn"]))),
        clone_url: address(["https", "http", "git", "ssh", "svn", ...local]),
        committish: v.optional(orNothing(committish)),
        subdirectory: v.optional(v.nullable(innerPath)),
        spec: v.optional(v.nullable(innerPath)),
        srpm_build_method: v.optional(orNothing(v.picklist(["rpkg", "tito", "tito_test", "make_srpm"]))),
      }),
      // `type` tells the sources from one another.
      v.transform(({ type, ...rest }) => ({ ...rest, scm_type: type ?? "git" })),
    ),
    custom: v.object({
      script: v.pipe(v.string(), v.maxLength(1024 * 1024)),
      chroot: chrootName,
      builddeps: v.optional(
        v.nullable(
          v.union([
            list(word()),
            v.pipe(
              line(10_000),
              v.check((text) => !/(^|\s)-/.test(text), "must not contain options"),
            ),
          ]),
        ),
      ),
      resultdir: v.optional(v.nullable(innerPath)),
      timeout: seconds,
      tmp: v.optional(orNothing(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, "is not the name of a directory")))),
      hook_data: v.optional(v.unknown()),
    }),
    distgit: v.object({
      clone_url: repositoryUrl,
      namespace: v.optional(v.nullable(innerPath)),
      committish: v.optional(orNothing(committish)),
    }),
  };
  return { rpm, srpm, sources };
}
