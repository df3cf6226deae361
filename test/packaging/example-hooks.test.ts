import { createHmac } from "node:crypto";
import { once } from "node:events";
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { repository } from "../../scripts/docs/generated-files.ts";
import { type BuilderHost, srpmTask, startBuilderHost } from "../support/builder-host.ts";
import { hookLog, hooksDirectory } from "../support/hooks.ts";
import { eventually } from "../support/processes.ts";
import { bin, output } from "../support/program.ts";
import { hasRedis, startRedis } from "../support/redis-server.ts";
import { hasSystemJournals, startSystemJournal } from "../support/system-journal.ts";

const examples = join(repository, "packaging/hooks");

let host: BuilderHost;
beforeEach(async () => {
  host = await startBuilderHost();
});
afterEach(() => host.close());

/** Installs an example as its own first lines say. */
async function install(name: string): Promise<string> {
  const path = join(hooksDirectory(host), `50-${name}`);
  await mkdir(dirname(path), { recursive: true });
  await copyFile(join(examples, name), path);
  await chmod(path, 0o755);
  return path;
}

/** Its configuration, or another file beside it. */
async function configure(name: string, content: string, mode = 0o644): Promise<string> {
  const path = join(host.directory, "hooks", name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

/** Does a task that fails, and waits for the hooks. */
async function fail(changes: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  await host.runTask(srpmTask(`${host.url}/nothing.src.rpm`, { package_name: "hello", ...changes }));
  const spool = join(host.stateDirectory, "hooks-pending");
  await eventually("the hooks", async () => (await readdir(spool)).length === 0);
  return host.status();
}

test("the examples say how they are installed, and none is more than a page or three", async () => {
  const names = await readdir(examples);
  expect(names.toSorted()).toEqual(["http-post", "journald", "mail", "node-exporter", "redis-queue"]);
  for (const name of names) {
    const content = await readFile(join(examples, name), "utf8");
    expect(content).toContain(`install -m 0755 ${name} /etc/copr-builder/hooks/complete.d/`);
    expect(content.split("\n").length).toBeLessThan(130);
  }
  await output(["shellcheck", join(examples, "node-exporter")]);
});

describe("mail", () => {
  /** A real sink for mail; resolves to its port and what it gets. */
  const startSink = async (options: object): Promise<{ port: number; mails: { to: string[]; user: string; data: string }[] }> => {
    const mails: { to: string[]; user: string; data: string }[] = [];
    const server = new SMTPServer({
      disabledCommands: ["STARTTLS"],
      onAuth: ({ username, password }, _session, callback) =>
        callback(password === "hunter2" ? null : new Error("wrong password"), { user: username }),
      onData(stream, session, callback) {
        void text(stream).then((data) => {
          mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), user: String(session.user), data });
          callback();
        });
      },
      ...options,
    });
    server.listen(0, "127.0.0.1");
    await once(server.server, "listening");
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    return { port: (server.server.address() as AddressInfo).port, mails };
  };

  test("tells of a task that failed, in a message of its own", async () => {
    const { port, mails } = await startSink({ authOptional: true });
    await install("mail");
    await configure("mail.ini", `[mail]\nto = admins@example.org\nfrom = builder@example.org\nserver = 127.0.0.1\nport = ${port}\n`);
    const { mark, reason } = await fail();
    expect(await hookLog(host)).toEqual([]);
    const [mail] = mails;
    expect(mails).toHaveLength(1);
    expect(mail?.to).toEqual(["admins@example.org"]);
    expect(mail?.data).toMatch(/^Subject: 7 failed: hello\r$/m);
    expect(mail?.data).toMatch(/^From: builder@example.org\r$/m);
    expect(mail?.data).toContain(`.${String(mark)}@`);
    expect(mail?.data).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.data.replaceAll("=\r\n", "")).toContain(`Reason: ${String(reason)}`.slice(0, 60));
    await configure("mail.ini", `[mail]\nto = admins@example.org\nserver = 127.0.0.1\nport = ${port}\nstates = died\n`);
    await fail();
    expect(mails).toHaveLength(1);
  });

  test("logs in with a password that nobody else can read", async () => {
    const { port, mails } = await startSink({ allowInsecureAuth: true });
    await install("mail");
    const secret = await configure("mail.secret", "hunter2\n", 0o600);
    const login = `user = me\npassword_file = ${secret}\n`;
    await configure("mail.ini", `[mail]\nto = a@example.org\nserver = 127.0.0.1\nport = ${port}\n${login}`);
    await fail();
    expect(mails.map(({ user }) => user)).toEqual(["me"]);
    await chmod(secret, 0o644);
    await fail();
    expect(mails).toHaveLength(1);
    expect(await hookLog(host)).toEqual([
      expect.stringMatching(/'50-mail' failed: exit status 1: .*mail\.secret must belong to root or this user/),
    ]);
  });
});

