import { isReadableByOthers } from "../../core/account/config-file.ts";
import type { KnownAccount } from "../../core/account/account-status.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Whether there is a configuration that can be used, and whether others may read the token in it. */
export function* checkConfiguration({ status, config, error }: KnownAccount): Generator<Finding> {
  const { ok, warning, failed } = findingsOf("configuration");
  const { path, source, instance } = status;
  if (config === undefined) {
    yield failed(status.message ?? "It can't be used.", error?.hint ?? "Mend the file, or let copr-cli login make a new one.");
  } else if (path === null && source === "environment") {
    yield ok("It comes from the environment; there is no file.");
  } else if (path === null) {
    yield warning("There is no configuration, so only what is public can be read.", "copr-cli login makes one.");
  } else {
    yield ok(`${path}${instance === null ? "" : `, the instance '${instance}',`} names ${config.coprUrl}.`);
  }
  if (path !== null) yield checkPrivacy(path, status.source === "file" && status.method === "token");
}

function checkPrivacy(path: string, hasToken: boolean): Finding {
  const { ok, warning, failed } = findingsOf("privacy");
  if (!isReadableByOthers(path)) return ok(`Only its owner can read ${path}.`);
  const advice = `chmod 600 ${path}`;
  if (!hasToken) return warning(`Other users of this machine can read ${path}.`, `${advice} keeps it private.`);
  return failed(
    `Other users of this machine can read the API token in ${path}.`,
    `${advice}, and copr-cli new-api-token makes the old one void.`,
  );
}
