"""Policy packs: the tables of a government, read from YAML and validated as a whole."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from crisis_bus.cap.mapping import CapMapping
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import PolicyError

SHIPPED = Path(__file__).parent
FILES = ("pack.yaml", "entities.yaml", "channels.yaml", "numbers.yaml", "incidents.yaml", "roster.yaml")


def folder(name: str) -> Path:
    """The folder of a shipped pack, or of one somewhere else; raises PolicyError."""
    for candidate in (SHIPPED / name, Path(name)):
        if (candidate / FILES[0]).is_file():
            return candidate
    shipped = ", ".join(sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILES[0]}")))
    msg = f"there is no policy pack {name!r}: give the name of a shipped one ({shipped}) or a folder with {FILES[0]}"
    raise PolicyError(msg)


def load(name: str) -> Policy:
    """Read a pack; raises PolicyError, which names file, line and reason."""
    place = folder(name)
    tables: dict[str, Any] = {}
    origin: dict[str, tuple[Path, yaml.Node]] = {}
    for file in FILES:
        for key, (value, node) in _tables(place / file).items():
            if key in tables:
                msg = f"{file}:{node.start_mark.line + 1}: {key} stands in {origin[key][0].name} already"
                raise PolicyError(msg)
            tables[key], origin[key] = value, (place / file, node)
    try:
        return Policy.model_validate(tables)
    except ValidationError as error:
        raise PolicyError("\n".join(_sentence(problem, origin) for problem in error.errors())) from error


def scenario(name: str, pack: str) -> Path:
    """The file of a scenario: a path, or the id of one that the pack ships; raises PolicyError."""
    if Path(name).is_file():
        return Path(name)
    shipped = folder(pack) / "scenarios" / f"{name}.json"
    if not shipped.is_file():
        ids = ", ".join(sorted(path.stem for path in shipped.parent.glob("*.json")))
        msg = f"there is no scenario {name!r}: give a file, or one of {ids}"
        raise PolicyError(msg)
    return shipped


def cap_mapping(name: str) -> CapMapping:
    """How the words of CAP alerts become codes of a pack; raises PolicyError."""
    path = folder(name) / "cap.yaml"
    try:
        return CapMapping.model_validate({key: value for key, (value, _) in _tables(path).items()})
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"{path.name}: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        raise PolicyError(msg) from error


def subscriptions(name: str, space: str, receiver: str) -> list[Subscription]:
    """The sample destinations of a pack for one space; raises PolicyError. Ids begin with the space."""
    path = folder(name) / "subscriptions.yaml"
    found = []
    for number, row in enumerate(_tables(path)["subscriptions"][0]):
        here = {"id": f"{space}.{row['id']}", "space": space, "address": row["address"].replace("{receiver}", receiver)}
        try:
            found.append(Subscription.model_validate(row | here))
        except ValidationError as error:
            first = error.errors()[0]
            msg = f"{path.name}: subscriptions.{number}.{first['loc'][0]}: {first['msg']}"
            raise PolicyError(msg) from error
    return found


def _tables(path: Path) -> dict[str, tuple[Any, yaml.Node]]:
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path.name}: cannot be read: {error}"
        raise PolicyError(msg) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f"{mark.line + 1}: "
        msg = f"{path.name}:{line} no valid YAML: {getattr(error, 'problem', error)}"
        raise PolicyError(msg) from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        msg = f"{path.name}:1: must hold tables, each under its name"
        raise PolicyError(msg)
    nodes = {str(key.value): value for key, value in node.value}
    return {str(key): (value, nodes[str(key)]) for key, value in values.items()}


def _sentence(problem: Any, origin: dict[str, tuple[Path, yaml.Node]]) -> str:  # noqa: ANN401 pydantic's ErrorDetails
    place = [str(step) for step in problem["loc"]]
    reason = problem["msg"].removeprefix("Value error, ")
    if not place:
        return f"{FILES[0]}: {reason}"
    if place[0] not in origin:
        return f"{FILES[0]}: the table {place[0]} is missing"
    path, node = origin[place[0]]
    line = _deepest(node, place[1:]).start_mark.line + 1
    return f"{path.name}:{line}: {'.'.join(place)}: {reason}"


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
