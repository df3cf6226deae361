import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTutorialServers } from "./tutorial-servers.ts";

// A shell in which docs/tutorial.md can be typed, with servers of its own: `npm run tutorial`.

const directory = await mkdtemp(join(tmpdir(), "copr-tutorial-"));
const { sandbox, gitUrl, work, environment, close } = await startTutorialServers(directory, process.env["PATH"] ?? "");
// Ctrl-C is for what runs in the shell.
process.on("SIGINT", () => undefined);
try {
  console.log(
    `In docs/tutorial.md write\n  ${sandbox.url}   for https://copr.example.org\n  ${gitUrl}   for https://git.example.org\n\n` +
      `This is what ${sandbox.url}/api/ shows, to be pasted at login:\n\n${sandbox.configText}\n` +
      "Here is your shell, in the repository of the six packages. 'exit' ends it, and removes everything.\n",
  );
  const shell = spawn("bash", ["--norc", "--noprofile", "-i"], {
    cwd: work,
    env: { ...process.env, ...environment, PS1: "$ " },
    stdio: "inherit",
  });
  await once(shell, "exit");
} finally {
  await close();
  await rm(directory, { recursive: true, force: true });
}
