import { execFileSync } from "node:child_process";

/** Bundles the programs once for all tests: what they run is what users get. */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.js"], { cwd: new URL("../..", import.meta.url), stdio: "inherit" });
}
