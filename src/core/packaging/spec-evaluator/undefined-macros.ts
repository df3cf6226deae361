/**
 * Whether a name that nobody defined here may well be defined where the package is built: rpm's own configuration and that
 * of distributions use names with a leading underscore, a few without, and `…_arches` for lists. What the user may choose
 * with `--with` and `--without` comes as `_with_…`, and is as rare as it is told.
 */
export function isOfMachine(name: string): boolean {
  return ofMachine.test(name);
}

const ofMachine = /^_(?!with(out)?_)|_arches$|^(vendor|packager|distribution|disturl|bugurl|optflags|buildroot|buildtag|disttag)$/;

/** Whether distributions tell themselves by a macro: where it is not defined, nothing in a spec file is going to define it. */
export function tellsDistribution(name: string): boolean {
  return telling.test(name);
}

const telling =
  /^(dist|fedora|fc\d+|rhel|el\d+|eln|epel|centos|almalinux|rocky|suse_version|sle_version|is_opensuse|mageia|mgaversion|amzn|openEuler)$/;
