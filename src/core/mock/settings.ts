import { CoprError } from "../errors.ts";
import { chrootNamePattern } from "../task/names.ts";
import { type PythonValue, pythonLiteral } from "./python-literal.ts";

/** Where mock itself looks for chroots and settings of the host. */
export const defaultConfigDirectory = "/etc/mock";

/** An RPM macro: name with its `%`, and value. */
export type Macro = readonly [name: string, value: string];

/** The line that begins a configuration: the chroot as this host has it. Throws CoprError for what is no name of a chroot. */
export function includeOf(chroot: string, directory = defaultConfigDirectory): string {
  if (!chrootNamePattern.test(chroot)) throw new CoprError(`'${chroot}' is not the name of a chroot`);
  return `include(${pythonLiteral(`${directory}/${chroot}.cfg`)})`;
}

/** One setting. Throws CoprError for a value with a template in it. */
export function setting(name: string, value: PythonValue): string {
  return `config_opts['${name}'] = ${literal(value)}`;
}

/** Definitions of RPM macros. */
export function macroLines(macros: readonly Macro[]): string[] {
  return macros.map(([name, value]) => `config_opts['macros'][${literal(name)}] = ${literal(value)}`);
}

/** How mock parts the build from the host; nothing for mock's own default. */
export function isolationLines(isolation: string | null | undefined): string[] {
  return isolation && isolation !== "default" ? [setting("isolation", isolation)] : [];
}

/** Whether mock makes its chroot from another one, and from which image. */
export function bootstrapLines(bootstrap: string | null | undefined, image: string | null | undefined): string[] {
  const both = (container: boolean, fromImage: boolean): string[] => [
    setting("use_bootstrap", container),
    setting("use_bootstrap_image", fromImage),
  ];
  if (bootstrap === "on") return both(true, false);
  if (bootstrap === "off") return both(false, false);
  if (bootstrap !== "image" && bootstrap !== "custom_image") return [];
  return [...both(true, true), ...(image ? [setting("bootstrap_image", image)] : [])];
}

/** A chroot on a tmpfs lasts for several calls of mock. */
export const keptTmpfs = [
  "config_opts.setdefault('plugin_conf', {})",
  "config_opts['plugin_conf'].setdefault('tmpfs_opts', {})",
  "config_opts['plugin_conf']['tmpfs_opts']['keep_mounted'] = True",
];

/** mock expands Jinja in values of its configuration, so a perfect literal may still be a template (security: C32). */
function literal(value: PythonValue): string {
  const text = pythonLiteral(value);
  refuseTemplates(text);
  return text;
}

/** Throws CoprError. */
export function refuseTemplates(text: string): void {
  if (/\{[{%#]/.test(text)) throw new CoprError(`Refusing a value with a template in it: ${text.slice(0, 200)}`);
}
