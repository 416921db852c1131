"""Commands go in when the log has them, under a name that lasts, as the person of the key."""

import asyncio
from dataclasses import replace

import pytest

from crisis_bus.domain import instants
from crisis_bus.errors import NotAcknowledged, NotReachable
from crisis_bus.gateway.app import create_app
from crisis_bus.wire import messages, topics
from tests.gateway.stage import SPACE, START, Stage, raised


async def test_a_command_is_accepted_when_the_log_has_it_and_answered_by_the_desk(on: Stage) -> None:
    async with on.client() as client:
        accepted = await client.post("/v1/commands", json=raised())
        status = await client.get(accepted.json()["status_url"], params={"wait": 1})

    topic, key, envelope = on.log.sent[0]
    assert (202, topics.COMMANDS, b"uae") == (accepted.status_code, topic, key)
    assert accepted.headers["Location"] == f"/v1/commands/{envelope.id}"
    assert ["decided", False, "incident.graded"] == [
        status.json()["status"],
        status.json()["refused"],
        status.json()["facts"][0]["type"],
    ]


async def test_who_speaks_is_the_person_of_the_key(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())

    _, command = messages.read_command(on.log.commands()[0])
    assert command.by == "GCO.duty"


async def test_nobody_can_claim_to_be_somebody_else_in_a_real_space(on: Stage) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/commands", json=raised() | {"by": "NCEMA.duty"})

    assert (403, "NOT_ALLOWED", "by") == (answer.status_code, answer.json()["code"], answer.json()["field"])
    assert (["speaks_for_others"], []) == (on.meter.denials, on.log.sent)


async def test_a_player_speaks_for_everybody_in_a_rehearsal_and_sets_its_time(on: Stage) -> None:
    opening = {"space": "rehearsal-1", "type": "rehearsal.open", "data": {"start": "2026-04-16T16:00:00+04:00"}}
    played = raised() | {"space": "rehearsal-1", "by": "NCM.forecaster", "at": 45, "id": "c-1"}

    async with on.client("player") as client:
        await client.post("/v1/commands", json=opening)
        answer = await client.post("/v1/commands", json=played)
        status = await client.get("/v1/commands/c-1", params={"space": "rehearsal-1"})

    envelope = on.log.commands()[1]
    assert (202, "c-1", START + instants.minutes(45)) == (answer.status_code, envelope.id, envelope.time)
    assert 45 == status.json()["facts"][0]["at"]
    assert "NCM.forecaster" == messages.read_command(envelope)[1].by


async def test_a_player_speaks_for_nobody_else_where_things_are_real(on: Stage) -> None:
    async with on.client("player") as client:
        await client.post("/v1/commands", json=raised() | {"space": "rehearsal-never-opened"})
        answers = [
            await client.post("/v1/commands", json=raised() | {"space": space, "by": "NCM.forecaster"})
            for space in (SPACE, "rehearsal-never-opened")
        ]

    assert [403, 403] == [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        pytest.param({"at": 3}, "at", id="the log sets the time of a real command"),
        pytest.param({"type": "rehearsal.open", "data": {"start": "now"}}, "space", id="a real space stays real"),
        pytest.param({"type": 7}, "type", id="a type is text"),
        pytest.param({"by": None}, "by", id="null is no text"),
        pytest.param({"id": ""}, "id", id="an id has a character"),
        pytest.param({"type": "a\tb"}, "type", id="a type stands in a header"),
        pytest.param({"kind": "x"}, "kind", id="no field is passed over in silence"),
    ],
)
async def test_a_request_of_the_wrong_shape_is_refused_with_its_field(
    on: Stage, more: dict[str, object], field: str
) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/commands", json=raised() | more)

    assert (422, "BAD_VALUE", field) == (answer.status_code, answer.json()["code"], answer.json()["field"])
    assert [] == on.log.sent


async def test_what_the_desk_has_to_judge_is_accepted(on: Stage) -> None:
    async with on.client() as client:
        accepted = await client.post("/v1/commands", json={"type": "incident.dance", "data": [1]})
        status = await client.get(accepted.json()["status_url"])

    assert (202, True) == (accepted.status_code, status.json()["refused"])
    assert "UNKNOWN_COMMAND" == status.json()["facts"][0]["data"]["reason"]


async def test_the_same_idempotency_key_gives_the_same_command_and_sends_it_once(on: Stage) -> None:
    async with on.client(**{"Idempotency-Key": "retry-1"}) as client:
        answers = [await client.post("/v1/commands", json=raised()) for _ in range(3)]

    assert 1 == len({answer.headers["Location"] for answer in answers})
    assert 1 == len(on.log.sent)


@pytest.mark.parametrize("forgetful", [False, True], ids=["remembered by the gateway", "remembered by the ledger"])
async def test_an_idempotency_key_of_another_body_is_refused(on: Stage, *, forgetful: bool) -> None:
    async with on.client(**{"Idempotency-Key": "retry-1"}) as client:
        await client.post("/v1/commands", json=raised())
        if forgetful:
            on.deps.accepted._taken.clear()
        answer = await client.post("/v1/commands", json=raised(injured=4))
        same = await client.post("/v1/commands", json=raised())

    assert (409, "KEY_REUSED") == (answer.status_code, answer.json()["code"])
    assert (202, 1) == (same.status_code, len(on.log.sent))


