import { join } from "node:path";
import { CoprError } from "../../core/errors.ts";
import { ensureDirectory } from "../../core/files/directories.ts";
import { replaceFile } from "../../core/files/atomic-file.ts";
import type { Ini } from "../../core/text/ini.ts";
import { TaskError } from "../errors.ts";

/** Where rpkg finds the sources of packages of one server; `{scheme}` and `{netloc}` stand for the clone's. */
export interface RpkgServer {
  /** Matches the beginning of the server's name; undefined for all other servers. */
  hostname: RegExp | undefined;
  lookasideUrl: string;
  cloneUrl: string;
}

/**
 * Servers as `main.ini` names them: `[distgit0]`, `[distgit1]`, … and `[main]` for all others. Without that, those of
 * upstream's own file.
 */
export function readRpkgServers(ini: Ini | undefined): RpkgServer[] {
  const servers: RpkgServer[] = [];
  for (let index = 0; ini?.has(`distgit${index}`); index += 1) servers.push(readServer(ini, `distgit${index}`));
  const other = ini === undefined ? undefined : readServer(ini, "main");
  const isConfigured = servers.length > 0 || (other !== undefined && other.cloneUrl + other.lookasideUrl !== "");
  return isConfigured && other !== undefined ? [...servers, other] : shipped;
}

/** Writes `.config/rpkg.conf` below HOME. The server's name comes from a stranger, so it must not end a line or begin an interpolation. */
export async function writeRpkgConfig(home: string, servers: readonly RpkgServer[], url: string): Promise<void> {
  const directory = join(home, ".config");
  await ensureDirectory(directory);
  await replaceFile(join(directory, "rpkg.conf"), rpkgConfig(servers, url));
}

function rpkgConfig(servers: readonly RpkgServer[], url: string): string {
  const { protocol, host } = new URL(url);
  if (!/^[\w.:[\]-]*$/.test(host)) throw new TaskError(`The address of the repository has an odd server name: ${host}`);
  const server = servers.find(({ hostname }) => hostname === undefined || hostname.test(host));
  const fill = (text = ""): string => text.replaceAll("{scheme}", protocol.slice(0, -1)).replaceAll("{netloc}", host);
  return iniText({
    rpkg: { preprocess_spec: "True" },
    git: { anon_clone_url: fill(server?.cloneUrl) },
    lookaside: { download_url: fill(server?.lookasideUrl) },
  });
}

/** Text of an INI file; a value is one line, whatever it holds. */
function iniText(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const lines = Object.entries(sections).map(([section, values]) => {
    const pairs = Object.entries(values).map(([key, value]) => {
      // oxlint-disable-next-line no-control-regex
      if (/[\u0000-\u001f\u007f]/.test(value)) throw new TaskError(`The value of '${key}' for rpkg is not one line`);
      return `${key} = ${value}\n`;
    });
    return `[${section}]\n${pairs.join("")}`;
  });
  return lines.join("\n");
}

function readServer(ini: Ini, section: string): RpkgServer {
  const url = (key: string): string => (ini.get(section, key) ?? "").trim().replace(/^\/+|\/+$/g, "");
  const pattern = section === "main" ? undefined : ini.get(section, "distgit_hostname_pattern");
  if (section !== "main" && !pattern) throw new CoprError(`[${section}] of the configuration has no distgit_hostname_pattern`);
  try {
    const hostname = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})`);
    return { hostname, lookasideUrl: url("distgit_lookaside_url"), cloneUrl: url("distgit_clone_url") };
  } catch (cause) {
    throw new CoprError(`The distgit_hostname_pattern of [${section}] is not a regular expression: ${pattern}`, { cause });
  }
}

const CACHE_PATH = "repo/pkgs/%(repo_path)s/%(filename)s/%(hashtype)s/%(hash)s/%(filename)s";

/** What upstream ships in `main.ini`. */
const shipped: RpkgServer[] = [
  server("src.fedoraproject.org", "https://src.fedoraproject.org", "https://src.fedoraproject.org/%(repo_path)s"),
  server(
    "copr-dist-git.fedorainfracloud.org",
    "http://copr-dist-git.fedorainfracloud.org",
    "http://copr-dist-git.fedorainfracloud.org/git/%(repo_path)s",
  ),
  server("pkgs.fedoraproject.org", "https://src.fedoraproject.org", "git://pkgs.fedoraproject.org/%(repo_path)s"),
  server("src.stg.fedoraproject.org", "https://src.stg.fedoraproject.org", "https://src.stg.fedoraproject.org/%(repo_path)s"),
  server(undefined, "{scheme}://{netloc}", "{scheme}://{netloc}/%(repo_path)s"),
];

function server(hostname: string | undefined, cache: string, cloneUrl: string): RpkgServer {
  return {
    hostname: hostname === undefined ? undefined : new RegExp(`^${hostname.replaceAll(".", "\\.")}`),
    lookasideUrl: `${cache}/${CACHE_PATH}`,
    cloneUrl,
  };
}
