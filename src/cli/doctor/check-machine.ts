import { findProgram } from "../../core/process/find-program.ts";
import { version } from "../../core/version.ts";
import { type Finding, findingsOf } from "./finding.ts";

/** Programs that some commands or their users need, with what for, and the package on Fedora and its relatives. */
const tools = [
  { name: "rpmbuild", use: "make source packages", pack: "rpm-build" },
  { name: "git", use: "build from a checkout", pack: "git-core" },
  { name: "fedpkg", use: "work with Fedora's dist-git", pack: "fedpkg" },
  { name: "mock", use: "build packages on this machine", pack: "mock" },
] as const;

/** Which of the tools of packagers are here. None is needed to talk to a Copr. */
export async function* checkTools(): AsyncGenerator<Finding> {
  for (const { name, use, pack } of tools) {
    const { ok, warning } = findingsOf(name);
    const path = await findProgram(name);
    if (path !== undefined) yield ok(`It is ${path}.`);
    else yield warning(`It is not installed: it is needed to ${use}.`, `dnf install ${pack}, or your distribution's package of it.`);
  }
}

/** What runs here. */
export function checkVersions(): Finding {
  return findingsOf("versions").ok(`This is copr-cli ${version} on Node.js ${process.versions.node}.`);
}
