import type { HashType } from "./sources-file.ts";

/** A dist-git server and its lookaside cache, as `/etc/dist-git-client/*.ini` describes it. */
export interface DistGitInstance {
  name: string;
  cloneHostnames: string[];
  /** Beginnings of the repository's path; empty for all. */
  pathPrefixes: string[];
  /** Path in the repository; may hold `{name}`, the spec file's name without its ending. */
  sourcesFile: string;
  /** Directories of the repository that spec file and sources are in; `.` for its top. */
  specs: string;
  sources: string;
  defaultHashType: HashType;
  lookasideLocation: string;
  /** Holds `{name}`, `{filename}`, `{hashtype}`, `{hash}`, `{refspec}`, `{namespace[0]}`, … */
  lookasidePattern: string;
}

const COPR_PATTERN = "repo/pkgs/{namespace[1]}/{namespace[0]}/{name}/{filename}/{hashtype}/{hash}/{filename}";

/** The instances that dist-git-client ships, for machines without its configuration. */
export const knownDistGitInstances: readonly DistGitInstance[] = [
  instance("fedora", "https://src.fedoraproject.org", "repo/pkgs/rpms/{name}/{filename}/{hashtype}/{hash}/{filename}", {
    cloneHostnames: ["pkgs.fedoraproject.org", "src.fedoraproject.org"],
  }),
  instance("centos", "https://git.centos.org", "sources/{name}/{refspec}/{hash}", {
    cloneHostnames: ["git.centos.org"],
    sourcesFile: ".{name}.metadata",
    specs: "SPECS",
    sources: "SOURCES",
    defaultHashType: "sha1",
  }),
  instance("fedora-copr", "https://copr-dist-git.fedorainfracloud.org", COPR_PATTERN, {
    cloneHostnames: ["copr-dist-git.fedorainfracloud.org"],
  }),
  instance("fedora-copr-dev", "https://copr-dist-git-dev.fedorainfracloud.org", COPR_PATTERN, {
    cloneHostnames: ["copr-dist-git-dev.fedorainfracloud.org"],
  }),
  instance("centos-stream", "https://sources.stream.centos.org", "sources/rpms/{name}/{filename}/{hashtype}/{hash}/{filename}", {
    cloneHostnames: ["gitlab.com"],
    pathPrefixes: ["/redhat/centos-stream/rpms"],
  }),
  instance("centos-sig", "https://git.centos.org", "sources/{name}/{filename}/{hashtype}/{hash}/{filename}", {
    cloneHostnames: ["gitlab.com"],
    pathPrefixes: ["/CentOS/"],
  }),
];

function instance(
  name: string,
  lookasideLocation: string,
  lookasidePattern: string,
  rest: Pick<DistGitInstance, "cloneHostnames"> & Partial<DistGitInstance>,
): DistGitInstance {
  const usual = { sourcesFile: "sources", specs: ".", sources: ".", defaultHashType: "md5" } as const;
  return { name, lookasideLocation, lookasidePattern, pathPrefixes: [], ...usual, ...rest };
}
