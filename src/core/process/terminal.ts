import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { findProgram } from "./find-program.ts";
import { commandLineOf } from "./table.ts";

/**
 * A terminal that a program runs on, with nobody before it. The kernel interrupts whatever has it on Ctrl-C, also a
 * program with more rights than ours, which we can't signal: mock is root most of the time.
 */
export interface ProgramTerminal {
  /** Presses Ctrl-C: INT for the program's process group. False when the terminal is gone. */
  interrupt(): boolean;
  /** Takes the terminal away: HUP for the program's process group. */
  hangUp(): void;
  /** The program has ended: lets the terminal go, and waits for that. */
  close(): Promise<void>;
}

/** The descriptor by which the starter hears of us. */
export const terminalControlFd = 3;

/**
 * Makes a terminal and starts a program on it; its standard files stay what they are. Node can't, so mock's own Python
 * does. Constant text; the program and its words come as arguments. The one process becomes the program, without a
 * terminal where none can be had. Another one, no child of it that it might wait for, holds the terminal, throws away
 * what is written there, answers reads with nothing, and does what it is told: `i` interrupts, `h` hangs up. When
 * whoever would tell it is gone, the program is interrupted, unless it was already, and if it is still there in the
 * end, hung up.
 */
const STARTER = `import fcntl, os, select, signal, sys, termios, time
control = ${terminalControlFd}
program = os.getpid()

def born():
    try:
        with open(f"/proc/{program}/stat", encoding="latin-1") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]

def hold():
    os.setsid()
    start = born()
    os.chdir("/")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    pressed = False
    end = None
    while end is None or (born() == start and time.monotonic() < end):
        ready = select.select([keyboard] if end else [control, keyboard], [], [], 0.05 if end else None)[0]
        if keyboard in ready:
            os.read(keyboard, 65536)
        if control not in ready:
            continue
        order = os.read(control, 1)
        if order == b"h":
            return
        if order == b"":
            end = time.monotonic() + 10
        if (order == b"i" or not pressed) and born() == start:
            os.write(keyboard, b"\x03")
            pressed = True

signal.signal(signal.SIGINT, signal.SIG_DFL)
try:
    keyboard, terminal = os.openpty()
    modes = termios.tcgetattr(terminal)
    modes[3] &= ~(termios.ICANON | termios.ECHO)
    modes[6][termios.VMIN] = modes[6][termios.VTIME] = 0
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    if os.fork() == 0:
        if os.fork() == 0:
            try:
                hold()
            finally:
                os._exit(0)
        os._exit(0)
    os.wait()
except (OSError, termios.error):
    pass
os.close(control)
for number in (signal.SIGPIPE, signal.SIGXFSZ):
    signal.signal(number, signal.SIG_DFL)
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print(error, file=sys.stderr)
    os._exit(127)
`;

/** Whether a process holds the terminal of a program. */
export function isTerminalHolder(pid: number): boolean {
  return commandLineOf(pid).includes(STARTER);
}

/** The one that runs mock. What PATH may have before it can take longer to start than all else. */
const PYTHON = "/usr/bin/python3";

/** The command line that starts a program on a terminal of its own. */
export async function terminalCommand(argv: readonly string[], searchPath: string | undefined): Promise<string[]> {
  const python = (await findProgram(PYTHON)) ?? (await findProgram("python3", searchPath)) ?? "python3";
  return [python, "-I", "-S", "-c", STARTER, ...argv];
}

const CLOSE_LIMIT_MS = 2000;

/** The terminal of a program that was started by `terminalCommand`, by our end of the control descriptor. */
export function terminalOf(control: Duplex): ProgramTerminal {
  const closed = new Promise((resolve) => control.once("close", resolve));
  control.on("error", () => undefined).resume();
  const order = (letter: "i" | "h"): boolean => {
    if (!control.writable) return false;
    control.write(letter);
    return true;
  };
  return {
    interrupt: () => order("i"),
    hangUp: () => void order("h"),
    async close() {
      control.end();
      await Promise.race([closed, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
      control.destroy();
    },
  };
}
