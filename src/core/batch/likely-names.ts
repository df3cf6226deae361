/**
 * Names of packages that are likely to provide a capability that rpm makes itself when it builds, the best first: these are
 * the names that the guidelines of distributions ask for. Empty for a plain name.
 */
export function likelyNames(capability: string): string[] {
  if (capability.startsWith("/")) return [capability.split("/").at(-1) ?? ""];
  const [, kind = "", inner = ""] = /^([\w.-]+)\((.+?)\)/.exec(capability) ?? [];
  if (kind === "" || inner === "") return [];
  const make = makers.find(([pattern]) => pattern.test(kind))?.[1];
  return make === undefined ? [] : [...new Set(make(inner))];
}

type Maker = (inner: string) => string[];

const makers: readonly (readonly [kind: RegExp, make: Maker])[] = [
  [/^pkgconfig$/, (name) => namesOfLibrary(name)],
  [/^cmake$/, (name) => [...namesOfLibrary(name), ...namesOfLibrary(name.toLowerCase())]],
  [/^python(\d(\.\d+)?)?dist$/, namesOfPython],
  [/^perl$/, (module) => [`perl-${module.replaceAll("::", "-")}`]],
  [/^rubygem$/, (gem) => [`rubygem-${gem}`]],
  [/^npm$/, (name) => [`nodejs-${name}`]],
  [/^crate$/, (crate) => [`rust-${crate.replace(/\/.*/, "")}-devel`]],
  [/^golang(-ipath)?$/, namesOfGo],
  [/^(ghc|ghc-devel)$/, (name) => [`ghc-${name.replace(/-[\d.]+(-\w+)?$/, "")}-devel`]],
  [/^ocaml$/, (module) => [`ocaml-${module.toLowerCase()}-devel`]],
  [/^R$/, (name) => [`R-${name}`]],
  [/^php-composer$/, (name) => [`php-${name.replace("/", "-")}`]],
  [/^php-pear$/, (name) => [`php-pear-${name.replaceAll(/[/_]/g, "-")}`]],
  [/^tex$/, (file) => [`texlive-${file.replace(/\.\w+$/, "")}`]],
  [/^(mvn|osgi)$/, (name) => [name.split(":").at(-1) ?? ""]],
  [/^config$/, (name) => [name]],
];

/** `foo-2.0` may be of foo-devel as well as of foo2-devel, and of a package with `lib` before it or without. */
function namesOfLibrary(name: string): string[] {
  const stem = name.replace(/[-_]?\d+(\.\d+)*$/, "");
  const major = /(\d+)(\.\d+)*$/.exec(name)?.[1] ?? "";
  const stems = [name, `${stem}${major}`, stem].filter((one) => one !== "");
  return stems.flatMap((one) => [`${one}-devel`, `lib${one}-devel`, one.replace(/^lib/, "").concat("-devel"), one]);
}

/** As PEP 503 has it, and as packages are called. */
function namesOfPython(text: string): string[] {
  const [name = "", extra] = text.toLowerCase().split(/[[\]]/);
  const plain = name.replaceAll(/[-_.]+/g, "-");
  const names = [plain, name];
  return names.flatMap((one) => [...(extra ? [`python3-${one}+${extra}`] : []), `python3-${one}`, `python-${one}`, one]);
}

function namesOfGo(path: string): string[] {
  const [host = "", ...rest] = path.toLowerCase().split("/");
  const short = host.replace(/\.(com|org|net|io|in)$/, "").replaceAll(".", "-");
  // The owner and the repository; what comes behind is a directory of it.
  return [3, 2, 1].map((parts) => `golang-${[short, ...rest.slice(0, parts)].join("-").replaceAll(/[._]/g, "-")}-devel`);
}
