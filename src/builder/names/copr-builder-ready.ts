import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { exists, isWritable } from "../../core/files/directories.ts";
import { findFile, findProgram } from "../../core/process/find-program.ts";
import { chrootNamePattern } from "../../core/task/names.ts";
import { builderExitCodes } from "../errors.ts";
import { shortageOfSpace } from "../state/free-space.ts";
import { readHostRules } from "../host/host-rules.ts";
import { matchesPattern } from "../host/pattern.ts";
import { type BuilderHost, addHostOptions, type HostOptions, readHost } from "../options.ts";
import { print, printError } from "../terminal.ts";
import { parseWords } from "./parse-words.ts";

interface Options extends HostOptions {
  timeout: number;
}

/** Exists once the machine has its subscription. */
const subscribedPath = "/run/copr-builder/rhsm-subscribed";

/** What copr-backend says instead of a chroot when it wants a source package made. */
const SOURCE_BUILDS = "srpm-builds";
const POLL_MS = 500;
const ATTEMPT_MS = 30_000;

/** The command line of `copr-builder-ready`. */
export function createProgram(): Command {
  return addHostOptions(new Command("copr-builder-ready"))
    .summary("tell whether this machine can build in a chroot")
    .description("Tells whether this machine can do a task, and waits for its Red Hat subscription where the chroot needs one.")
    .argument("[chroot]", "chroot of the task, or srpm-builds")
    .option("--timeout <seconds>", "how long to wait for the subscription", seconds, 600)
    .option("--version", "print the version")
    .allowExcessArguments();
}

/**
 * `copr-builder-ready`: the last question before a task is given to a machine. Standard output goes to copr-backend's
 * log, so it is short and ASCII. Resolves to 0 or 1.
 */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram();
  if (!parseWords(program, words)) return builderExitCodes.ok;
  const [chroot] = program.args;
  if (chroot === undefined) {
    printError("usage: copr-builder-ready CHROOT\n");
    return builderExitCodes.failed;
  }
  const options = program.opts<Options>();
  const host = await readHost(options, { isForBackend: true });
  if (!(await hasChroot(host, chroot))) return builderExitCodes.failed;
  const { subscriptionChroots } = await readHostRules(host.settings.hostRulesPath);
  if (!subscriptionChroots.some((pattern) => matchesPattern(chroot, pattern))) say(`Red Hat subscription not needed for ${chroot}`);
  else if (!(await waitForSubscription(options.timeout * 1000))) return builderExitCodes.failed;
  const objection = await objectionTo(host);
  if (objection !== undefined) {
    say(objection);
    return builderExitCodes.failed;
  }
  if (host.settings.buildroot === "mock" && !(await findProgram("mock"))) say("Warning: mock is not installed");
  say("Builder is ready to be used");
  return builderExitCodes.ok;
}

async function hasChroot({ settings }: BuilderHost, chroot: string): Promise<boolean> {
  if (chroot === SOURCE_BUILDS) return true;
  const path = join(settings.mockConfigDirectory, `${chroot}.cfg`);
  const isFile = await stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
  if (isFile && chrootNamePattern.test(chroot)) return true;
  say(`Chroot config ${settings.mockConfigDirectory}/${chroot}.cfg not found`);
  return false;
}

/** Looks often, but tells it as rarely as upstream. */
async function waitForSubscription(timeoutMs: number): Promise<boolean> {
  const began = Date.now();
  let attempt = 0;
  for (;;) {
    if (Date.now() >= began + attempt * ATTEMPT_MS) say(`Checking Red Hat subscription (attempt #${(attempt += 1)})`);
    if (await exists(subscribedPath)) {
      say("Red Hat subscription active");
      return true;
    }
    if (Date.now() > began + timeoutMs) {
      say("Waiting for Red Hat subscription timeouted!");
      return false;
    }
    await sleep(POLL_MS);
  }
}

/** Why no task could work here; copr-backend then takes another machine, where a task that fails would fail the user's build. */
async function objectionTo({ settings, slots: [directory] }: BuilderHost): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  if (!(await isWritable(directory.path))) return `This user can't write to the state directory ${directory.path}`;
  if ((await exists(directory.lock)) && !(await isReadable(directory.lock))) return `This user can't open the lock file ${directory.lock}`;
  if (settings.buildroot === "mock" && (await findFile("mock")) && !(await findProgram("mock"))) return "This user can't execute mock";
  return shortageOfSpace({ directory, settings, buildroot: settings.buildroot });
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function say(text: string): void {
  print(`${text.slice(0, 500).replace(/[^\x20-\x7e]/g, "?")}\n`);
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It is no number of seconds.");
  return Number(text);
}
