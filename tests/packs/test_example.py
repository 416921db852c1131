"""Nothing about one government is in code: another one, in other languages, is a folder."""

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crisis_bus import packs, rehearsal
from crisis_bus.cli import app
from crisis_bus.desk import decide_live
from crisis_bus.domain.commands import REHEARSAL_OPEN, Command
from crisis_bus.domain.delivery import Bulletin
from crisis_bus.domain.instants import minutes, parse, text
from crisis_bus.domain.journal import GENESIS, Entry
from crisis_bus.errors import PolicyError
from crisis_bus.office import Office
from crisis_bus.packs.templates import load_templates
from crisis_bus.streams.bulletins import Newsroom, incidents_of
from crisis_bus.streams.past import SpacePast
from tests.rules.amending import Told

CODE = Path(packs.__file__).parents[1]
RUN = CliRunner()
PROPOSE, ADOPT = "policy.propose", "policy.adopt"


def scenario() -> rehearsal.Scenario:
    return rehearsal.read(packs.scenario("E01", "example").read_bytes())


def test_its_scenario_is_played_as_written() -> None:
    answer = RUN.invoke(app, ["rehearse", "--pack", "example", "--verify", "E01"])

    assert 0 == answer.exit_code, answer.stderr


def test_what_a_version_changes_is_shown_row_by_row() -> None:
    answer = RUN.invoke(app, ["policy", "diff", "example", "example@2", "--format", "json"])

    rows = [(row["table"], row["row"], row["field"], row["old"], row["new"]) for row in json.loads(answer.stdout)]
    assert 1 == answer.exit_code
    assert ("grades", "3", "first_statement", 45, 30) in rows
    assert ("incident_types", "TEMPETE", "first_statement", 90, 30) in rows
    assert ("templates", "HOLDING", "pt.body", "O que sabemos:", "Habitantes da Corvina, eis o que sabemos:") in rows
    assert {"version", "effective", "grades", "incident_types", "templates"} == {row[0] for row in rows}


def test_a_pack_does_not_differ_from_itself() -> None:
    folder = str(packs.folder("example"))

    answer = RUN.invoke(app, ["policy", "diff", "example@2", f"{folder}@2", "--format", "json"])

    assert (0, []) == (answer.exit_code, json.loads(answer.stdout))


def test_a_scenario_is_tried_out_under_another_version() -> None:
    answer = RUN.invoke(app, ["policy", "replay", "example", "example@2", "E01", "--format", "json"])

    told = [(row["at"], row["type"], row["field"], row["old"], row["new"]) for row in json.loads(answer.stdout)]
    assert 1 == answer.exit_code
    assert [
        (0, "incident.graded", "first_statement_due", 45, 30),
        (13, "deadline.met", "target", 45, 30),
    ] == told


@pytest.mark.parametrize(("newer", "code"), [("example", 0), ("example@2", 1)])
def test_an_exported_journal_is_tried_out_as_well(tmp_path: Path, newer: str, code: int) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in exported()))

    answer = RUN.invoke(app, ["policy", "replay", "example", newer, str(file), "--format", "json"])

    fields = {row["field"] for row in json.loads(answer.stdout)}
    assert (code, {"first_statement_due", "target"} if code else set()) == (answer.exit_code, fields)


def test_its_versions_are_listed() -> None:
    answer = RUN.invoke(app, ["policy", "show", "example", "--format", "json"])

    rows = json.loads(answer.stdout)
    assert [("1", "2026-01-01"), ("2", "2026-07-01")] == [(row["version"], row["effective"]) for row in rows]
    assert 2 == len({row["digest"] for row in rows})


def played(*more: tuple[int, Command]) -> Iterator[tuple[Entry, Told]]:
    """The scenario in the live system as a rehearsal, and further commands of a minute each."""
    office, zero, tip = Office.opened(packs.load("example")), parse(scenario().clock.start), GENESIS
    steps = [(0, Command(REHEARSAL_OPEN, "trainer", {"start": scenario().clock.start}, "0"))]
    steps += [(step.at, step.command) for step in scenario().commands]
    for offset, (at, command) in enumerate([*steps, *more]):
        decision = decide_live(office, command, zero + minutes(at))
        office = decision.office
        told = [(one.fact.TYPE, one.data(office.clock)) for one in decision.facts]
        facts = list(rehearsal.lines(decision.facts, office.clock))
        asked = {"offset": offset, "id": f"c{offset}", "type": command.type, "by": command.by, "data": command.data}
        entry = Entry.model_validate(
            {
                "space": "rehearsal-corvina",
                "zero": text(zero),
                "command": {**asked, "at": text(office.now)},
                "facts": facts,
                "changes": decision.changes,
                "previous": tip,
            }
        )
        yield entry, told


def exported() -> list[bytes]:
    """The entries as `journal export` writes them; each begins a chain, as on partitions of their own."""
    return [entry.model_dump_json(exclude_defaults=True).encode() for entry, _ in played()]


def bulletins(*more: tuple[int, Command]) -> list[Bulletin]:
    newsroom = Newsroom(packs.load("example"), load_templates("example"))
    past, found = SpacePast(), []
    for entry, _ in played(*more):
        past.take(entry.command.at, entry.command.id, entry.changes)
        found += newsroom.bulletins(entry, past)
    return found


