"""What mock says: to standard error, and to the logs in the result directory."""

import os
import sys
import time


class Logs:
    def __init__(self, verbose):
        self.verbose = verbose
        self.directory = None
        self.early = []

    def open(self, directory):
        """From here on the logs are files. Logs of an earlier start of the same call go on."""
        if self.directory == directory:
            return
        self.directory = directory
        for name in ("root", "build", "state"):
            with open(os.path.join(directory, f"{name}.log"), "w", encoding="utf-8"):
                pass

    def info(self, text):
        self._say("INFO", text)

    def error(self, text):
        print(f"ERROR: {text}", file=sys.stderr, flush=True)

    def warning(self, text):
        print(f"WARNING: {text}", file=sys.stderr, flush=True)

    def _say(self, level, text):
        if self.verbose > 0:
            print(f"{level}: {text}", file=sys.stderr, flush=True)
        self.root(f"INFO buildroot.py:1:  {text}")

    def start(self, what, is_bootstrap=False):
        self._state(f"Start{'(bootstrap)' if is_bootstrap else ''}: {what}")

    def finish(self, what, is_bootstrap=False):
        self._state(f"Finish{'(bootstrap)' if is_bootstrap else ''}: {what}")

    def version(self):
        self._state("Mock Version: 6.7")
        self.info("Mock Version: 6.7")
        self.build("Mock Version: 6.7\n")

    def _state(self, text):
        """To the file first: so do the loggers of Python that mock uses."""
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))
        self._write("state", f"{stamp},{int(now * 1000) % 1000:03d} - {text}\n")
        if self.verbose > 0:
            print(text, file=sys.stderr, flush=True)

    def root(self, line):
        self._write("root", f"{line}\n")

    def build(self, text):
        self._write("build", text)

    def file(self, name, text):
        if self.directory:
            with open(os.path.join(self.directory, name), "w", encoding="utf-8") as file:
                file.write(text)

    def _write(self, name, text):
        if not self.directory:
            return
        with open(os.path.join(self.directory, f"{name}.log"), "a", encoding="utf-8", errors="replace") as file:
            file.write(text)
