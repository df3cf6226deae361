"""Does a job and tells what the kernel says of it, as JSON on standard output: the truth that a measuring is held against.
Arguments: name of the job, directory to work in, a number for the job."""

import json
import os
import resource
import subprocess
import sys
import time

job, directory, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
truth = {}


def proportional(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))


def compile_large_array():
    """The compiler's memory grows with the numbers."""
    source = os.path.join(directory, "large.c")
    with open(source, "w", encoding="ascii") as file:
        file.write("int a[] = {" + ",".join(str(i * 7919 % 1000000) for i in range(number)) + "};\n")
    subprocess.run(["gcc", "-c", source, "-o", os.path.join(directory, "large.o")], check=True)
    truth["memory"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 + proportional("self")


def many_at_once():
    """Small processes, most of whose memory is shared."""
    children = [subprocess.Popen(["sleep", "60"]) for _ in range(number)]
    time.sleep(6)
    truth["memory"] = sum(proportional(child.pid) for child in children) + proportional("self")
    for child in children:
        child.kill()
    for child in children:
        child.wait()


def many_in_turn():
    """Processes that live for less than any look at them."""
    for _ in range(number):
        subprocess.run(["sh", "-c", "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done"], check=True)


def write():
    subprocess.run(["dd", "if=/dev/zero", f"of={directory}/zeros", "bs=1M", f"count={number}", "status=none"], check=True)
    with open("/proc/self/io", encoding="ascii") as file:
        truth["written"] = next(int(line.split()[1]) for line in file if line.startswith("write_bytes"))


def daemon():
    """Works in a session of its own, waited for by nobody."""
    done, working = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while time.process_time() < number:
                pass
            os.close(working)
            time.sleep(1.5)
        os._exit(0)
    os.close(working)
    os.wait()
    os.read(done, 1)
    time.sleep(3)
    truth["cpu"] = number


globals()[job]()
usages = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
truth["cpu"] = truth.get("cpu", 0) + sum(usage.ru_utime + usage.ru_stime for usage in usages)
print(json.dumps(truth))
