import { expect, test } from "vitest";
import type { Build } from "../../../src/core/api/types.ts";
import { isMadeFrom, type SentSource } from "../../../src/core/builds/sent-source.ts";

const distgit: SentSource = { type: "distgit", fields: { package_name: "hello", committish: "main" } };
const custom: SentSource = { type: "custom", fields: { script: "make\r\n", builddeps: ["git", "curl"], repos: "https://a/ https://b/" } };
const latest: SentSource = { type: "custom", fields: { script: "make", chroot: "fedora-latest-x86_64" } };
const forked: SentSource = { type: "distgit", fields: { package_name: "hello", namespace: "forks/ann/" } };
const upload = (file: string): SentSource => ({ type: "upload", file });

// What frontends keep, in a build's source, of what was sent.
test.each<[SentSource, Record<string, unknown>, boolean]>([
  [distgit, { clone_url: "https://src.example.org/rpms/hello", committish: "main" }, true],
  [distgit, { clone_url: "https://git.example.org/rpms/hello.git", committish: "main" }, true],
  [distgit, { clone_url: "https://git.example.org/rpms/hello/git", committish: "main" }, true],
  [distgit, { clone_url: "https://git.example.org/rpms/hello.git", committish: "f43" }, false],
  [distgit, { clone_url: "https://git.example.org/rpms/ghello.git", committish: "main" }, false],
  [custom, { script: "make\n", builddeps: "git curl", repos: "https://a/\nhttps://b/", chroot: "x", resultdir: null }, true],
  [latest, { script: "make\n", chroot: "fedora-44-x86_64" }, true],
  [latest, { script: "make\n", chroot: "fedora-latest-x86_64" }, true],
  [latest, { script: "make\n", chroot: "fedora-44-aarch64" }, false],
  [latest, { script: "make\n", chroot: "epel-10-x86_64" }, false],
  [forked, { clone_url: "https://src.example.org/forks/ann/rpms/hello", namespace: "forks/ann" }, true],
  [custom, { script: "make\n", builddeps: "git", repos: "https://a/\nhttps://b/" }, false],
  [upload("größe of it-1-1.src.rpm"), { pkg: "groe_of_it-1-1.src.rpm" }, true],
  [upload("__a  b~1^2.spec"), { pkg: "a_b12.spec" }, true],
  [upload("a b.spec"), { pkg: "ab.spec" }, false],
])("%j and what is kept of it: %j", (sent, kept, isSame) => {
  const config = { source_type: sent.type, source_dict: kept, memory_limit: 0, timeout: 0, is_background: false };
  expect(isMadeFrom(sent, {} as Build, config)).toBe(isSame);
});
