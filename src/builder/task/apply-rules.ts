import type { BuildTask } from "../../core/task/build-task.ts";
import { shellLine } from "../../core/text/shell-line.ts";
import { bytesText } from "../cost/amounts.ts";
import type { CgroupLimits } from "../cost/cgroup.ts";
import { readHostRules } from "../host/host-rules.ts";
import { grantFor, type TaskGrant } from "../host/task-rules.ts";
import type { Settings } from "../settings.ts";

/** Who limits the programs of a task; returns the reasons of what can't be limited on this host. */
type Limiter = (limits: CgroupLimits) => Partial<Record<keyof CgroupLimits, string>>;

/**
 * Gives a task what the rules of the host say, and tells that in its log, above all what can't be given. The time and the
 * options of mock are left to the caller. Throws CoprError where the rules can't be read.
 */
export async function applyRules(
  task: BuildTask,
  { settings, limit, say }: { settings: Pick<Settings, "hostRulesPath">; limit: Limiter; say: (text: string) => void },
): Promise<TaskGrant> {
  const grant = grantFor((await readHostRules(settings.hostRulesPath)).taskRules, task);
  const { memory, cpuWeight, timeLimit, mockOptions = [] } = grant;
  const refused = memory === undefined && cpuWeight === undefined ? {} : limit({ memory, cpuWeight });
  const given = [
    ...(memory === undefined || refused.memory !== undefined ? [] : [`at most ${bytesText(memory)} of memory`]),
    ...(cpuWeight === undefined || refused.cpuWeight !== undefined ? [] : [`CPU weight ${cpuWeight}`]),
    ...(timeLimit === undefined ? [] : [`at least ${timeLimit} s of time`]),
    ...(mockOptions.length === 0 ? [] : [`options of mock: ${shellLine(mockOptions)}`]),
  ];
  if (given.length > 0) say(`Rules of this host: ${given.join(", ")}`);
  if (memory !== undefined && refused.memory !== undefined) say(cannot(`limit memory to ${bytesText(memory)}`, refused.memory));
  if (cpuWeight !== undefined && refused.cpuWeight !== undefined) say(cannot(`give CPU weight ${cpuWeight}`, refused.cpuWeight));
  return grant;
}

function cannot(what: string, reason: string): string {
  return `Rules of this host can't be kept: it can't ${what}, as ${reason}`;
}
