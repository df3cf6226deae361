import filesByPromise, { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";

// What libraries load and these programs never use is left out of the bundles: it would be a quarter of the CPU of a short
// command.

/**
 * A plugin that gives the modules of one library others in place of some that they ask for.
 * @param {string} library
 * @param {Record<string, string>} replacements  by the end of what is asked for: the text of a module
 * @returns {import("rolldown").Plugin}
 */
function lean(library, replacements) {
  const prefix = `\0${library}-without:`;
  return {
    name: `lean-${library}`,
    resolveId: {
      filter: { id: /^node:|\.js$|^[a-z-]+$/ },
      handler(id, importer) {
        if (!importer?.includes(`/node_modules/${library}/`)) return undefined;
        const replaced = Object.keys(replacements).find((end) => id === end || id.endsWith(`/${end}`));
        return replaced && `${prefix}${replaced}`;
      },
    },
    load: {
      filter: { id: /-without:/ },
      handler: (id) => (id.startsWith(prefix) ? { code: replacements[id.slice(prefix.length)] ?? "", moduleType: "js" } : undefined),
    },
  };
}

const PROMISES = "\0files-when-used";

/**
 * Node's promises of files, loaded with the first call: with them come its streams and readers of lines, a twentieth of a
 * short command that opens no file by them.
 * @type {import("rolldown").Plugin}
 */
export const filesWhenUsed = {
  name: "files-when-used",
  resolveId: {
    filter: { id: /^node:fs\/promises$/ },
    handler: (_id, importer) => (importer === PROMISES ? undefined : PROMISES),
  },
  load(id) {
    if (id !== PROMISES) return undefined;
    const calls = Object.entries(filesByPromise).filter(([, value]) => typeof value === "function");
    const exported = calls.map(([name]) => `export const ${name} = (...words) => promises.${name}(...words);`);
    return { code: [`import { constants, promises } from "node:fs";`, ...exported, "export { constants };"].join("\n"), moduleType: "js" };
  },
};

/** Commander can run other programs as its commands. Ours never do. */
export const leanCommander = lean("commander", { "node:child_process": "module.exports = {};" });

export const leanUndici = lean("undici", {
  // HTTP/2 is off unless asked for.
  "client-h2.js": 'module.exports = () => { throw new Error("HTTP/2 is not used"); };',
  // fetch's own bodies, of which a `FormData` would be made one. Ours are bytes.
  "fetch/body.js": 'exports.extractBody = () => { throw new Error("a FormData is not used"); };',
  // Of Node's own HTTP a number is wanted, which is Node's default, and the class of an object that we don't hand it.
  "node:http": "module.exports = { maxHeaderSize: 16 * 1024, IncomingMessage: class {} };",
  // Only called as a function.
  "node:assert":
    'module.exports = (value, message = "undici is in a state that it does not expect") => { if (!value) throw message instanceof Error ? message : Object.assign(new Error(message), { code: "ERR_ASSERTION" }); };',
});

const unused = (/** @type {string} */ name) => `export const ${name} = () => { throw new Error("${name} of execa is not used"); };`;

/**
 * Programs are started here by `execa()` alone, with streams, files and buffers: without pipes between programs, messages,
 * transformations, its log and its search in node_modules, which are nearly half of it. They are off unless asked for.
 */
export const leanExeca = lean("execa", {
  "main-sync.js": unused("execaCoreSync"),
  "methods/command.js": ["mapCommandAsync", "mapCommandSync", "parseCommandString"].map(unused).join("\n"),
  "methods/script.js": `${unused("mapScriptAsync")}\nexport const setScriptSync = undefined;\nexport const deepScriptOptions = {};`,
  "pipe/setup.js": unused("pipeToSubprocess"),
  "convert/add.js": "export const addConvertedStreams = () => {};",
  "all-async.js": "export const makeAllStream = () => undefined;\nexport const waitForAllStream = async () => undefined;",
  "transform/generator.js": unused("generatorToStream"),
  "ipc/methods.js": "export const addIpcMethods = () => {};\nexport const getIpcExport = () => ({});",
  "ipc/array.js": "export const normalizeIpcStdioArray = (stdio) => stdio;",
  "ipc/graceful.js": unused("sendAbort"),
  "ipc/ipc-input.js": "export const validateIpcInputOption = () => {};\nexport const sendIpcInput = () => {};",
  "ipc/buffer-messages.js": "export const waitForIpcOutput = async () => [];\nexport const getBufferedIpcOutput = () => [];",
  "verbose/info.js": "export const getVerboseInfo = () => undefined;",
  "verbose/values.js": "export const isFullVerbose = () => false;",
  "verbose/start.js": "export const logCommand = () => {};",
  "verbose/complete.js": "export const logResult = () => {};",
  "verbose/output.js": `export const shouldLogOutput = () => false;\n${unused("logLines")}`,
  "cross-spawn": "export default { _parse: (command, args, options) => ({ command, args, options }) };",
  "npm-run-path": unused("npmRunPathEnv"),
});

/**
 * Node 20 optimises WebAssembly at once, which for a parser that sees a few answers takes three times the CPU of everything
 * else together. So its compiler does that no more, from where the parser is read until it is compiled, which happens at once:
 * V8 takes nothing that was compiled under other flags, of what Node itself loads neither. It is about the whole process, so
 * it is for programs, never for the library.
 */
const WITHOUT_OPTIMIZING = `
if (process.versions.node.startsWith("20.")) {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--liftoff-only");
  setImmediate(setFlagsFromString, "--no-liftoff-only");
}
`;

/**
 * undici's parser of HTTP in WebAssembly, once for processors with SIMD and once for others, as files of their own: only the
 * one that is needed is loaded, and when it is needed.
 * @param {{ isProgram: boolean }} options
 * @returns {import("rolldown").Plugin}
 */
export const parserWhenUsed = ({ isProgram }) => ({
  name: "parser-when-used",
  resolveId: {
    filter: { id: /\/llhttp\/llhttp(_simd)?-wasm\.js$/ },
    async handler(id, importer) {
      if (!importer?.includes("/node_modules/undici/")) return undefined;
      const name = basename(id, ".js");
      const source = await readFile(resolve(dirname(importer), id), "utf8");
      this.emitFile({ type: "asset", fileName: `${name}.cjs`, source: isProgram ? source + WITHOUT_OPTIMIZING : source });
      return { id: `./${name}.cjs`, external: true };
    },
  },
});
