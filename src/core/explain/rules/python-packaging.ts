import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

const copying = {
  needles: ["error: can't copy '"],
  pattern: /^\s{0,6}error: can't copy '(?<file>[^']{1,300})'/,
  advice: ({ file }: Record<string, string>): string =>
    `setup.py names ${file}, which is not there: add it to the sources, or take it out of setup.py.`,
};

/** What builds, tests and installs Python projects, beside Python itself. */
export const pythonPackaging: readonly Rule[] = [
  {
    name: "setuptools-message",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: [
      "error: Multiple top-level ",
      "error: package directory '",
      "configuration error: `",
      "error: option -",
      "error: in setup.cfg",
      " setup command: ",
    ],
    pattern:
      /^\s{0,6}(?:configuration )?error(?::| in(?= \S{1,100} setup command:)) (?<message>(?:\S{1,100} setup command: |Multiple top-level (?:packages|modules) discovered|package directory '|`[\w.-]{1,60}`|option -|in setup\.cfg).{0,300})/,
    advice: ({ message }) => `setuptools refuses the project: ${message}.`,
    example: `
  Running command Preparing metadata (pyproject.toml)
=>   error: Multiple top-level packages discovered in a flat-layout: ['docs', 'frob'].
  error: subprocess-exited-with-error
  × Preparing metadata (pyproject.toml) did not run successfully.
error: metadata-generation-failed`,
    in: "build",
  },
  {
    name: "setuptools-file",
    category: "missing-file",
    certainty: "sure",
    phases: scripts.filter((phase) => phase !== "install"),
    ...copying,
    example: `
copying frob/__init__.py -> build/lib/frob
=> error: can't copy 'data/icons/frob.png': doesn't exist or not a regular file`,
    in: "build",
  },
  {
    name: "setuptools-file-to-install",
    category: "install-missing-file",
    certainty: "sure",
    phases: ["install"],
    ...copying,
    example: `
running install_data
=> error: can't copy 'data/icons/frob.png': doesn't exist or not a regular file`,
    in: "install",
  },
  {
    name: "setuptools-program",
    category: "missing-command",
    certainty: "sure",
    phases: scripts,
    needles: ["error: command '"],
    pattern: /^\s{0,6}error: command '(?<command>[^'/]{1,100})' failed: No such file or directory/,
    advice: ({ command }) => `Add the package that has ${command} to BuildRequires (dnf repoquery --file '*/bin/${command}').`,
    example: `
  building 'M2Crypto.m2crypto' extension
  swig -python -o src/SWIG/_m2crypto_wrap.c src/SWIG/_m2crypto.i
=>   error: command 'swig' failed: No such file or directory
  error: subprocess-exited-with-error`,
    in: "build",
  },
  {
    name: "setuptools-error",
    category: "script-failed",
    certainty: "vague",
    onlyReports: true,
    phases: scripts,
    needles: ["error: command '", "error: subprocess-exited-with-error", "error: metadata-generation-failed"],
    pattern: /^\s{0,6}(?:×\s)?error: (?<message>(?:command '|subprocess-exited|metadata-generation).{0,300})/,
    advice: ({ message }) => `The build of the Python package failed: ${message}.`,
    example: `
+ /usr/bin/python3 setup.py build
=> error: command '/usr/bin/gcc' failed with exit code 1`,
  },
  {
    name: "setuptools-command",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "error: invalid command '",
    pattern: /^\s{0,6}error: invalid command '(?<command>[\w-]{1,60})'/,
    advice: ({ command }) =>
      command === "test"
        ? "setuptools has no command test any more: call pytest or unittest in %check."
        : `setuptools does not know ${command}: add the package that brings it (wheel, setuptools_scm, …) to BuildRequires.`,
    example: `
usage: setup.py [global_opts] cmd1 [cmd1_opts] [cmd2 [cmd2_opts] ...]

=> error: invalid command 'bdist_wheel'`,
  },
  {
    name: "saved-files-of-python",
    category: "files-not-found",
    certainty: "sure",
    phases: ["install"],
    needles: ["Globs did not match any module", "Attempted to use a namespaced package"],
    pattern:
      /^ValueError: (?:Globs did not match any module: |Attempted to use a namespaced package with \. in the glob: )(?<globs>.{1,200})/,
    advice: ({ globs }) => `%pyproject_save_files names ${globs}, which is not among the installed modules: fix the name.`,
    example: `
+ /usr/bin/python3 /usr/lib/rpm/redhat/pyproject_save_files.py --output-files x
Traceback (most recent call last):
  File "/usr/lib/rpm/redhat/pyproject_save_files.py", line 700, in main
=> ValueError: Globs did not match any module: snakeyaml`,
  },
  {
    name: "build-dependencies-of-pip",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: "ERROR: Some build dependencies for ",
    pattern:
      /^\s{0,4}ERROR: Some build dependencies for \S{1,300} (?:are missing: '?(?<missing>[^',]{1,100})|conflict with the backend dependencies: (?<conflict>.{1,200}))/,
    advice: ({ missing, conflict }) =>
      missing === undefined
        ? `Versions of Python packages do not fit: ${conflict}`
        : `Add python3dist(${missing.split(/[<>=!~;[]/)[0]}) to BuildRequires.`,
    example: `
=> ERROR: Some build dependencies for file:///builddir/build/BUILD/x-1.0 are missing: 'flit_core>=3.11'.`,
  },
  {
    name: "pytest-plugin",
    category: "missing-lang-module",
    certainty: "sure",
    phases: ["check"],
    needles: "error: unrecognized arguments: ",
    pattern: /^(?:__main__\.py|py\.?test\S{0,20}): error: unrecognized arguments: (?<arguments>.{1,300})/,
    advice: ({ arguments: given }) =>
      `pytest does not know ${given}: add the plugin to BuildRequires, or take the option out of its configuration.`,
    example: `
ERROR: usage: __main__.py [options] [file_or_dir] [file_or_dir] [...]
=> __main__.py: error: unrecognized arguments: --cov=x --cov-report=term-missing
  inifile: /builddir/build/BUILD/x/pyproject.toml`,
  },
  {
    name: "pyproject-refused",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["configuration is invalid", "maturin failed", "can't find Rust compiler"],
    pattern: /^(?:.{0,4} ?maturin failed|The Poetry configuration is invalid.{0,20}|.{0,40}pyproject\.toml.{0,40} is invalid)$/u,
    follow: { pattern: /^\s{0,4}(?:- |Caused by: )\S/, within: 2, max: 1, leads: "before" },
    advice: "The description of the project is refused: the next line says why.",
    example: `
💥 maturin failed
=>   Caused by: Failed to parse Cargo.toml at /builddir/build/BUILD/x/Cargo.toml`,
    in: "build",
  },
];
