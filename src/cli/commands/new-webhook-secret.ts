import { Command } from "commander";
import { newWebhookSecret as requestSecret, type WebhookSecret } from "../../core/api/index.ts";
import { cleanText } from "../../core/text/clean-text.ts";
import type { Context } from "../context.ts";
import { projectArgument } from "../options/targets.ts";
import { confirm } from "../prompt.ts";
import { formatsOfActs } from "../../core/records/formats.ts";
import { type OutputOptions, printing } from "../output/output.ts";
import type { Shape } from "../../core/records/shape.ts";

const shape: Shape<WebhookSecret> = {
  fields: { id: "known", name: "known", ownername: "known", full_name: "shown", webhook_secret: "shown" },
  text: ({ webhook_secret: secret }) => cleanText(`Generated new token: ${secret}\n`),
};
const printed = printing(shape, { formats: formatsOfActs });

/** `new-webhook-secret`: a new secret for the addresses that forges call. */
export function newWebhookSecret(context: Context): Command {
  const command = new Command("new-webhook-secret")
    .helpGroup("Projects:")
    .summary("make a new secret for a project's webhooks")
    .addArgument(projectArgument());
  return printed
    .addOptions(command)
    .addHelpText(
      "after",
      "\nAsks first, as the old webhook addresses stop working.\n\nExamples:\n  copr-cli new-webhook-secret hello\n  echo yes | copr-cli new-webhook-secret hello",
    )
    .action(async (name: string, options: OutputOptions) => {
      const output = printed.open(context.terminal, options);
      if (!(await confirm(context.terminal, `Generate a new webhook secret for ${name}`))) return;
      const project = await context.project(name);
      const answer = await requestSecret(await context.transport(), project);
      await output.record(answer);
    });
}
