import type { Build } from "../core/api/index.ts";
import { cleanText } from "../core/text/clean-text.ts";
import { buildUrl } from "./build-url.ts";
import type { Context } from "./context.ts";
import type { WatchCommandOptions } from "./options/watch.ts";
import { watch } from "./watch.ts";

/** Tells what was submitted, in the words scripts look for, and watches it unless told not to wait. */
export async function submitted(
  context: Context,
  builds: readonly Build[],
  { nowait = false, pollInterval }: WatchCommandOptions & { nowait?: boolean },
): Promise<void> {
  const { coprUrl } = await context.config();
  const ids = builds.map(({ id }) => id);
  const links = ids.map((id) => `  ${buildUrl(coprUrl, id)}\n`).join("");
  context.terminal.out(cleanText(`Build was added to ${builds[0]?.projectname}:\n${links}Created builds: ${ids.join(" ")}\n`));
  if (!nowait) await watch(context, ids, pollInterval);
}
