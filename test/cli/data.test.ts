import { readdirSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { type RecordedServer, serveRecording } from "../support/recorded-server.ts";
import { runCli } from "../support/run-cli.ts";
import { expectSchema } from "../support/schemas.ts";
import { configOf, filesOf, resolve, type Transcript, transcripts } from "../support/transcripts.ts";

/** Upstream's watch asks for less than data needs; those commands are in the stories. */
const isWatch = ({ stdout }: Transcript): boolean => stdout.includes("Watching build(s)");
/** The recorded words that ask for another format. */
const asksFormat = ({ argv }: Transcript): boolean => argv.some((word) => word.startsWith("--output"));
const withCommand = transcripts.filter((one) => /^[a-z]/.test(one.argv[0] ?? "") && !isWatch(one) && !asksFormat(one));

/** The fullest of each command and exit status is enough; lines of JSON differ in nothing that is told of a failure. */
const chosen = (format: string): Transcript[] => {
  const byContent = withCommand.toSorted((one, other) => one.stdout.length - other.stdout.length);
  const kinds = new Map(byContent.map((one) => [`${one.argv[0]} ${one.exit}`, one]));
  return [...kinds.values()].filter(({ exit }) => format === "json" || exit === 0);
};

const told = new Set<string>();
let server: RecordedServer | undefined;
afterEach(() => server?.close());

/** The recorded command line in another format. */
async function run(transcript: Transcript, ...words: string[]): ReturnType<typeof runCli> {
  server = await serveRecording(transcript.exchanges, resolve);
  return runCli({
    argv: [...transcript.argv, ...words],
    config: configOf(transcript.user, server.url),
    stdin: transcript.stdin,
    files: filesOf(transcript),
  });
}

describe.each(["json", "jsonl"])("recorded answers of a real frontend as %s", (format) => {
  test.each(chosen(format).map((one) => [one.name, one] as const))("%s", async (_, transcript) => {
    const [command] = transcript.argv as [string];
    const { exit, stdout, stderr } = await run(transcript, "--output-format", format);
    if (exit === 0) {
      const texts = format === "json" ? [stdout] : stdout.split("\n").filter(Boolean);
      for (const text of texts) expectSchema(`copr-cli-${command}.${format}`, text);
      expect(stderr).toBe("");
      if (texts.length > 0) told.add(`${command}.${format}`);
    } else {
      expect(stderr).toMatch(/^.+\n$/);
      expectSchema("error", stderr);
      const status = transcript.exchanges.at(-1)?.response.status ?? 0;
      expect(JSON.parse(stderr)).toMatchObject({ error: { exit_code: exit, status: status < 400 ? null : status } });
    }
  });
});

/** Commands that no recording without a watch succeeds with: their data is in test/e2e, and in the tests of accounts. */
const elsewhere = [
  "login",
  "logout",
  "auth-status",
  "doctor",
  "open",
  "repo",
  "watch-build",
  "logs",
  "explain",
  "board",
  "get-build",
  "download-build",
  "rebuild",
  "build-batch",
  "export",
  "plan",
  "apply",
  "reproduce",
  "local-build",
];

test("nothing that is documented was left out", () => {
  const schemas = readdirSync(new URL("../../docs/json/", import.meta.url)).flatMap(
    (name) => /^copr-cli-(.*)\.schema\.json$/.exec(name)?.[1] ?? [],
  );
  expect(schemas.filter((name) => !told.has(name) && !elsewhere.includes(name.replace(/\.jsonl?$/, "")))).toEqual([]);
});
