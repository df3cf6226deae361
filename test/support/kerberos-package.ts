import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exists } from "../../src/core/files/directories.ts";
import { runProgram } from "./program.ts";

/** The server's half of the package `kerberos`. */
export interface KerberosPackage {
  initializeServer(service: string): Promise<KerberosServer>;
}

interface KerberosServer {
  step(challenge: string): Promise<unknown>;
  response: string | null;
  username: string;
  contextComplete: boolean;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Gone with the next `npm ci`. */
const directory = join(root, "node_modules/.cache/kerberos");

/** For NODE_PATH, so that our programs find the package. */
export const kerberosModules = join(directory, "node_modules");

/**
 * Builds the optional package `kerberos` in a directory of its own, once: `npm ci` must not need a compiler.
 * Resolves to why it can't be built, if so.
 */
export async function installKerberos(): Promise<string | undefined> {
  if (isBuilt()) return undefined;
  const { peerDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { peerDependencies: { kerberos: string } };
  await mkdir(directory, { recursive: true });
  const manifest = { private: true, dependencies: { kerberos: peerDependencies.kerberos }, allowScripts: { kerberos: true } };
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
  const install = await runProgram(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts=false"], {
    cwd: directory,
    env: {
      // npm tells the programs it starts about our own package.
      npm_config_local_prefix: undefined,
      npm_package_json: undefined,
      INIT_CWD: undefined,
      ...(await ownHeaders()),
    },
    timeoutMs: 240_000,
  });
  if (isBuilt()) return undefined;
  const reason = install.stderr.split("\n").findLast((line) => /error|ERR/.test(line)) ?? `npm ended with ${install.exitCode}`;
  return `the package 'kerberos' can't be built: ${reason}`;
}

/** Most distributions of Node bring their headers along; without these they are downloaded. */
async function ownHeaders(): Promise<Record<string, string>> {
  const prefix = join(process.execPath, "../..");
  return (await exists(join(prefix, "include/node/node.h"))) ? { npm_config_nodedir: prefix } : {};
}

export function loadKerberosPackage(): KerberosPackage {
  return createRequire(join(directory, "package.json"))("kerberos") as KerberosPackage;
}

function isBuilt(): boolean {
  try {
    loadKerberosPackage();
    return true;
  } catch {
    return false;
  }
}
