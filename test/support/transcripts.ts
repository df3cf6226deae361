import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Exchange } from "./recorded-server.ts";

/** A run of upstream's copr-cli against a real frontend. */
export interface Transcript {
  name: string;
  program: string;
  user: string;
  argv: string[];
  stdin: string;
  exit: number;
  stdout: string;
  stderr: string;
  exchanges: Exchange[];
}

const directory = new URL("../fixtures/transcripts/", import.meta.url);
/** Every recorded run of upstream's client. */
export const transcripts: readonly Transcript[] = readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(new URL(name, directory), "utf8")) as Transcript)
  .filter(({ program }) => program === "copr-cli");

/** Puts the addresses of a server where the recording has placeholders. */
export function resolve(text: string, url: string): string {
  return text.replaceAll("{URL}", url).replaceAll("{RESULTS}", `${url}/storage`).replaceAll("{DISTGIT}", `${url}/distgit`);
}

/** The configuration of the user of a recording. */
export function configOf(user: string, url: string): string {
  const coprUrl = user === "refused" ? "http://127.0.0.1:9" : url;
  const credentials = user === "anon" ? "" : `username = ${user === "badtoken" ? "alice" : user}\nlogin = LOGIN\ntoken = TOKEN\n`;
  return `[copr-cli]\n${credentials}copr_url = ${coprUrl}\nencrypted = no\n`;
}

/** The local files the recorded program read: their bytes are in what it sent. */
export function filesOf({ argv, exchanges }: Transcript): Record<string, string | Buffer> {
  const files: Record<string, string | Buffer> = {};
  for (const word of argv) {
    if (/^[^:]*\.src\.rpm$/.test(word) && !word.startsWith("nosuch")) files[word] = "never sent";
  }
  for (const { request } of exchanges) {
    const script = (request.body?.json as { script?: string } | undefined)?.script;
    if (script !== undefined) files[argv[argv.indexOf("--script") + 1] as string] = script;
    for (const { headers, base64, text } of request.body?.multipart ?? []) {
      const filename = /filename="(.*)"/.exec(headers.map(([, value]) => value).join(" "))?.[1];
      const path = argv.find((word) => basename(word) === filename);
      if (path !== undefined) files[path] = base64 === undefined ? (text ?? "") : Buffer.from(base64, "base64");
    }
  }
  return files;
}
