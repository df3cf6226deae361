import { type Command, Option } from "commander";
import { added } from "../arguments.ts";
import { guardedJson } from "../ci/command-guard.ts";
import { requireFields } from "../../core/http/required-fields.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../../core/errors.ts";
import { type Format, formats, isDataFormat } from "../../core/records/formats.ts";
import { RecordWriter } from "../../core/records/record-writer.ts";
import { chosenFields, describeFields, fieldsOf, type Shape } from "../../core/records/shape.ts";

/** What the options of a printing command leave behind. */
export interface OutputOptions {
  outputFormat?: Format;
  /** Chosen fields, separated by commas. */
  fields?: string;
}

/** Where a command puts what it has to say; it does not know how that becomes text, rows, a table or data. */
export interface Output<T extends object> {
  readonly format: Format;
  /** For a program: nothing but data may be on standard output. */
  readonly isData: boolean;
  /** Somebody chose fields: what is printed is records, in whatever format. */
  readonly isChosen: boolean;
  /** Names of the fields that are printed, in their order. */
  readonly fields: readonly string[];
  /**
   * Prints one record.
   * @param text what people are told of it, where that is more than the record, or less than it has to say
   * @throws RequestError for one that lacks what its shape needs
   */
  record(record: T, text?: string): Promise<void>;
  /**
   * Prints records as they come. An empty list is `[]` in JSON, where upstream prints nothing: that is no JSON. Throws as `record`
   * does.
   */
  records(records: AsyncIterable<T> | Iterable<T>): Promise<void>;
  /** Prints records as a field of a JSON document, the only one but for those of `head`. */
  document(name: string, records: readonly T[], head?: object): void;
  /** Tells people something on the way. */
  note(text: string): void;
}

export interface OutputChoices {
  /** Formats that make sense for the command. */
  formats?: readonly Format[];
  /** The format when none is asked for. Default: text. */
  preset?: Format;
  /** Upstream's command has `--output-format`, too: a shortened one goes on meaning it. Its help tells the default. */
  isUpstreams?: boolean;
  /** Upstream's command has `--fields`, too, the shown ones being its default. */
  hasUpstreamsFields?: boolean;
  /** Its text is no records, so that fields are chosen in data only. */
  hasFieldsInDataOnly?: boolean;
}

/** What a command prints: its options, and where it goes. */
export interface Printing<T extends object> {
  /** Adds the options that say how to print; they stand last in a help. */
  addOptions(command: Command): Command;
  /** Throws UsageError when the options name a field that there is not, or no format for it: before anything is asked or done. */
  open(terminal: Terminal, options: OutputOptions): Output<T>;
}

/** The ways to print records of this kind. */
export function printing<T extends object>(shape: Shape<T>, choices: OutputChoices = {}): Printing<T> {
  return {
    addOptions: (command) => addOptions(command, shape, choices),
    open: (terminal, { outputFormat, fields }) => {
      const format = outputFormat ?? choices.preset ?? "text";
      const chosen = chosenFields(shape, fields);
      if (choices.hasFieldsInDataOnly && chosen !== undefined && !isDataFormat(format)) {
        throw new UsageError("--fields chooses what is told as data: ask for that, too, by --json or --output-format jsonl");
      }
      const writer = new RecordWriter<T>(terminal, shape, format, chosen, {
        isSorted: choices.hasUpstreamsFields ?? false,
        protect: (json) => (terminal.isGuarded ? guardedJson(json) : json),
        printTable: async (names, rows) => (await import("./table.ts")).printTable(terminal, names, rows),
      });
      const isData = isDataFormat(format);
      const isText = format === "text" && chosen === undefined;
      const whole = (record: T): T => {
        requireFields(record, shape.needs ?? []);
        return record;
      };
      return {
        format,
        isData,
        isChosen: chosen !== undefined,
        fields: chosen ?? fieldsOf(shape, "shown"),
        record: async (record, text) => (isText && text !== undefined ? terminal.out(text) : writer.single(whole(record))),
        records: (records) => writer.list(each(records, whole)),
        document: (name, records, head) => writer.document(name, records, head),
        note: (text) => (isData ? undefined : terminal.out(text)),
      };
    },
  };
}

async function* each<T>(records: AsyncIterable<T> | Iterable<T>, look: (record: T) => T): AsyncIterable<T> {
  for await (const record of records) yield look(record);
}

function addOptions<T extends object>(command: Command, shape: Shape<T>, choices: OutputChoices): Command {
  const { preset, isUpstreams = false, hasUpstreamsFields = false } = choices;
  const format = new Option("--output-format <format>", "how to print").choices([...(choices.formats ?? formats)]);
  if (isUpstreams && preset !== undefined && preset !== "text-row") format.default(preset);
  const chosen = new Option("--fields <names>", describeFields(shape));
  if (hasUpstreamsFields) chosen.default(fieldsOf(shape, "shown").join(","));
  return (
    command
      .optionsGroup("Output options:")
      .addOption(isUpstreams ? format : added(format))
      .addOption(added(new Option("--json", "the same as --output-format json")))
      // Of both, the last one counts, as for any option that is given twice.
      .on("option:json", () => command.setOptionValueWithSource("outputFormat", "json", "cli"))
      .addOption(hasUpstreamsFields ? chosen : added(chosen))
  );
}
