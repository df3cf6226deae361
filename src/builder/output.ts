import { type Command, Option } from "commander";
import { type Format, formatsOfActs, isDataFormat } from "../core/records/formats.ts";
import { lineJson } from "../core/records/python-json.ts";
import { type JsonStyle, RecordWriter } from "../core/records/record-writer.ts";
import { chosenFields, describeFields, type Shape } from "../core/records/shape.ts";
import { print } from "./terminal.ts";

/** What the options of a printing command leave behind. */
export interface OutputOptions {
  outputFormat?: Format;
  /** Chosen fields, separated by commas. */
  fields?: string;
}

/** Where a command puts what it has to say. */
export interface Output<T extends object> {
  /** For a program: nothing but data may be on standard output. */
  readonly isData: boolean;
  readonly isLines: boolean;
  /** Somebody chose fields: what is printed is records, in whatever format. */
  readonly isChosen: boolean;
  readonly writer: RecordWriter<T>;
  /** Whether somebody still reads. */
  readonly hasReader: boolean;
  /** Prints data that is no record of the kind. */
  data(value: object): void;
  /** Prints a record, or what people are told of it. */
  record(record: T, text: string): Promise<void>;
}

/** As `status --json` always was. */
const plainStyle: JsonStyle = { write: (value) => JSON.stringify(value, null, 2), indent: "  ", between: ",\n" };

/** Adds the options that say how to print. */
export function addOutputOptions<T extends object>(command: Command, shape: Shape<T>): Command {
  return (
    command
      .addOption(new Option("--output-format <format>", "how to print").choices([...formatsOfActs]))
      .option("--json", "the same as --output-format json")
      // Of both, the last one counts, as for any option that is given twice.
      .on("option:json", () => command.setOptionValueWithSource("outputFormat", "json", "cli"))
      .option("--fields <names>", describeFields(shape))
  );
}

/** Throws UsageError when the options name a field that there is not: before anything is done. */
export function openOutput<T extends object>({ outputFormat = "text", fields }: OutputOptions, shape: Shape<T>): Output<T> {
  const chosen = chosenFields(shape, fields);
  const isData = isDataFormat(outputFormat);
  let hasReader = true;
  const out = (text: string): void => {
    hasReader &&= print(text);
  };
  const writer = new RecordWriter<T>({ out, hasColor: false }, shape, outputFormat, chosen, { json: plainStyle });
  return {
    isData,
    isLines: outputFormat === "jsonl",
    isChosen: chosen !== undefined,
    writer,
    get hasReader() {
      return hasReader;
    },
    data: (value) => out(`${outputFormat === "jsonl" ? lineJson(value) : plainStyle.write(value)}\n`),
    record: async (record, text) => (isData || chosen !== undefined ? writer.single(record) : out(text)),
  };
}
