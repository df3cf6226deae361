#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of the command line: test-hello.sh PROGRAM VERSION
set -u

hello=$1
version=$2
checks=0
failures=0

# expect STATUS OUTPUT [ARGUMENT]...: what the program must exit with and print
expect() {
    wanted_status=$1
    wanted=$2
    shift 2
    output=$("$hello" "$@" 2>/dev/null)
    status=$?
    checks=$((checks + 1))
    if [ "$status" -ne "$wanted_status" ] || [ "$output" != "$wanted" ]; then
        failures=$((failures + 1))
        echo "FAIL: hello $*: status $status, output: $output" >&2
    fi
}

expect 0 'Hello, world!'
expect 0 'Hello, Ada!' Ada
expect 0 'Hello, Ada and Bob!' Ada Bob
expect 0 'Ahoj, Ada!' -g Ahoj Ada
expect 0 'Ahoj, Ada!' --greeting=Ahoj Ada
expect 0 'Hello, -g!' -- -g
expect 0 "hello $version" --version
expect 0 "$("$hello" -h)" --help
expect 2 '' --no-such-option
expect 2 '' --greeting

# A write error must be told. Some build roots have no /dev/full.
if [ -c /dev/full ]; then
    checks=$((checks + 1))
    if "$hello" >/dev/full 2>/dev/null; then
        failures=$((failures + 1))
        echo 'FAIL: hello >/dev/full: no error' >&2
    fi
fi

echo "test-hello: $checks checks, $failures failed"
[ "$failures" -eq 0 ]
