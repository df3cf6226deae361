/** A package of a test's batch, as its spec file says. */
export interface TestPackage {
  name: string;
  version?: string;
  requires?: readonly string[];
  provides?: readonly string[];
  /** Binary packages besides the main one, as behind `%package`, each with lines of its preamble. */
  packages?: Readonly<Record<string, readonly string[]>>;
  /** Files of each of them, by the same word; the main package's by an empty one. */
  files?: Readonly<Record<string, readonly string[]>>;
  /** Lines for the top of the spec file. */
  head?: readonly string[];
}

/** A spec file that builds without a compiler or any source. */
export function specOf({ name, version = "1.0", requires = [], provides = [], packages = {}, files = {}, head = [] }: TestPackage): string {
  const paths = Object.values(files).flat();
  return [
    ...head,
    `Name: ${name}`,
    `Version: ${version}`,
    "Release: 1%{?dist}",
    `Summary: Package ${name} of a batch`,
    "License: MIT",
    "BuildArch: noarch",
    ...requires.map((text) => `BuildRequires: ${text}`),
    ...provides.map((text) => `Provides: ${text}`),
    "%description\nNothing.",
    ...Object.entries(packages).flatMap(([words, lines]) => [
      `%package ${words}`,
      "Summary: Part",
      ...lines,
      `%description ${words}\nNothing.`,
    ]),
    "%install",
    ...paths.map((path) => `mkdir -p %{buildroot}$(dirname ${path}); echo 'Name: x' >%{buildroot}${path}`),
    ...["", ...Object.keys(packages)].map((words) => [`%files ${words}`, ...(files[words] ?? [])].join("\n")),
    "",
  ].join("\n");
}
