#!/usr/bin/env python3
"""
Stand-ins for packagers' tools that can't be installed everywhere. Strict: they take exactly the options of the real
ones, look at what the real ones look at, and make real source packages by rpmbuild.
"""
import argparse
import configparser
import os
import re
import subprocess
import sys

TOOL = os.path.basename(sys.argv[0])


def fail(text):
    sys.exit(f"{TOOL}: {text}")


def build(spec, output):
    directory = os.path.dirname(os.path.abspath(spec))
    defines = [f"_sourcedir {directory}", f"_srcrpmdir {output}"]
    subprocess.run(["rpmbuild", "-bs", "--nodeps", *[w for d in defines for w in ("--define", d)], spec], check=True)


def write_spec(directory, name, version):
    path = os.path.join(directory, f"{name}.spec")
    text = f"Name: {name}\nVersion: {version}\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%files\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def parser():
    return argparse.ArgumentParser(prog=TOOL, allow_abbrev=False)


def existing_directory(path):
    if not os.path.isdir(path) or os.listdir(path):
        raise argparse.ArgumentTypeError(f"{path} is not an empty directory")
    return path


def rpkg(words):
    p = parser()
    p.add_argument("command", choices=["srpm"])
    p.add_argument("--outdir", required=True, type=existing_directory)
    p.add_argument("--spec", required=True)
    options = p.parse_args(words)
    if not os.path.isdir(os.path.join(os.getcwd(), ".git")) and subprocess.run(["git", "rev-parse"], check=False).returncode:
        fail("not a git repository")
    config = configparser.RawConfigParser()
    if not config.read(os.path.expanduser("~/.config/rpkg.conf")):
        fail("no configuration")
    if config.sections() != ["rpkg", "git", "lookaside"] or not config.getboolean("rpkg", "preprocess_spec"):
        fail("odd configuration")
    print("anon_clone_url is", config["git"]["anon_clone_url"])
    print("download_url is", config["lookaside"]["download_url"])
    spec = options.spec
    if os.path.isdir(spec):
        specs = [name for name in os.listdir(spec) if name.endswith(".spec")]
        spec = os.path.join(spec, specs[0])
    build(spec, options.outdir)


def tito(words):
    p = parser()
    p.add_argument("command", choices=["build"])
    p.add_argument("--test", action="store_true")
    p.add_argument("--srpm", action="store_true", required=True)
    p.add_argument("--output", required=True, type=existing_directory)
    options = p.parse_args(words)
    specs = [name for name in os.listdir(".") if name.endswith(".spec")]
    if len(specs) != 1:
        fail(f"Unable to locate a spec file in {os.getcwd()}")
    print("test build" if options.test else "tagged build")
    build(specs[0], options.output)


def pyp2rpm(words):
    p = parser()
    p.add_argument("package")
    p.add_argument("-t")
    p.add_argument("--srpm", action="store_true", required=True)
    p.add_argument("-d", required=True, type=existing_directory)
    p.add_argument("-b")
    p.add_argument("-p", action="append", default=[])
    p.add_argument("-v")
    options = p.parse_args(words)
    for version in [options.b or "3", *options.p]:
        if not re.fullmatch(r"[23](\.\d+)?", version):
            fail(f"no version of Python: {version}")
    print("template", repr(options.t), "base", options.b, "others", options.p)
    build(write_spec(options.d, f"python-{options.package}", options.v or "1.0"), options.d)


def pyp2spec(words):
    p = parser()
    p.add_argument("package")
    p.add_argument("--fedora-compliant", action="store_true", required=True)
    p.add_argument("--automode", action="store_true", required=True)
    p.add_argument("-v")
    options = p.parse_args(words)
    write_spec(".", f"python-{options.package}", options.v or "1.0")


def gem2rpm(words):
    p = parser()
    p.add_argument("gem")
    p.add_argument("--srpm", action="store_true", required=True)
    p.add_argument("-C", required=True, type=existing_directory)
    p.add_argument("--fetch", action="store_true", required=True)
    options = p.parse_args(words)
    if options.gem == "unlicensed":
        print("error: Empty tag: License:", file=sys.stderr)
        sys.exit(1)
    build(write_spec(options.C, f"rubygem-{options.gem}", "1.0"), options.C)


def rpmautospec(words):
    p = parser()
    p.add_argument("command", choices=["process-distgit"])
    p.add_argument("spec", type=argparse.FileType())
    p.add_argument("target")
    options = p.parse_args(words)
    shallow = subprocess.run(["git", "rev-parse", "--is-shallow-repository"], check=True, capture_output=True, text=True).stdout
    if shallow.strip() != "false":
        fail("shallow clones are not supported")
    count = subprocess.run(["git", "rev-list", "--count", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    text = options.spec.read().replace("%autorelease", count).replace("%autochangelog", "")
    with open(options.target, "x", encoding="utf-8") as file:
        file.write(text)


globals()[TOOL](sys.argv[1:])
