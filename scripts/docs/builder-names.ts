import type { Command } from "commander";
import { createProgram as createCleanup } from "../../src/builder/names/copr-builder-cleanup.ts";
import { createProgram as createReady } from "../../src/builder/names/copr-builder-ready.ts";
import { createProgram as createSubscribe } from "../../src/builder/names/copr-builder-rhsm-subscribe.ts";
import { createProgram as createCancel } from "../../src/builder/names/copr-rpmbuild-cancel.ts";
import { createProgram as createLog } from "../../src/builder/names/copr-rpmbuild-log.ts";
import { createProgram as createRpmbuild } from "../../src/builder/names/copr-rpmbuild.ts";
import { createProgram as createSourcesCustom } from "../../src/builder/names/copr-sources-custom.ts";
import { describeCommand, describeProgram, type ProgramDoc } from "./command-tree.ts";
import type { CompanionDoc } from "./companions.ts";

/** The command line of copr-rpmbuild, which has no commands. */
export function rpmbuildTree(): ProgramDoc {
  return describeProgram("copr-rpmbuild", createRpmbuild());
}

/** The programs that copr-rpmbuild(1) explains beside its own. */
export function rpmbuildCompanions(): CompanionDoc[] {
  return [
    fromTree(createCancel()),
    fromTree(createLog()),
    { name: "copr-rpmbuild-loggify", summary: "filter a log: take out what controls a terminal", command: undefined },
    fromTree(createSourcesCustom()),
    fromTree(createReady()),
    fromTree(createCleanup()),
    fromTree(createSubscribe()),
    { name: "copr-builder-rhsm-subscribe-daemon", summary: "register this machine with Red Hat, until it works", command: undefined },
  ];
}

/** The program that copr-cli(1) explains beside its own. */
export function cliCompanions(): CompanionDoc[] {
  return [{ name: "package-build-order", summary: "list packages in the order in which they were built", command: undefined }];
}

/** Programs beside copr-cli and copr-builder, with one line each. */
export function otherPrograms(): CompanionDoc[] {
  const command = describeCommand(createRpmbuild());
  return [{ name: command.name, summary: command.summary, command }, ...rpmbuildCompanions(), ...cliCompanions()];
}

function fromTree(program: Command): CompanionDoc {
  const command = describeCommand(program);
  return { name: command.name, summary: command.summary, command };
}
