"""What mock does: each mode works in a chroot, and builds with the host's rpmbuild."""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from chroot import remove
from errors import BadCommandLine, MockError, NoResults, Timeout


# The users of a chroot do not exist here, so nothing is given to them.
USERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "users")


class Mock:
    def __init__(self, chroot, options, words, logs):
        self.chroot, self.options, self.words, self.logs = chroot, options, words, logs
        self.values = chroot.values
        self.child = None

    def run(self):
        self.logs.start("run")
        status = getattr(self, "chroot_mode" if self.options.mode == "chroot" else self.options.mode)()
        self.logs.finish("run")
        return status or 0

    # Modes

    def init(self):
        if self.values["clean"]:
            self.chroot.clean()
        self.chroot.initialize()

    def clean(self):
        if not self.options.scrub:
            self.chroot.clean()
            return
        # mock's caches of packages are opened whatever is scrubbed, also those of a bootstrap chroot that never was.
        for one in (self.chroot, self.chroot.bootstrap):
            os.makedirs(os.path.join(one.cache, "dnf_cache"), exist_ok=True)
            with open(os.path.join(one.cache, "yumcache.lock"), "a", encoding="utf-8"):
                pass
        what = f"scrub {self.options.scrub}"
        self.logs.start(what)
        for scrub in self.options.scrub:
            self.logs.info(f"scrubbing {scrub} for {self.chroot.shared_name}")
            if scrub in ("chroot", "all"):
                self.chroot.delete()
            if scrub in ("bootstrap", "all"):
                self.chroot.bootstrap.delete()
                self.drop(self.chroot.bootstrap.cache)
            if scrub in ("cache", "all"):
                self.drop(self.chroot.cache)
            if scrub == "root-cache":
                self.drop(os.path.join(self.chroot.cache, "root_cache"))
            if scrub in ("dnf-cache", "yum-cache"):
                self.drop(os.path.join(self.chroot.cache, "dnf_cache"))
        self.logs.finish(what)

    def buildsrpm(self):
        spec, sources = self.options.spec, self.options.sources
        if not os.path.isfile(spec):
            raise BadCommandLine(f"Input specfile does not exist: {spec}")
        if sources and not os.path.exists(sources):
            raise BadCommandLine(f"Input sources directory or file does not exist: {sources}")
        return 0 if self.each(spec, self.make_srpm, clean=self.values["clean"]) else 1

    def rebuild(self):
        clean = self.values["clean"]
        srpms = list(self.words)
        for srpm in srpms:
            if not os.path.exists(srpm):
                raise MockError(f"Cannot find/open srpm: {srpm}. Error: [Errno 2] No such file or directory: '{srpm}'")
        if self.options.spec and self.options.sources:
            self.buildsrpm()
            srpms.append(self.made)
            clean = False
        if not srpms:
            self.logs.error("No package specified to rebuild command.")
            return 50
        for srpm in srpms:
            if subprocess.run(["rpm", "-qp", "--nosignature", srpm], capture_output=True, check=False).returncode != 0:
                raise MockError(f"Cannot find/open srpm: {srpm}. Error: error reading package header")
            self.each(srpm, self.build, clean)
        return 0

    def install(self):
        self.require_words("You must specify a package list to install.")
        self.chroot.initialize()
        self.logs.info(f"installing package(s): {' '.join(self.words)}")
        self.chroot.install_known(self.words)

    def shell(self):
        self.chroot.initialize()
        return self.in_chroot(self.words or ["/bin/sh"], "shell")

    def chroot_mode(self):
        self.require_words("You must specify a command to run with --chroot")
        self.chroot.initialize()
        self.logs.info(f"Running in chroot: {self.words}")
        return self.in_chroot(self.words, f"chroot {self.words}")

    def copyin(self):
        self.require_words("Must have source and destinations for copyin", 2)
        self.chroot.initialize()
        target = self.chroot.path(self.words[-1])
        for source in self.words[:-1]:
            if not os.path.lexists(source):
                return self.refuse(f"No such file or directory: {source}")
            self.logs.info(f"copying {source} to {target}")
            if os.path.isdir(source):
                inside = os.path.join(target, os.path.basename(source)) if os.path.exists(target) else target
                if os.path.exists(inside):
                    return self.refuse(f"Destination {inside} already exists!")
                shutil.copytree(source, inside)
            else:
                shutil.copy(source, target)
        return 0

    def copyout(self):
        self.require_words("Must have source and destinations for copyout", 2)
        self.chroot.initialize()
        target = self.words[-1]
        found = [(word, glob.glob(self.chroot.path(word))) for word in self.words[:-1]]
        for word, matches in found:
            if not matches:
                return self.refuse(f"{word} not found")
        sources = [match for _, matches in found for match in matches]
        if len(sources) > 1 and not os.path.isdir(target):
            return self.refuse(f"multiple source files and {target} is not a directory!")
        for source in sources:
            self.logs.info(f"copying {source} to {target}")
            if os.path.isdir(source):
                shutil.copytree(source, target, symlinks=True)
            elif os.path.islink(source):
                os.symlink(os.readlink(source), target)
            else:
                shutil.copy(source, target)
        return 0

    # Builds

    def each(self, item, work, clean):
        began = time.time()
        try:
            self.logs.info(f"Start({item})  Config({self.chroot.shared_name})")
            if clean:
                self.chroot.clean()
            self.logs.version()
            self.chroot.initialize(prebuild=True)
            work(item)
            self.logs.info(f"Done({item}) Config({self.chroot.shared_name}) {self.took(began)}")
            self.after("success")
        except (Exception, KeyboardInterrupt):
            self.logs.error(f"Exception({item}) Config({self.chroot.shared_name}) {self.took(began)}")
            self.after("failure")
            raise
        return True

    def after(self, ending):
        self.logs.info(f"Results and/or logs in: {self.chroot.result}")
        if self.values[f"cleanup_on_{ending}"]:
            self.logs.info(f"Cleaning up build root ('cleanup_on_{ending}=True')")
            self.chroot.clean()

    def make_srpm(self, spec):
        self.logs.start("buildsrpm")
        shutil.copy(spec, self.place("SPECS"))
        sources = self.options.sources and os.path.realpath(self.options.sources)
        if sources and os.path.isdir(sources):
            remove(self.place("SOURCES"))
            shutil.copytree(sources, self.place("SOURCES"), symlinks=not self.options.symlink_dereference)
        elif sources:
            shutil.copy(sources, self.place("SOURCES"))
        self.logs.start("rpmbuild -bs")
        try:
            self.rpmbuild(["-bs"], os.path.join(self.place("SPECS"), os.path.basename(spec)))
        finally:
            self.logs.finish("rpmbuild -bs")
            self.logs.finish("buildsrpm")
        self.made = self.publish("SRPMS/*.src.rpm")[0]

    def build(self, srpm):
        name = os.path.basename(srpm)
        self.logs.start(f"build phase for {name}")
        try:
            self.logs.start(f"build setup for {name}")
            try:
                spec = self.prepare(srpm)
            finally:
                self.logs.finish(f"build setup for {name}")
            self.logs.start(f"rpmbuild {name}")
            try:
                self.logs.start("Outputting list of installed packages")
                lines = [f"{package}-1-1.noarch 0 0 {source or 'installed'}\n" for package, source in self.chroot.packages().items()]
                self.logs.file("installed_pkgs.log", "".join(lines))
                self.logs.finish("Outputting list of installed packages")
                self.rpmbuild(["-bb"], spec)
            finally:
                self.logs.finish(f"rpmbuild {name}")
            if not self.publish("RPMS/*.rpm") + self.publish("SRPMS/*.src.rpm"):
                raise NoResults("No build results found")
        finally:
            self.logs.finish(f"build phase for {name}")

    def prepare(self, srpm):
        shutil.copy(srpm, self.place("originals"))
        environment = {**self.environment(), "PATH": os.environ["PATH"]}
        subprocess.run(["rpm", "-i", "--nodeps", "--dbpath", self.chroot.path("var/lib/rpm"), "--define",
                        f"_topdir {self.chroot.path('/builddir/build')}", srpm], check=True, capture_output=True, env=environment)
        if self.options.spec:
            spec = shutil.copy(self.options.spec, self.place("originals"))
        else:
            spec = glob.glob(os.path.join(self.place("SPECS"), "*.spec"))[0]
        self.rpmbuild(["-bs"], spec)
        rebuilt = glob.glob(os.path.join(self.place("SRPMS"), "*.src.rpm"))[0]
        wanted = subprocess.run(["rpm", "-qp", "--nosignature", "--requires", rebuilt], check=True, capture_output=True, text=True).stdout
        self.chroot.install_known([line.split()[0] for line in wanted.splitlines() if line.strip()])
        return spec

    def rpmbuild(self, mode, spec):
        check = [] if not self.options.nocheck else ["--nocheck"]
        argv = ["rpmbuild", *mode, *check, "--target", self.values["rpmbuild_arch"], "--nodeps", spec]
        status = self.start(argv, self.values["print_main_output"], self.values["rpmbuild_timeout"])
        if status != 0:
            raise MockError(f"Command failed: \n # bash --login -c '/usr/bin/{' '.join(argv)}'\n")

    def publish(self, pattern):
        """Files of the build, copied to the results; resolves to their paths there."""
        found = sorted(glob.glob(os.path.join(self.chroot.home, "build", pattern)))
        return [shutil.copy2(path, self.chroot.result) for path in found]

    # Programs

    def in_chroot(self, command, state):
        """
        Runs a command in the chroot's directory, with the bind mounts as links. It is no chroot, so the few places
        that the builder uses at its top get their real paths.
        """
        home = re.escape(self.chroot.home.lstrip("/"))
        top = re.compile(rf"(?<![\w./-])/(?=(script|workdir|mnt|tmp/chroot|{home})\b)")
        command = [top.sub(self.chroot.root.rstrip("/") + "/", word) for word in command]
        for outside, inside in self.values["plugin_conf"]["bind_mount_opts"]["dirs"]:
            target = self.chroot.path(inside)
            if not os.path.lexists(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.symlink(outside, target)
        argv = ["/bin/sh", "-c", command[0]] if len(command) == 1 else command
        self.logs.start(state)
        try:
            return self.start(argv, True, 0, cwd=self.chroot.path(self.options.cwd or "/"))
        finally:
            self.logs.finish(state)

    def start(self, argv, is_shown, limit, cwd=None):
        """Runs a program to its end, its output in build.log; resolves to its exit status."""
        self.logs.build(f"Executing command: {argv} with env {self.environment()} and shell False\n")
        isolation = [] if self.values["rpmbuild_networking"] or not can_unshare() else ["unshare", "--net"]
        self.child = subprocess.Popen([*isolation, *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      cwd=cwd or self.chroot.root, env=self.environment(), start_new_session=True)
        end = time.time() + limit
        os.set_blocking(self.child.stdout.fileno(), False)
        while True:
            chunk = self.child.stdout.read()
            if chunk:
                text = chunk.decode(errors="replace")
                self.logs.build(text)
                if is_shown:
                    print(text, end="", flush=True)
            if chunk == b"" or (chunk is None and self.child.poll() is not None):
                break
            if limit and time.time() > end:
                self.end_child()
                raise Timeout(f"Timeout({limit}) expired for command:\n # {' '.join(argv)}")
            if not chunk:
                time.sleep(0.01)
        status = self.child.wait()
        self.logs.build(f"Child return code was: {status}\n")
        return status if status >= 0 else 128 - status

    def end_child(self):
        if self.child and self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()

    def environment(self):
        inside = self.values["environment"]
        return {**inside, "HOME": self.chroot.home, "PATH": f"{USERS}:{inside['PATH']}"}

    # Small things

    def place(self, name):
        return os.path.join(self.chroot.home, "build", name)

    def require_words(self, sentence, count=1):
        if len(self.words) < count:
            sys.exit(self.refuse(sentence))

    def refuse(self, sentence):
        print(f"CRITICAL: {sentence}", file=sys.stderr)
        return 50

    def took(self, began):
        seconds = int(time.time() - began)
        return f"{seconds // 60} minutes {seconds % 60} seconds"

    def drop(self, path):
        if os.path.exists(path):
            remove(path)


def can_unshare():
    return os.geteuid() == 0 and shutil.which("unshare") is not None
