import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { output } from "./program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { type Handler, type WebServer, webServer } from "./web-server.ts";

/**
 * A server with a certificate of its own making, and the file to trust it by.
 * @param days how long the certificate is good from now on; negative for one that has expired
 */
export async function secureServer(handler: Handler, { days = 2 } = {}): Promise<{ server: WebServer; certificate: string }> {
  const directory = await temporaryDirectory();
  const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const request = `openssl req -x509 -newkey rsa:2048 -nodes -days ${Math.abs(days)}`.split(" ");
  await output([...request, ...subject, "-keyout", key, "-out", certificate]);
  // Only the tool that signs anew makes one that is over.
  if (days < 0) await output(["openssl", "x509", "-in", certificate, "-signkey", key, "-days", String(days), "-out", certificate]);
  const tls = { key: await readFile(key), cert: await readFile(certificate) };
  return { server: await webServer(handler, { tls }), certificate };
}
