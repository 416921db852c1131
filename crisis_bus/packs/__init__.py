"""Policy packs: the tables and words of a government, read from YAML and validated as a whole.

A pack is a folder. Its own files are its first version; `versions/<version>/` holds the files of a later one,
whose tables and templates take the place of the first version's, each as a whole. A pack is named by its
shipped name or its folder, a version of it by `@<version>` after that; without one, the first is meant.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from crisis_bus.cap.mapping import CapMapping
from crisis_bus.domain import policy_check
from crisis_bus.domain.forms import Forms
from crisis_bus.domain.policy import Policy
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError
from crisis_bus.packs import fitting, source
from crisis_bus.packs.source import Table

SHIPPED = Path(__file__).parent
FILES = ("pack.yaml", "entities.yaml", "channels.yaml", "numbers.yaml", "incidents.yaml", "roster.yaml")
_CAP, _SUBSCRIPTIONS, _PLACES, _LABELS, _SHORT = "cap.yaml", "subscriptions.yaml", "places.yaml", "labels", "short"
_TEMPLATES = {**{kind.value: f"templates/{kind}.yaml" for kind in Kind}, _LABELS: f"templates/{_LABELS}.yaml"}
_SHORT_FILE = f"templates/{_SHORT}.yaml"
_KNOWN = frozenset({*FILES, _CAP, _SUBSCRIPTIONS, _PLACES, _SHORT_FILE, *_TEMPLATES.values()})


class Line(NamedTuple):
    """One version of a pack: what it is called, from which day it holds, and its folder inside the pack."""

    version: str
    effective: str
    folder: str


def folder(name: str) -> Path:
    """The folder of a pack; raises PolicyError."""
    return _chosen(name)[0]


def load(name: str) -> Policy:
    """The tables of a version; raises PolicyError, which names file, line and reason."""
    root, line = _chosen(name)
    tables = source.tables(root, FILES)
    if line.folder:
        tables |= source.tables(root, _there(root, line, FILES))
    try:
        return policy_check.policy({name: table.value for name, table in tables.items()})
    except policy_check.Faulty as error:
        raise source.refused(error.faults, tables, f"{line.folder}{FILES[0]}") from error


def words(name: str) -> Forms:
    """The templates and labels of a version; raises PolicyError, which names file, line and reason."""
    root, line = _chosen(name)
    places = {kind: _own(root, line, file) for kind, file in _TEMPLATES.items()}
    for file in places.values():
        if not (root / file).is_file():
            msg = f"{file} is missing; every kind of statement needs its template, and the pack its labels"
            raise PolicyError(msg)
    found = {kind: source.document(root, file) for kind, file in places.items()}
    labels = found.pop(_LABELS)
    others = {_LABELS: labels, **_short(root, line)}
    said = {"kinds": {kind: table.value for kind, table in found.items()}}
    said |= {table: other.value for table, other in others.items()}
    try:
        return _fitting(said, load(name))
    except policy_check.Faulty as error:
        inside = [fault._replace(place=fault.place[fault.place[:1] == ("kinds",) :]) for fault in error.faults]
        raise source.refused(inside, {**found, **others}, "templates") from error


def _fitting(said: dict[str, Any], policy: Policy) -> Forms:
    made = policy_check.forms(said, policy.languages.all)
    too_long = list(fitting.faults(made, policy))
    if too_long:
        raise policy_check.Faulty(too_long)
    return made


def _short(root: Path, line: Line) -> dict[str, Table]:
    """The short wordings, for a pack that has some."""
    file = _own(root, line, _SHORT_FILE)
    return {_SHORT: source.document(root, file)} if (root / file).is_file() else {}


def versions(name: str) -> list[Line]:
    """All versions of a pack, from the first to the last; raises PolicyError, also if no order can be seen."""
    root = folder(name)
    lines = [_line(root, ""), *sorted(_later(root), key=lambda line: line.effective)]
    for before, after in pairwise(lines):
        if after.effective <= before.effective:
            msg = (
                f"{after.folder}{FILES[0]}: effective: version {after.version} holds from {after.effective}, "
                f"which is not after {before.effective}, when version {before.version} begins"
            )
            raise PolicyError(msg)
    return lines


def _chosen(name: str) -> tuple[Path, Line]:
    root, version = _root(name)
    first = _line(root, "")
    if version in {None, first.version}:
        return root, first
    lines = {line.version: line for line in versions(str(root))}
    if version not in lines:
        msg = f"the policy pack {name.rpartition('@')[0]!r} has no version {version!r}; it has {', '.join(lines)}"
        raise PolicyError(msg)
    return root, lines[version]


def _root(name: str) -> tuple[Path, str | None]:
    base, _, version = name.rpartition("@")
    for said, wanted in ((name, None), (base, version)):
        for candidate in (SHIPPED / said, Path(said)):
            if said and (candidate / FILES[0]).is_file():
                return candidate, wanted
    shipped = ", ".join(sorted(path.parent.name for path in SHIPPED.glob(f"*/{FILES[0]}")))
    msg = f"there is no policy pack {name!r}: give the name of a shipped one ({shipped}) or a folder with {FILES[0]}"
    raise PolicyError(msg)


def _later(root: Path) -> Iterator[Line]:
    first = _line(root, "").version
    for path in sorted(root.glob("versions/*/")):
        line = _line(root, f"versions/{path.name}/")
        if line.version != path.name or line.version == first:
            msg = f"{line.folder}{FILES[0]}: version: must be {path.name!r}, as its folder, and of no other version"
            raise PolicyError(msg)
        strange = [file for file in _yaml(path) if file not in _KNOWN]
        if strange:
            msg = f"{line.folder}{strange[0]}: a pack has no such file; it has {', '.join(sorted(_KNOWN))}"
            raise PolicyError(msg)
        yield line


def _yaml(path: Path) -> list[str]:
    return sorted(file.relative_to(path).as_posix() for file in path.rglob("*.yaml"))


def _line(root: Path, inside: str) -> Line:
    said = source.document(root, f"{inside}{FILES[0]}").value
    missing = [field for field in ("version", "effective") if field not in said]
    if missing:
        msg = f"{inside}{FILES[0]}: {missing[0]} is missing; every version has one of its own"
        raise PolicyError(msg)
    return Line(str(said["version"]), str(said["effective"]), inside)


def _there(root: Path, line: Line, files: tuple[str, ...]) -> list[str]:
    return [f"{line.folder}{file}" for file in files if (root / line.folder / file).is_file()]


def _own(root: Path, line: Line, file: str) -> str:
    """A file of the version, or the first version's where it has none of its own."""
    return next(iter(_there(root, line, (file,))), file)


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
    found = _document(name, _CAP)
    try:
        return CapMapping.model_validate(found.value)
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"{found.file}: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        raise PolicyError(msg) from error


def outlines(name: str) -> Table | None:
    """Where the parts of the country are, for a pack that says it; raises PolicyError."""
    root, line = _chosen(name)
    file = _own(root, line, _PLACES)
    return source.document(root, file) if (root / file).is_file() else None


def subscriptions(name: str, space: str, receiver: str) -> list[Subscription]:
    """The sample destinations of a pack for one space; raises PolicyError. Ids begin with the space."""
    file = _document(name, _SUBSCRIPTIONS)
    found = []
    for number, row in enumerate(file.value["subscriptions"]):
        here = {"id": f"{space}.{row['id']}", "space": space, "address": row["address"].replace("{receiver}", receiver)}
        try:
            found.append(Subscription.model_validate(row | here))
        except ValidationError as error:
            first = error.errors()[0]
            msg = f"{file.file}: subscriptions.{number}.{first['loc'][0]}: {first['msg']}"
            raise PolicyError(msg) from error
    return found


def _document(name: str, file: str) -> Table:
    root, line = _chosen(name)
    return source.document(root, _own(root, line, file))
