import type { ArgumentDoc, OptionDoc } from "./command-tree.ts";
import { definition, escapeText, literal, placeholder, sentences } from "./roff.ts";

/** An option with all that is known of it. */
export function optionEntry(option: OptionDoc): string[] {
  return definition(optionWord(option, option.flags), sentences(escapeText(option.description + remarks(option))));
}

/** Some flags of an option, with what stands for its value. */
export function optionWord({ value, isValueOptional }: OptionDoc, flags: readonly string[]): string {
  const word = flags.map(literal).join(", ");
  if (value === undefined) return word;
  // `on|off` is typed as it stands, `seconds` is not.
  const shown = value.includes("|") ? value.split("|").map(literal).join("|") : placeholder(value);
  return isValueOptional ? `${word} [${shown}]` : `${word} ${shown}`;
}

/** An argument as it stands in a synopsis. */
export function argumentWord({ name, isRequired, isVariadic }: ArgumentDoc): string {
  const word = `${placeholder(name)}${isVariadic ? " .\\|.\\|." : ""}`;
  return isRequired ? word : `[${word}]`;
}

function remarks({ isRequired, choices, value = "", default: byDefault }: OptionDoc): string {
  const remarks = [
    ...(isRequired ? ["required"] : []),
    ...(choices.length > 0 && choices.join("|") !== value ? [`one of ${choices.join(", ")}`] : []),
    ...(byDefault === undefined ? [] : [`default: ${byDefault}`]),
  ];
  return remarks.length > 0 ? ` (${remarks.join("; ")})` : "";
}
