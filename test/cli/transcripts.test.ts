import { afterEach, describe, expect, test } from "vitest";
import { type ComparableRequest, comparableRecording, type RecordedServer, serveRecording } from "../support/recorded-server.ts";
import { runCli } from "../support/run-cli.ts";
import { configOf, filesOf, resolve, transcripts } from "../support/transcripts.ts";

/** What is expected instead of the recording, where we differ on purpose. */
interface Deviation {
  reason: string;
  exit?: number;
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  /** Fields of request bodies. */
  body?: Record<string, unknown>;
  /** Lines and requests may come in another order. */
  isUnordered?: boolean;
}

const wget: Deviation = { reason: "upstream shows what wget prints", stderr: "" };
const kerberos: Deviation = { reason: "upstream was recorded without its Kerberos library, and says so", stderr: /GSSAPI/ };
const bootstrap: Deviation = { reason: "upstream's modify resets bootstrap", body: { bootstrap: null } };

const deviations: Readonly<Record<string, Deviation>> = {
  "build-wait-two": { reason: "upstream asks in the order of a Python set, we in the order of submission", isUnordered: true },
  "create-anon": kerberos,
  "download-build": wget,
  "download-build-logs": wget,
  "download-build-rpms": wget,
  "download-build-spec": wget,
  "edit-chroot-comps-missing": {
    reason: "upstream dies with a traceback",
    exit: 3,
    stderr: "\nError: Cannot read 'nosuch.xml': no such file or directory\n",
  },
  "list-anon": kerberos,
  modify: bootstrap,
  "modify-denied": bootstrap,
  "modify-missing": bootstrap,
  "monitor-dir": { reason: "an empty list is JSON too", stdout: "[]\n" },
  "new-api-token": { reason: "it was recorded with --config", stdout: /^New API token was updated in .*\/\.config\/copr\.\n$/ },
  "usage-bad-command": { reason: "our own words", stderr: /unknown command 'nonsense'/ },
  "usage-no-args": { reason: "our own words", stdout: /^Usage: copr / },
  version: { reason: "our own version", stdout: /^copr version \d+\.\d+\.\d+\n$/ },
  "whoami-anon": kerberos,
};

describe("recorded runs of upstream's client", () => {
  let server: RecordedServer | undefined;
  afterEach(() => server?.close());

  test.each(transcripts.map((transcript) => [transcript.name, transcript] as const))("%s", async (name, transcript) => {
    server = await serveRecording(transcript.exchanges, resolve);
    const { url } = server;
    const result = await runCli({
      argv: transcript.argv,
      config: configOf(transcript.user, url),
      stdin: transcript.stdin,
      files: filesOf(transcript),
    });
    const { exit = transcript.exit, stdout, stderr, body, isUnordered = false } = deviations[name] ?? {};
    const lines = (text: string): string => (isUnordered ? text.split("\n").toSorted().join("\n") : text);
    expect.soft(result.exit).toBe(exit);
    expectText(lines(normalized(result.stdout)), stdout ?? lines(normalized(resolve(transcript.stdout, url))));
    expectText(result.stderr, stderr ?? resolve(transcript.stderr, url));
    const expected = transcript.exchanges.map(({ request }) => comparableRecording(request, body));
    const requests = (list: ComparableRequest[]) => (isUnordered ? list.toSorted(byPath) : list);
    expect.soft(requests(server.requests)).toEqual(requests(expected));
  });
});

function byPath(one: ComparableRequest, other: ComparableRequest): number {
  return one.path.localeCompare(other.path);
}

/** A pattern stands for the text it matches. */
function expectText(text: string, expected: string | RegExp): void {
  expect.soft(expected instanceof RegExp && expected.test(text) ? expected : text).toBe(expected);
}

/** Clock times of the watch. */
function normalized(text: string): string {
  return text.replace(/^ {2}\d\d:\d\d:\d\d Build/gm, "  HH:MM:SS Build");
}
