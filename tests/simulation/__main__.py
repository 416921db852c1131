"""Plays many seeds and shows what happened in those that break a claim: `python -m tests.simulation --seeds 0:5000`."""

import argparse
import sys
import time

from tests.simulation import history, world


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if a seed breaks a claim."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", default="0:1000", help="first and last but one, as 0:5000, or one seed")
    parser.add_argument("--trace", action="store_true", help="show the trace of every seed")
    parser.add_argument("--most", type=int, default=1, help="stop after so many broken seeds")
    given = parser.parse_args(arguments)
    first, _, last = given.seeds.partition(":")
    seeds = range(int(first), int(last or int(first) + 1))
    began, broken = time.perf_counter(), 0
    for seed in seeds:
        broken += _play(seed, show=given.trace)
        if broken >= given.most:
            break
    seconds = time.perf_counter() - began
    played = seed - seeds.start + 1
    sys.stdout.write(f"{played} seeds, {broken} broken, {played / seconds:.1f} a second\n")
    return 1 if broken else 0


def _play(seed: int, *, show: bool) -> bool:
    told = world.run(seed)
    found = history.violations(told)
    if found or show:
        sys.stdout.write("\n".join([f"seed {seed}", *told.trace, *found, ""]) + "\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
