/**
 * Whether the chroot that a build's script runs in may be what became of the one that was asked for: of `fedora-latest-x86_64`
 * a frontend makes the newest branched Fedora that it has when it takes the build.
 */
export function isScriptChroot(asked: unknown, kept: unknown): boolean {
  return asked === kept || String(kept).replace(/^fedora-\d+-/, "fedora-latest-") === asked;
}
