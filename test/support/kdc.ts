import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "./processes.ts";
import { output } from "./program.ts";

/** A real Kerberos realm on loopback. */
export interface Kdc {
  /** For programs that are to know this realm, and no other. Tickets are in `KRB5CCNAME`, the keys of services in `KRB5_KTNAME`. */
  env: Record<string, string>;
  /** The robots' keys, which are as good as a password. */
  robotKeytab: string;
  /** Gets a ticket for a user, by `kinit` and the password. */
  login(user: string): Promise<void>;
  /** Drops all tickets. */
  logout(): Promise<void>;
  /** Gives a service a new key, which takes the place of the old one in its keytab. */
  changeKey(service: string): Promise<void>;
  close(): Promise<void>;
}

const REALM = "COPR.TEST";

export interface KdcOptions {
  port: number;
  users: readonly string[];
  /** Such as `HTTP/localhost`. */
  services: readonly string[];
  robots: readonly string[];
}

/** Starts a KDC; its files are in a private directory. */
export async function startKdc({ port, users, services, robots }: KdcOptions): Promise<Kdc> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "copr-kdc-")));
  const path = (name: string): string => join(directory, name);
  const env = {
    // Debian has the KDC's programs in sbin.
    PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`,
    KRB5_CONFIG: path("krb5.conf"),
    KRB5_KDC_PROFILE: path("kdc.conf"),
    KRB5CCNAME: `FILE:${path("tickets")}`,
    KRB5_KTNAME: `FILE:${path("services.keytab")}`,
    KRB5RCACHENAME: "none:",
  };
  await writeFile(env.KRB5_CONFIG, krb5Conf(port, path("kdc.log")));
  await writeFile(env.KRB5_KDC_PROFILE, kdcConf(port, directory));
  await mkdir(path("database"), { mode: 0o700 });
  await output(["kdb5_util", "create", "-s", "-r", REALM, "-P", "master password"], { env });
  const administer = (...requests: string[]) => output(["kadmin.local", "-r", REALM], { env, stdin: `${requests.join("\n")}\n` });
  const withKey = (keytab: string) => (name: string) => [`addprinc -randkey ${name}`, `ktadd -k ${path(keytab)} ${name}`];
  await administer(
    ...users.map((user) => `addprinc -pw ${passwordOf(user)} ${user}`),
    ...services.flatMap(withKey("services.keytab")),
    ...robots.flatMap(withKey("robots.keytab")),
  );

  const server: ChildProcess = spawn("krb5kdc", ["-n", "-r", REALM], { env: { ...process.env, ...env }, stdio: "ignore" });
  server.on("error", () => undefined);
  await eventually("the KDC listens", () => accepts(port));
  return {
    env,
    robotKeytab: `FILE:${path("robots.keytab")}`,
    async login(user) {
      await output(["kinit", user], { env, stdin: `${passwordOf(user)}\n` });
    },
    async logout() {
      await output(["kdestroy", "-A"], { env });
    },
    async changeKey(service) {
      const keytab = path("services.keytab");
      await administer(`ktadd -k ${keytab} ${service}`, `ktrem -k ${keytab} ${service} old`);
    },
    async close() {
      server.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const passwordOf = (user: string): string => `secret-of-${user}`;

/** No name service, no other realm, no system file plays a part. */
function krb5Conf(port: number, log: string): string {
  return `[libdefaults]
 default_realm = ${REALM}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 ${REALM} = {
  kdc = 127.0.0.1:${port}
 }
[domain_realm]
 localhost = ${REALM}
[logging]
 kdc = FILE:${log}
`;
}

function kdcConf(port: number, directory: string): string {
  return `[kdcdefaults]
 kdc_listen = 127.0.0.1:${port}
 kdc_tcp_listen = 127.0.0.1:${port}
[realms]
 ${REALM} = {
  database_name = ${directory}/database/principal
  key_stash_file = ${directory}/database/stash
  acl_file = ${directory}/kadm5.acl
  max_life = 1h
 }
`;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}
