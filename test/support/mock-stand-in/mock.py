"""
A strict stand-in for mock, for tests on machines that have none. It reads command lines and configurations as mock
does, and refuses what mock would only pass over; it builds with the host's rpmbuild in a private directory.

MOCK_STAND_IN names its directory: `etc` is its /etc/mock, `lib` its /var/lib/mock, `cache` its /var/cache/mock, and
each call is a line of JSON in `calls.jsonl`.
"""

import json
import os
import signal
import sys

import command_line
import configuration
from chroot import Chroot
from errors import BadConfiguration, MockError
from logs import Logs
from modes import Mock


def main():
    home = os.environ["MOCK_STAND_IN"]
    options, words = command_line.parse(sys.argv[1:])
    directory = options.configdir or os.path.join(home, "etc")
    values, files = configuration.load(directory, options.chroot, home)
    configuration.apply_options(values, options, sys.stderr.isatty())
    repositories = configuration.repositories(values)
    record(home, options, words, values, repositories)
    if not os.path.exists(os.path.join(directory, "logging.ini")):
        raise BadConfiguration(f"Could not find log config file {os.path.join(directory, 'logging.ini')}")
    logs = Logs(options.verbose)
    logs.info(f"mock.py version 6.7 starting (python version = {sys.version.split()[0]}), args: {' '.join(sys.argv)}")
    logs.start("init plugins")
    logs.finish("init plugins")
    if options.scrub:
        values["use_bootstrap"] = True
    chroot = Chroot(values, files, options.uniqueext, logs)
    if options.printrootpath:
        print(chroot.root)
        return 0
    mock = Mock(chroot, options, words, logs)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, lambda caught, _frame: end_by_signal(mock, caught))
    logs.info("Signal handler active")
    try:
        return mock.run()
    except KeyboardInterrupt:
        logs.error("Exiting on user interrupt, <CTRL>-C")
        return 7
    finally:
        mock.end_child()


def end_by_signal(mock, number):
    """As mock does it: what runs in the chroot is killed, the chroot stays. Nobody may listen any more."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(one, signal.SIG_IGN)
    mock.end_child()
    mock.chroot.kill_processes()
    try:
        mock.logs.info(f"\nReceived signal {signal.Signals(number).name} activating orphansKill")
    finally:
        os._exit(128 + number)


def record(home, options, words, values, repositories):
    call = {
        "argv": sys.argv[1:],
        "mode": options.mode,
        "words": words,
        "unique": options.uniqueext,
        "scrub": options.scrub,
        "config": {name: value for name, value in values.items() if name not in ("dnf.conf", "environment")},
        "repositories": repositories,
    }
    with open(os.path.join(home, "calls.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(call) + "\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MockError as error:
        for line in str(error).split("\n"):
            print(f"ERROR: {line}" if line == str(error).split("\n", maxsplit=1)[0] else line, file=sys.stderr)
        sys.exit(error.status)
