import type { Account } from "./models.ts";

/** The page `/api/` for somebody who has signed in: people copy its block into ~/.config/copr. The sandbox has but one visitor. */
export function apiPage(url: string, account: Account): string {
  return `<!DOCTYPE html>\n<html><head><title>API for Copr</title></head><body>\n<h1>Copr API</h1>\n<pre>\n${configText(url, account)}</pre>\n</body></html>\n`;
}

/** What that page shows. */
export function configText(url: string, account: Account): string {
  return [
    "[copr-cli]",
    `login = ${account.login}`,
    `username = ${account.name}`,
    `token = ${account.token}`,
    `copr_url = ${url}`,
    "encrypted = no",
    `# expiration date: ${account.expiration}`,
    "",
  ].join("\n");
}
