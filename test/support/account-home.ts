import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, type Outcome, runProgram } from "./program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { runOnTerminal, type TerminalOptions, type TerminalRun } from "./terminal-run.ts";

const fastTimers = fileURLToPath(new URL("../goldens/preload/fast-timers.cjs", import.meta.url));

/** A home with configuration files, in which copr-cli is run. */
export interface AccountHome {
  directory: string;
  env: Record<string, string>;
  /** Writes a file below `.config`, which only its owner may read. */
  write(name: string, text: string): Promise<string>;
  read(name: string): Promise<string>;
  /** Runs copr-cli to its end, without a terminal; its long sleeps are shortened. */
  run(words: readonly string[], options?: { env?: Record<string, string>; stdin?: string }): Promise<Outcome>;
  /** Runs it on a terminal. */
  type(words: readonly string[], steps: TerminalOptions["steps"], env?: Record<string, string>): Promise<TerminalRun>;
}

/** Makes one, which is gone when the test has finished. Nobody's tickets, proxies and accounts play a part. */
export async function accountHome(): Promise<AccountHome> {
  const directory = await temporaryDirectory();
  const [node, script] = bin.cli;
  const env: Record<string, string> = {
    HOME: directory,
    GOLDEN_SLEEP_LOG: join(directory, ".sleeps"),
    KRB5CCNAME: `FILE:${directory}/no-tickets`,
    LANG: "C.UTF-8",
  };
  for (const name of ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]) env[name] = env[name.toUpperCase()] = "";
  for (const name of ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]) env[name] = "";
  const path = (name: string): string => join(directory, ".config", name);
  return {
    directory,
    env,
    async write(name, text) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text, { mode: 0o600 });
      return path(name);
    },
    read: (name) => readFile(path(name), "utf8"),
    run: (words, { env: more = {}, stdin = "" } = {}) =>
      runProgram([node, `--require=${fastTimers}`, script, ...words], { env: { ...env, ...more }, stdin }),
    type: (words, steps = [], more = {}) => runOnTerminal([...bin.cli, ...words], { steps, columns: 120, env: { ...env, ...more } }),
  };
}

/** The date so many days from today, as the frontend writes it. */
export function dateInDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
