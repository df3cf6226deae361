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
    ...paths.map((path) => `mkdir -p %{buildroot}$(dirname ${path}); printf '${contentOf(path)}' >%{buildroot}${path}`),
    ...["", ...Object.keys(packages)].map((words) =>
      [`%files ${words}`, ...(files[words] ?? []).map((path) => path.replace(/\/METADATA$/, ""))].join("\n"),
    ),
    "",
  ].join("\n");
}

/** What rpm's generators look at. */
function contentOf(path: string): string {
  if (path.endsWith(".pm")) return `package ${path.replace(/^.*perl5\/|\.pm$/g, "").replaceAll("/", "::")};\\n1;\\n`;
  return "Metadata-Version: 2.1\\nName: foo-bar\\nDescription: x\\nVersion: 2.0\\n";
}
