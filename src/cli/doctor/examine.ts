import { type KnownAccount, knownAccount } from "../../core/account/account-status.ts";
import { clientOf } from "../account/asked-account.ts";
import type { Context } from "../context.ts";
import type { ConfigChoice, ConfigPlace } from "../../core/account/config-place.ts";
import { checkCertificate } from "./check-certificate.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkKerberos } from "./check-kerberos.ts";
import { checkTools, checkVersions } from "./check-machine.ts";
import { checkServer } from "./check-server.ts";
import { checkToken } from "./check-token.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** All checks, one after the other. */
export async function* examine(context: Context, place: ConfigPlace & { choice: ConfigChoice }): AsyncGenerator<Finding> {
  yield checkVersions();
  const known = await knownAccount(place.choice, place);
  yield* checkConfiguration(known);
  yield* checkFrontend(context, known);
  yield* checkTools();
}

async function* checkFrontend(context: Context, known: KnownAccount): AsyncGenerator<Finding> {
  const { config } = known;
  if (config === undefined) {
    yield findingsOf("server").skipped("Without a configuration that can be read there is no server to look at.");
    return;
  }
  const client = clientOf(context, config);
  let isUsable = true;
  try {
    for await (const finding of checkServer(client)) {
      isUsable &&= finding.name !== "server" || finding.state === "ok";
      yield finding;
    }
  } finally {
    await client.close();
  }
  yield await checkCertificate(config.coprUrl);
  yield await checkToken(context, known, isUsable);
  yield await checkKerberos(config);
}
