import { basename, delimiter } from "node:path";

/**
 * What changes how programs behave, wherever the tests run: on a desktop, in a job of a CI system, behind a proxy.
 * Certificates of the site's own cost each start of Node 20 more than the rest of it; the tests' servers are on loopback.
 */
const variables =
  /^(CI|(CI|COPR|GIT|GITHUB|GITLAB|KRB5|RPM)_.*|KRB5.*|LC_.*|XDG_\w+_HOME|(NO|FORCE)_COLOR|(BASH_)?ENV|BROWSER|DISPLAY|EDITOR|EMAIL|LANG|LANGUAGE|NODE_EXTRA_CA_CERTS|PAGER|SOURCE_DATE_EPOCH|TZ|VISUAL|WAYLAND_DISPLAY|(https?|all|no)_proxy)$/i;

/** Makes the environment of all tests the same. Those that need a variable set it; `COPR_TEST_…` tells the tests themselves. */
export function setup(): void {
  for (const name of Object.keys(process.env)) {
    if (variables.test(name) && !name.startsWith("COPR_TEST_")) delete process.env[name];
  }
  process.env["PATH"] = withoutShims(process.env["PATH"] ?? "");
}

/** The shims of version managers (pyenv, rbenv, asdf) start ten programs to find the one that was asked for; no builder has them. */
function withoutShims(path: string): string {
  return path
    .split(delimiter)
    .filter((directory) => basename(directory) !== "shims")
    .join(delimiter);
}
