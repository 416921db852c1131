"""Subscriptions: written to the log, read from the views, and no secret twice."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.channels import guard
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.wire import topics
from tests.gateway.stage import Stage, field_names, stage

HOOK: dict[str, Any] = {"channel": "MEDIA_WIRE", "transport": "webhook", "address": "http://127.0.0.1:9000/hook"}


async def test_a_webhook_is_given_a_secret_that_is_shown_once(on: Stage) -> None:
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/wam", json=HOOK)
        again = await client.put("/v1/subscriptions/wam", json=HOOK)
        read = await client.get("/v1/subscriptions/wam")
        listed = await client.get("/v1/subscriptions")

    stored = [Subscription.model_validate_json(envelope.data or b"") for _, _, envelope in on.log.sent]
    assert (201, 200) == (made.status_code, again.status_code)
    assert made.json()["secret"].startswith("whsec_")
    assert {made.json()["secret"]} == {item.secret for item in stored}
    assert not any("secret" in field_names(answer.json()) for answer in (again, read, listed))
    assert read.json()["has_secret"]


async def test_a_subscription_is_keyed_by_its_id_and_ended_by_a_tombstone(on: Stage) -> None:
    async with on.client("media") as client:
        await client.put("/v1/subscriptions/wam", json=HOOK)
        ended = await client.delete("/v1/subscriptions/wam")
        gone = await client.get("/v1/subscriptions/wam")

    topic, key, envelope = on.log.sent[-1]
    assert (204, 404) == (ended.status_code, gone.status_code)
    assert (topics.SUBSCRIPTIONS, b"wam", None) == (topic, key, envelope.data)


async def test_a_patch_changes_what_it_names_and_nothing_else(on: Stage) -> None:
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/wam", json=HOOK | {"filter": {"min_grade": 3}})
        paused = await client.patch("/v1/subscriptions/wam", json={"paused": True})
        rotated = await client.patch("/v1/subscriptions/wam", json={"rotate_secret": True})

    assert (True, 3) == (paused.json()["paused"], paused.json()["filter"]["min_grade"])
    assert rotated.json()["secret"] not in {None, made.json()["secret"]}
    assert rotated.json()["paused"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param({"address": "ftp://x/y"}, "address", id="another scheme"),
        pytest.param({"address": "http://user:pw@x/"}, "address", id="a password in the URL"),
        pytest.param({"address": "http://x:99999/"}, "address", id="a port beyond all ports"),
        pytest.param({"transport": "email", "address": "nobody"}, "address", id="no mail address"),
        pytest.param({"transport": "kafka", "address": "a b"}, "address", id="no topic"),
        pytest.param({"transport": "pigeon"}, "transport", id="a transport that nobody has"),
        pytest.param({"filter": {"min_grade": 9}}, "filter.min_grade", id="no such grade"),
        pytest.param({"filter": {"kinds": ["GOSSIP"]}}, "filter.kinds[0]", id="no such kind"),
        pytest.param({"languages": []}, "languages", id="no language"),
        pytest.param({"secret": "mine"}, "secret", id="a secret that signs nothing"),
        pytest.param({"subscriber": None}, "subscriber", id="null"),
    ],
)
async def test_a_bad_subscription_is_refused_with_its_field(on: Stage, more: dict[str, Any], field: str) -> None:
    async with on.client("media") as client:
        answer = await client.put("/v1/subscriptions/wam", json=HOOK | more)

    assert (422, field, []) == (answer.status_code, answer.json()["field"], on.log.sent)


@pytest.mark.parametrize(
    ("more", "rule"), [({"subscriber": "MOI"}, "subscriber"), ({"outlet": True}, "outlet"), ({"space": "x"}, "space")]
)
async def test_only_an_administrator_goes_beyond_the_own_entity(on: Stage, more: dict[str, Any], rule: str) -> None:
    async with on.client("media") as client:
        answer = await client.put("/v1/subscriptions/wam", json=HOOK | more)

    assert (403, [rule]) == (answer.status_code, on.meter.denials)


async def test_nobody_sees_or_takes_the_subscription_of_another(on: Stage) -> None:
    async with on.client("admin") as admin:
        await admin.put("/v1/subscriptions/site", json=HOOK | {"outlet": True, "subscriber": "GCO"})
    async with on.client("media") as client:
        answers = [
            await client.get("/v1/subscriptions/site"),
            await client.put("/v1/subscriptions/site", json=HOOK),
            await client.patch("/v1/subscriptions/site", json={"paused": True}),
            await client.delete("/v1/subscriptions/site"),
        ]
        listed = await client.get("/v1/subscriptions")

    assert [404, 404, 404, 404] == [answer.status_code for answer in answers]
    assert ([], 1) == (listed.json()["items"], len(on.log.sent))


async def test_a_channel_that_the_pack_does_not_have_is_refused_with_those_it_has(on: Stage) -> None:
    body = {"channel": "NOCHANNEL", "transport": "webhook", "address": "https://example.test/hook"}

    async with on.client() as client:
        answer = await client.put("/v1/subscriptions/s-1", json=body)

    assert (422, "channel") == (answer.status_code, answer.json()["field"])
    assert "WEB" in answer.json()["details"]["en"]


async def test_an_address_that_leads_into_a_private_network_is_refused_in_both_languages(tmp_path: Path) -> None:
    on = stage(tmp_path, leads_inside=partial(guard.leads_inside, allowed=()))

    async with on.client("media") as client:
        put = await client.put("/v1/subscriptions/wam", json=HOOK)
        name = await client.put("/v1/subscriptions/wam", json=HOOK | {"address": "https://localhost/hook"})

    assert (422, 422) == (put.status_code, name.status_code)
    assert "address" == put.json()["field"]
    assert ("allowed_networks" in put.text, "شبكة خاصة" in put.text) == (True, True)
    assert [] == on.log.sent


async def test_after_a_rotation_the_old_secret_is_kept_for_a_day_and_never_shown(on: Stage) -> None:
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/wam", json=HOOK)
        rotated = await client.patch("/v1/subscriptions/wam", json={"rotate_secret": True})
        again = await client.put("/v1/subscriptions/wam", json=HOOK)

    stored = [Subscription.model_validate_json(envelope.data or b"") for _, _, envelope in on.log.sent]
    assert [None, made.json()["secret"], made.json()["secret"]] == [each.old_secret for each in stored]
    assert [False, True, True] == [each.old_until is not None for each in stored]
    assert not any("old_secret" in answer.json() for answer in (rotated, again))


async def test_the_key_that_signs_webhooks_is_open_to_all(tmp_path: Path) -> None:
    with_key, without = stage(tmp_path, webhook_key="whpk_AAAA"), stage(tmp_path)

    async with with_key.client(None) as client:
        told = await client.get("/v1/webhooks/key")
    async with without.client(None) as client:
        missing = await client.get("/v1/webhooks/key")

    assert {"algorithm": "ed25519", "public_key": "whpk_AAAA"} == told.json()
    assert 404 == missing.status_code


async def test_quiet_hours_are_those_of_the_government_s_clock_and_can_be_taken_away(on: Stage) -> None:
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/wam", json=HOOK | {"quiet": {"begin": "22:00", "end": "06:00"}})
        wrong = await client.put("/v1/subscriptions/wam", json=HOOK | {"quiet": {"begin": "24:00", "end": "06:00"}})
        gone = await client.patch("/v1/subscriptions/wam", json={"quiet": None})

    assert {"begin": "22:00", "end": "06:00", "passes": 3, "offset_minutes": 240} == made.json()["quiet"]
    assert (422, "quiet.begin") == (wrong.status_code, wrong.json()["field"])
    assert gone.json().get("quiet") is None


@pytest.mark.parametrize(
    ("address", "status"),
    [("folder:radio", 201), ("https://wire.example/in", 201), ("folder:../up", 422), ("radio", 422)],
)
async def test_a_hand_over_goes_to_a_folder_or_an_endpoint(on: Stage, address: str, status: int) -> None:
    wanted = {"channel": "MEDIA_WIRE", "transport": "handover", "address": address}
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/radio", json=wanted)

    assert status == made.status_code


LADDER = [{"transport": "sms", "address": "+971501234567", "after_minutes": 5}]


async def test_a_ladder_is_kept_and_each_of_its_addresses_is_checked(on: Stage) -> None:
    wrong_step = [*LADDER, {"transport": "email", "address": "nobody", "after_minutes": 5}]
    async with on.client("media") as client:
        made = await client.put("/v1/subscriptions/wam", json=HOOK | {"ladder": LADDER})
        wrong = await client.put("/v1/subscriptions/wam", json=HOOK | {"ladder": wrong_step})
        changed = await client.patch("/v1/subscriptions/wam", json={"ladder": []})

    assert (201, LADDER) == (made.status_code, made.json()["ladder"])
    assert (422, "ladder.1.address") == (wrong.status_code, wrong.json()["field"])
    assert [] == changed.json()["ladder"]


async def test_an_outlet_has_no_ladder(on: Stage) -> None:
    async with on.client("admin") as client:
        new = await client.put("/v1/subscriptions/site", json=HOOK | {"outlet": True, "ladder": LADDER})
        await client.put("/v1/subscriptions/site", json=HOOK | {"outlet": True})
        later = await client.patch("/v1/subscriptions/site", json={"ladder": LADDER})

    assert [422, 422] == [new.status_code, later.status_code]
    assert "ladder" == later.json()["field"]
