import { parse } from "yaml";

/** Reads YAML. A file of its own, so that its library is loaded only when there is some. Throws the library's errors. */
export function parseYaml(text: string): unknown {
  return parse(text, { logLevel: "error" });
}
