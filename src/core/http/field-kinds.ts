/**
 * Fields that are of one kind wherever a frontend's answer has them with a value: names, states and addresses that are printed,
 * numbers that are counted with. The types are JavaScript's.
 */
const kinds: Readonly<Record<string, "string" | "number">> = {
  id: "number",
  build_id: "number",
  submitted_on: "number",
  started_on: "number",
  ended_on: "number",
  name: "string",
  full_name: "string",
  ownername: "string",
  projectname: "string",
  project_dirname: "string",
  mock_chroot: "string",
  state: "string",
  pkg_version: "string",
  submitter: "string",
  repo_url: "string",
  result_url: "string",
  results_url: "string",
  source_type: "string",
  webhook_secret: "string",
  api_login: "string",
  api_token: "string",
  expiration: "string",
};

/** Fields that are lists, or objects by name, of objects with such fields. */
const collections: ReadonlySet<string> = new Set(["items", "packages", "chroots"]);

/** What is wrong with the kinds of an answer's fields, as the end of a sentence; undefined when nothing is. */
export function oddField(answer: object): string | undefined {
  for (const [name, value] of Object.entries(answer)) {
    if (value === null || value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind !== undefined && !isOfKind(value, kind)) return `its '${name}' is no ${kind === "string" ? "text" : kind}`;
    const odd = collections.has(name) && typeof value === "object" ? oddPart(Object.values(value as object)) : undefined;
    if (odd !== undefined) return odd;
  }
  return undefined;
}

/** A number may be a text of its digits, as some routes have it. */
function isOfKind(value: unknown, kind: "string" | "number"): boolean {
  return typeof value === kind || (kind === "number" && typeof value === "string" && /^\d+$/.test(value));
}

function oddPart(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const odd = typeof value === "object" && value !== null ? oddField(value) : undefined;
    if (odd !== undefined) return odd;
  }
  return undefined;
}
