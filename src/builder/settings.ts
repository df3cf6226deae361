import { isAbsolute, normalize, resolve } from "node:path";
import { CoprError, describeFileError, errorCode } from "../core/errors.ts";
import { readInput } from "../core/files/input.ts";
import { type Ini, parseIni } from "../core/text/ini.ts";
import { defaultConfigDirectory } from "../core/mock/settings.ts";
import { type RpkgServer, readRpkgServers } from "./sources/rpkg-config.ts";
import type { StatePaths } from "./state/state-directory.ts";

/** Configuration of a builder host: `main.ini` and what the environment adds. */
export interface Settings {
  /** Absolute path of the file that was named; undefined where the usual one was read. */
  configPath: string | undefined;
  /** Frontend to ask for tasks that are named by id only. */
  frontendUrl: string | undefined;
  stateDirectory: string | undefined;
  buildroot: "mock" | "host";
  /** Name in `%vendor`; empty leaves the macro out. */
  vendorName: string;
  /** Protocols that rpmbuild may download sources with; empty for any. */
  sourceProtocols: string[];
  /** Seconds a task may take that names no time itself. */
  defaultTimeout: number;
  /** Directory with dist-git-client's `*.ini`. */
  distGitConfigDirectory: string;
  /** Where facts of distributions are had that spec files ask for; empty for nowhere. */
  macroOverrideDbUrl: string;
  /** How long a clone that fails for reasons that may pass is tried again. */
  cloneRetrySeconds: number;
  /** Where rpkg finds sources. */
  rpkgServers: RpkgServer[];
  /** How often a fetch is tried. */
  fetchAttempts: number;
  /** Absolute path of mock's configuration: chroots, `site-defaults.cfg`, `logging.ini`. */
  mockConfigDirectory: string;
  /** Where mock has its chroots and its caches: `basedir` and `cache_topdir` of its own configuration. */
  mockDirectory: string;
  mockCacheDirectory: string;
  /** Days without use after which a clean-up removes a cache of mock; 0 for never. */
  cacheMaxDays: number;
  /** MiB that all caches of mock may take after a clean-up; 0 for no limit. */
  cacheMaxMebibytes: number;
  /** Days after which a clean-up removes the results of a task; 0 for never. */
  resultsMaxDays: number;
  /** How many of mock's root caches are kept; 0 for none, as upstream. */
  rootCaches: number;
  /** Larger results fail the task; 0 for no limit. */
  maxResultsBytes: number;
  /** MiB of the live log from which on only its end is kept; 0 for no limit. */
  logLimitMebibytes: number;
  /** How much is kept of what comes after the limit. */
  logTailMebibytes: number;
  /** Places of single files that differ from their usual ones in the state directory. */
  statePaths: StatePaths;
  /** Whether a task that failed tells why, from its logs. */
  explain: boolean;
  /** How many tasks this host does at the same time. */
  slots: number;
  /** MiB that must be free on the disk before a task begins; 0 to go without looking. */
  minFreeMiB: number;
  /** Path of copr-rpmbuild.yml. */
  hostRulesPath: string;
  /** Directory with programs that are told of each task; undefined for none. */
  hooksDirectory: string | undefined;
  /** Seconds that each of them may take. */
  hookLimitSeconds: number;
  /** File with the time at which this machine goes away. */
  expirationPath: string;
}

const MACRO_OVERRIDE_DB_URL = "https://raw.githubusercontent.com/praiskup/norpm-macro-overrides/refs/heads/main/distro-arch-specific.json";

/** More would be a typing error: each is a whole build. */
const MAX_SLOTS = 64;

const DEFAULT_PATH = "/etc/copr-rpmbuild/main.ini";

/**
 * Reads the configuration. Only from /etc, or the file that an option or COPR_BUILDER_CONFIG names: upstream looks
 * into the working directory first, which may belong to a stranger (security: C27).
 */
