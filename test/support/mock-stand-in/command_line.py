"""mock's command line: the same options, and no more."""

import argparse
import os

from errors import BadCommandLine

MODES = {
    "--rebuild": "rebuild", "--calculate-build-dependencies": "calculatedeps", "--chain": "chain", "--buildsrpm": "buildsrpm",
    "--debug-config": "debugconfig", "--debug-config-expanded": "debugconfigexpand", "--shell": "shell", "--chroot": "chroot",
    "--clean": "clean", "--scrub-all-chroots": "scrub-all-chroots", "--init": "init", "--installdeps": "installdeps",
    "--install": "install", "-i": "install", "--list-chroots": "listchroots", "--update": "update", "--remove": "remove",
    "--orphanskill": "orphanskill", "--copyin": "copyin", "--copyout": "copyout", "--pm-cmd": "pm-cmd", "--yum-cmd": "yum-cmd",
    "--dnf-cmd": "dnf-cmd", "--snapshot": "snapshot", "--remove-snapshot": "remove_snapshot", "--rollback-to": "rollback-to",
    "--umount": "umount", "--mount": "mount",
}
SUPPORTED_MODES = {"rebuild", "buildsrpm", "init", "clean", "shell", "chroot", "install", "copyin", "copyout"}
SCRUBS = ("chroot", "cache", "root-cache", "c-cache", "yum-cache", "dnf-cache", "lvm", "overlayfs", "bootstrap", "all")
VALUES = [
    "--localrepo", "--tmp_prefix", "--arch", "--forcearch", "--target", "--resultdir", "--rootdir", "--uniqueext", "--configdir",
    "--cwd", "--spec", "--sources", "--rpmbuild-opts", "--isolation", "--macro-file", "--buildroot-image",
]
LISTS = [
    "--with", "--without", "--enable-plugin", "--disable-plugin", "--plugin-option", "--scm-option", "--config-opts",
    "--additional-package", "--enablerepo", "--disablerepo",
]
FLAGS = [
    "--offline", "--cache-alterations", "--recurse", "--nocheck", "--unpriv", "--symlink-dereference", "--old-chroot", "--new-chroot",
    "--enable-network", "--postinstall", "--trace", "--scm-enable", "--yum", "--dnf", "--bootstrap-chroot", "--no-bootstrap-chroot",
    "--use-bootstrap-image", "--no-bootstrap-image",
]
# What mock has and this stand-in does not act on: better refused than taken for done.
UNSUPPORTED = [
    "localrepo", "tmp_prefix", "arch", "forcearch", "rootdir", "rpmbuild_opts", "macro_file", "buildroot_image", "scm_enable",
    "scm_option", "config_opts", "enablerepo", "disablerepo", "offline", "cache_alterations", "recurse", "cont", "repos", "old_chroot",
    "new_chroot", "postinstall", "yum", "short_circuit", "hermetic_build", "enable_plugin", "disable_plugin", "snapshots",
]


def parse(words):
    """Options and the other words. A wrong use raises BadCommandLine, or ends the program with 2 as argparse does."""
    parser = argparse.ArgumentParser(prog="mock.py")
    parser.add_argument("--version", action="version", version="6.7")
    for option, mode in MODES.items():
        parser.add_argument(option, action="store_const", const=mode, dest="mode", default=None)
    for option in VALUES:
        parser.add_argument(option)
    for option in LISTS:
        parser.add_argument(option, action="append", default=[])
    for option in FLAGS:
        parser.add_argument(option, action="store_true")
    parser.add_argument("--scrub", action="append", choices=SCRUBS, default=[])
    parser.add_argument("-r", "--root", dest="chroot", default="default")
    parser.add_argument("-c", "--continue", dest="cont", action="store_true")
    parser.add_argument("-a", "--addrepo", dest="repos", action="append", default=[])
    parser.add_argument("-n", "--no-clean", dest="clean", action="store_false")
    parser.add_argument("--cleanup-after", dest="cleanup_after", action="store_true", default=None)
    parser.add_argument("-N", "--no-cleanup-after", dest="cleanup_after", action="store_false", default=None)
    parser.add_argument("-D", "--define", dest="define", action="append", default=[])
    parser.add_argument("--rpmbuild_timeout", type=int)
    parser.add_argument("--short-circuit", choices=["prep", "install", "build", "binary"])
    parser.add_argument("-v", "--verbose", dest="verbose", action="store_const", const=2, default=1)
    parser.add_argument("-q", "--quiet", dest="verbose", action="store_const", const=0)
    parser.add_argument("-p", "--print-root-path", dest="printrootpath", action="store_true")
    parser.add_argument("-l", "--list-snapshots", dest="snapshots", action="store_true")
    parser.add_argument("--hermetic-build", nargs=2)
    options, rest = parser.parse_known_args(words)
    if rest and rest[0] == "--":
        rest = rest[1:]
    check(parser, options, rest)
    return options, rest


def check(parser, options, rest):
    if options.mode is None:
        options.mode = "rebuild"
    if options.scrub:
        options.mode = "clean"
    if options.target and "," in options.target:
        raise BadCommandLine(f"--target option accepts only one arch. Invalid: {options.target}")
    if options.mode == "buildsrpm" and not options.spec:
        raise BadCommandLine("Must specify both --spec and --sources with --buildsrpm")
    if options.additional_package and options.mode != "rebuild":
        raise BadCommandLine("The --additional-package option requires the --rebuild mode")
    if options.mode == "rebuild" and len(rest) > 1 and not options.resultdir:
        raise BadCommandLine("Must specify --resultdir when building multiple RPMS.")
    if options.isolation not in (None, "simple", "nspawn", "auto"):
        raise BadCommandLine(f"Bad option for '--isolation'. Unknown value: {options.isolation}")
    for macro in options.define:
        if len(macro.split(None, 1)) != 2:
            raise BadCommandLine(f"Bad option for '--define' ({macro}).  Use --define 'macro expr'")
    for option in options.plugin_option:
        if ":" not in option or "=" not in option.split(":", 1)[1]:
            raise BadCommandLine(f"Bad option for '--plugin-option' ({option}).  Use --plugin-option 'plugin:key=value'")
    for name in ("spec", "sources", "resultdir"):
        if getattr(options, name):
            setattr(options, name, os.path.expanduser(getattr(options, name)))
    # mock takes what it does not know for a package, or passes over it in silence.
    if options.mode not in ("shell", "chroot", "rebuild"):
        for word in rest:
            if word.startswith("-"):
                parser.error(f"mock would pass over '{word}' in silence")
    for name in UNSUPPORTED:
        if getattr(options, name) not in (None, False, [], parser.get_default(name)):
            parser.error(f"this stand-in can't do --{name.replace('_', '-')}")
    if options.mode not in SUPPORTED_MODES:
        parser.error(f"this stand-in has no mode '{options.mode}'")
