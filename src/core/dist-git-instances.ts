import type { DistGitInstance } from "./dist-git.ts";

/** Instances that packagers' checkouts come from, for machines without dist-git-client's configuration. */
export const knownDistGitInstances: readonly DistGitInstance[] = [
  instance("fedora", ["src.fedoraproject.org", "pkgs.fedoraproject.org"], "https://src.fedoraproject.org", "repo/pkgs/rpms"),
  instance(
    "fedora-copr",
    ["copr-dist-git.fedorainfracloud.org"],
    "https://copr-dist-git.fedorainfracloud.org",
    "repo/pkgs/{namespace[1]}/{namespace[0]}",
  ),
];

function instance(name: string, cloneHostnames: string[], lookasideLocation: string, prefix: string): DistGitInstance {
  return {
    name,
    cloneHostnames,
    lookasideLocation,
    pathPrefixes: [],
    sourcesFile: "sources",
    defaultHashType: "md5",
    lookasidePattern: `${prefix}/{name}/{filename}/{hashtype}/{hash}/{filename}`,
  };
}
