"""Instruments whose labels are closed: every series exists from the start, and no value can add one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from crisis_bus.telemetry.labels import OTHER

Kind = TypeVar("Kind", Counter, Gauge, Histogram)
Closed = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Spec:
    """One row of the table of metrics; `name` is the one that Prometheus shows."""

    name: str
    kind: type[Counter] | type[Gauge] | type[Histogram]
    help: str
    labels: Closed
    buckets: tuple[float, ...] = ()


class Family(Generic[Kind]):
    """A metric with closed labels; a value outside of its set is counted as `other`."""

    def __init__(self, parent: Kind, labels: Closed) -> None:
        self._parent = parent
        self._labels = labels
        self._series: dict[tuple[str, ...], Kind] = {
            values: parent.labels(*values) for values in product(*labels.values())
        }

    def labels(self, **values: str) -> Kind:
        """The series of these values; raises TypeError where a label is missing or unknown."""
        if values.keys() != self._labels.keys():
            msg = f"needs exactly the labels {', '.join(self._labels)}, not {', '.join(values)}"
            raise TypeError(msg)
        key = tuple(str(values[name]) for name in self._labels)
        return self._series.get(key) or self._other(key)

    def _other(self, key: tuple[str, ...]) -> Kind:
        closed = (value if value in known else OTHER for value, known in zip(key, self._labels.values(), strict=True))
        return self._parent.labels(*closed)


def counter(name: str, help_: str, **labels: Iterable[str]) -> Any:  # noqa: ANN401 a dataclass field, as `field` is
    """Declare a counter; its name ends in `_total`."""
    return _declared(Spec(name, Counter, help_, _closed(labels)))


def gauge(name: str, help_: str, **labels: Iterable[str]) -> Any:  # noqa: ANN401 a dataclass field, as `field` is
    """Declare a gauge."""
    return _declared(Spec(name, Gauge, help_, _closed(labels)))


def histogram(name: str, help_: str, buckets: tuple[float, ...], **labels: Iterable[str]) -> Any:  # noqa: ANN401 a dataclass field, as `field` is
    """Declare a histogram with the upper bounds of its buckets."""
    return _declared(Spec(name, Histogram, help_, _closed(labels), buckets))


def spec_of(metadata: Mapping[str, Any]) -> Spec:
    """The row that a dataclass field was declared with."""
    spec = metadata["spec"]
    assert isinstance(spec, Spec)
    return spec


def built(spec: Spec, registry: CollectorRegistry) -> object:
    """The instrument of a row, registered, every series at zero."""
    make: Callable[..., Any] = spec.kind
    more = {"buckets": spec.buckets} if spec.buckets else {}
    parent = make(spec.name, spec.help, labelnames=tuple(spec.labels), registry=registry, **more)
    return Family(parent, spec.labels) if spec.labels else parent


def _closed(labels: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(value) for value in values) for name, values in labels.items()}


def _declared(spec: Spec) -> Any:  # noqa: ANN401 a dataclass field, as `field` is
    return field(metadata={"spec": spec})
