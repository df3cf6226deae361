import { execFileSync } from "node:child_process";

/** Bundles the programs once for all tests: what they run is what users get. */
export function setup(): void {
  // Tests hand files to other users; what the caller's umask keeps from them is no fault of ours.
  process.umask(0o022);
  execFileSync(process.execPath, ["scripts/build.js"], { cwd: new URL("../..", import.meta.url), stdio: "inherit" });
}
