import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

export const network: readonly Rule[] = [
  {
    name: "network",
    category: "network-in-build",
    certainty: "sure",
    phases: scripts,
    needles: [
      "Could not resolve host",
      "Temporary failure in name resolution",
      "Name or service not known",
      "Network is unreachable",
      "getaddrinfo EAI_AGAIN",
      "getaddrinfo ENOTFOUND",
      "Couldn't resolve host",
      "Could not resolve proxy",
      "unable to resolve host",
      "no such host",
      "Failed to resolve ",
      "server misbehaving",
      "dial tcp: ",
      "UnknownHostException",
      "Unable to connect to ",
      "NameResolutionError",
      "NameServerFailure",
      "unable to connect to server",
    ],
    pattern:
      /Could ?n[o']t resolve (?:host|proxy)(?:: (?<host>[\w.-]{1,200}))?|Temporary failure in name resolution|Name or service not known|Network is unreachable|getaddrinfo E(?:AI_AGAIN|NOTFOUND)(?: (?<node>[\w.-]{1,200}))?|unable to resolve host|dial tcp.{0,200}(?:no such host|server misbehaving|connection refused|i\/o timeout)|UnknownHostException: (?<java>[\w.-]{1,200})|TemporaryNameServerFailure|error: unable to connect to server: /,
    unless: /^(?:ok|PASS|not ok|#|warning: |WARNING|pip: )\b|Retry\(total|will retry|\bRetrying\b/,
    which: "first",
    advice: ({ host, node, java }) =>
      `The build wants to download from ${host ?? node ?? java ?? "the network"}: make what it fetches a Source, or allow the network in the project (--enable-net on).`,
    example: `
+ git clone --depth 1 https://nohost.invalid/third/party.git vendor/party
=> fatal: unable to access 'https://nohost.invalid/third/party.git/': Could not resolve host: nohost.invalid`,
  },
  {
    name: "pip-network",
    category: "network-in-build",
    certainty: "decisive",
    phases: scripts,
    needles: "Retrying (Retry(",
    pattern:
      /^\s{0,12}WARNING: Retrying \(Retry\(total=\d.{0,400}(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|Connection refused|NameResolutionError|timed out).{0,60}?: (?<path>\/\S{1,200})?/,
    advice: ({ path }) =>
      `pip wants to download${path === undefined ? "" : ` ${path.replace(/^\/simple\/|\/$/g, "")}`}: add its python3dist() to BuildRequires and build without isolation.`,
    example: `
  error: subprocess-exited-with-error
=>       WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<HTTPSConnection>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/flit-core/
      ERROR: Could not find a version that satisfies the requirement flit-core>=3 (from versions: none)`,
  },
  {
    name: "cargo-network",
    category: "network-in-build",
    certainty: "decisive",
    phases: scripts,
    needles: ["Could not resolve hostname", "Couldn't resolve host name"],
    pattern: /^ {2}\[\d{1,3}\] Could(?: not|n't) resolve host/,
    advice: "cargo wants to download crates: vendor them as a Source, or add their crate(NAME) to BuildRequires.",
    example: `
    Updating crates.io index
warning: spurious network error (3 tries remaining): [6] Could not resolve hostname (Could not resolve host: index.crates.io)
error: failed to get \`libc\` as a dependency of package \`x v0.1.0\`

Caused by:
=>   [6] Could not resolve hostname (Could not resolve host: index.crates.io)`,
  },
  {
    name: "download-in-build",
    category: "network-in-build",
    certainty: "likely",
    phases: scripts,
    needles: [
      "curl: (",
      "error: failed to download",
      "Failed to download",
      "wget: ",
      "SSL error downloading",
      "failed to fetch",
      "ERROR: Could not find a version",
    ],
    pattern:
      /^(?:curl: \((?:6|7|28)\) .{1,300}|error: failed to download .{1,300}|wget: unable to .{1,200}|.{0,100}SSL error downloading .{1,200}|error: failed to fetch .{1,300})/,
    advice: "The build wants to download: make what it fetches a Source, or allow the network in the project (--enable-net on).",
    example: `
+ ./fetch-models.sh
=> curl: (7) Failed to connect to example.org port 443 after 0 ms: Could not connect to server`,
  },
];