async def test_two_keys_with_one_idempotency_key_are_two_commands(on: Stage) -> None:
    for key in ("gco", "player"):
        async with on.client(key, **{"Idempotency-Key": "1"}) as client:
            await client.post("/v1/commands", json=raised())

    assert 2 == len({envelope.id for envelope in on.log.commands()})


@pytest.mark.parametrize("error", [NotAcknowledged("late"), NotReachable("gone")], ids=["late", "gone"])
async def test_without_an_acknowledgement_nothing_is_promised(on: Stage, error: NotReachable) -> None:
    on.log.fails = error

    async with on.client() as client:
        answer = await client.post("/v1/commands", json=raised() | {"id": "mine"})
        status = await client.get("/v1/commands/mine")

    assert (503, "NOT_ACKNOWLEDGED", "mine") == (answer.status_code, answer.json()["code"], answer.json()["id"])
    assert "5" == answer.headers["Retry-After"]
    assert "unconfirmed" == status.json()["status"]


async def test_a_log_that_hangs_is_not_waited_for_for_ever(on: Stage) -> None:
    async def hang(*_: object) -> None:
        await asyncio.sleep(30)

    object.__setattr__(on.deps, "publish", hang)

    async with on.client() as client:
        answer = await client.post("/v1/commands", json=raised())

    assert 503 == answer.status_code


async def test_a_command_is_pending_until_the_desk_answers_and_whoever_waits_is_woken(on: Stage) -> None:
    on.log.answers = False

    async with on.client() as client:
        accepted = await client.post("/v1/commands", json=raised())
        pending = await client.get(accepted.json()["status_url"])
        waiting = asyncio.create_task(client.get(accepted.json()["status_url"], params={"wait": 20}))
        await asyncio.sleep(0.05)
        on.log.decide(on.log.commands()[0])
        decided = await asyncio.wait_for(waiting, 5)

    assert ("pending", "decided") == (pending.json()["status"], decided.json()["status"])


async def test_a_command_that_nobody_sent_is_not_found(on: Stage) -> None:
    async with on.client() as client:
        answer = await client.get("/v1/commands/nothing")

    assert (404, "NOT_FOUND") == (answer.status_code, answer.json()["code"])


async def test_an_id_may_hold_what_an_address_may_not(on: Stage) -> None:
    async with on.client() as client:
        accepted = await client.post("/v1/commands", json=raised() | {"id": "أ/ب ?#%"})
        status = await client.get(accepted.headers["Location"])

    assert (200, "أ/ب ?#%") == (status.status_code, status.json()["id"])


async def test_a_report_goes_to_its_subject_as_the_person_of_the_key(on: Stage) -> None:
    body = {
        "subject": "wadi-ham",
        "type": "MET-FLOOD",
        "severity": "Severe",
        "urgency": "Immediate",
        "certainty": "Observed",
    }

    async with on.client(**{"Idempotency-Key": "r-1"}) as client:
        answers = [await client.post("/v1/reports", json=body) for _ in range(2)]

    topic, key, envelope = on.log.sent[0]
    assert [202, 202] == [answer.status_code for answer in answers]
    assert answers[0].json()["id"] == answers[1].json()["id"] == envelope.id
    assert (topics.REPORTS, b"wadi-ham", "GCO.duty") == (topic, key, messages.read_json(envelope)["by"])


async def test_a_report_is_strict_and_names_what_is_wrong(on: Stage) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/reports", json={"subject": "x", "type": "y", "severity": "Terrible"})

    assert (422, "severity") == (answer.status_code, answer.json()["field"])


async def test_load_is_shed_before_it_queues(on: Stage) -> None:
    gate = asyncio.Event()

    async def slow(*_: object) -> None:
        await gate.wait()

    object.__setattr__(on.deps, "publish", slow)
    object.__setattr__(on.deps.limits, "max_in_flight", 1)

    async with on.client() as client:
        first = asyncio.create_task(client.post("/v1/commands", json=raised()))
        await asyncio.sleep(0.05)
        second = await client.post("/v1/commands", json=raised())
        gate.set()
        served = await first

    assert (503, "BUSY", "1") == (second.status_code, second.json()["code"], second.headers["Retry-After"])
    assert 202 == served.status_code


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/journal"), ("POST", "/v1/commands")])
async def test_a_gateway_that_still_reads_the_log_says_so_and_answers_nothing_from_half_of_it(
    on: Stage, method: str, path: str
) -> None:
    deps = replace(on.deps, ready=lambda: {"views": False})
    body = raised() | {"space": "rehearsal-one", "by": "NCM.duty", "at": 3}

    async with replace(on, app=create_app(deps)).client("player") as client:
        answer = await client.request(method, path, json=body if method == "POST" else None)

    assert (503, "BUSY", "2") == (answer.status_code, answer.json()["code"], answer.headers["Retry-After"])
    assert not on.log.sent