describe("http-post", () => {
  interface Delivery {
    headers: IncomingHttpHeaders;
    body: string;
  }
  /** A server that answers with these statuses, one after the other, the last one for ever. */
  const startReceiver = async (...statuses: number[]): Promise<{ url: string; deliveries: Delivery[] }> => {
    const deliveries: Delivery[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        deliveries.push({ headers: request.headers, body });
        response.writeHead(statuses[Math.min(deliveries.length, statuses.length) - 1] ?? 500, { location: "/elsewhere" }).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/copr`, deliveries };
  };
  const setUp = async (url: string, mode: number): Promise<void> => {
    await install("http-post");
    const secret = await configure("http-post.secret", "hunter2\n", mode);
    await configure("http-post.ini", `[http-post]\nurl = ${url}\nsecret_file = ${secret}\n`);
  };

  test("sends what is signed, and again when the server is in trouble", async () => {
    const { url, deliveries } = await startReceiver(503, 429, 200);
    await setUp(url, 0o600);
    const { mark } = await fail();
    expect(await hookLog(host)).toEqual([]);
    expect(deliveries).toHaveLength(3);
    for (const { headers, body } of deliveries) {
      const timestamp = String(headers["x-copr-timestamp"]);
      expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(120);
      const signature = createHmac("sha256", "hunter2").update(`${timestamp}.${body}`).digest("hex");
      expect(headers["x-copr-signature"]).toBe(`sha256=${signature}`);
      expect(headers).toMatchObject({ "content-type": "application/json", "x-copr-delivery": mark });
      expect(JSON.parse(body)).toMatchObject({ task_id: "7", state: "failed", mark });
    }
  });

  test("follows no redirect, and gives up where the server says no", async () => {
    const { url, deliveries } = await startReceiver(302, 400);
    await setUp(url, 0o600);
    await fail();
    await fail();
    expect(deliveries).toHaveLength(2);
    expect(await hookLog(host)).toEqual(
      [302, 400].map((status) => expect.stringContaining(`exit status 1: The server answered ${status}`)),
    );
  });

  test("uses no secret that others can read", async () => {
    const { url, deliveries } = await startReceiver(200);
    await setUp(url, 0o640);
    await fail();
    expect(deliveries).toEqual([]);
    expect(await hookLog(host)).toEqual([expect.stringMatching(/http-post\.secret must belong to root or this user, with the mode 0600$/)]);
  });
});

test.skipIf(!hasRedis)("redis-queue puts tasks at the end of a list (needs redis-server or valkey-server)", async () => {
  const redis = await startRedis(host.directory, "hunter2");
  onTestFinished(() => redis.close());
  await install("redis-queue");
  const secret = await configure("redis.secret", "hunter2\n", 0o600);
  const settings = `[redis-queue]\nhost = 127.0.0.1\nport = ${redis.port}\ndatabase = 3\npassword_file = ${secret}\nlength = 2\n`;
  await configure("redis-queue.ini", settings);
  const marks: unknown[] = [];
  for (let round = 0; round < 3; round += 1) marks.push((await fail())["mark"]);
  const list = (await redis.ask("-n", "3", "LRANGE", "copr-builder:completed", "0", "-1")).trimEnd().split("\n");
  expect(list.map((line) => (JSON.parse(line) as Record<string, unknown>)["mark"])).toEqual(marks.slice(1));
  await configure("redis.secret", "wrong\n", 0o600);
  await fail();
  expect(await hookLog(host)).toEqual([expect.stringMatching(/exit status 1: Redis answered AUTH with: -WRONGPASS/)]);
});

test.skipIf(!hasSystemJournals)("journald, and the log of the host (needs root and systemd-journald)", async () => {
  const journal = await startSystemJournal();
  onTestFinished(() => journal.close());
  await install("journald");
  const bad = join(hooksDirectory(host), "60-bad");
  await writeFile(bad, "#!/bin/sh\necho 'no way' >&2; exit 4\n", { mode: 0o755 });
  const task = join(host.directory, "task.json");
  await writeFile(task, JSON.stringify(srpmTask(`${host.url}/nothing.src.rpm`, { package_name: "hello" })));
  const words = ["run", "--config", host.config, "--task-file", task, "--state-dir", host.stateDirectory];
  await journal.run([...bin.builder, ...words]);
  await eventually("both entries", async () => (await journal.entries("SYSLOG_IDENTIFIER=copr-builder")).length === 2);
  const [told, failed] = await journal.entries("SYSLOG_IDENTIFIER=copr-builder");
  expect(told).toMatchObject({ COPR_TASK_ID: "7", COPR_STATE: "failed", COPR_PROJECT: "alice/prj", COPR_PACKAGE: "hello", PRIORITY: "4" });
  expect(told?.["MESSAGE"]).toMatch(/^7 failed: /);
  expect(failed).toMatchObject({ MESSAGE: "Task 7: the hook '60-bad' failed: exit status 4: no way", PRIORITY: "4" });
});

test("node-exporter keeps the metrics in a file that is replaced as a whole", async () => {
  const textfiles = join(host.directory, "text files");
  await mkdir(textfiles);
  const path = await install("node-exporter");
  await configure("node-exporter.directory", textfiles);
  // The hook finds the program on its PATH, which is none of ours.
  const program = bin.builder.map((word) => `'${word}'`).join(" ");
  const script = await readFile(path, "utf8");
  await writeFile(path, script.replace(/^copr-builder metrics/m, `${program} metrics`));
  for (let count = 1; count <= 2; count += 1) {
    await fail();
    expect(await hookLog(host)).toEqual([]);
    expect(await readdir(textfiles)).toEqual(["copr-builder.prom"]);
    const metrics = await readFile(join(textfiles, "copr-builder.prom"), "utf8");
    expect(metrics).toContain(`copr_builder_tasks_total{kind="srpm",outcome="failed"} ${count}\n`);
    expect(metrics).toContain(`directory="${host.stateDirectory}"`);
  }
});
