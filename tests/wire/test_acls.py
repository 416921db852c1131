"""Rights that follow from subscriptions: the own topic, the own groups, and never more."""

from typing import Any

import pytest

from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import topics
from crisis_bus.wire.acls import Acl, not_wanted, rights

DELIVER = "User:crisis-bus"


def subscription(subscriber: str, topic: str, **more: Any) -> Subscription:
    fields: dict[str, Any] = {"id": f"{subscriber}/{topic}", "space": "uae", "channel": "GOV_INTERNAL"}
    fields |= {"transport": "kafka", "subscriber": subscriber, "address": topic}
    return Subscription.model_validate(fields | more)


def test_a_ministry_reads_its_topic_and_its_groups_and_deliver_writes() -> None:
    found = rights([subscription("MOI", "crisis.moi.v1"), subscription("MOI", "crisis.moi.v1", id="again")], DELIVER)

    assert found.refused == ()
    assert set(found.wanted) == {
        Acl("User:MOI", "READ", "TOPIC", "crisis.moi.v1"),
        Acl("User:MOI", "DESCRIBE", "TOPIC", "crisis.moi.v1"),
        Acl("User:MOI", "READ", "GROUP", "MOI.", "PREFIXED"),
        Acl(DELIVER, "WRITE", "TOPIC", "crisis.moi.v1"),
        Acl(DELIVER, "DESCRIBE", "TOPIC", "crisis.moi.v1"),
    }


def test_who_takes_bulletins_another_way_gets_no_right() -> None:
    mail = subscription("MOH", "desk@moh.example", transport="email")

    assert rights([mail], DELIVER).wanted == ()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param([("MOI", topics.SUBSCRIPTIONS)], "the system's own", id="addresses and secrets"),
        pytest.param([("MOI", topics.BULLETINS)], "the system's own", id="all bulletins"),
        pytest.param([("*", "crisis.moi.v1")], "'*' cannot stand", id="everybody"),
        pytest.param([("MOI", "*")], "'*' cannot stand", id="every topic"),
        pytest.param([("MOI desk", "crisis.moi.v1")], "'MOI desk' cannot stand", id="a name with a blank"),
        pytest.param([("MOI", "crisis.moi.v1"), ("WAM", "crisis.moi.v1")], "MOI, WAM all ask", id="two ask for one"),
    ],
)
def test_what_would_open_more_than_an_own_topic_is_refused(asked: list[tuple[str, str]], reason: str) -> None:
    found = rights([*(subscription(*each) for each in asked), subscription("MOH", "crisis.moh.v1")], DELIVER)

    [refused] = found.refused
    assert reason in refused
    assert {"crisis.moh.v1", "MOH."} == {acl.name for acl in found.wanted}


def test_what_a_ministry_may_beside_its_own_is_named() -> None:
    wanted = rights([subscription("MOI", "crisis.moi.v1")], DELIVER).wanted
    more = Acl("User:MOI", "READ", "TOPIC", "crisis.old.v1")

    assert [more] == not_wanted([*wanted, more, Acl("User:WAM", "READ", "TOPIC", "x")], wanted)
