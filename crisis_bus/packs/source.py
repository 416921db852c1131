"""The YAML files of a policy pack, with the line of every value, so that an error can name it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from crisis_bus.domain.policy_check import Fault
from crisis_bus.errors import PolicyError


class Table(NamedTuple):
    """A value under its name in a file, and where it stands; `file` is the path inside the pack."""

    value: Any
    file: str
    node: yaml.Node


Tables = Mapping[str, Table]


def document(root: Path, file: str) -> Table:
    """A whole file of a pack, a mapping; raises PolicyError."""
    try:
        text = (root / file).read_text(encoding="utf-8")
        node, value = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file}: cannot be read: {error}"
        raise PolicyError(msg) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f"{mark.line + 1}:"
        msg = f"{file}:{line} cannot be read, it is no valid YAML: {getattr(error, 'problem', error)}"
        raise PolicyError(msg) from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, dict):
        msg = f"{file}:1: must hold tables, each under its name"
        raise PolicyError(msg)
    return Table(value, file, node)


def tables(root: Path, files: Iterable[str]) -> dict[str, Table]:
    """The tables of several files; raises PolicyError, also for one that stands there twice."""
    found: dict[str, Table] = {}
    for file in files:
        for name, table in _inside(document(root, file)):
            if name in found:
                line = table.node.start_mark.line + 1
                msg = f"{file}:{line}: {name} stands in {found[name].file} already"
                raise PolicyError(msg)
            found[name] = table
    return found


def _inside(whole: Table) -> Iterator[tuple[str, Table]]:
    nodes = {str(key.value): node for key, node in whole.node.value}
    for name, value in whole.value.items():
        yield str(name), Table(value, whole.file, nodes.get(str(name), whole.node))


def refused(faults: Iterable[Fault], there: Tables, first_file: str) -> PolicyError:
    """All faults as sentences that name file, line and reason."""
    return PolicyError("\n".join(_sentence(fault, there, first_file) for fault in faults))


def _sentence(fault: Fault, there: Tables, first_file: str) -> str:
    steps = [str(step) for step in fault.place]
    if not steps or steps[0] not in there:
        place = ".".join(steps)
        return f"{first_file}: the table {place} is missing" if place else f"{first_file}: {fault.reason}"
    table = there[steps[0]]
    line = _deepest(table.node, steps[1:]).start_mark.line + 1
    return f"{table.file}:{line}: {'.'.join(steps)}: {fault.reason}"


def _deepest(node: yaml.Node, steps: list[str]) -> yaml.Node:
    for step in steps:
        inner = _child(node, step)
        if inner is None:
            return node
        node = inner
    return node


def _child(node: yaml.Node, step: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if str(key.value) == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        found: yaml.Node = node.value[int(step)]
        return found
    return None
