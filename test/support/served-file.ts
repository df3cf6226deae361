import type { ServerResponse } from "node:http";
import type { SeenRequest } from "./web-server.ts";

/** What a web server has under one name; a test changes it while the file is followed. */
export interface ServedFile {
  /** Undefined: there is no such file. */
  content: Buffer | string | undefined;
  headers?: Record<string, string>;
  /** It sends the whole file, whatever part is asked for. */
  ignoresRanges?: boolean;
  /** It does not say how long the answer is. */
  hidesSize?: boolean;
}

/** Answers as a web server does that knows ranges. */
export function serveFile(response: ServerResponse, { headers }: SeenRequest, file: ServedFile): void {
  if (file.content === undefined) return void response.writeHead(404).end("not here");
  const content = typeof file.content === "string" ? Buffer.from(file.content) : file.content;
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
  if (file.ignoresRanges || from + to === "") {
    response.writeHead(200, { ...file.headers, ...(file.hidesSize ? {} : { "content-length": content.length }) });
    response.write(content);
    return void response.end();
  }
  const start = from === "" ? Math.max(0, content.length - Number(to)) : Number(from);
  const end = from === "" || to === "" ? content.length : Math.min(content.length, Number(to) + 1);
  if (start >= content.length) return void response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
  response.writeHead(206, {
    ...file.headers,
    "content-range": `bytes ${start}-${end - 1}/${content.length}`,
    "content-length": end - start,
  });
  response.end(content.subarray(start, end));
}