export async function readSettings(
  explicitPath: string | undefined,
  {
    environment = process.env,
    signal,
  }: { environment?: Readonly<Record<string, string | undefined>>; signal?: AbortSignal | undefined } = {},
): Promise<Settings> {
  const configPath = explicitPath ?? (environment["COPR_BUILDER_CONFIG"] || undefined);
  const ini = await readIni(configPath, signal);
  const text = (key: string): string | undefined => ini?.get("main", key)?.trim();
  const number = (key: string, otherwise: number): number => {
    const value = text(key);
    if (value === undefined || value === "") return otherwise;
    if (!/^\d+$/.test(value)) throw new CoprError(`The value of '${key}' in the configuration is not a whole number: ${value}`);
    return Number(value);
  };
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = text(key)?.toLowerCase();
    if (value === undefined || value === "") return otherwise;
    if (value === "true" || value === "false") return value === "true";
    throw new CoprError(`The value of '${key}' in the configuration must be true or false, not '${value}'`);
  };
  const buildroot = text("buildroot") ?? "mock";
  if (buildroot !== "mock" && buildroot !== "host")
    throw new CoprError(`The value of 'buildroot' in the configuration must be mock or host, not '${buildroot}'`);
  const mockConfigDirectory = text("mock_config_directory") || defaultConfigDirectory;
  if (!isAbsolute(mockConfigDirectory))
    throw new CoprError(`The value of 'mock_config_directory' in the configuration is not an absolute path: ${mockConfigDirectory}`);
  const slots = number("slots", 1);
  if (slots < 1 || slots > MAX_SLOTS)
    throw new CoprError(`The value of 'slots' in the configuration must be a number from 1 to ${MAX_SLOTS}, not ${slots}`);
  const path = (key: string): string | undefined => {
    const value = text(key) || undefined;
    if (value === undefined || isAbsolute(value)) return value;
    throw new CoprError(`The value of '${key}' in the configuration is not an absolute path: ${value}`);
  };
  return {
    configPath: configPath === undefined ? undefined : resolve(configPath),
    frontendUrl: text("frontend_url")?.replace(/\/+$/, "") || undefined,
    stateDirectory: text("state_dir") || undefined,
    buildroot,
    vendorName: text("rpm_vendor_copr_name") ?? "Unknown Copr",
    sourceProtocols: (text("enabled_source_protocols") ?? "https ftps").split(/[\s,]+/).filter(Boolean),
    defaultTimeout: number("default_timeout", 18_000),
    distGitConfigDirectory: environment["COPR_DISTGIT_CLIENT_CONFDIR"] || "/etc/dist-git-client",
    macroOverrideDbUrl: text("macro_override_db_url") ?? MACRO_OVERRIDE_DB_URL,
    cloneRetrySeconds: number("clone_retry_seconds", 300),
    rpkgServers: readRpkgServers(ini),
    fetchAttempts: number("fetch_attempts", 5),
    mockConfigDirectory: normalize(mockConfigDirectory).replace(/(?<=.)\/$/, ""),
    mockDirectory: path("mock_directory") ?? "/var/lib/mock",
    mockCacheDirectory: path("mock_cache_directory") ?? "/var/cache/mock",
    cacheMaxDays: number("cache_max_age", 30),
    cacheMaxMebibytes: number("cache_max_size", 0),
    resultsMaxDays: number("results_max_age", 14),
    rootCaches: number("root_caches", 4),
    maxResultsBytes: number("max_results_size", 100) * 1024 ** 3,
    logLimitMebibytes: number("log_limit", 512),
    logTailMebibytes: number("log_tail", 8),
    statePaths: {
      results: path("resultdir"),
      workspace: path("workspace"),
      lock: path("lockfile"),
      mainLog: path("logfile"),
      pid: path("pidfile"),
      loggerPid: path("logger_pidfile"),
    },
    explain: flag("explain", true),
    slots,
    minFreeMiB: number("min_free", 100),
    hostRulesPath: path("rules_file") ?? "/etc/copr-rpmbuild/copr-rpmbuild.yml",
    hooksDirectory: text("hooks_directory") === "" ? undefined : (path("hooks_directory") ?? "/etc/copr-builder/hooks/complete.d"),
    hookLimitSeconds: Math.max(1, number("hook_timeout", 30)),
    expirationPath: path("expiration_file") ?? "/run/copr-builder-expiration",
  };
}

const MAX_CONFIG_BYTES = 1024 * 1024;

/** No file at all is fine unless it was named. */
async function readIni(explicitPath: string | undefined, signal: AbortSignal | undefined): Promise<Ini | undefined> {
  const path = explicitPath ?? DEFAULT_PATH;
  try {
    return parseIni((await readInput(path, MAX_CONFIG_BYTES, signal)).toString(), { source: path, interpolate: false });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CoprError) throw new CoprError(`Cannot use the configuration '${path}': ${error.message}`, { cause: error });
    if (explicitPath === undefined && errorCode(error) === "ENOENT") return undefined;
    throw new CoprError(`Cannot read the configuration '${path}': ${describeFileError(error)}`, { cause: error });
  }
}
