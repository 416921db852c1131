"""The board: Arabic first, English beside it, nothing in it can run, and it stays alive."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from crisis_bus.domain.facts import FACTS
from crisis_bus.domain.journal import FactRecord
from crisis_bus.gateway import ages
from crisis_bus.gateway.names import Names
from crisis_bus.gateway.sentences import SENTENCES
from crisis_bus.gateway.telling import Teller
from crisis_bus.text import refusals
from tests.gateway.stage import Stage, raised

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">{{7*7}}'


@asynccontextmanager
async def listening(on: Stage, query: str = "", **headers: str) -> AsyncIterator[asyncio.Queue[str]]:
    """What an event stream sends, piece by piece; it is closed at the end as a browser would."""
    heard: asyncio.Queue[str] = asyncio.Queue()
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        await heard.put(message.get("body", b"").decode() if "body" in message else str(message.get("status")))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/events",
        "raw_path": b"/events",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1")]
        + [(name.lower().encode(), text.encode()) for name, text in headers.items()],
    }
    task = asyncio.create_task(on.app(scope, receive, send))
    try:
        yield heard
    finally:
        gone.set()
        await asyncio.wait_for(task, 5)


async def cursors(heard: "asyncio.Queue[str]", count: int) -> list[str]:
    """The ids of so many changes."""
    found: list[str] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            found += re.findall(r"event: changed\n.*\nid: ([0-9]+)", await heard.get())
    return found


async def test_the_page_is_arabic_first_and_english_beside_it(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised())
        pages = [await client.get(path) for path in ("/", "/ar", "/en")]

    assert [True, True, False] == ['<html lang="ar" dir="rtl"' in page.text for page in pages]
    assert "سيول" in pages[0].text
    assert "Flash flood" in pages[2].text
    assert all("FLOOD-1" in page.text for page in pages)


async def test_nothing_that_somebody_typed_can_run(on: Stage) -> None:
    async with on.client() as client:
        await client.post("/v1/commands", json=raised(id=EVIL))
        await client.post(
            "/v1/commands", json={"type": "factsheet.set", "data": {"incident": EVIL, "facts": {EVIL: EVIL}}}
        )
        await client.post("/v1/commands", json={"type": EVIL[:40], "data": {}})
        page = await client.get("/en")

    assert "&lt;script&gt;alert(1)" in page.text
    assert 1 == page.text.count("<script")
    assert "<img src=x" not in page.text
    assert not re.search(r"<[^>]+\s(on\w+|style)=", page.text)


async def test_the_only_script_carries_the_nonce_of_the_response(on: Stage) -> None:
    async with on.client(None) as client:
        page = await client.get("/")

    nonce = re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in page.text


async def test_a_calm_day_says_so(on: Stage) -> None:
    async with on.client(None) as client:
        page = await client.get("/ar")

    assert "لا حادث مفتوح الآن" in page.text


async def test_a_rehearsal_looks_like_one_and_a_space_that_is_not_there_is_none(on: Stage) -> None:
    opening = {"space": "rehearsal-1", "type": "rehearsal.open", "data": {"start": "2026-04-16T16:00:00+04:00"}}

    async with on.client("player") as client:
        await client.post("/v1/commands", json=opening)
        drill = await client.get("/ar?space=rehearsal-1")
        real = await client.get("/ar")
        nowhere = await client.get("/ar?space=elsewhere")

    assert 'data-mode="exercise"' in drill.text
    assert 'data-mode="live"' in real.text
    assert "?space=rehearsal-1" in real.text
    assert 404 == nowhere.status_code


async def test_events_say_where_the_journal_has_grown(on: Stage) -> None:
    async with listening(on) as heard, on.client() as client:
        await client.post("/v1/commands", json=raised())
        found = await cursors(heard, 1)

    assert [str(on.deps.views.ledger.last_offset("uae"))] == found


@pytest.mark.parametrize("raises", [0, 2], ids=["an empty journal", "a journal"])
async def test_the_stream_that_a_page_names_goes_on_where_the_page_ends(on: Stage, raises: int) -> None:
    async with on.client() as client:
        for number in range(raises):
            await client.post("/v1/commands", json=raised(id=f"F-{number}"))
        page = await client.get("/")
        query = re.findall(r'data-stream="/events\?([^"]*)"', page.text)[0]
        async with listening(on, query) as heard:
            await client.post("/v1/commands", json=raised(id="F-9"))
            found = await cursors(heard, 1)

    assert [str(on.deps.views.ledger.last_offset("uae"))] == found


async def test_a_broken_stream_goes_on_after_the_last_event(on: Stage) -> None:
    async with on.client() as client:
        for number in range(6):
            await client.post("/v1/commands", json=raised(id=f"F-{number}"))

    async with listening(on, "after=0", **{"Last-Event-ID": "3"}) as heard:
        found = await cursors(heard, 3)

    assert ["4", "5", "6"] == found


async def test_a_stream_beats_when_nothing_happens(on: Stage) -> None:
    async with listening(on) as heard, asyncio.timeout(5):
        beats = 0
        while beats < 3:
            beats += (await heard.get()).count("event: beat")

    assert 0 == on.meter.open


async def test_a_page_older_than_the_log_is_told_to_begin_anew(on: Stage) -> None:
    async with listening(on, "after=99") as heard, asyncio.timeout(5):
        assert "200" == await heard.get()
        first = await heard.get()

    assert first.startswith("event: reset")


async def test_too_many_live_pages_are_refused_and_the_page_still_works(on: Stage) -> None:
    object.__setattr__(on.deps.limits, "max_listeners", 0)

    async with on.client(None) as client:
        refused = await client.get("/events")
        page = await client.get("/")

    assert (503, 200) == (refused.status_code, page.status_code)


async def test_an_event_id_that_is_none_of_ours_is_refused(on: Stage) -> None:
    async with on.client(None) as client:
        answer = await client.get("/events", headers={"Last-Event-ID": "three"})

    assert 422 == answer.status_code


async def test_public_pages_are_served_with_their_type_and_asked_for_again_cheaply(on: Stage) -> None:
    folder = on.deps.public / "uae"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<h1>بيان</h1>", encoding="utf-8")
    (folder / "feed.atom").write_text("<feed/>", encoding="utf-8")
    (folder / ".half").write_text("x", encoding="utf-8")

    async with on.client(None) as client:
        page = await client.get("/public/uae/")
        again = await client.get("/public/uae/", headers={"If-None-Match": page.headers["ETag"]})
        feed = await client.get("/public/uae/feed.atom")
        hidden = [
            await client.get(f"/public/{path}") for path in ("uae/.half", "uae/nothing", "..%2f..%2fetc%2fpasswd")
        ]

    assert ("text/html; charset=utf-8", 304) == (page.headers["Content-Type"], again.status_code)
    assert "application/atom+xml; charset=utf-8" == feed.headers["Content-Type"]
    assert [404, 404, 404] == [answer.status_code for answer in hidden]


async def test_before_anything_is_published_there_is_no_public_page(on: Stage, tmp_path: Path) -> None:
    assert not (tmp_path / "web").exists()

    async with on.client(None) as client:
        answer = await client.get("/public/uae/")

    assert 404 == answer.status_code


def test_every_fact_has_a_sentence_whose_fields_it_has() -> None:
    named = {kind: set(re.findall(r"{(\w+)}", both.ar + both.en)) for kind, both in SENTENCES.items()}

    assert set(FACTS) == set(SENTENCES) | {fact.TYPE for fact in refusals.TABLES}
    assert {} == {kind: fields for kind, fields in named.items() if fields - set(FACTS[kind].model_fields)}


def test_a_refusal_says_what_to_do_next() -> None:
    data = {"statement": "R1", "key": "FACT", "by": "MOI.ops", "reason": "KEY_ALREADY_GIVEN"}

    told = Teller("en", Names(), str).tell(FactRecord(at=0, type="key.refused", data=data))

    assert "The key Facts of R1 was given before; look which keys are still missing" == told.plain


def test_values_stand_apart_and_long_lists_are_counted() -> None:
    fact = FactRecord(at=0, type="notify", data={"incident": "I1", "to": [f"E{number}" for number in range(9)]})

    told = Teller("en", Names(), str).tell(fact)

    assert "Notified about I1: E0, E1, E2, E3, E4, E5 +3" == told.plain
    assert ["I1", "E0"] == [piece.text for piece in told.pieces if piece.value][:2]


@pytest.mark.parametrize(
    ("count", "arabic", "after", "english"),
    [
        (0, "أقل من دقيقة", "أقل من دقيقة", "under a minute"),
        (1, "دقيقة واحدة", "دقيقة واحدة", "1 min"),
        (2, "دقيقتان", "دقيقتين", "2 min"),
        (3, "3 دقائق", "3 دقائق", "3 min"),
        (11, "11 دقيقة", "11 دقيقة", "11 min"),
        (66, "ساعة و6 دقائق", "ساعة و6 دقائق", "1 h 6 min"),
        (120, "ساعتان", "ساعتين", "2 h"),
        (60 * 24 * 3, "3 أيام", "3 أيام", "3 d"),
        (60 * 24 * 103, "103 أيام", "103 أيام", "103 d"),
        (60 * 24 * 15, "15 يوماً", "15 يوماً", "15 d"),
    ],
)
def test_durations_take_the_right_plural(count: int, arabic: str, after: str, english: str) -> None:
    said = ages.duration(count, "ar"), ages.duration(count, "ar", after=True), ages.duration(count, "en")

    assert (arabic, after, english) == said
