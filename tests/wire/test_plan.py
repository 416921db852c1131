"""The plan creates what is missing, changes what is safe, and refuses the rest."""

from dataclasses import replace

import pytest

from crisis_bus.wire.catalogue import DAY, Catalogue
from crisis_bus.wire.plan import Change, Create, Present, Refuse, Step, Unknown, plan
from crisis_bus.wire.topics import COMMANDS, REPORTS


@pytest.fixture
def cluster(catalogue: Catalogue) -> dict[str, Present]:
    """A cluster of three brokers that is as the catalogue says."""
    return {t.name: Present(t.name, t.partitions, t.replicas, t.config) for t in catalogue.topics}


def planned(catalogue: Catalogue, cluster: dict[str, Present], brokers: int = 3) -> list[Step]:
    return plan(catalogue, cluster.values(), brokers=brokers)


def with_config(topic: Present, **changes: str) -> Present:
    return replace(topic, config={**topic.config, **{name.replace("_", "."): value for name, value in changes.items()}})


def test_nothing_is_to_be_done_where_all_is_as_it_should_be(catalogue: Catalogue, cluster: dict[str, Present]) -> None:
    assert planned(catalogue, cluster) == []


def test_every_topic_is_created_on_an_empty_cluster(catalogue: Catalogue) -> None:
    steps = planned(catalogue, {})

    assert [topic.name for topic in catalogue.topics] == [step.topic for step in steps if isinstance(step, Create)]
    assert f"create {COMMANDS}: 6 partitions, 3 replicas, delete" in [step.sentence for step in steps]


@pytest.mark.parametrize(
    ("brokers", "replicas", "expected"),
    [
        pytest.param(1, 0, (1, "1"), id="one broker keeps one copy"),
        pytest.param(2, 0, (2, "2"), id="two brokers keep two"),
        pytest.param(5, 0, (3, "2"), id="five brokers keep what the catalogue says"),
        pytest.param(5, 4, (4, "2"), id="a setting may ask for more"),
        pytest.param(1, 4, (1, "1"), id="but not for more than there are"),
    ],
)
def test_copies_are_capped_by_the_brokers(
    catalogue: Catalogue, brokers: int, replicas: int, expected: tuple[int, str]
) -> None:
    steps = plan(catalogue, [], brokers=brokers, replicas=replicas)

    assert {expected} == {(s.replicas, s.config["min.insync.replicas"]) for s in steps if isinstance(s, Create)}


def test_a_cluster_that_has_grown_needs_its_copies_moved_by_hand(
    catalogue: Catalogue, cluster: dict[str, Present]
) -> None:
    cluster[REPORTS] = with_config(replace(cluster[REPORTS], replicas=1), min_insync_replicas="1")

    (step,) = planned(catalogue, cluster)

    assert Refuse(REPORTS, f"{REPORTS} has 1 replicas, not 3: move them with kafka-reassign-partitions") == step


@pytest.mark.parametrize("partitions", [3, 12])
def test_another_number_of_partitions_is_refused(
    catalogue: Catalogue, cluster: dict[str, Present], partitions: int
) -> None:
    cluster[REPORTS] = replace(cluster[REPORTS], partitions=partitions)

    (step,) = planned(catalogue, cluster)

    assert isinstance(step, Refuse)
    assert f"{partitions} partitions, not 6" in step.sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"cleanup_policy": "compact"}, "cleanup.policy=compact, not delete", id="cleanup policy"),
        pytest.param({"message_timestamp_type": "CreateTime"}, "type=CreateTime, not LogAppendTime", id="timestamp"),
    ],
)
def test_what_would_change_the_meaning_of_records_is_refused(
    catalogue: Catalogue, cluster: dict[str, Present], changes: dict[str, str], sentence: str
) -> None:
    cluster[COMMANDS] = with_config(cluster[COMMANDS], **changes)

    (step,) = planned(catalogue, cluster)

    assert isinstance(step, Refuse)
    assert sentence in step.sentence


@pytest.mark.parametrize("now", ["-1", str(31 * DAY)], ids=["for ever", "a day longer"])
def test_records_are_never_deleted_by_a_shorter_retention(
    catalogue: Catalogue, cluster: dict[str, Present], now: str
) -> None:
    cluster[REPORTS] = with_config(cluster[REPORTS], retention_ms=now)

    (step,) = planned(catalogue, cluster)

    assert isinstance(step, Refuse)
    assert "would delete" in step.sentence


def test_safe_settings_are_changed_and_others_kept(catalogue: Catalogue, cluster: dict[str, Present]) -> None:
    config = {**cluster[REPORTS].config, "retention.ms": str(DAY), "compression.type": "lz4"}
    cluster[REPORTS] = replace(cluster[REPORTS], config=config)

    (step,) = planned(catalogue, cluster)

    expected = Change(
        REPORTS,
        settings={"retention.ms": str(30 * DAY)},
        config={**config, "retention.ms": str(30 * DAY)},
        sentence=f"change {REPORTS}: retention.ms from {DAY} to {30 * DAY}",
    )
    assert expected == step


def test_a_refused_setting_is_not_slipped_in_with_a_safe_one(catalogue: Catalogue, cluster: dict[str, Present]) -> None:
    cluster[REPORTS] = with_config(cluster[REPORTS], cleanup_policy="compact", max_message_bytes="1024")

    refused, changed = planned(catalogue, cluster)

    assert isinstance(refused, Refuse)
    assert isinstance(changed, Change)
    assert changed.config["cleanup.policy"] == "compact"


def test_a_topic_on_the_broker_s_defaults_gets_its_settings(catalogue: Catalogue, cluster: dict[str, Present]) -> None:
    cluster[REPORTS] = replace(cluster[REPORTS], config={})

    (step,) = planned(catalogue, cluster)

    assert isinstance(step, Change)
    assert "retention.ms from unset to" in step.sentence


def test_a_topic_of_ours_that_nobody_described_is_reported_and_left_alone(
    catalogue: Catalogue, cluster: dict[str, Present]
) -> None:
    cluster["crisis.old.v1"] = Present("crisis.old.v1", 1, 1)
    cluster["weather"] = Present("weather", 1, 1)

    steps = planned(catalogue, cluster)

    (step,) = steps
    assert isinstance(step, Unknown)
    assert step.topic == "crisis.old.v1"
