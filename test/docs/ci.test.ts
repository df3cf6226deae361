import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { makeRepository, specText } from "../support/builder-host.ts";
import { blocksBelow, type CiScript, expanded, gitlabScripts, jenkinsScripts, workflowScripts } from "../support/ci-scripts.ts";
import { bin, output, runProgram } from "../support/program.ts";

// The examples of docs/ci.md and the action of packaging/github-action, run as far as a machine without their systems can.

const repository = new URL("../../", import.meta.url);
const fakeBuilder = join(import.meta.dirname, "..", "sandbox", "fixtures", "fake-builder.mjs");
const read = (path: string): Promise<string> => readFile(new URL(path, repository), "utf8");
let directory: string;
let sandbox: Sandbox;
let token: Record<"username" | "login" | "token", string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copr-ci-"));
  sandbox = await startSandbox({
    directory: join(directory, "sandbox"),
    builder: [process.execPath, fakeBuilder],
    chroots: { "fedora-43-x86_64": "" },
  });
  const value = (key: string): string => new RegExp(`^${key} = (.*)$`, "m").exec(sandbox.configText)?.[1] ?? "";
  token = { username: value("username"), login: value("login"), token: value("token") };
  await mkdir(join(directory, "bin"));
  await symlink(bin.cli[1], join(directory, "bin", "copr-cli"));
  // A package manager that has everything already.
  await writeFile(join(directory, "bin", "dnf"), "#!/bin/sh\n[ $# -gt 2 ]\n");
  await chmod(join(directory, "bin", "dnf"), 0o755);
  await mkdir(join(directory, "home", ".config"), { recursive: true });
  const created = await runProgram([...bin.cli, "create", "prj", "--chroot", "fedora-43-x86_64"], {
    env: machine(),
  });
  if (created.exitCode !== 0) throw new Error(created.stderr);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

const machine = (): Record<string, string> => ({
  HOME: join(directory, "home"),
  PATH: `${join(directory, "bin")}:${dirname(process.execPath)}:${process.env["PATH"]}`,
  COPR_URL: sandbox.url,
  COPR_USERNAME: token.username,
  COPR_LOGIN: token.login,
  COPR_TOKEN: token.token,
});

interface Job {
  directory: string;
  env: Record<string, string>;
}

/** The checkout of a package, of another user as in a container, with the project's own tarball as source; and the files of a runner. */
async function startJob(name: string, build = "true"): Promise<Job> {
  const checkout = join(directory, name);
  const spec = specText(name, build, "Source0: %{name}-%{version}.tar.gz");
  await makeRepository(directory, name, { [`${name}.spec`]: spec, "main.c": "int main(void) { return 0; }\n" });
  if (process.getuid?.() === 0) await output(["chown", "--recursive", "1234", checkout]);
  const temporary = join(directory, `${name}-runner`);
  await mkdir(temporary);
  const files = { GITHUB_ENV: join(temporary, "env"), GITHUB_OUTPUT: join(temporary, "output") };
  for (const path of Object.values(files)) await writeFile(path, "");
  return { directory: checkout, env: { ...machine(), RUNNER_TEMP: temporary, ...files } };
}

