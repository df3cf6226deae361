// Bundles the programs and the library. The programs become CommonJS in chunks, each loaded when a command needs it: Node's
// loader of ES modules alone costs a tenth of a short command. The library stays an ES module.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { filesWhenUsed, leanCommander, leanExeca, leanUndici, parserWhenUsed } from "./lean-libraries.js";
import { writeLicenses } from "./licenses.js";

const LICENSES = join("dist", "THIRD-PARTY-LICENSES");

/** Smaller, but as readable in a stack trace as the sources. */
const minify = { compress: true, mangle: false, codegen: { removeWhitespace: true } };

/** All of undici but what only a proxy asks for. */
const UNDICI = "undici-without|node_modules.undici.lib.(?!dispatcher.(env-http-proxy|balanced|round)|web.|.*(socks|proxy))";

/**
 * What each short command of the client needs, in few files: to find and read a file costs more than what is in it. The
 * first that takes a module has it.
 */
const chunksOfShortCommands = [
  { name: "commander", test: /node_modules.commander|commander-without|files-when-used/ },
  {
    name: "start",
    test: /src.core.(errors|version|text.(clean-text|escape-sequences|known-secrets|stray-controls|text-run|utf8|without-secrets))\.ts$/,
  },
  {
    name: "http",
    test: new RegExp(
      ["src.core.(client|http.(connection-(errors|settings)|http-client|redirects|retry-after|transport))\\.ts$", UNDICI].join("|"),
    ),
  },
  // What commands print with; a table and a board come with what they need.
  {
    name: "output",
    test: /src.cli.(arguments|terminal|ci.command-guard|format.(?!describe)|output.(?!table|width))|src.core.(records|http.required-fields|builds.(finished-states|build-record)|text.(phase-heading|time-ago))/,
  },
  {
    name: "commands",
    test: /src.core.(api.(?!login)|account.(config(?!-file)|credentials|expiration\.)|http.(answer|api-url|field-kinds|multipart)|files.input|task.names|text.ini)/,
  },
].map((group, index, all) => ({ ...group, priority: all.length - index, includeDependenciesRecursively: false }));

/**
 * The same of the builder: its short commands, and what a task needs. But for undici a group takes all that its modules load
 * at once, unless a group before has it; an entry's own module is in none, for a group that is loaded runs what is in it.
 */
const chunksOfBuilder = [
  { name: "undici", test: new RegExp(UNDICI), includeDependenciesRecursively: false },
  { name: "text", test: /src.(core.errors|builder.(terminal|log.clean-output))\.ts$/ },
  { name: "builder", test: /src.(builder.(program|errors)|core.(version|records.(error-document|formats)))\.ts$/ },
  {
    name: "processes",
    test: /src.builder.(task.(daemon|end-task|leftovers)|hooks.(hook-programs|start-hooks)|cost.remove-cgroup|log.closing-line)\.ts$/,
  },
  {
    name: "journal",
    test: /src.(builder.(history.(host-history|task-notes)|hooks.(hook-(document|log|spool)|run-hook))|core.files.lock)\.ts$/,
  },
  { name: "host", test: /src.builder.(host.host-rules|buildroot.(chroot|root-cache)|state.free-space)\.ts$/ },
  { name: "task", test: /src.builder.task.(start-task|build-rpm)\.ts$/ },
].map((group, index, all) => ({ ...group, priority: all.length - index }));

/** @type {import("rolldown").OutputOptions & { dir: string }} */
const asPrograms = {
  dir: "dist",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name]-[hash].cjs",
  // Node would start the loader of ES modules for an `import()` that is left.
  dynamicImportInCjs: false,
};
const client = bundle(
  { "copr-cli": "src/cli/main.ts", "package-build-order": "src/cli/package-build-order/main.ts" },
  { ...asPrograms, codeSplitting: { groups: chunksOfShortCommands } },
);
const builder = bundle(
  {
    "copr-builder": "src/builder/main.ts",
    "copr-builder-keeper": "src/builder/task/keeper.ts",
    "copr-builder-hooks": "src/builder/hooks/hook-runner.ts",
    "copr-rpmbuild-loggify": "src/builder/log/loggify.ts",
  },
  { ...asPrograms, codeSplitting: { groups: chunksOfBuilder } },
);
const launch = bundle({ "code-cache": "src/core/process/code-cache.ts" }, asPrograms);
const library = bundle(
  { index: "src/core/index.ts" },
  { dir: "dist/lib", format: "esm", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
);

// The library's types, without checking them: `npm run check` does.
const compiler = fileURLToPath(import.meta.resolve("typescript/bin/tsc"));
const execute = promisify(execFile);
const types = execute(process.execPath, [compiler, "--project", "tsconfig.library.json"]).catch(({ stdout }) => {
  throw new Error(`The types of the library can't be written:\n${stdout}`);
});

const [bundles] = await Promise.all([Promise.all([client, builder, launch, library]), types]);
await writeLicenses(
  bundles.flatMap(({ inputs }) => inputs),
  LICENSES,
);

// Old files go last: programs that run meanwhile still find theirs.
const written = new Set(bundles.flatMap(({ outputs }) => outputs));
for (const entry of await readdir("dist", { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile() && path !== LICENSES && !written.has(path) && !isCurrentType(path)) await rm(path, { force: true });
}
await execute(process.execPath, ["scripts/code-cache.js", "dist"], { env: { ...process.env, NODE_OPTIONS: "" } });

/**
 * Bundles some programs that share their chunks; resolves to the files that went in and came out.
 * @param {Record<string, string>} input
 * @param {import("rolldown").OutputOptions & { dir: string }} output
 */
async function bundle(input, output) {
  const isProgram = output.format === "cjs";
  const bundled = await rolldown({
    input,
    platform: "node",
    preserveEntrySignatures: isProgram ? "allow-extension" : "strict",
    plugins: [leanCommander, leanExeca, leanUndici, parserWhenUsed({ isProgram }), isProgram && filesWhenUsed],
    // Most modules of a library are never run in a short command: they are not to be compiled before they are.
    optimization: { pifeForModuleWrappers: false },
    transform: { target: "node20.19" },
    onLog(level, log, report) {
      // What a program loads late the library may need at once. A busy machine is slow, which is no fault of a plugin.
      if (log.code === "INEFFECTIVE_DYNAMIC_IMPORT" || log.code?.endsWith("_TIMINGS")) return;
      if (level === "warn") throw new Error(`${log.code}: ${log.message}`);
      report(level, log);
    },
  });
  const { output: chunks } = await bundled.write({ ...output, minify, comments: { legal: false } });
  await bundled.close();
  return {
    inputs: chunks.flatMap((chunk) => (chunk.type === "chunk" ? chunk.moduleIds.map((id) => relative(".", id)) : [])),
    outputs: chunks.map(({ fileName }) => join(output.dir, fileName)),
  };
}

/** @param {string} path */
function isCurrentType(path) {
  const [, module] = /^dist\/lib\/(.*)\.d\.ts$/.exec(path) ?? [];
  return path === "dist/lib/.tsbuildinfo" || (module !== undefined && existsSync(`src/core/${module}.ts`));
}
