import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "vitest";

const ajv = new Ajv({ strict: false, allErrors: true });
const directory = new URL("../../docs/json/", import.meta.url);

/** Expects a text to be JSON that fits a schema of docs/json. */
export function expectSchema(name: string, text: string): void {
  const value: unknown = JSON.parse(text);
  const file = `${name}.schema.json`;
  const validate = ajv.getSchema(file) ?? ajv.addSchema(JSON.parse(readFileSync(new URL(file, directory), "utf8")), file).getSchema(file);
  if (validate === undefined) throw new Error(`there is no schema ${file}`);
  expect([void validate(value), ajv.errorsText(validate.errors)], `${file}: ${text.slice(0, 500)}`).toEqual([undefined, "No errors"]);
}