def amendment() -> list[tuple[int, Command]]:
    """The second version is proposed, adopted and in force; another storm comes, and a text about each."""
    policy, words = packs.load("example@2"), packs.words("example@2")
    data = {
        "version": "2",
        "effective": "2026-03-01",
        "tables": policy.model_dump(mode="json", exclude={"version", "effective"}, exclude_none=True),
        "templates": words.model_dump(mode="json"),
    }
    storm = {**scenario().commands[0].data, "id": "T2", "emirates": ["QX-SU"]}
    found = [Command(PROPOSE, "BCG.desk", data), Command(ADOPT, "BCG.chef", {"version": "2"})]
    found.append(Command("incident.report", "MIS.duty", storm))
    for name, incident in (("C2", "T1"), ("C3", "T2")):
        text_data = {"id": name, "incident": incident, "kind": "HOLDING"}
        found.append(Command("statement.submit", "MIS.press", text_data))
        found += [
            Command("statement.approve", by, {"statement": name, "key": key})
            for by, key in (("MIS.duty", "FACT"), ("BCG.desk", "RELEASE"))
        ]
    return [(20, command) for command in found]


def test_a_bulletin_is_written_in_its_languages() -> None:
    (bulletin,) = bulletins()

    assert {"fr", "pt"} == set(bulletin.headline) == set(bulletin.text)
    assert "«RÉPÉTITION – ENSAIO» Premier communiqué : Tempête à Île du Nord" == bulletin.headline["fr"]
    assert "- Portos encerrados: 2" in bulletin.text["pt"].splitlines()
    assert "Comunicado: Ministério do Interior e da Segurança, 10 de março de 2026, às 08:13" in bulletin.text["pt"]


def test_a_bulletin_has_the_words_of_the_version_of_its_incident_and_says_which() -> None:
    _, old, new = bulletins(*amendment())

    assert ("1", "2") == (old.policy, new.policy)
    assert "\nO que sabemos:" in old.text["pt"]
    assert "\nHabitantes da Corvina, eis o que sabemos:" in new.text["pt"]


def test_every_standing_says_which_version() -> None:
    standings = [(one.id, one.policy) for entry, _ in played(*amendment()) for one in incidents_of(entry)]

    assert {("T1", "1"), ("T2", "2")} == set(standings)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(("versions/2/pack.yaml", "2026-07-01", "2025-07-01"), "not after 2026-01-01", id="an earlier day"),
        pytest.param(("versions/2/pack.yaml", 'version: "2"', 'version: "3"'), "must be '2'", id="another name"),
        pytest.param(
            ("versions/2/incidents.yaml", 'lead: "MSA"', 'lead: "NOBODY"'),
            "versions/2/incidents.yaml:4: incident_types.2.lead: 'NOBODY'",
            id="a lead that is nobody",
        ),
        pytest.param(
            ("versions/2/templates/HOLDING.yaml", "fact.label", "fact.colour"),
            "versions/2/templates/HOLDING.yaml:6: HOLDING.fr.body: line 4: the field 'colour'",
            id="a template",
        ),
        pytest.param(("pack.yaml", 'fr: "Île du Sud"', 'it: "Isola"'), "emirates.1.fr", id="a language left out"),
    ],
)
def test_a_broken_version_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str, str], sentence: str
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.SHIPPED / "example", pack)
    file, old, new = change
    content = (pack / file).read_text(encoding="utf-8")
    (pack / file).write_text(content.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(PolicyError) as refused:
        packs.words(f"{pack}@2")

    assert old in content
    assert sentence in str(refused.value)


def test_a_version_has_no_files_that_nobody_reads(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(packs.SHIPPED / "example", pack)
    (pack / "versions" / "2" / "number.yaml").write_text("grades: []", encoding="utf-8")

    with pytest.raises(PolicyError, match=r"versions/2/number\.yaml: a pack has no such file"):
        packs.load(f"{pack}@2")


def test_an_unknown_version_is_refused_with_the_known_ones() -> None:
    with pytest.raises(PolicyError, match="no version '7'; it has 1, 2"):
        packs.load("example@7")


_SHOWN_TO_PEOPLE = {"gateway/examples.py"}
"""The examples of the API's documentation are of the shipped pack, as its reader has it before them."""
_SETTING = ("settings.py", "uae")


def _names() -> set[str]:
    policy = packs.load("uae")
    rows = (*policy.entities, *policy.emirates, *policy.channels, *policy.incident_types)
    return {row.code for row in rows} | {person.id for person in policy.roster} | {policy.id}


def _constants(file: Path) -> Iterator[str]:
    """Every text in the code but its docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(part.value) for part in ast.walk(tree) if isinstance(part, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def test_no_code_names_a_body_a_place_or_a_channel_of_one_government() -> None:
    names = _names()
    found = {
        (file.relative_to(CODE).as_posix(), constant)
        for file in CODE.rglob("*.py")
        if file.relative_to(CODE).as_posix() not in _SHOWN_TO_PEOPLE
        for constant in _constants(file)
        if constant in names or re.fullmatch(r"AE-[A-Z]{2}|\+04:00", constant)
    }

    assert {_SETTING} == found
