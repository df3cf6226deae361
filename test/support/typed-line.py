"""Types into a program on a terminal: typed-line.py DIALOGUE PROGRAM..., DIALOGUE being pairs of a prompt and a line, in JSON."""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen = b""
deadline = time.time() + 60


def read_until(text):
    """Whether the text came before the program ended."""
    global seen
    while text not in seen and time.time() < deadline:
        if not select.select([terminal], [], [], 0.5)[0]:
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            return False
        if not chunk:
            return False
        seen += chunk
        sys.stdout.buffer.write(chunk)
    return text in seen


for prompt, line in json.loads(sys.argv[1]):
    if not read_until(prompt.encode()):
        break
    seen = b""
    os.write(terminal, line.encode())
read_until(b"never\0")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
