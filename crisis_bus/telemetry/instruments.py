"""Instruments whose labels are closed: every series exists from the start, and no value can add one."""

from collections.abc import Iterable
from itertools import product
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from crisis_bus.telemetry.labels import OTHER

Instrument = TypeVar("Instrument", Counter, Gauge, Histogram)
Kind = type[Counter] | type[Gauge] | type[Histogram]


class Spec:
    """One row of the table of metrics; `name` is the one that Prometheus shows."""

    def __init__(self, name: str, help_: str, buckets: tuple[float, ...] = (), **labels: Iterable[str]) -> None:
        self.name = name
        self.help = help_
        self.buckets = buckets
        self.labels = {label: tuple(str(value) for value in values) for label, values in labels.items()}


class Family(Generic[Instrument]):
    """A metric with closed labels; a value outside of its set is counted as `other`."""

    def __init__(self, parent: Instrument, spec: Spec) -> None:
        self._parent: Instrument = parent
        self._labels = spec.labels
        self._series: dict[tuple[str, ...], Instrument] = {
            values: self._at(values) for values in product(*spec.labels.values())
        }

    def labels(self, **values: str) -> Instrument:
        """Give the series of these values; raises TypeError where a label is missing or unknown."""
        if values.keys() != self._labels.keys():
            msg = f"needs exactly the labels {', '.join(self._labels)}, not {', '.join(values)}"
            raise TypeError(msg)
        key = tuple(str(values[name]) for name in self._labels)
        return self._series.get(key) or self._at(self._closed(key))

    def _closed(self, key: tuple[str, ...]) -> tuple[str, ...]:
        pairs = zip(key, self._labels.values(), strict=True)
        return tuple(value if value in known else OTHER for value, known in pairs)

    def _at(self, values: tuple[str, ...]) -> Instrument:
        series: Instrument = self._parent.labels(*values)
        return series


def rows(table: type) -> dict[str, tuple[Kind, Spec]]:
    """Collect the rows of a class: its fields `Annotated[Counter, Spec(…)]`, or `Family[Counter]`."""
    hints = get_type_hints(table, include_extras=True)
    return {field: _row(hint) for field, hint in hints.items() if get_origin(hint) is Annotated}


def built(kind: Kind, spec: Spec, registry: CollectorRegistry) -> object:
    """Make the instrument of a row, registered, every series at zero."""
    more: dict[str, Any] = {"buckets": spec.buckets} if spec.buckets else {}
    parent: Any = kind(spec.name, spec.help, labelnames=tuple(spec.labels), registry=registry, **more)
    return Family(parent, spec) if spec.labels else parent


def _row(hint: Any) -> tuple[Kind, Spec]:  # noqa: ANN401 a type hint has no narrower type
    instrument, spec = get_args(hint)
    (kind,) = get_args(instrument) or (instrument,)
    return kind, spec
