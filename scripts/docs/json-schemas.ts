import { createGenerator, type Schema } from "ts-json-schema-generator";
import { buildStates } from "../../src/core/api/index.ts";

/** Where a program says what its commands print: the file, and the interface in it with a field for each command. */
export interface DocumentedProgram {
  program: string;
  path: string;
}

/** JSON Schemas, by the names of their files: what each command prints in each format of data, and the errors. */
export function jsonSchemas(repository: string, programs: readonly DocumentedProgram[]): Map<string, string> {
  const schemas = new Map<string, string>();
  for (const { program, path } of programs) {
    const generator = createGenerator({
      path: `${repository}${path}`,
      tsconfig: `${repository}tsconfig.json`,
      // `npm run check` does that, and the generator has an older compiler.
      skipTypeCheck: true,
      expose: "none",
      topRef: false,
      // A newer frontend may send more than is known here, and all of it is passed on.
      additionalProperties: true,
      jsDoc: "extended",
      sortProps: false,
    });
    for (const [command, document] of fieldsOf(generator.createSchema("Documents"))) {
      for (const [format, schema] of fieldsOf(document)) {
        schemas.set(schemaFile(`${program}-${command}`, format), write(`${program} ${command}, ${format}`, schema));
      }
    }
    if (program === "copr-cli") {
      schemas.set(
        "error.schema.json",
        write("copr-cli and copr-builder, an error on standard error", generator.createSchema("ErrorDocument")),
      );
    } else {
      schemas.set("hook.schema.json", write("copr-builder, what hooks read", generator.createSchema("HookDocument")));
    }
  }
  return schemas;
}

/** The schema of a project as a file. */
export function projectFileSchema(repository: string): string {
  const path = `${repository}src/core/project-file/project-file.ts`;
  return editorSchema(repository, path, "ProjectFile", "A project as a file, for copr-cli plan and apply");
}

/** The schema of a file that names the packages of a batch. */
export function batchFileSchema(repository: string): string {
  return editorSchema(repository, `${repository}src/core/batch/batch-file.ts`, "BatchFile", "Packages for copr-cli build-batch");
}

/** The schema of a file that people write, for editors: unlike an answer it has no other fields than those. */
function editorSchema(repository: string, path: string, type: string, title: string): string {
  const generator = createGenerator({
    path,
    tsconfig: `${repository}tsconfig.json`,
    skipTypeCheck: true,
    expose: "none",
    topRef: false,
    additionalProperties: false,
    jsDoc: "extended",
    sortProps: false,
  });
  return write(title, generator.createSchema(type));
}

/** Name of the file with the schema of what a command prints; its words with dashes between. */
export function schemaFile(command: string, format: string): string {
  return `${command}.${format}.schema.json`;
}

function fieldsOf({ properties = {} }: Schema): [name: string, schema: Schema][] {
  return Object.entries(properties).flatMap(([name, schema]) => (typeof schema === "object" ? [[name, schema]] : []));
}

function write(title: string, schema: Schema): string {
  const whole = { $schema: "http://json-schema.org/draft-07/schema#", title, ...withOpenStates(schema) };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

const knownStates = JSON.stringify(buildStates);

/** The states that are known are examples: a newer frontend may send others. */
function withOpenStates<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    const { enum: values, ...rest } = (value ?? {}) as { enum?: unknown };
    return JSON.stringify(values) === knownStates ? { ...rest, examples: values } : value;
  }) as T;
}
