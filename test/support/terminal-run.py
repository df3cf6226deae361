"""Runs a program on a terminal: terminal-run.py STEPS COLUMNS ROWS PROGRAM...

STEPS is JSON, a list of what is done in turn: {"until": TEXT} waits for a text, {"type": TEXT} types, {"resize": [COLUMNS, ROWS]},
{"signal": NAME} sends a signal, {"sleep": SECONDS}. What the terminal got goes to standard output as lines of JSON:
{"data": BASE64}, {"resize": [COLUMNS, ROWS]}, {"mark": NUMBER OF THE STEP}, and at the end {"exit": STATUS, "settings": WHETHER THEY ARE AS BEFORE}.
"""
import base64
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

steps, columns, rows, argv = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
go, started = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.read(go, 1)
    os.execvp(argv[0], argv)


def resize(width, height):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


def tell(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


resize(columns, rows)
before = termios.tcgetattr(terminal)
os.write(started, b"x")
seen = b""
# Shorter than any test may take.
deadline = time.time() + 170


def read(seconds):
    """Reads what comes in this time; whether the program still has its terminal."""
    global seen
    end = time.time() + seconds
    while time.time() < min(end, deadline):
        if not select.select([terminal], [], [], max(0, min(0.1, end - time.time())))[0]:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return False
        if not chunk:
            return False
        seen += chunk
        tell(data=base64.b64encode(chunk).decode())
    return time.time() < deadline


alive = True
for number, step in enumerate(steps):
    if "until" in step:
        while alive and step["until"].encode() not in seen:
            alive = read(0.1)
        seen = seen.partition(step["until"].encode())[2]
    if "sleep" in step:
        alive = alive and read(step["sleep"])
    if "type" in step and alive:
        os.write(terminal, step["type"].encode())
    if "resize" in step and alive:
        tell(resize=step["resize"])
        resize(*step["resize"])
    if "signal" in step and alive:
        os.kill(pid, getattr(signal, step["signal"]))
    tell(mark=number)
while alive:
    alive = read(0.2)
settings = termios.tcgetattr(terminal)
if time.time() >= deadline:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
same = settings[:4] == before[:4]
tell(exit=os.waitstatus_to_exitcode(status), settings=same)
