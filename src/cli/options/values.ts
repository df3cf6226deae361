import { InvalidArgumentError, Option } from "commander";

/** For options that may be given several times. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** A whole number, as Python reads it. */
export function integer(value: string): number {
  if (!/^[+-]?\d+(?:_\d+)*$/.test(value.trim())) throw new InvalidArgumentError(`It is no whole number.`);
  return Number(value.replaceAll("_", ""));
}

/** How many of something: a whole number, 0 and more. */
export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It is no number of things.");
  return Number(value);
}

/** Several whole numbers, for arguments that may be repeated. */
export function integers(value: string, previous: number[] | undefined): number[] {
  return [...(previous ?? []), integer(value)];
}

/** Whole numbers of an option that takes any number of them, also none, which is an empty value. */
export function integerList(value: string, previous: number[] | undefined): number[] {
  return value === "" ? [] : integers(value, previous);
}

/** The words that upstream takes for yes and no. */
export function booleanWord(value: string): boolean {
  const known = {
    yes: true,
    true: true,
    on: true,
    t: true,
    y: true,
    "1": true,
    no: false,
    false: false,
    off: false,
    f: false,
    n: false,
    "0": false,
  }[value.toLowerCase()];
  if (known === undefined) throw new InvalidArgumentError("Boolean value expected.");
  return known;
}

/** A switch that also has a third state: not given, which leaves the matter as it is. */
export function onOffOption(flag: string, description: string): Option {
  return new Option(`${flag} <on|off>`, description).choices(["on", "off"]);
}

/** `on` and `off` as the frontend wants them; null when the option was not given. */
export function onOff(value: string | undefined): boolean | null {
  return value === undefined ? null : value === "on";
}
