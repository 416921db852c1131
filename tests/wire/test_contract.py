"""What is committed in `topics/` is what the code says, and every golden example is what the schema says."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel
from pydantic_core import from_json

from crisis_bus.domain.facts import FACTS
from crisis_bus.domain.instants import UTC_CLOCK
from crisis_bus.wire import asyncapi, glossary, types
from crisis_bus.wire.catalogue import Catalogue
from crisis_bus.wire.generate import files, main
from crisis_bus.wire.schemas import COMMAND_DATA, MESSAGES, VERSION, schemas

TOPICS = Path(__file__).parents[2] / "topics"
EXAMPLES = sorted((TOPICS / "examples").glob("*/*/*.json"))
SCHEMAS = schemas()
DATA: dict[str, type[BaseModel]] = {types.command_type(name): model for name, model in COMMAND_DATA.items()}
OTHERS: dict[str, type[BaseModel]] = MESSAGES | {types.fact_type(name): model for name, model in FACTS.items()}


def read(file: Path) -> Any:
    return from_json(file.read_bytes())


def named(file: Path) -> str:
    return f"{file.parents[1].name}/{file.stem}"


def test_generating_again_gives_the_committed_bytes(catalogue: Catalogue) -> None:
    expected = files(catalogue)
    committed = {path: (TOPICS / path).read_text(encoding="utf-8") for path in expected}

    assert expected == committed


def test_no_schema_is_left_over(catalogue: Catalogue) -> None:
    expected = {TOPICS / path for path in files(catalogue) if path.startswith("schemas/")}

    assert expected == {file for file in (TOPICS / "schemas").rglob("*") if file.is_file()}


def test_generating_writes_the_same_files_elsewhere(tmp_path: Path, catalogue: Catalogue) -> None:
    for topic in catalogue.topics:
        (tmp_path / f"{topic.name}.yaml").write_bytes((TOPICS / f"{topic.name}.yaml").read_bytes())

    code = main([str(tmp_path)])

    expected = files(catalogue)
    assert code == 0
    assert expected == {path: (tmp_path / path).read_text(encoding="utf-8") for path in expected}


def test_every_type_has_an_example() -> None:
    assert set(SCHEMAS) == {file.parents[1].name for file in EXAMPLES}


@pytest.mark.parametrize("file", EXAMPLES, ids=named)
def test_an_example_is_what_its_schema_and_its_model_say(file: Path) -> None:
    name, version = file.parents[1].name, file.parent.name
    example = read(file)

    jsonschema_rs.validate(read(TOPICS / "schemas" / name / f"{version}.json"), example, validate_formats=True)
    model = OTHERS.get(name) or DATA[name]
    data = example if name in OTHERS else example["data"]
    parsed = model.model_validate(data, context=UTC_CLOCK)

    written = parsed.model_dump(mode="json", exclude_unset=True, context=UTC_CLOCK)
    assert data == written


@pytest.mark.parametrize("language", ["ar", "en"])
def test_examples_speak_both_languages(language: str) -> None:
    letters = {"ar": "ابتمنفح", "en": "abtmnfh"}[language]
    texts = "".join(file.read_text(encoding="utf-8") for file in EXAMPLES)

    assert set(letters) <= set(texts)


@pytest.mark.parametrize(
    ("name", "example"),
    [
        pytest.param("command.incident.merge.v1", {"by": "a", "data": {"incident": "I1"}}, id="field missing"),
        pytest.param("command.clock.tick.v1", {"by": "clock", "data": {"now": 1}}, id="unknown field"),
        pytest.param("command.rumour.grow.v1", {"by": "a", "data": {"rumour": "R", "reach": "٥"}}, id="Arabic digit"),
        pytest.param("command.rumour.grow.v1", {"data": {"rumour": "R", "reach": 5}}, id="nobody asks"),
        pytest.param("command.incident.update.v1", {"by": "a", "data": {"incident": "I", "injured": None}}, id="null"),
        pytest.param("fact.notify.v1", {"incident": "I1", "to": "all"}, id="no list"),
        pytest.param("fact.deadline.tightened.v1", {"incident": "I1", "due": "soon"}, id="time in words"),
    ],
)
def test_a_schema_refuses_what_is_wrong(name: str, example: Any) -> None:
    validator = jsonschema_rs.validator_for(SCHEMAS[f"org.crisisbus.{name}"], validate_formats=True)

    assert not validator.is_valid(example)


def test_every_schema_is_a_schema_of_the_dialect_that_it_names() -> None:
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate(schema)


def test_every_topic_carries_types_that_have_a_schema_or_belong_to_the_desk_alone(catalogue: Catalogue) -> None:
    carried = {name for topic in catalogue.topics for name in asyncapi.events(topic, SCHEMAS)}

    unwritten = {types.INCIDENT, types.SNAPSHOT} - set(SCHEMAS)
    facts = {types.fact_type(name) for name in FACTS}
    assert set(SCHEMAS) - facts | unwritten == carried


def test_the_glossary_names_every_topic_in_both_languages(catalogue: Catalogue) -> None:
    page = glossary.text(catalogue, SCHEMAS)

    for topic in catalogue.topics:
        assert f"| [`{topic.name}`]({topic.name}.yaml) | {topic.purpose.en} | {topic.purpose.ar} |" in page


def test_the_readme_says_where_every_schema_is(catalogue: Catalogue) -> None:
    page = glossary.text(catalogue, SCHEMAS)

    assert set() == {name for name in SCHEMAS if f"schemas/{name}/{VERSION}.json" not in page}
