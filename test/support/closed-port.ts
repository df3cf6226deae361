import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Linux gives servers that name no port, and clients, one from here on, unless it is told otherwise. */
const FIRST_GIVEN_PORT = 32_768;
const FIRST_PORT = 10_000;

/** A port of loopback that nobody listens on, and that nobody is given who names none, as the servers of other tests. */
export async function closedPort(): Promise<number> {
  const port = randomInt(FIRST_PORT, FIRST_GIVEN_PORT);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return closedPort();
  }
  server.close();
  await once(server, "close");
  return port;
}
