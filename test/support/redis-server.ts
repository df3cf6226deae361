import { closedPort } from "./closed-port.ts";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { eventually } from "./processes.ts";
import { output, runProgram } from "./program.ts";

/** Redis, or Valkey, which has taken its place in Fedora. */
const kind = ["redis", "valkey"].find((name) => spawnSync(`${name}-server`, ["--version"]).status === 0);

/** Whether one is installed. */
export const hasRedis = kind !== undefined;

/** A server of a test's own, with nothing in it. */
export interface RedisServer {
  port: number;
  /** Sends one command, logged in by the password; resolves to what `redis-cli` prints. */
  ask(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function startRedis(directory: string, password: string): Promise<RedisServer> {
  const port = await closedPort();
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--requirepass", password, "--dir", directory];
  const server = spawn(`${kind}-server`, words, { stdio: "ignore" });
  const argv = [`${kind}-cli`, "-p", String(port)];
  const env = { REDISCLI_AUTH: password, VALKEYCLI_AUTH: password };
  await eventually("Redis", async () => (await runProgram([...argv, "PING"], { env })).stdout === "PONG\n");
  return {
    port,
    ask: (...command) => output([...argv, ...command], { env }),
    async close() {
      server.kill("SIGTERM");
      await once(server, "close");
    },
  };
}
