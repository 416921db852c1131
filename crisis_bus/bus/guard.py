"""A small process between us and the broker: when we are gone, however that came, the broker goes too.

The guard's standard input is a pipe that only we hold. Its end means that we have stopped or died.
The broker inherits the lock of its folder, which is therefore free when the broker has really ended.
Run by path, so that it starts in no time: `python guard.py <seconds of grace> <lock> <command …>`.
"""

import ctypes
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def _die_with_the_guard() -> None:
    """Ask Linux to end this process when the guard is killed; elsewhere the pipe has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop_when_alone(broker: "subprocess.Popen[bytes]", grace: float) -> None:
    while sys.stdin.buffer.read(1):
        pass
    broker.terminate()
    try:
        broker.wait(grace)
    except subprocess.TimeoutExpired:
        broker.kill()


def main(grace: float, lock: int, command: list[str]) -> int:
    """Run the command until it ends or our standard input does; give back its exit code."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_the_guard, pass_fds=[lock]) as broker:  # noqa: PLW1509, S603 no thread runs yet, and the command is ours
        signal.signal(signal.SIGTERM, lambda *_: broker.terminate())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_stop_when_alone, args=(broker, grace), daemon=True).start()
        return broker.wait()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
