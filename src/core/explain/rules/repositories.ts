import type { Rule } from "./rule.ts";
import { installations } from "./phases.ts";

/** dnf's word on one file that it could not have, with the reason and the address. */
const failedDownload =
  /^[\s>-]*(?:\[MIRROR\] )?.{0,200}?(?:Curl error \(\d{1,3}\): (?<what>[^[\]]{1,200}?) for (?<from>[a-z]{3,5}:\/\/\S{1,300})|(?<status>Status code: \d{3}) for (?<url>[a-z]{3,5}:\/\/\S{1,300}))/;

/** Where a repository is, and what its server does. Servers of another host than the repository's are mirrors of another one. */
function placeOf({ address, from, url, what, status }: Record<string, string>): string {
  const asked = hostOf(from ?? url);
  const host = hostOf(address) ?? asked;
  const reason = host === asked ? (what ?? status) : undefined;
  return `${host === undefined ? "" : ` at ${host}`} can't be reached${reason === undefined ? "" : ` (${reason})`}`;
}

function hostOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  return new URL(address).host || undefined;
}

export const repositories: readonly Rule[] = [
  {
    name: "metadata-checksum",
    category: "repo-corrupt",
    certainty: "sure",
    phases: installations,
    needles: [
      "Checksum error",
      "checksum doesn't match",
      "checksum does not match",
      "Downloading successful, but checksum",
      "repomd.xml GPG signature verification error",
      "Bad GPG signature",
      "corrupt",
    ],
    pattern:
      /(?:Librepo error|Error|error|Errors?|\[MIRROR\]|repo).{0,300}(?:Checksum error|[Cc]hecksum (?:doesn't|does not) match|GPG signature verification error|Bad GPG signature|is corrupt)|Downloading successful, but checksum doesn't match/,
    advice:
      "Metadata or a package of a repository does not have the checksum it should have, often while it is being updated: build again later.",
    example: `
Failed to download metadata
 Error loading local metadata for repository "fedora"
=>   Librepo error: Checksum error /var/lib/mock/x/root/var/cache/dnf/fedora-2d95/repodata/4944-primary.xml.zck: Unable to read zchunk lead`,
    in: "chroot-setup",
  },
  {
    name: "package-signature",
    category: "repo-corrupt",
    certainty: "decisive",
    phases: installations,
    needles: [
      "GPG check FAILED",
      "is not signed",
      "Public key for ",
      "GPG key retrieval failed",
      "PGP check for package",
      "Failed to retrieve GPG key",
      "The GPG keys listed",
      "signature could not be verified",
      "does not verify",
      "NOKEY",
    ],
    pattern:
      /^(?:Error: )?(?:GPG check FAILED|Package (?<package>\S{1,200}) is not signed|GPG key retrieval failed|The GPG keys listed for|.{0,200}\. The GPG keys listed for|\S{0,60} ?signature could not be verified|Public key for (?<keyed>\S{1,200}) is not installed|Failed to retrieve GPG key for repo|.{0,200}PGP check for package .{1,300} has failed|.{0,200}package .{1,200} does not verify)/,
    advice: "A package is not signed with a key that this chroot trusts: add the repository's key, or build again when it is signed.",
    example: `
Downloading Packages:
=> Public key for frob-1-1.x86_64.rpm is not installed. Failing package is: frob-1-1.x86_64
Error: GPG check FAILED`,
    in: "builddeps",
  },
  {
    name: "repository-metadata",
    category: "repo-unreachable",
    certainty: "sure",
    phases: installations,
    needles: [
      "Failed to download metadata for repo",
      "Cannot retrieve repository metadata",
      "Cannot download repomd.xml",
      "failure: repodata/repomd.xml",
      "Cannot find a valid baseurl",
      "Cannot prepare internal mirrorlist",
      "Failed to synchronize cache for repo",
      "Failed to download metadata (",
      "Cannot retrieve metalink",
      "Cannot retrieve repository",
    ],
    pattern:
      /^(?:Error: |Error {2})?(?:Failed to (?:download metadata for repo|synchronize cache for repo) ['‘]?(?<repository>[^'’:]{1,200})|Cannot retrieve (?:repository metadata|metalink)|failure: repodata\/repomd\.xml from (?<failed>\S{1,100})|Cannot find a valid baseurl for repo: (?<valid>\S{1,100})|Failed to download metadata \((?:\w{1,20}: "(?<address>[^"]{1,500})"\)(?: for repository "(?<named>[^"]{1,200})")?)?)/,
    unless: /parser error|GPG signature verification/,
    context: failedDownload,
    advice: ({ repository, failed, valid, named, ...facts }) =>
      `The repository ${repository ?? failed ?? valid ?? named ?? "of this chroot"}${placeOf(facts)}: check its address, or build again later.`,
    example: `
Errors during downloading metadata for repository 'copr_base':
  - Curl error (37): Couldn't read a file:// file for file:///nonexistent/repo/repodata/repomd.xml
=> Error: Failed to download metadata for repo 'copr_base': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried`,
    in: "chroot-setup",
  },
  {
    name: "repository-download",
    category: "repo-unreachable",
    certainty: "likely",
    phases: installations,
    needles: [
      "Status code: ",
      "Curl error (",
      "curl#",
      "Could not resolve host",
      "All mirrors were tried",
      "No more mirrors to try",
      "Failed to download packages",
      "Error downloading packages",
      "Librepo error: ",
      "Usable URL not found",
      "Cannot download ",
    ],
    pattern:
      /^[\s>-]*(?:\[MIRROR\] )?(?:14: curl#\d{1,3} - .{1,200}|.{0,200}(?:Status code: (?<status>\d{3}) for (?<url>\S{1,300})|Curl error \((?<curl>\d{1,3})\)(?:: (?<what>[^[\]]{1,200}?) for (?<from>[a-z]{3,5}:\/\/\S{1,300}))?.{0,300}|All mirrors were(?: already)? tried.{0,200}|No more mirrors to try.{0,200}|Usable URL not found.{0,200})|Error downloading packages.{0,300}|Librepo error: .{1,300})/,
    advice: ({ url, from, what }) => {
      const address = url ?? (from === undefined ? undefined : `${from}, ${what}`);
      return `A repository can't be reached${address === undefined ? "" : ` (${address})`}: check its address, or build again later.`;
    },
    example: `
Updating and loading repositories:
=> >>> Status code: 404 for https://example.org/repo/repodata/repomd.xml (IP: 192.0.2.1)
>>> No more mirrors to try - All mirrors were already tried without success`,
    in: "builddeps",
  },
];
