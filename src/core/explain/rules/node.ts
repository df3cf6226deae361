import { scripts } from "./phases.ts";
import type { Rule } from "./rule.ts";

/** node, its package managers, and what bundles scripts for browsers. */
export const node: readonly Rule[] = [
  {
    name: "node-module",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Cannot find module ",
      "Cannot find package '",
      "ERR_MODULE_NOT_FOUND",
      "Can't resolve '",
      'Could not resolve "',
      "Could not resolve entry module",
      "failed to resolve import",
      "error TS2307",
    ],
    pattern:
      /^(?:\s{0,8})(?:(?:Uncaught )?Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find (?:module|package) '?(?<module>[^\s']{1,300})|(?:Module not found: )?Error: Can't resolve '(?<resolved>[^']{1,200})'|.{0,20}\[?(?:ERROR|error)\]?.{0,60}Could not resolve "(?<esbuild>[^"]{1,200})"|.{0,40}Rollup failed to resolve import "(?<rollup>[^"]{1,200})"|.{0,100}error TS2307: Cannot find module '(?<typed>[^']{1,200})')/,
    advice: ({ module, resolved, esbuild, rollup, typed }) =>
      `node has no module ${module ?? resolved ?? esbuild ?? rollup ?? typed}: bundle node_modules as a Source, or add the package that has it to BuildRequires.`,
    example: `
+ node build.js
node:internal/modules/cjs/loader:1228
  throw err;
  ^

=> Error: Cannot find module 'rollup'
Require stack:
- /builddir/build/BUILD/x-1.0/build.js`,
  },
  {
    name: "npm-offline",
    category: "network-in-build",
    certainty: "sure",
    phases: scripts,
    which: "last",
    needles: [
      "npm ERR! ",
      "npm error ",
      "error An unexpected error occurred",
      "ENOTCACHED",
      "ERR_PNPM",
      "YN0001",
      "Couldn't find any versions",
      "related to network connectivity",
    ],
    pattern:
      /^(?:npm|gyp) (?:ERR!|error) (?:network |stack ){0,2}.{0,60}is (?:a problem )?related to network connectivity|^npm (?:ERR!|error) (?:code (?:EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH)|.{0,60}request to (?<url>\S{1,300}) failed(?!: cache mode))|^error An unexpected error occurred: "(?<yarn>https?:[^"]{1,300})|ERR_PNPM_\w{0,30}FETCH\w{0,30}/,
    advice: "npm wants to download: make node_modules, or an offline cache, a Source.",
    example: `
+ npm ci
npm error code EAI_AGAIN
npm error errno EAI_AGAIN
=> npm error request to https://registry.npmjs.org/left-pad failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org`,
  },
  {
    name: "npm-error",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["npm ERR! ", "npm error "],
    pattern:
      /^npm (?:ERR!|error) (?!code ELIFECYCLE|code 1$|A complete log|path|command|errno|node|Test failed|Exit status|Failed at|This is probably|\S{1,100}@\S{1,60} \S{1,60}: `)(?<message>\S.{1,300})/,
    which: "first",
    advice: ({ message }) => `npm failed: ${message}.`,
    example: `
+ npm run build
=> npm error Missing script: "build"
npm error
npm error A complete log of this run can be found in: /builddir/.npm/_logs/x-debug-0.log`,
  },
  {
    name: "typescript-error",
    category: "compile-error",
    certainty: "sure",
    phases: scripts,
    needles: ["error TS"],
    pattern: /^(?:(?<file>[^\s:(]{1,300})[:(]\d.{0,20} ?-? ?)?error (?<code>TS\d{3,6}): (?<message>.{1,300})/,
    unless: /TS2307/,
    advice: ({ file, message }) => `The TypeScript compiler refuses ${file ?? "the project"}: ${message}.`,
    example: `
+ tsc -p .
=> src/index.ts(4,7): error TS2322: Type 'string' is not assignable to type 'number'.`,
  },
  {
    name: "node-exception",
    category: "script-failed",
    certainty: "likely",
    phases: scripts,
    needles: ["Error: ", "[ERR_"],
    pattern: /^(?:Uncaught )?(?:Type|Reference|Range|Syntax)?Error(?: \[ERR_\w{1,60}\])?: (?<message>.{1,300})/,
    unless:
      /execution of an external program|\d (?:out )?of \d|tests? failed|Cannot find (?:module|package)|Can't resolve|exit code|^Error: (?:Some packages|No Package|Unable to find a match)/,
    which: "last",
    advice: ({ message }) => `A JavaScript program of the build failed: ${message}.`,
    example: `
    at Module._compile (node:internal/modules/cjs/loader:1565:14)
=> Error: error:0308010C:digital envelope routines::unsupported
    at new Hash (node:internal/crypto/hash:79:19)`,
    in: "build",
  },
  {
    name: "node-package-offline",
    category: "missing-lang-module",
    certainty: "sure",
    phases: scripts,
    needles: [
      "ENOTCACHED",
      "cache mode is 'only-if-cached'",
      'on the "offline" registry',
      "NO_OFFLINE_TARBALL",
      "NO_OFFLINE_META",
      "Couldn't find any versions for",
    ],
    pattern:
      /^npm (?:ERR!|error) code ENOTCACHED|request to (?<url>\S{1,300}) failed: cache mode is 'only-if-cached'|^error Couldn't find (?:package "(?<package>[^"]{1,100})".{0,200} on the "offline" registry|any versions for "(?<versions>[^"]{1,100})")|ERR_PNPM_NO_OFFLINE_\w{1,20}/,
    which: "last",
    advice: ({ url, package: name, versions }) =>
      `The offline cache has no ${name ?? versions ?? url ?? "package it needs"}: make the cache, or node_modules, again from the lock file.`,
    example: `
+ npm ci --offline
npm error code ENOTCACHED
=> npm error request to https://registry.npmjs.org/left-pad failed: cache mode is 'only-if-cached' but no cached response is available.`,
    in: "build",
  },
  {
    name: "node-engine",
    category: "configure-error",
    certainty: "sure",
    phases: scripts,
    needles: ['The engine "', "EBADENGINE", "Unsupported engine", "ERR_PNPM_UNSUPPORTED_ENGINE", "requires Node.js", "Node.js version"],
    pattern:
      /^error \S{1,100}: The engine "(?<engine>\w{1,20})" is incompatible|^npm (?:ERR!|error) code EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|^.{0,60}(?:requires? a? ?Node\.js|Node\.js version) .{0,100}(?:required|or higher|or newer|>=)/,
    unless: /^npm warn|WARN/i,
    advice: ({ engine }) => `The source wants another version of ${engine ?? "node"} than the chroot's.`,
    example: `
=> error x@1.0: The engine "node" is incompatible with this module. Expected version ">=22". Got "20.1.0"
error Found incompatible module.`,
    in: "build",
  },
  {
    name: "node-gyp",
    category: "missing-dep-configure",
    certainty: "sure",
    phases: scripts,
    needles: "gyp ERR! ",
    pattern:
      /^(?:npm (?:ERR!|error) )?gyp ERR! (?:find Python|stack Error: (?:Could not find any Python|Can't find Python|not found: make))/,
    advice: "node-gyp wants Python and make: add python3 and gcc-c++ to BuildRequires.",
    example: `
gyp info it worked if it ends with ok
=> gyp ERR! stack Error: Could not find any Python installation to use
gyp ERR! not ok`,
    in: "build",
  },
  {
    name: "bundler-of-scripts",
    category: "compile-error",
    certainty: "likely",
    phases: scripts,
    needles: ["[ERROR] ", "SassError: ", "Module build failed", "ParseError: ", "RollupError: ", "Module parse failed"],
    pattern:
      /^✘ \[ERROR\] (?<message>(?!Could not resolve).{1,300})|^\s{0,4}(?:SassError|RollupError|Module parse failed|Less Error|ParseError|CssSyntaxError): (?<other>.{1,300})/u,
    advice: ({ message, other }) => `The bundler refuses the source: ${message ?? other}.`,
    example: `
=> ✘ [ERROR] Expected ";" but found "x"

    src/a.js:12:5:
1 error`,
    in: "build",
  },
];
