"""A figure, the machine that it was measured on, and both as people and programs read them."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from pydantic_core import to_json

_COLUMNS = ("benchmark", "figure", "target", "", "raw")


@dataclass(frozen=True)
class Target:
    """What a figure should reach: at least so much of a rate, at most so much of a time."""

    value: float
    at_least: bool = True

    def reached(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.value:,g}"


@dataclass(frozen=True)
class Figure:
    """What was measured: the median of the runs, and every run."""

    name: str
    unit: str
    runs: Sequence[float]
    target: Target | None = None
    note: str = ""

    @property
    def value(self) -> float:
        return statistics.median(self.runs)

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "reached" if self.target.reached(self.value) else "MISSED"

    def row(self) -> tuple[str, ...]:
        raw = ", ".join(_short(run) for run in self.runs)
        target = str(self.target) if self.target else ""
        return self.name, f"{_short(self.value)} {self.unit}", target, self.verdict, f"{raw} {self.note}".strip()

    def line(self) -> str:
        target = self.target.value if self.target else None
        fields = {"name": self.name, "value": self.value, "unit": self.unit, "target": target, "runs": self.runs}
        return to_json({**fields, "verdict": self.verdict, "note": self.note}).decode()


def percentile(values: Iterable[float], part: float) -> float:
    """The value that so large a part of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(part * len(ordered)) - 1))]


def table(figures: Iterable[Figure]) -> str:
    rows = [_COLUMNS, *(figure.row() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_COLUMNS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def machine(libs: Path) -> str:
    """Where the figures come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiokafka", "faust-streaming", "pydantic"))
    return "\n".join(
        (
            f"machine   {len(os.sched_getaffinity(0))} cores of {_cpu()}, {memory:.0f} GiB, {platform.system()}",
            f"versions  Python {platform.python_version()}, Apache Kafka {_kafka(libs)}, {packages}",
            f"load      {load()} (over 1, 5 and 15 minutes, before the first benchmark)",
        )
    )


def load() -> str:
    return ", ".join(f"{value:.2f}" for value in os.getloadavg())


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


def _kafka(libs: Path) -> str:
    found = [path.stem.removeprefix("kafka-clients-") for path in libs.glob("kafka-clients-*.jar")]
    return found[0] if found else "unknown"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
