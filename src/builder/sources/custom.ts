import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { Source } from "../../core/task/build-task.ts";
import { fetchToFile } from "../../core/http/fetch-file.ts";
import { withoutSecrets } from "../../core/text/without-secrets.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import { TaskError } from "../errors.ts";
import { FetchOutage } from "../task/fetch-outage.ts";
import type { TaskContext } from "../task/task-context.ts";
import { requireProgram } from "./required-program.ts";
import type { SourceProvider } from "./source.ts";

/** GitHub sends no webhook larger than 25 MB. */
const MAX_PAYLOAD_BYTES = 64 * 1024 ** 2;

/** A script of the user's that writes a spec file and sources. */
export const custom: SourceProvider<"custom"> = {
  type: "custom",
  async produceSrpm(context, { task, source, buildroot }) {
    if (buildroot.name === "mock") await requireProgram(context, "mock");
    const script = join(context.workDirectory, "script");
    await replaceFile(script, source.script);
    await chmod(script, 0o755);
    await buildroot.runScript(context, task, { source, script, payload: await fetchPayload(context, source) });
  },
};

/** What a webhook sent to the frontend. It is published beside the results, as upstream does. */
async function fetchPayload(
  { settings, results, transport, signal, log }: TaskContext,
  source: Extract<Source, { type: "custom" }>,
): Promise<string | undefined> {
  if (source.hook_data === undefined) return undefined;
  if (settings.frontendUrl === undefined || !source.tmp) {
    throw new TaskError(
      "The task has a webhook's payload, but there is no frontend_url in the configuration, or no directory, to get it from",
    );
  }
  const path = join(results, "hook_payload");
  const url = `${settings.frontendUrl}/tmp/${source.tmp}/hook_payload`;
  log.say(`Downloading ${withoutSecrets(url)}`);
  const outage = new FetchOutage("frontend", (_, reason) => log.say(`${reason}; trying again`));
  const options = { signal, maxBytes: MAX_PAYLOAD_BYTES, attempts: settings.fetchAttempts, onRetry: outage.onRetry };
  await fetchToFile(transport, url, path, options).catch((error: unknown) => {
    throw outage.named(error, url);
  });
  return path;
}
