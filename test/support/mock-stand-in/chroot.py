"""A chroot of mock, played by a private directory: nothing is installed in it, but it is told what would be."""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import time

import configuration
from errors import Locked, NoResultDirectory, PackageManagerFailed
from repository import provided_by

# What the minimal buildroot of a distribution provides.
MINIMAL = {"bash", "coreutils", "gcc", "make", "rpm-build", "tar", "gzip", "sed", "grep", "git", "python3", "dnf", "/bin/sh"}


class Chroot:
    def __init__(self, values, files, unique, logs, bootstrap_of=None):
        self.values, self.files, self.logs = values, files, logs
        self.shared_name = values["root"] + ("-bootstrap" if bootstrap_of else "")
        self.is_bootstrap = bool(bootstrap_of)
        self.name = f"{self.shared_name}-{unique}" if unique else self.shared_name
        self.base = os.path.join(values["basedir"], self.name)
        self.root = os.path.join(self.base, "root")
        self.cache = os.path.join(values["cache_topdir"], self.shared_name)
        # The default is expanded with the unique name.
        usual = os.path.join(values["basedir"], self.shared_name, "result")
        is_usual = os.path.normpath(values["resultdir"]) == os.path.normpath(usual)
        self.result = os.path.join(self.base, "result") if is_usual or self.is_bootstrap else values["resultdir"]
        self.lock = None
        self.was_initialized = False
        self.bootstrap = None
        if values["use_bootstrap"] and not bootstrap_of:
            self.bootstrap = Chroot(values, files, unique, logs, bootstrap_of=self)
        options = values["plugin_conf"]["root_cache_opts"]
        # mock puts the bootstrap chroot's cache where it wants, whatever is configured.
        self.cache_directory = os.path.join(self.cache, "root_cache") if self.is_bootstrap else options["dir"]
        self.cache_file = os.path.join(self.cache_directory, "cache.tar" + (options["extension"] if options["compress_program"] else ""))

    def path(self, *parts):
        return os.path.join(self.root, *[part.lstrip("/") for part in parts])

    @property
    def home(self):
        return self.path(self.values["chroothome"])

    def take_lock(self, kind):
        if self.lock is None:
            os.makedirs(self.base, exist_ok=True)
            self.lock = open(os.path.join(self.base, "buildroot.lock"), "a+", encoding="utf-8")
        try:
            fcntl.lockf(self.lock.fileno(), kind | fcntl.LOCK_NB)
        except OSError as error:
            raise Locked("Build root is locked by another process.") from error

    def initialize(self, prebuild=False):
        self.take_lock(fcntl.LOCK_EX)
        if self.bootstrap:
            self.bootstrap.initialize()
        self.logs.start("chroot init", self.is_bootstrap)
        os.makedirs(self.root, exist_ok=True)
        self.make_result_directory()
        self.logs.info("calling preinit hooks")
        self.was_initialized = os.path.exists(self.path(".initialized"))
        if self.values["plugin_conf"]["root_cache_enable"]:
            self.unpack_cache()
        self.logs.info("enabled package manager cache")
        os.makedirs(os.path.join(self.cache, "dnf_cache"), exist_ok=True)
        self.logs.info("enabled HW Info plugin")
        self.logs.file("hw_info.log", "CPU info:\n\nMemory:\n\nStorage (chroot, cache_topdir):\n")
        if not self.was_initialized:
            self.logs.start("installing minimal buildroot with dnf", self.is_bootstrap)
            self.check_repositories()
            packages = words(self.values["chroot_additional_packages"]) if not self.is_bootstrap else []
            self.set_packages({one: None for one in sorted(MINIMAL)})
            self.install_known(packages)
            self.logs.finish("installing minimal buildroot with dnf", self.is_bootstrap)
        elif prebuild and self.values["update_before_build"] and self.values["clean"]:
            self.logs.start("dnf4 update", self.is_bootstrap)
            self.check_repositories()
            self.logs.finish("dnf4 update", self.is_bootstrap)
        self.make_build_directories()
        with open(self.path(".initialized"), "w", encoding="utf-8"):
            pass
        if self.values["plugin_conf"]["root_cache_enable"] and not self.was_initialized:
            self.pack_cache()
        self.logs.finish("chroot init", self.is_bootstrap)
        self.take_lock(fcntl.LOCK_SH)

    def make_result_directory(self):
        try:
            os.makedirs(self.result, exist_ok=True)
        except OSError as error:
            self.logs.error(f"Could not create dir {self.result}. Error: {error}")
            raise NoResultDirectory("\nCould not create output directory for built rpms. The directory specified was:\n"
                                    f"    {self.result}\n") from error
        if not self.is_bootstrap:
            self.logs.open(self.result)

    def make_build_directories(self):
        for name in ("RPMS", "SPECS", "SRPMS", "SOURCES", "BUILD", "BUILDROOT", "originals"):
            os.makedirs(os.path.join(self.home, "build", name), exist_ok=True)
        with open(os.path.join(self.home, ".rpmmacros"), "w", encoding="utf-8") as file:
            for name, value in self.values["macros"].items():
                if value is not None:
                    file.write(f"{name} {self.path('/builddir/build') if name == '%_topdir' else value}\n")

    # The cache of a freshly installed chroot, with mock's rules for its age.

    def unpack_cache(self):
        self.logs.info("enabled root cache")
        if os.path.exists(self.cache_file) and self.values["plugin_conf"]["root_cache_opts"]["age_check"]:
            info = os.stat(self.cache_file)
            newer = [file for file in self.files if os.stat(file).st_mtime > info.st_mtime]
            if (time.time() - info.st_ctime) / 86400 > self.values["plugin_conf"]["root_cache_opts"]["max_age_days"]:
                self.logs.info("root cache aged out! cache will be rebuilt")
                os.unlink(self.cache_file)
            elif newer:
                self.logs.info(f"{newer[0]} newer than root cache; cache will be rebuilt")
                os.unlink(self.cache_file)
        os.makedirs(self.cache_directory, exist_ok=True)
        if os.path.exists(self.cache_file) and not self.was_initialized:
            self.logs.start("unpacking root cache", self.is_bootstrap)
            subprocess.run(["tar", "-xzf", self.cache_file, "-C", self.root], check=True)
            self.was_initialized = True
            self.logs.finish("unpacking root cache", self.is_bootstrap)

    def pack_cache(self):
        self.logs.start("creating root cache", self.is_bootstrap)
        subprocess.run(["tar", "-czf", self.cache_file, "-C", self.root, "."], check=True)
        self.logs.finish("creating root cache", self.is_bootstrap)

    # Packages, by name only.

    def packages(self):
        with open(self.path(".packages.json"), encoding="utf-8") as file:
            return json.load(file)

    def set_packages(self, packages):
        with open(self.path(".packages.json"), "w", encoding="utf-8") as file:
            json.dump(packages, file)

    def check_repositories(self):
        """What the repositories offer: {name of a package, or what one provides: repository}."""
        offered = {}
        for name, section in configuration.repositories(self.values).items():
            if section.get("enabled", "1") in ("0", "false", "no"):
                continue
            address = section.get("baseurl", "").replace("$basearch", self.values["target_arch"])
            address = address.replace("$releasever", str(self.values["releasever"]))
            try:
                offered.update({package: name for package in provided_by(address)})
            except OSError as error:
                if section.get("skip_if_unavailable", "0").lower() in ("1", "true", "yes"):
                    continue
                file = f"{address.rstrip('/')}/repodata/repomd.xml"
                code, what = (37, "Couldn't read a file:// file") if file.startswith("file:") else (7, "Couldn't connect to server")
                raise PackageManagerFailed(f"Command failed: \n # /usr/bin/dnf-3 --installroot {self.root}/ install\n"
                                           f"Errors during downloading metadata for repository '{name}':\n"
                                           f"  - Curl error ({code}): {what} for {file} [{error}]\n"
                                           f"Error: Failed to download metadata for repo '{name}': Cannot download repomd.xml: "
                                           "Cannot download repodata/repomd.xml: All mirrors were tried\n") from error
        return offered

    def install_known(self, names):
        offered = self.check_repositories()
        installed = self.packages()
        for name in names:
            if name in installed or re.match(r"rpmlib\(", name):
                continue
            if name not in offered:
                raise PackageManagerFailed(f"Command failed: \n # /usr/bin/dnf-3 --installroot {self.root}/ install {name}\n"
                                           f"No matching package to install: '{name}'\n")
            installed[name] = offered[name]
        self.set_packages(installed)

    # The end.

    def kill_processes(self):
        """Whatever runs in the chroot. Only the variables of its environment tell it from others here."""
        mark = f"HOME={self.home}".encode()
        for pid in (name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read().split(b"\0"):
                        os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass

    def delete(self):
        if os.path.exists(self.base):
            self.take_lock(fcntl.LOCK_EX)
            self.kill_processes()
            self.lock.close()
            self.lock = None
            remove(self.base)
        self.was_initialized = False

    def clean(self):
        self.logs.start("clean chroot", self.is_bootstrap)
        self.delete()
        self.logs.finish("clean chroot", self.is_bootstrap)


def words(value):
    return value.split() if isinstance(value, str) else [word for one in value for word in one.split()]


def remove(path):
    """Also what a build left without write permission."""
    for directory, _, _ in os.walk(path):
        os.chmod(directory, 0o700)
    shutil.rmtree(path)
