import { machine } from "node:os";
import { readPreamble } from "../../core/packaging/spec-evaluator/preamble.ts";
import { SpecError } from "../../core/packaging/spec-evaluator/spec-error.ts";
import type { PreambleTags } from "../../core/packaging/spec-evaluator/tags.ts";
import type { SrpmTask } from "../../core/task/build-task.ts";
import type { TaskContext } from "../task/task-context.ts";
import { isPlainName, isPlainVersion, type SourceHeader } from "./rpm-query.ts";
import { taskMacros } from "./spec-surroundings.ts";

/** What a build is called at the frontend, for all its chroots. */
export interface PackageIdentity {
  name: string;
  epoch: number | null;
  version: string;
  release: string;
}

/**
 * As the spec file has it with an empty `%dist`: the header of a package that was made elsewhere names the distribution it
 * was made on. Upstream asks rpm's own parser, which runs what a stranger wrote; here nothing is run, and the header tells
 * what is not understood.
 */
export async function packageIdentity(
  context: TaskContext,
  task: SrpmTask,
  header: SourceHeader,
  spec: readonly string[],
): Promise<PackageIdentity> {
  const macros = [...(await hostDistribution(context)), ...taskMacros(context, task), ["dist", ""] as [string, string]];
  const { name, epoch, version, release } = evaluate(spec, macros) ?? {};
  return {
    name: name !== undefined && isPlainName(name) ? name : header.name,
    epoch: epoch === null ? null : epoch !== undefined && /^\d{1,10}$/.test(epoch) ? Number(epoch) : header.epoch,
    version: version !== undefined && isPlainVersion(version) ? version : header.version,
    release: release !== undefined && isPlainVersion(release) ? release : header.release,
  };
}

function evaluate(spec: readonly string[], macros: Iterable<[string, string]>): PreambleTags | undefined {
  try {
    return readPreamble(spec, { macros, architecture: machine() });
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

/** By these a spec file tells distributions. One version has to do for all of them: the builder's own, as upstream has it. */
const distributionNames = [
  "fedora",
  "rhel",
  "centos",
  "epel",
  "suse_version",
  "sle_version",
  "is_opensuse",
  "mageia",
  "mgaversion",
  "amzn",
];

async function hostDistribution(context: TaskContext): Promise<[string, string][]> {
  const { exitCode, stdout } = await context.capture(["rpm", "--eval", distributionNames.map((name) => `%{?${name}}`).join("|")]);
  const values = exitCode === 0 ? stdout.toString().trim().split("|") : [];
  return distributionNames.flatMap((name, index): [string, string][] => {
    const value = values[index] ?? "";
    return /^\w+$/.test(value) ? [[name, value]] : [];
  });
}
