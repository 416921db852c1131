"""`python -m tests.bench [name …]`: how fast this machine is. No figure decides the exit code."""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Mapping

from tests.bench import (
    answering,
    beside,
    deciding,
    durable,
    figures,
    memory,
    million,
    neighbours,
    overtaking,
    restoring,
    silence,
    stage,
    telling,
    texting,
)
from tests.bench.figures import Figure

BENCHMARKS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "decide": deciding.run,
    "memory": memory.run,
    "desk": answering.run,
    "webhook": telling.first_webhook,
    "restore": restoring.run,
    "silence": silence.run,
    "fanout": telling.fan_out,
    "urgent": overtaking.run,
    "million": million.run,
    "durable": durable.run,
    "neighbours": neighbours.run,
    "sms": texting.run,
    "peers": beside.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast this machine is.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(BENCHMARKS)}; all if none")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a figure on standard output")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # brokers and folders are cleared away then, too
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    _say(figures.machine(stage.LIBS))
    found: list[Figure] = []
    for name in asked.names or BENCHMARKS:
        _say(f"running {name} at load {figures.load()} …")
        for figure in BENCHMARKS[name]():
            found.append(figure)
            _say("  " + "  ".join(figure.row()))
            if asked.jsonl:
                sys.stdout.write(figure.line() + "\n")
    if not asked.jsonl:
        sys.stdout.write("\n" + figures.table(found) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
