import type { Rule } from "./rule.ts";
import { scripts } from "./phases.ts";

const ofNetwork = { category: "network-in-build", certainty: "decisive", phases: scripts } as const;
const makeItASource = "The build wants to download: make what it fetches a Source, or allow the network in the project (--enable-net on).";

/** Tools that fetch what they build from, and how they say that they can't. */
export const downloads: readonly Rule[] = [
  {
    ...ofNetwork,
    name: "bazel-fetch",
    needles: ["during the fetch of repository", "Error in download", "Error downloading ["],
    pattern:
      /^ERROR: (?:\S{1,300}: )?An error occurred during the fetch of repository '(?<repository>[^']{1,200})'|^Error in download\w{0,20}: .{1,300}/,
    follow: { pattern: /^Error in download/, within: 8, max: 1 },
    advice: "Bazel wants to download: make what it fetches a Source (--distdir, --repository_cache), or allow the network in the project.",
    example: `
Starting local Bazel server and connecting to it...
=> ERROR: An error occurred during the fetch of repository 'rules_java':
   Traceback (most recent call last):
	File "/builddir/.cache/bazel/external/bazel_tools/tools/build_defs/repo/http.bzl", line 132, column 45, in _http_archive_impl
		download_info = ctx.download_and_extract(
Error in download_and_extract: java.io.IOException: Error downloading [https://example.org/rules_java-5.5.1.tar.gz]
ERROR: Build did NOT complete successfully (1 packages loaded)`,
  },
  {
    ...ofNetwork,
    name: "cmake-download",
    needles: ["file DOWNLOAD ", "Each download failed!", "error: downloading '", "Failed to clone repository: '"],
    pattern:
      /^ {2}(?:file DOWNLOAD (?:cannot|HASH|failed|error)|Each download failed!|error: downloading '(?<url>[^']{1,300})' failed)|^ {2}Failed to clone repository: '(?<git>[^']{1,300})/,
    follow: { pattern: /^ {4}status: \[|^ {8,14}status_code: /, within: 6, max: 1 },
    advice: ({ url, git }) =>
      `CMake wants to download${(url ?? git) === undefined ? "" : ` ${url ?? git}`}: make it a Source (FETCHCONTENT_SOURCE_DIR_…), or use the distribution's package.`,
    example: `
CMake Error at cmake/fetch.cmake:18 (file):
=>   file DOWNLOAD cannot compute hash on failed download

    status: [6;"Could not resolve hostname"]
-- Configuring incomplete, errors occurred!`,
  },
  {
    ...ofNetwork,
    name: "meson-wrap-download",
    needles: ["could not get https", "could not get http", "is the internet available"],
    pattern: /(?:ERROR|WrapException): (?:could not get (?<url>https?:\S{1,300})|.{0,200}is the internet available)/,
    advice: "Meson wants to download a subproject: add the package that replaces it to BuildRequires, or make it a Source.",
    example: `
Downloading frob source from https://example.org/frob-1.0.tar.xz
=> meson.build:12:0: ERROR: could not get https://example.org/frob-1.0.tar.xz is the internet available?`,
  },
  {
    ...ofNetwork,
    name: "network-entity",
    certainty: "likely",
    needles: ["Attempt to load network entity", 'failed to load external entity "http', 'failed to load "http'],
    pattern: /Attempt to load network entity (?<url>\S{1,300})|failed to load (?:external entity )?"(?<other>https?:[^"]{1,300})"/,
    advice: "The style sheets or the DTD are fetched from the network: add docbook-style-xsl or docbook-dtds to BuildRequires.",
    example: `
xmlto -o man man tool.xml
=> I/O error : Attempt to load network entity http://docbook.sourceforge.net/release/xsl/current/manpages/docbook.xsl
warning: failed to load external entity "http://docbook.sourceforge.net/release/xsl/current/manpages/docbook.xsl"
make[2]: *** [Makefile:900: man/tool.1] Error 1`,
  },
  {
    ...ofNetwork,
    name: "rebar-fetch",
    needles: ["===> Failed to fetch", "===> Failed to update", "===> Failed to download"],
    pattern: /^===> Failed to (?:fetch|download) .{1,300}|^===> Failed to update (?:package|registry|index).{1,300}/,
    which: "last",
    advice: "rebar3 wants to download: add the packages of its dependencies to BuildRequires, or vendor them.",
    example: `
===> Verifying dependencies...
===> Failed to update package cowlib from repo hexpm
=> ===> Failed to fetch and copy dep: {pkg,<<"cowlib">>,<<"2.13.0">>,undefined,undefined}`,
  },
  {
    ...ofNetwork,
    name: "maven-transfer",
    needles: "Could not transfer artifact ",
    pattern:
      /Could not transfer artifact (?<artifact>\S{1,200}) .{0,400}(?:Unknown host|Temporary failure|Connection refused|Network is unreachable|No such host|Connect timed out|Name or service)/,
    unless: /^\[WARN/,
    advice: ({ artifact }) => `Maven wants to download ${artifact}: build with %mvn_build or -o, and add mvn(…) to BuildRequires.`,
    example: `
[INFO] BUILD FAILURE
=> [ERROR] Failed to execute goal on project x: Could not resolve dependencies for project org.x:x:jar:1.0: Could not transfer artifact org.y:y:pom:2.0 from/to central (https://repo.maven.apache.org/maven2): repo.maven.apache.org: Unknown host repo.maven.apache.org -> [Help 1]`,
  },
  {
    ...ofNetwork,
    name: "package-tool-download",
    certainty: "sure",
    needles: [
      "Could not reach host ",
      "Unable to download data from http",
      "Got socket error trying to find package",
      "All attempts to connect to ",
      "curl error ",
      "Error when performing the request to http",
      "error: Import 'http",
      "error sending request for url",
      "<urlopen error ",
      "ConnectTimeoutError",
      "Failed to establish a new connection",
      "HttpRequestException: ",
      "Unable to load the service index",
      "from remote source 'http",
    ],
    pattern:
      /^.{0,200}(?:Could not reach host \S{1,200}|Unable to download data from https?:\S{1,200}|Got socket error trying to find package|All attempts to connect to \S{1,200} failed|curl error \d{1,3} while downloading|Error when performing the request to https?:|error: Import 'https?:|error sending request for url \(|<urlopen error (?!\[Errno 2\])|Failed to establish a new connection|Unable to load the service index|Failed to retrieve information about '.{1,100}' from remote source)/,
    unless: /^(?:ok|PASS|#|E  )\b|warning|WARNING|Retry\(|\bRetrying\b|will retry/,
    which: "last",
    advice: makeItASource,
    example: `
+ bundle install --local
Fetching gem metadata from https://rubygems.org/.
=> Could not reach host index.rubygems.org. Check your network connection and try again.`,
  },
  {
    ...ofNetwork,
    name: "network-of-test",
    phases: ["check"],
    needles: ["FAILED "],
    pattern:
      /^FAILED \S{1,300} - .{0,200}(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|NameResolutionError|Max retries exceeded|Failed to resolve|getaddrinfo failed|Could not resolve host|\[Errno -[23]\])/,
    advice: "A test wants the network: leave it out (-m 'not network', -k), or allow the network in the project (--enable-net on).",
    example: `
E       socket.gaierror: [Errno -3] Temporary failure in name resolution
=> FAILED tests/test_resolver.py::test_live - socket.gaierror: [Errno -3] Temporary failure in name resolution
========================= 1 failed, 86 passed in 3.02s =========================`,
  },
];
