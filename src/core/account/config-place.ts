import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError, UsageError } from "../errors.ts";

/** Variables of the environment, ours as a rule. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which configuration a user means. */
export interface ConfigChoice {
  /** Path of a file, as the user typed it. */
  configPath?: string | undefined;
  /** Name of an instance: the file `~/.config/copr.d/NAME`. */
  instance?: string | undefined;
  /** Default: that of this process. */
  environment?: Environment | undefined;
}

/** Where a configuration lies. */
export interface ConfigPlace {
  path: string;
  /** As the user named it; undefined for the file that need not exist. */
  named: string | undefined;
  instance: string | undefined;
}

/** `~/.config/copr`; upstream does not look at XDG_CONFIG_HOME. */
export function defaultConfigPath(): string {
  return join(homedir(), ".config", "copr");
}

/**
 * Where the configuration lies: what an option names goes before COPR_CONFIG, that before COPR_INSTANCE, that before
 * `~/.config/copr`. Throws UsageError for a name of an instance that is none, and ConfigurationError if a variable has it.
 */
export function configPlace({ configPath, instance, environment = process.env }: ConfigChoice = {}): ConfigPlace {
  if (configPath) return named(configPath);
  if (instance) {
    if (!isInstanceName(instance)) throw new UsageError(noInstanceName(instance));
    return placeOfInstance(instance);
  }
  if (environment["COPR_CONFIG"]) return named(environment["COPR_CONFIG"]);
  const variable = environment["COPR_INSTANCE"];
  if (variable) {
    if (!isInstanceName(variable)) throw new ConfigurationError(`COPR_INSTANCE: ${noInstanceName(variable)}`);
    return placeOfInstance(variable);
  }
  return { path: defaultConfigPath(), named: undefined, instance: undefined };
}

/** All configurations there are: `~/.config/copr` first, then the instances by name. */
export function allConfigPlaces(): ConfigPlace[] {
  const names = instanceNames();
  return [{ path: defaultConfigPath(), named: undefined, instance: undefined }, ...names.map(placeOfInstance)];
}

/** Names of the instances, in the order of the alphabet. */
export function instanceNames(): string[] {
  try {
    const entries = readdirSync(instancesDirectory(), { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() || !isInstanceName(entry.name) ? [] : [entry.name])).sort();
  } catch {
    return [];
  }
}

/** It becomes a file's name; what an editor, or a killed writer, leaves beside a file is none. */
function isInstanceName(text: string): boolean {
  if (/\.[0-9a-f]{12}\.tmp$/.test(text)) return false;
  return text.length <= 100 && /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

function noInstanceName(text: string): string {
  return `'${text}' is no name of an instance, which has letters, digits, and dots, dashes and underscores between them.`;
}

function instancesDirectory(): string {
  return join(homedir(), ".config", "copr.d");
}

function placeOfInstance(name: string): ConfigPlace {
  return { path: join(instancesDirectory(), name), named: name, instance: name };
}

function named(path: string): ConfigPlace {
  return { path: expandHome(path), named: path, instance: undefined };
}

/** `~` and `~/x` as a shell means them. */
function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
