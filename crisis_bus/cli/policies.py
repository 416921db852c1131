"""`crisis-bus policy`: the versions of the policy: show, compare, try on the past, propose, adopt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from crisis_bus import packs, rehearsal, replay
from crisis_bus.cli import asking, entries, output, rehearsing, settings_shown
from crisis_bus.cli.asking import At, By, Output, Space
from crisis_bus.cli.output import Format
from crisis_bus.domain.commands import PolicyAdopt, PolicyPropose
from crisis_bus.domain.editions import Edition
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.policy import Policy
from crisis_bus.rehearsal import Line
from crisis_bus.views import amendments

DIFFERENT = 1
app = typer.Typer(no_args_is_help=True, help="The policy: show, diff, replay, propose, adopt.", rich_markup_mode=None)
Pack = Annotated[str, typer.Argument(help="name or folder of a policy pack; PACK@VERSION is one version of it")]
Old = Annotated[str, typer.Argument(metavar="A", help="pack, pack@version or folder to compare with")]
New = Annotated[str, typer.Argument(metavar="B", help="pack, pack@version or folder that is compared")]


def add_to(parent: typer.Typer) -> None:
    """Register the commands."""
    parent.add_typer(app, name="policy")


@app.command()
def show(
    pack: Annotated[str | None, typer.Argument(help="name or folder of a pack; that of the settings, if left out")] = (
        None
    ),
    output_format: Output = Format.TABLE,
) -> None:
    """Show the versions of a policy pack, every one of them checked."""
    name = pack or settings_shown.read().pack
    root = str(packs.folder(name))
    output.rows(list(_versions(root)), ("version", "effective", "name", "languages", "digest"), output_format)


def _versions(root: str) -> Iterator[dict[str, Any]]:
    for line in packs.versions(root):
        name = f"{root}@{line.version}"
        policy = packs.load(name)
        yield {
            "version": policy.version,
            "effective": policy.effective.isoformat(),
            "name": next(iter(policy.name.values())),
            "languages": list(policy.languages.all),
            "digest": Edition.proposed(policy, packs.words(name), "").digest,
        }


@app.command()
def diff(a: Old, b: New, output_format: Output = Format.TABLE) -> None:
    """Compare two versions of the policy, table by table.

    Exit code 0 if they are equal, 1 if something differs.
    """
    found = [
        *amendments.between(packs.load(a), packs.load(b)),
        *amendments.between_words(packs.words(a), packs.words(b)),
    ]
    output.rows([change._asdict() for change in found], amendments.Amendment._fields, output_format)
    if found:
        raise typer.Exit(DIFFERENT)


@app.command("replay")
def try_out(
    a: Old,
    b: New,
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="scenario files or ids, or files of `journal export`")
    ],
    output_format: Output = Format.TABLE,
) -> None:
    """Play scenarios or an exported journal under two versions and show which facts change.

    Nothing is asked of the live system. Exit code 0 if no fact changes, 1 if one does.
    """
    old, new = packs.load(a), packs.load(b)
    rows = [
        {"file": run.name, **difference._asdict()}
        for run in _runs(files, a)
        for difference in replay.differences(run.under(old), run.under(new))
    ]
    output.rows(rows, ("file", *replay.Difference._fields), output_format)
    if rows:
        raise typer.Exit(DIFFERENT)


class _Run(NamedTuple):
    """A scenario, or one space of a journal."""

    name: str
    played: rehearsal.Scenario | list[Entry]

    def under(self, policy: Policy) -> Iterable[Line]:
        """Its facts under a policy."""
        if isinstance(self.played, list):
            return replay.entries(self.played, policy)
        return rehearsal.play(self.played, policy)


def _runs(files: list[str], pack: str) -> Iterator[_Run]:
    for name in files:
        path = packs.scenario(name, pack)
        if _is_scenario(path):
            yield _Run(path.name, rehearsing.load(path))
            continue
        spaces: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries.of_file(path):
            spaces[entry.space].append(entry)
        yield from (_Run(f"{path.name} {space}", found) for space, found in spaces.items())


def _is_scenario(path: Path) -> bool:
    """An exported journal has an entry a line, which names its space; a scenario is one object with commands."""
    with path.open("rb") as file:
        return not file.readline().startswith(b'{"space"')


@app.command()
def propose(
    pack: Pack, space: Space = None, by: By = None, at: At = None, output_format: Output = Format.TABLE
) -> None:
    """Propose a version of the policy, whole; somebody else has to adopt it."""
    policy, words = packs.load(pack), packs.words(pack)
    tables = policy.model_dump(mode="json", exclude={"version", "effective"}, exclude_none=True)
    data = {
        "version": policy.version,
        "effective": policy.effective.isoformat(),
        "tables": tables,
        "templates": words.model_dump(mode="json"),
    }
    asking.send(PolicyPropose.TYPE, data, (space, by, at), output_format)


@app.command()
def adopt(
    version: Annotated[str, typer.Argument(help="a version that somebody else has proposed")],
    space: Space = None,
    by: By = None,
    at: At = None,
    output_format: Output = Format.TABLE,
) -> None:
    """Adopt a proposed version: it holds from its day on, for incidents that begin after that."""
    asking.send(PolicyAdopt.TYPE, {"version": version}, (space, by, at), output_format)
