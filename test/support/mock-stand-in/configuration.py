"""mock's configuration: Python files, run on top of defaults, with templates in their values."""

import ast
import configparser
import functools
import json
import os
import re

from errors import BadCommandLine, BadConfiguration

HERE = os.path.dirname(os.path.realpath(__file__))
with open(os.path.join(HERE, "options.json"), encoding="utf-8") as table:
    KNOWN = json.load(table)
ROUNDS = 5


def defaults(home):
    """The part of mock's defaults that this stand-in acts on. `home` stands for /var."""
    return {
        "basedir": os.path.join(home, "lib"),
        "cache_topdir": os.path.join(home, "cache"),
        "resultdir": "{{basedir}}/{{root}}/result",
        "rootdir": "{{basedir}}/{{root}}/root",
        "host_arch": os.uname().machine,
        "target_arch": "i386",
        "chroothome": "/builddir",
        "clean": True,
        "cleanup_on_success": True,
        "cleanup_on_failure": True,
        "update_before_build": True,
        "use_bootstrap": True,
        "use_bootstrap_image": True,
        "bootstrap_image": "fedora:latest",
        "isolation": None,
        "rpmbuild_networking": False,
        "use_host_resolv": False,
        "rpmbuild_timeout": 0,
        "releasever": None,
        "print_main_output": None,
        "chroot_setup_cmd": ("groupinstall", "buildsys-build"),
        "chroot_additional_packages": [],
        "module_setup_commands": [],
        "nspawn_args": ["--capability=cap_ipc_lock"],
        "dnf.conf": "",
        "macros": {"%_topdir": "/builddir/build", "%_rpmfilename": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"},
        "environment": {"TERM": "vt100", "SHELL": "/bin/bash", "HOME": "/builddir", "HOSTNAME": "mock",
                        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"},
        "plugin_conf": {
            **{f"{name}_enable": name in ("root_cache", "yum_cache", "bind_mount", "hw_info", "package_state", "mount", "selinux")
               for name in KNOWN["plugins"]},
            **{f"{name}_opts": {} for name in KNOWN["plugins"]},
            "root_cache_opts": {"age_check": True, "max_age_days": 15, "dir": "{{cache_topdir}}/{{root}}/root_cache/",
                                "compress_program": "pigz", "decompress_program": None, "extension": ".gz", "exclude_dirs": []},
            "bind_mount_opts": {"dirs": [], "create_dirs": False},
            "tmpfs_opts": {"required_ram_mb": 900, "max_fs_size": None, "mode": "0755", "keep_mounted": False},
        },
    }


def load(directory, name, home):
    """The values of a chroot, given by the path of a .cfg file or by its name in the directory; templates are expanded."""
    values = defaults(home)
    path = name if name.endswith(".cfg") else os.path.join(directory, f"{name}.cfg")
    files = []
    for host_file in ("site-defaults.cfg", "chroot-aliases.cfg"):
        if os.path.exists(os.path.join(directory, host_file)):
            files += run_file(os.path.join(directory, host_file), values)
    if not os.path.exists(path):
        raise BadConfiguration(f"Could not find required config file: {path}\nNon-existing Mock config '{name}'")
    files += run_file(path, values)
    check_shape(values)
    # Real mock may write there, as root; no test does.
    if values["cache_topdir"].startswith("/var/"):
        values["cache_topdir"] = os.path.join(home, values["cache_topdir"].lstrip("/"))
    return expand_all(values), files


def run_file(path, config_opts):
    path = os.path.realpath(path)
    read = []
    text = with_includes(path, os.path.dirname(path), read)
    try:
        exec(compile(text, "<string>", "exec"), {"config_opts": config_opts})
    except Exception as error:
        raise BadConfiguration(f"Config error: {path}: {error}") from error
    return read


def with_includes(path, directory, read):
    path = os.path.join(directory, path)
    if not os.path.exists(path):
        raise BadConfiguration(f"Could not find included config file: {path}")
    if path in read:
        return ""
    read.append(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return re.sub(r"^\s*include\((.*)\)", lambda match: with_includes(ast.literal_eval(match[1]), directory, read), text, flags=re.M)


def check_shape(values):
    """What mock passes over in silence, or stumbles upon much later: unknown names, wrong types."""
    if "root" not in values:
        raise BadConfiguration("Error in configuration - option config_opts['root'] must be present in your config.")
    for name, value in values.items():
        kind = KNOWN["options"].get(name)
        if kind is None:
            raise BadConfiguration(f"Config error: mock knows no config_opts['{name}']")
        if value is not None and not fits(kind, value):
            raise BadConfiguration(f"Config error: config_opts['{name}'] is no {kind}: {value!r}")
    for name, value in values["plugin_conf"].items():
        plugin, _, what = name.rpartition("_")
        if plugin not in KNOWN["plugins"] or what not in ("enable", "opts"):
            raise BadConfiguration(f"Config error: mock knows no config_opts['plugin_conf']['{name}']")
        known = KNOWN["plugins"][plugin]
        for option in value if what == "opts" else ():
            if known and option not in known:
                raise BadConfiguration(f"Config error: plugin {plugin} has no option '{option}'")
    for name, value in values["macros"].items():
        if not name or len(name.split()) != 1 or not (value or value is None):
            raise BadCommandLine(f"Bad macros 'config_opts['macros']['{name}'] = ['{value}']'")
    if values["isolation"] not in (None, "nspawn", "simple", "auto"):
        raise BadConfiguration(f"Config error: no such isolation: {values['isolation']}")
    for command in values["module_setup_commands"]:
        if not (isinstance(command, tuple) and len(command) == 2 and command[0] in ("enable", "disable", "install", "reset")):
            raise BadConfiguration(f"Config error: not a module command: {command!r}")


def fits(kind, value):
    return {
        "text": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "list": isinstance(value, (list, tuple)),
        "words": isinstance(value, (str, list, tuple)),
        "dictionary": isinstance(value, dict),
        "any": True,
    }[kind]


def expand_all(values):
    """All values with their templates expanded; each may name any other one."""
    return {name: expand(value, values) for name, value in values.items()}


def expand(value, names):
    if isinstance(value, str):
        return expand_text(value, names)
    if isinstance(value, (list, tuple)):
        return type(value)(expand(one, names) for one in value)
    if isinstance(value, dict):
        return {key: expand(one, names) for key, one in value.items()}
    return value


def expand_text(text, names):
    for _ in range(ROUNDS):
        before = text
        text = expand_names(text, names)
        if re.search(r"\{[{%#]|\r", text):
            text = jinja().from_string(text).render(names)
        if text == before:
            return text
    raise BadConfiguration(f"Config error: too deep templates: {text}")


def expand_names(text, names):
    """Puts values in place of their names, as nearly all templates want it: Jinja takes longer to load than all the rest."""
    return re.sub(r"\{\{ *(\w+) *\}\}", lambda match: str(names[match[1]]) if match[1] in names else match[0], text)


@functools.cache
def jinja():
    try:
        from jinja2 import sandbox
    except ImportError as error:
        raise BadConfiguration("Config error: there is a template that needs Jinja, which is not installed") from error
    return sandbox.SandboxedEnvironment(keep_trailing_newline=True)


def repositories(values):
    """Sections of dnf.conf but the main one: {id: {key: value}}."""
    parser = configparser.RawConfigParser(strict=True, default_section="no section is the default")
    try:
        parser.read_string(values["dnf.conf"])
    except configparser.Error as error:
        raise BadConfiguration(f"Config error: dnf.conf: {error}") from error
    found = {name: dict(parser[name]) for name in parser.sections() if name != "main"}
    for name, section in found.items():
        if not section.get("baseurl") and not section.get("metalink") and not section.get("mirrorlist"):
            raise BadConfiguration(f"Config error: dnf.conf: repository {name} has no address")
        for key in ("gpgcheck", "repo_gpgcheck", "enabled", "skip_if_unavailable", "best", "module_hotfixes"):
            if section.get(key, "0").lower() not in ("0", "1", "true", "false", "yes", "no"):
                raise BadConfiguration(f"Config error: dnf.conf: {key} of {name} is no switch: {section[key]}")
    return found


def apply_options(values, options, is_terminal):
    """What the command line changes in the configuration."""
    if values["print_main_output"] is None:
        values["print_main_output"] = options.verbose > 0 and is_terminal
    values["rpmbuild_arch"] = options.target or values["target_arch"]
    for name in options.__dict__["with"]:
        options.define.append(f"_with_{name.replace('-', '_')} --with-{name}")
    for name in options.without:
        options.define.append(f"_without_{name.replace('-', '_')} --without-{name}")
    for macro in options.define:
        name, value = macro.strip().split(" ", 1)
        values["macros"][name if name.startswith("%") else f"%{name}"] = value
    if options.rpmbuild_timeout is not None:
        values["rpmbuild_timeout"] = options.rpmbuild_timeout
    if options.resultdir:
        values["resultdir"] = options.resultdir
    if options.enable_network:
        values["rpmbuild_networking"] = values["use_host_resolv"] = True
    if options.isolation:
        values["isolation"] = options.isolation
    values["use_bootstrap"] = (values["use_bootstrap"] or options.bootstrap_chroot or options.use_bootstrap_image) and not options.no_bootstrap_chroot
    for option in options.plugin_option:
        plugin, rest = option.split(":", 1)
        key, value = rest.split("=", 1)
        if plugin not in KNOWN["plugins"]:
            raise BadCommandLine(f"Bad option for '--plugin-option' ({option}).  No such plugin: {plugin}")
        if KNOWN["plugins"][plugin] and key not in KNOWN["plugins"][plugin]:
            raise BadCommandLine(f"Bad option for '--plugin-option' ({option}).  The plugin has no such option")
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            pass
        values["plugin_conf"][f"{plugin}_opts"][key] = value
    if options.cleanup_after is not None:
        values["cleanup_on_success"] = values["cleanup_on_failure"] = options.cleanup_after
    # Results that lie in the chroot would go with it.
    inside = os.path.join(values["basedir"], values["root"])
    if os.path.commonpath([os.path.abspath(values["resultdir"]), inside]) == inside:
        values["cleanup_on_success"] = values["cleanup_on_failure"] = False
    if not options.clean:
        values["clean"] = False
