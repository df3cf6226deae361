import { Command } from "commander";
import { newWebhookSecret as requestSecret } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { confirm } from "../prompt.ts";

/** `new-webhook-secret`: a new secret for the addresses that forges call. */
export function newWebhookSecret(context: Context): Command {
  return new Command("new-webhook-secret")
    .helpGroup("Projects:")
    .summary("make a new secret for a project's webhooks")
    .addArgument(projectArgument())
    .addHelpText(
      "after",
      "\nAsks first, as the old webhook addresses stop working.\n\nExamples:\n  copr-cli new-webhook-secret hello\n  echo yes | copr-cli new-webhook-secret hello",
    )
    .action(async (name: string) => {
      if (!(await confirm(context.terminal, `Generate a new webhook secret for ${name}`))) return;
      const project = await context.project(name);
      const { webhook_secret: secret } = await requestSecret(await context.transport(), project);
      context.terminal.out(cleanText(`Generated new token: ${secret}\n`));
    });
}