/** Runs one script as the runner does; resolves to its exit status and all it printed. */
async function runScript(
  job: Job,
  { shell, script, env }: CiScript,
  values: Readonly<Record<string, string>> = {},
): Promise<[unknown, string]> {
  const own = Object.fromEntries(Object.entries(env).map(([key, text]) => [key, expanded(text, values)]));
  // What earlier steps have left for later ones.
  const left = Object.fromEntries(
    (await readFile(job.env["GITHUB_ENV"] as string, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("=", 2)),
  );
  // Waiting every half minute is for others.
  const quick = script.replaceAll("--heartbeat 300", "--heartbeat 300 --poll-interval 1");
  const argv = shell === "bash" ? ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", quick] : ["sh", "-ec", quick];
  const { exitCode, stdout, stderr } = await runProgram(argv, { cwd: job.directory, env: { ...job.env, ...left, ...own } });
  return [exitCode, stdout + stderr];
}

const examples = [
  ["github", "## GitHub Actions", workflowScripts, 4],
  ["gitlab", "## GitLab CI", gitlabScripts, 5],
  ["forgejo", "## Forgejo", workflowScripts, 4],
  ["jenkins", "## Jenkins", jenkinsScripts, 5],
] as const;

test.each(examples)("the example for %s builds, waits and fetches", async (name, heading, scriptsOf, count) => {
  const [block, ...others] = blocksBelow(await read("docs/ci.md"), heading);
  expect(others).toEqual([]);
  const scripts = scriptsOf(block?.text ?? "");
  expect(scripts).toHaveLength(count);
  const job = await startJob(name);
  const values = {
    "vars.COPR_PROJECT": "prj",
    "secrets.COPR_USERNAME": token.username,
    "secrets.COPR_LOGIN": token.login,
    "secrets.COPR_TOKEN": token.token,
  };
  job.env["COPR_PROJECT"] = "prj";
  for (const script of scripts) {
    const [exitCode, told] = await runScript(job, script, values);
    expect(exitCode, `${script.name}: ${told}`).toBe(0);
    expect(told).not.toContain(token.token);
  }
  const packages = await readdir(join(job.directory, "packages", "fedora-43-x86_64"));
  expect(packages.filter((file) => file.endsWith(".rpm")).length).toBeGreaterThan(0);
});

test("a build that fails fails the job, by the exit status of the client", async () => {
  const [block] = blocksBelow(await read("docs/ci.md"), "## GitLab CI");
  const job = await startJob("failing");
  job.env["COPR_PROJECT"] = "prj";
  const statuses: unknown[] = [];
  for (const script of gitlabScripts(block?.text ?? "")) statuses.push((await runScript(job, script))[0]);
  expect(statuses.slice(0, 4)).toEqual([0, 0, 0, 4]);
});

const actionPath = "packaging/github-action/action.yml";

test("no script of an example or of the action has an expression in it, which a shell would read", async () => {
  const document = await read("docs/ci.md");
  const texts = examples.flatMap(([, heading]) => blocksBelow(document, heading).map(({ text }) => text));
  const readme = (await read("packaging/github-action/README.md")).split("```yaml\n")[1]?.split("```")[0] ?? "";
  const workflows = [texts[0], texts[2], readme, await read(actionPath)] as string[];
  for (const text of workflows) for (const { script } of workflowScripts(text)) expect(script).not.toContain("${{");
  // The action is used as it is: it names what the example gives it.
  const { inputs } = parse(await read(actionPath)) as { inputs: Record<string, { required?: boolean }> };
  const { jobs } = parse(readme) as { jobs: Record<string, { steps: { with?: object }[] }> };
  const given = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => Object.keys(step.with ?? {})));
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
  expect(given).toEqual(expect.arrayContaining(Object.keys(inputs).filter((name) => inputs[name]?.required)));
});

test("the action submits, waits and fetches; what is in an input stays text", async () => {
  const action = parse(await read(actionPath)) as { inputs: Record<string, { default?: string }>; outputs: object };
  expect(Object.keys(action.outputs)).toEqual(["build", "page"]);
  const scripts = workflowScripts(await read(actionPath));
  const job = await startJob("acted");
  const inputs: Record<string, string> = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, { default: preset = "" }]) => [name, preset])),
    ...token,
    url: sandbox.url,
    project: "prj",
    chroots: "fedora-*\n\n",
    download: "the packages",
  };
  const values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]));
  const [submit, wait, fetchPackages] = scripts as [CiScript, CiScript, CiScript];
  expect([submit.id, wait.condition, fetchPackages.condition]).toEqual([
    "submit",
    "${{ inputs.wait == 'true' }}",
    "${{ inputs.wait == 'true' && inputs.download != '' }}",
  ]);
  expect(await runScript(job, submit, values)).toEqual([0, ""]);
  const outputs = await readFile(job.env["GITHUB_OUTPUT"] as string, "utf8");
  const build = /^build=(\d+)\npage=http:\S+\/coprs\/build\/\1\n$/.exec(outputs)?.[1] as string;
  const later = { ...values, "steps.submit.outputs.build": build };
  for (const script of [wait, fetchPackages]) expect((await runScript(job, script, later))[0]).toBe(0);
  expect(await readdir(join(job.directory, "the packages"))).toEqual(["fedora-43-x86_64"]);

  const evil = "$(touch owned); `touch owned`; '\"";
  const ofSource = await runScript(job, submit, { ...values, "inputs.source": evil });
  expect(ofSource).toEqual([3, expect.stringContaining(`File ${JSON.stringify(evil).slice(1, -1)} not found`)]);
  const ofChroots = await runScript(job, submit, { ...values, "inputs.chroots": `${evil}\n--help` });
  expect(ofChroots).toEqual([1, expect.stringContaining("is not a valid choice for this field")]);
  expect(await readdir(job.directory)).not.toContain("owned");
});
