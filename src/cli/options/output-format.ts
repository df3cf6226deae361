import { Option } from "commander";
import { type OutputFormat, outputFormats } from "../format/records.ts";

/** `--output-format`, as every command that shows objects takes it. */
export function outputFormatOption(preset?: OutputFormat): Option {
  const option = new Option("--output-format <format>", "how to print").choices([...outputFormats]);
  return preset === undefined ? option : option.default(preset);
}
