import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { ApiError, badRequestParameters } from "./api-error.ts";
import { readMultipart } from "./multipart.ts";
import type { Call } from "./routing.ts";

/** An uploaded file, already on disk as `<uploads>/<directory>/<filename>`. */
export interface UploadedFile {
  directory: string;
  filename: string;
}

/** How a form words its refusal: lines of `field: message`, or the text of a Python dictionary. */
type ErrorStyle = "lines" | "dictionary";

/** The input of a route with the frontend's loose ideas of booleans and lists. Nulls count as not sent. */
export class Form {
  private readonly fields: Record<string, unknown>;
  private readonly style: ErrorStyle;
  private readonly faults = new Map<string, string[]>();
  readonly files = new Map<string, UploadedFile>();

  constructor(fields: Record<string, unknown>, style: ErrorStyle) {
    this.fields = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    this.style = style;
  }

  has(name: string): boolean {
    return name in this.fields;
  }

  raw(name: string): unknown {
    return this.fields[name];
  }

  entries(): [string, unknown][] {
    return Object.entries(this.fields);
  }

  /** Lists become words with one blank between them. */
  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.join(" ");
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  words(name: string): string[] | undefined {
    return this.text(name)?.split(/\s+/).filter(Boolean);
  }

  /** Only false, 0, "false" and "" are false; "off" is true. */
  flag(name: string): boolean | undefined {
    const value = this.fields[name];
    return value === undefined ? undefined : ![false, 0, "false", ""].some((each) => each === value);
  }

  integer(name: string, minimum: number, maximum = Infinity): number | undefined {
    const text = this.text(name);
    if (text === undefined || text === "") return undefined;
    const value = Number(text);
    const range = maximum === Infinity ? `at least ${minimum}` : `between ${minimum} and ${maximum}`;
    const messages = [
      ...(Number.isInteger(value) ? [] : ["Not a valid integer value."]),
      ...(value >= minimum && value <= maximum ? [] : [`Number must be ${range}.`]),
    ];
    return messages.length === 0 ? value : this.refuse(name, ...messages);
  }

  choice(name: string, choices: readonly string[]): string | undefined {
    const value = this.text(name);
    return value === undefined || choices.includes(value) ? value : this.refuse(name, "Not a valid choice.");
  }

  /** Of more than one choice the form says which it does not know. */
  choices(name: string, choices: readonly string[]): string[] | undefined {
    const values = this.words(name);
    const unknown = values?.find((value) => !choices.includes(value));
    return unknown === undefined ? values : this.refuse(name, `'${unknown}' is not a valid choice for this field.`);
  }

  /** Notes a fault of a field: the form goes on, to find the others. */
  refuse(field: string, ...messages: string[]): undefined {
    this.faults.set(field, [...(this.faults.get(field) ?? []), ...messages]);
  }

  /** Throws all faults that were found, as one answer. */
  check(): void {
    if (this.faults.size === 0) return;
    if (this.style === "dictionary") throw badRequestParameters(this.faults);
    const lines = [...this.faults].flatMap(([field, messages]) => messages.map((message) => `${field}: ${message}`));
    throw new ApiError(400, lines.join("\n"));
  }
}

/** Reads a JSON, form or multipart body; files go to disk as they come. */
export async function readForm(call: Call, style: ErrorStyle = "lines"): Promise<Form> {
  const type = call.request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) return await readMultipartForm(call, type, style);
  const text = await readText(call.body);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return new Form(Object.fromEntries(new URLSearchParams(text)), style);
  }
  return new Form(text.trim() === "" ? {} : parseObject(text), style);
}

async function readMultipartForm(call: Call, type: string, style: ErrorStyle): Promise<Form> {
  let fields: Record<string, unknown> = {};
  const files: [string, UploadedFile][] = [];
  for await (const part of readMultipart(call.body, type)) {
    if (part.name === "json") {
      fields = { ...fields, ...parseObject(await readText(part.content)) };
    } else if (part.filename === undefined) {
      fields[part.name] = await readText(part.content);
    } else {
      files.push([part.name, await saveFile(call.uploadsDirectory, basename(part.filename), part.content)]);
    }
  }
  const form = new Form(fields, style);
  for (const [name, file] of files) form.files.set(name, file);
  return form;
}

async function saveFile(uploads: string, filename: string, content: AsyncIterable<Buffer>): Promise<UploadedFile> {
  await mkdir(uploads, { recursive: true });
  const directory = await mkdtemp(join(uploads, "tmp"));
  await pipeline(content, createWriteStream(join(directory, filename)));
  return { directory: basename(directory), filename };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Reported below together with JSON that is no object.
  }
  throw new ApiError(400, "Failed to decode JSON object");
}
