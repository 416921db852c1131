"""The catalogue is believed only if every field of every file is right."""

from pathlib import Path

import pytest
import yaml

from crisis_bus.errors import CatalogueError
from crisis_bus.wire import topics
from crisis_bus.wire.catalogue import Catalogue, load

NAMES = {value for name, value in vars(topics).items() if name.isupper() and name not in {"PREFIX", "ALL"}}
SPREAD = NAMES - {topics.DEAD_LETTERS}


def described(folder: Path, topics_folder: Path, topic: str, **changes: object) -> Path:
    fields = yaml.safe_load((topics_folder / f"{topic}.yaml").read_text(encoding="utf-8")) | changes
    kept = {field: value for field, value in fields.items() if value is not ...}
    file = folder / f"{topic}.yaml"
    file.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return file


def test_every_topic_that_the_code_names_is_described_and_no_other(catalogue: Catalogue) -> None:
    assert {topic.name for topic in catalogue.topics} == NAMES == topics.ALL


def test_all_topics_with_keys_have_the_same_number_of_partitions(catalogue: Catalogue) -> None:
    assert {catalogue.topic(name).partitions for name in SPREAD} == {6}


def test_the_broker_stamps_commands_and_nothing_else(catalogue: Catalogue) -> None:
    stamped = {topic.name for topic in catalogue.topics if topic.config["message.timestamp.type"] == "LogAppendTime"}

    assert stamped == {topics.COMMANDS}


def test_commands_and_journal_are_kept_for_ever(catalogue: Catalogue) -> None:
    kept = {name: catalogue.topic(name).config for name in (topics.COMMANDS, topics.JOURNAL)}

    assert {("delete", "-1")} == {(config["cleanup.policy"], config["retention.ms"]) for config in kept.values()}


def test_only_the_last_record_is_kept_where_topics_hold_a_state(catalogue: Catalogue) -> None:
    compacted = {topic.name for topic in catalogue.topics if topic.cleanup == "compact"}

    assert compacted == {topics.INCIDENTS, topics.SUBSCRIPTIONS, topics.SNAPSHOTS, topics.LATER}


def test_a_dead_letter_has_room_for_the_largest_record_in_base64(catalogue: Catalogue) -> None:
    read = [topic for topic in catalogue.topics if topic.name not in {topics.DEAD_LETTERS, topics.SNAPSHOTS}]

    assert catalogue.topic(topics.DEAD_LETTERS).max_message_bytes > max(t.max_message_bytes for t in read) * 4 / 3


def test_a_topic_that_is_not_described_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match=r"topics/crisis\.gossip\.v1\.yaml"):
        catalogue.topic("crisis.gossip.v1")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"key": ...}, "key: Field required", id="missing field"),
        pytest.param({"colour": "red"}, "colour: Extra inputs", id="unknown field"),
        pytest.param({"partitions": "6"}, "partitions: Input should be a valid integer", id="number as text"),
        pytest.param({"name": "crisis.Reports.v1"}, "name: String should match", id="upper case in a name"),
        pytest.param({"name": "crisis.claims.v1"}, "name: is 'crisis.claims.v1', but the file", id="another name"),
        pytest.param(
            {"purpose": {"ar": "reports", "en": "x"}}, "purpose.ar: Value error, must be Arabic", id="English"
        ),
        pytest.param({"title": {"ar": "ﺑﻼغ", "en": "x"}}, "title.ar: Value error, must be Arabic", id="shaped letters"),
        pytest.param({"title": {"ar": "\u202eبلاغ", "en": "x"}}, "title.ar: Value error", id="direction override"),
        pytest.param({"min_insync_replicas": 4}, "min_insync_replicas: is larger", id="more in sync than there are"),
        pytest.param({"cleanup": "compact"}, "retention_days: a compacted topic", id="compacted and dated"),
        pytest.param({"cleanup": "keep"}, "cleanup: Input should be", id="unknown policy"),
        pytest.param({"events": []}, "events: Tuple should have at least 1", id="no events"),
        pytest.param({"writers": ["printer"]}, "writers.0: Input should be", id="unknown process"),
        pytest.param({"retention_days": "long"}, "retention_days", id="retention in words"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(
    tmp_path: Path, topics_folder: Path, changes: dict[str, object], sentence: str
) -> None:
    file = described(tmp_path, topics_folder, topics.REPORTS, **changes)

    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)

    assert f"{file}: " in str(caught.value)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"name: [", "cannot be read as YAML", id="broken YAML"),
        pytest.param(b"\xff", "cannot be read as YAML", id="no UTF-8"),
        pytest.param(b"name: a\nname: b", "name is there twice", id="a field twice"),
        pytest.param(b"- name", "valid dictionary", id="a list"),
        pytest.param(b"", "valid dictionary", id="empty file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "crisis.reports.v1.yaml").write_bytes(content)

    with pytest.raises(CatalogueError) as caught:
        load(tmp_path)

    assert "crisis.reports.v1.yaml" in str(caught.value)
    assert sentence in str(caught.value)


def test_topics_that_a_worker_holds_together_have_equal_partitions(tmp_path: Path, topics_folder: Path) -> None:
    described(tmp_path, topics_folder, topics.COMMANDS)
    described(tmp_path, topics_folder, topics.JOURNAL, partitions=12)

    with pytest.raises(CatalogueError, match="'spaces' has 6"):
        load(tmp_path)


def test_an_empty_folder_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="one file a topic is expected"):
        load(tmp_path)
