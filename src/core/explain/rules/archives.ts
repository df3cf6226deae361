import type { Rule } from "./rule.ts";

export const archives: readonly Rule[] = [
  {
    name: "patch-hunk",
    category: "patch-failed",
    certainty: "sure",
    phases: ["prep"],
    needles: [" hunk FAILED", " hunks FAILED", "hunk ignored", "hunks ignored"],
    pattern: /^(?<count>\d{1,5}) out of \d{1,5} hunks? (?:FAILED|ignored)(?: -- saving rejects to (?:file )?(?<file>.{1,300}))?/,
    which: "last",
    advice: ({ file }) =>
      `A patch does not fit the source any more${file === undefined ? "" : ` (${file.replace(/\.rej$/, "")})`}: rebase it, or take it out if it was accepted upstream.`,
    example: `
+ /usr/bin/patch -p1 -s --fuzz=0 --no-backup-if-mismatch -f
=> 1 out of 1 hunk FAILED -- saving rejects to file setup.cfg.rej`,
  },
  {
    name: "patch-file-missing",
    category: "patch-failed",
    certainty: "decisive",
    phases: ["prep"],
    needles: ["can't find file to patch", "Can't find file to patch", "No file to patch"],
    pattern: /^[Cc]an't find file to patch at input line (?<line>\d{1,7})|^No file to patch\. {1,2}Skipping patch/,
    advice: "A patch names a file that is not in the source: check its -p number, or rebase it.",
    example: `
+ /usr/bin/patch -p1 -s --fuzz=0 --no-backup-if-mismatch -f
=> can't find file to patch at input line 3
Perhaps you used the wrong -p or --strip option?
The text leading up to this was:
--------------------------
|--- a/docs/manual.txt
No file to patch.  Skipping patch.
1 out of 1 hunk ignored`,
  },
  {
    name: "patch-refused",
    category: "patch-failed",
    certainty: "sure",
    phases: ["prep"],
    needles: [
      "patch: ****",
      "Patch format detection failed",
      "Reversed (or previously applied) patch detected",
      "error: patch failed: ",
      "patch does not apply",
      "patch fragment without header",
      "corrupt patch at line",
      "Patch failed at ",
      "sha1 information is lacking",
      "does not exist in index",
      "already exists in working directory",
      "git binary diffs are not supported",
    ],
    pattern:
      /^(?:\S{0,60}\/)?patch: \*\*\*\* (?<message>.{1,200})|^Patch format detection failed|Reversed \(or previously applied\) patch detected|^error: (?:patch failed: (?<file>[^\s:]{1,300})|(?<other>[^\s:]{1,300}): (?:patch does not apply|does not exist in index|already exists in working directory|No such file or directory)|corrupt patch at line|patch fragment without header|sha1 information is lacking)|git binary diffs are not supported|^Patch failed at \d{4}/,
    which: "first",
    advice: ({ file, other }) =>
      `A patch does not apply${(file ?? other) === undefined ? "" : ` to ${file ?? other}`}: rebase it, or take it out if it was accepted upstream.`,
    example: `
+ /usr/bin/git apply --index --reject -
=> error: patch failed: src/main.c:12
error: src/main.c: patch does not apply`,
  },
  {
    name: "patch-not-there",
    category: "source-missing",
    certainty: "sure",
    phases: ["prep"],
    needles: ["/SOURCES/"],
    pattern:
      /(?<file>\/\S{1,200}\/SOURCES\/[^\s:'’]{1,200})['’]?: (?:No such file or directory|Datei oder Verzeichnis nicht gefunden|Aucun fichier ou dossier de ce type|No existe el (?:fichero|archivo) o el directorio)|(?:cannot stat ['‘]|unzip: {1,3}cannot find or open )(?<other>\/\S{1,200}\/SOURCES\/[^'’]{1,200})/,
    which: "last",
    advice: ({ file, other }) =>
      `${(file ?? other)?.split("/").at(-1)} is not among the sources: name it as Source or Patch in the spec file.`,
    example: `
+ cp -p /builddir/build/SOURCES/extra.conf .
=> cp: cannot stat '/builddir/build/SOURCES/extra.conf': No such file or directory`,
  },
  {
    name: "archive-program-missing",
    category: "missing-command",
    certainty: "decisive",
    phases: ["prep"],
    needles: ": Cannot exec: No such file",
    pattern: /^(?:\S{0,60}\/)?tar(?: \(child\))?: (?<program>\S{1,60}): Cannot exec: No such file/,
    advice: ({ program }) => `Add the package that has ${program} to BuildRequires: the archive is packed with it.`,
    example: `
+ tar --use-compress-program=zstd -xf /builddir/build/SOURCES/vendor-1.0.tar.zst
=> tar (child): zstd: Cannot exec: No such file or directory
tar (child): Error is not recoverable: exiting now
/usr/bin/tar: Child returned status 2
/usr/bin/tar: Error is not recoverable: exiting now`,
  },
  {
    name: "archive-of-package-missing",
    category: "missing-file",
    certainty: "decisive",
    phases: ["prep"],
    needles: ": Cannot open: No such file",
    pattern: /^(?:\S{0,60}\/)?tar(?: \(child\))?: (?<file>\/(?:usr|opt|etc|lib|var\/lib|srv)\/\S{1,300}): Cannot open: No such file/,
    advice: ({ file }) =>
      `${file} is not there: it should come from a package that is built or installed before; see that its version fits.`,
    example: `
+ tar --use-compress-program xz -xf /usr/share/frob-kmod-5.2/frob-kmod-5.2-x86_64.tar.xz
=> tar (child): /usr/share/frob-kmod-5.2/frob-kmod-5.2-x86_64.tar.xz: Cannot open: No such file or directory
tar (child): Error is not recoverable: exiting now
tar: Child returned status 2`,
  },
  {
    name: "archive-missing",
    category: "source-missing",
    certainty: "sure",
    phases: ["prep"],
    needles: ": Cannot open: No such file",
    pattern: /^(?:\S{0,60}\/)?tar(?: \(child\))?: (?<file>\S{1,300}): Cannot open: No such file/,
    advice: ({ file }) => `${file?.split("/").at(-1)} is not among the sources: name it as Source in the spec file.`,
    example: `
+ tar -xf ../vendor.tar.gz
=> tar (child): ../vendor.tar.gz: Cannot open: No such file or directory
tar (child): Error is not recoverable: exiting now
tar: Child returned status 2
tar: Error is not recoverable: exiting now`,
  },
  {
    name: "archive-broken",
    category: "source-corrupt",
    certainty: "sure",
    phases: ["prep"],
    needles: [
      "does not look like a tar archive",
      "Unexpected EOF in archive",
      "unexpected end of file",
      "not in gzip format",
      "File format not recognized",
      "is not a bzip2 file",
      "Compressed data is corrupt",
      "invalid compressed data",
      "End-of-central-directory signature not found",
      "unexpected end of input",
      "Unexpected end of input",
      "Unsupported format",
      "crc error",
      "Unrecognized archive format",
      "Truncated ",
      "kein tar-Archiv",
      "ne ressemble pas à une archive",
      "bad zipfile offset",
      "not a zip archive",
      "invalid zip file",
      "unknown archive format",
      "cannot find zipfile directory",
      "Data error in compressed",
      "open the file as archive",
      "Archive file not recognized",
      "is not RAR archive",
    ],
    pattern:
      /^(?:7z\w?: )?ERROR: .{1,300}(?:Can ?not open the file as|is not) (?:an? )?archive$|^error: Archive file not recognized|^unzip: {1,2}cannot find zipfile directory|is not RAR archive$|^(?:(?:\/\S{0,60}\/)?(?:gzip|tar|xz|bzip2|bunzip2|unzip|lzip|zstd|7za?|bsdtar|unrar|lzma|bsdunzip|cpio)|\[\S{1,200}\]|zstd|skipping)\b ?:? ?.{0,300}(?:does not look like a tar archive|Unexpected EOF in archive|[Uu]nexpected end of (?:file|input)|not in gzip format|File format not recognized|is not a bzip2 file|[Cc]ompressed data is corrupt|invalid compressed data|crc error|[Uu]nsupported (?:archive )?format|not a zip archive|[Uu]nknown archive format|kein tar-Archiv|ne ressemble pas à une archive|Unrecognized archive format|Truncated)|End-of-central-directory signature not found|bad zipfile offset|: not a zip archive|^error: {1,2}invalid zip file/,
    advice: "The archive of the source is damaged or not an archive (often a page of an error): download it again.",
    example: `
+ /usr/lib/rpm/rpmuncompress -x /builddir/build/SOURCES/x-1.0.tar.gz
=> /bin/tar: This does not look like a tar archive

gzip: stdin: not in gzip format
/bin/tar: Child returned status 1
/bin/tar: Error is not recoverable: exiting now`,
  },
  {
    name: "signature",
    category: "source-corrupt",
    certainty: "decisive",
    phases: ["prep"],
    needles: ["gpgv: ", "gpg: ", "BAD signature", "gpgverify: ", "Signature verification failed"],
    pattern:
      /^gpgv?2?: (?:Can't check signature|BAD signature|no valid OpenPGP|verify signatures failed|can't open|keydb_search failed|no signature found|not a detached signature|Kann Signatur nicht)|^gpgverify: .{1,200}|[Ss]ignature verification failed/,
    unless: /can't open .*trustedkeys/,
    advice: "The signature of the source does not fit the archive or the key in the spec file: update the key, or download both again.",
    example: `
gpgv: Signature made Mon 05 Jan 2026 10:00:00 AM UTC
gpgv:                using RSA key 0123456789ABCDEF
=> gpgv: Can't check signature: No public key`,
  },
  {
    name: "checksum",
    category: "source-corrupt",
    certainty: "sure",
    phases: ["prep", "sources", "srpm"],
    needles: [
      "WARNING: 1 computed checksum",
      "computed checksums did NOT match",
      ": FAILED",
      "checksum mismatch",
      "Check-sum ",
      "hash mismatch",
      "Hash of downloaded",
      "Hash-sum ",
    ],
    pattern:
      /^\S{1,200}: FAILED$|(?:sha\d{0,3}sum|md5sum|b2sum): WARNING: \d+ computed checksum|(?:[Cc]heck-?sum|[Hh]ash) (?:of downloaded .{1,200} )?(?:mismatch|does not match|is wrong)|(?:Check|Hash)-sum .{1,200} (?:failed|is wrong)/,
    advice: "A source does not have the checksum that is asked for: download it again, or update the checksum.",
    example: `
+ sha256sum -c x-1.0.sha256
=> x-1.0.tar.gz: FAILED
sha256sum: WARNING: 1 computed checksum did NOT match`,
  },
  {
    name: "git-in-prep",
    category: "script-failed",
    certainty: "likely",
    phases: ["prep"],
    needles: ["fatal: "],
    pattern: /^fatal: (?<message>.{1,300})/,
    unless: /unable to access|Could not resolve|unable to connect|Could not read from remote/,
    advice: ({ message }) => `git refuses: ${message}.`,
    example: `
+ /usr/bin/git am --reject -q
=> fatal: empty ident name (for <>) not allowed`,
  },
];
