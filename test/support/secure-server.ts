import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { output } from "./program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { type Handler, type WebServer, webServer } from "./web-server.ts";

/** A server with a certificate of its own making, and the file to trust it by. */
export async function secureServer(handler: Handler): Promise<{ server: WebServer; certificate: string }> {
  const directory = await temporaryDirectory();
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const request = "openssl req -x509 -newkey rsa:2048 -nodes -days 2".split(" ");
  await output([...request, ...subject, "-keyout", key, "-out", certificate]);
  const tls = { key: await readFile(key), cert: await readFile(certificate) };
  return { server: await webServer(handler, { tls }), certificate };
}
