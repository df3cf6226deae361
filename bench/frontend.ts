import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A frontend in a process of its own, and a home that is configured for it. */
export interface Frontend {
  url: string;
  directory: string;
  /** How many requests it has had. */
  requests(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it; `scene` says what it serves, see server.ts. */
export async function startFrontend(scene: "api" | "watch" | "files" | "log" | "builds" | "board" | "plan"): Promise<Frontend> {
  const directory = await mkdtemp(join(tmpdir(), "copr-bench-"));
  const server: ChildProcess = fork(fileURLToPath(new URL("./server.ts", import.meta.url)), [scene], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(directory, ".config"));
  await writeFile(
    join(directory, ".config", "copr"),
    `[copr-cli]\nusername = me\nlogin = L\ntoken = T\ncopr_url = ${url}\nencrypted = no\n`,
  );
  return {
    url,
    directory,
    async requests() {
      server.send("count");
      return ((await once(server, "message")) as [number])[0];
    },
    async close() {
      server.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
