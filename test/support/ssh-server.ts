import { closedPort } from "./closed-port.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../src/core/process/find-program.ts";
import { eventually } from "./processes.ts";
import { output, runProgram } from "./program.ts";

/**
 * Whether sshd can open terminals for its own user: one that is not root may not give them to the group of terminals, so the
 * system has to, as Debian and Fedora have it and some containers do not.
 */
export const opensTerminals = process.getuid?.() === 0 || / \/dev\/pts devpts \S*gid=/.test(readFileSync("/proc/mounts", "utf8"));

/** What a test's name says of that. */
export const needsTerminals = opensTerminals ? "" : " (needs /dev/pts mounted with a gid, or root)";

/** A real sshd on loopback that lets this user in by a key of its own. */
export interface SshServer {
  /** Command line of an ssh to it; a remote command is to be added. */
  client: string[];
  /**
   * Configuration of a client as copr-backend has one: a terminal is forced, and connections are shared, which makes
   * that terminal a raw one.
   */
  sharingConfig: string;
  /** `user@host` of the server. */
  target: string;
  close(): Promise<void>;
}

/**
 * Starts sshd in a private directory; `environment` is that of every session. `sshd` insists on an absolute path of
 * its own.
 */
export async function startSshServer(directory: string, environment: Readonly<Record<string, string>> = {}): Promise<SshServer> {
  const sshd = await findProgram("sshd", `/usr/sbin:/usr/local/sbin:${process.env["PATH"] ?? ""}`);
  if (sshd === undefined) throw new Error("sshd is not installed: run the set-up command of the README");
  const home = join(directory, "ssh");
  await mkdir(home, { mode: 0o700 });
  for (const key of ["host", "user"]) await output(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(home, key)]);
  await writeFile(join(home, "authorized_keys"), await output(["ssh-keygen", "-y", "-f", join(home, "user")]), { mode: 0o600 });
  const port = await closedPort();
  const options = {
    Port: port,
    ListenAddress: "127.0.0.1",
    HostKey: join(home, "host"),
    AuthorizedKeysFile: join(home, "authorized_keys"),
    PidFile: join(home, "pid"),
    StrictModes: "no",
    UsePAM: "no",
    PasswordAuthentication: "no",
    PermitRootLogin: "yes",
    AcceptEnv: "COPR_*",
    // The start-up files of whoever runs the tests may print, or change what is to be tested.
    SetEnv: Object.entries({ HOME: home, ...environment })
      .map(([name, value]) => `"${name}=${value}"`)
      .join(" "),
  };
  await writeFile(join(home, "sshd_config"), settings(options));
  // Where sshd was never started as a service, its directory for unprivileged parts may be missing.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  await chmod(home, 0o700);
  const server: ChildProcess = spawn(sshd, ["-D", "-e", "-f", join(home, "sshd_config")], { stdio: ["ignore", "ignore", "pipe"] });
  let messages = "";
  server.stderr?.on("data", (chunk) => (messages += String(chunk)));
  const clientConfig = join(home, "builder_config");
  const clientOptions = {
    Port: port,
    IdentityFile: join(home, "user"),
    BatchMode: "yes",
    StrictHostKeyChecking: "no",
    UserKnownHostsFile: join(home, "known_hosts"),
    LogLevel: "ERROR",
    RequestTTY: "force",
  };
  await writeFile(clientConfig, `Host *\n${settings(clientOptions)}`);
  const sharingConfig = join(home, "sharing_config");
  const sharing = { ControlMaster: "auto", ControlPath: join(home, "control"), ControlPersist: 600 };
  await writeFile(sharingConfig, `Host *\n${settings({ ...clientOptions, ...sharing })}`);
  const target = `${userInfo().username}@127.0.0.1`;
  const client = ["ssh", "-F", clientConfig, target];
  // Without a terminal, which not every sshd can open: see opensTerminals.
  await eventually("sshd lets us in", async () =>
    output([...client.slice(0, -1), "-T", target, "true"]).then(
      () => true,
      () => false,
    ),
  ).catch((error: unknown) => {
    server.kill();
    throw new Error(`sshd does not let us in:\n${messages}`, { cause: error });
  });
  return {
    client,
    sharingConfig,
    target,
    async close() {
      await runProgram(["ssh", "-F", sharingConfig, "-O", "exit", target]);
      server.kill();
    },
  };
}

function settings(options: Readonly<Record<string, string | number>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${value}\n`)
    .join("");
}
