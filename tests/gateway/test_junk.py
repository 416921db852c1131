"""Whatever comes in, a clear 4xx goes out, in both languages, and nothing reaches the log."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.gateway.stage import Stage, raised

TEXT = {"Content-Type": "application/json"}


def _with(text: str) -> bytes:
    """A command whose claim is JSON text written by hand."""
    return b'{"type":"rumour.log","data":{"id":"R","claim":' + text.encode() + b"}}"


JUNK = [
    pytest.param(b"", 400, "NOT_JSON", None, id="nothing"),
    pytest.param(b"{", 400, "NOT_JSON", None, id="half an object"),
    pytest.param(b"\xef\xbb\xbf{}", 400, "NOT_JSON", None, id="byte order mark"),
    pytest.param(b"\xff\xfe{\x00", 400, "NOT_JSON", None, id="no UTF-8"),
    pytest.param(b"[]", 422, "BAD_VALUE", "", id="a list"),
    pytest.param(b'"text"', 422, "BAD_VALUE", "", id="a text"),
    pytest.param(b"null", 422, "BAD_VALUE", "", id="null"),
    pytest.param(b'{"type":NaN}', 400, "NOT_JSON", None, id="NaN"),
    pytest.param(b'{"type":-Infinity}', 400, "NOT_JSON", None, id="infinity"),
    pytest.param(b'{"type":1e999}', 400, "NOT_JSON", None, id="a number that becomes infinity"),
    pytest.param(b'{"type":' + b"9" * 5000 + b"}", 400, "NOT_JSON", None, id="a number of 5000 digits"),
    pytest.param('{"type":"x","data":{"n":٣}}'.encode(), 400, "NOT_JSON", None, id="Arabic-Indic digits"),
    pytest.param(b'{"type":"x","data":{"n":99999999999999999999}}', 422, "BAD_VALUE", "data.n", id="beyond 64 bits"),
    pytest.param(b'{"type":"x","type":"y"}', 422, "BAD_VALUE", "type", id="a field twice"),
    pytest.param(b'{"type":"x","data":' + b"[" * 90_000 + b"]" * 90_000 + b"}", 400, "NOT_JSON", None, id="deep"),
    pytest.param(b'{"type":"x","data":' + b"[" * 25 + b"]" * 25 + b"}", 400, "NOT_JSON", None, id="a bit too deep"),
    pytest.param(_with('"a\\u0000b"'), 422, "BAD_VALUE", "data.claim", id="a null character"),
    pytest.param(_with('"a\\rb"'), 422, "BAD_VALUE", "data.claim", id="a carriage return"),
    pytest.param(_with('"a\\u0085b"'), 422, "BAD_VALUE", "data.claim", id="a C1 control"),
    pytest.param(_with('"a\\u202eb"'), 422, "BAD_VALUE", "data.claim", id="an override of direction"),
    pytest.param(_with('"a\\u202ab\\u202c"'), 422, "BAD_VALUE", "data.claim", id="an embedding of direction"),
    pytest.param(_with('"a\\u2067b"'), 422, "BAD_VALUE", "data.claim", id="an isolate that is left open"),
    pytest.param(_with('"a\\u2069\\u2067b"'), 422, "BAD_VALUE", "data.claim", id="isolates the wrong way round"),
    pytest.param(_with('"a\\u2067b\\nc\\u2069"'), 422, "BAD_VALUE", "data.claim", id="an isolate over two lines"),
    pytest.param(_with('"a\\ud800b"'), 422, "BAD_VALUE", "data.claim", id="a lone surrogate"),
    pytest.param(_with('"a\\uffffb"'), 422, "BAD_VALUE", "data.claim", id="no character"),
    pytest.param(_with('["x",{"y\\u202e":1}]'), 422, "BAD_VALUE", "data.claim[1].y\ufffd", id="a turned field name"),
]


@pytest.mark.parametrize("path", ["/v1/commands", "/v1/reports"])
@pytest.mark.parametrize(("body", "status", "code", "field"), JUNK)
async def test_junk_is_refused_with_a_code_and_both_languages(
    on: Stage, path: str, body: bytes, status: int, code: str, field: str | None
) -> None:
    async with on.client() as client:
        answer = await client.post(path, content=body, headers=TEXT)

    problem = answer.json()
    assert (status, code, field) == (answer.status_code, problem["code"], problem.get("field"))
    assert "application/problem+json" == answer.headers["Content-Type"]
    assert {"ar", "en"} == set(problem["titles"]) == set(problem["details"])
    assert [] == on.log.sent


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("السد\nانهار\tاليوم", id="line ends and tabs"),
        pytest.param("قال \u2066NCM-1\u2069 ذلك", id="isolates in balance"),
        pytest.param("\u200fنص\u200e text \u200d🏳️\u200d🌈", id="marks and joiners"),
    ],
)
async def test_what_arabic_needs_is_kept_as_it_is(on: Stage, claim: str) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/commands", json={"type": "rumour.log", "data": {"claim": claim}})

    assert 202 == answer.status_code
    assert claim == json.loads(on.log.sent[0][2].data or b"")["data"]["claim"]


async def test_a_large_body_is_refused_by_its_length_before_it_is_read(on: Stage) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/commands", content=b"x" * 10_000_000, headers=TEXT)

    assert (413, "BODY_TOO_LARGE") == (answer.status_code, answer.json()["code"])


async def test_a_body_that_does_not_end_is_poured_away_within_bounds_and_answered(on: Stage) -> None:
    given = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(2_000):
            given += 1
            yield b"x" * 100_000

    async with on.client() as client:
        answer = await client.post("/v1/commands", content=pieces(), headers=TEXT)

    assert (413, "BODY_TOO_LARGE") == (answer.status_code, answer.json()["code"])
    assert 100_000 * given < 70_000_000


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_has_to_say_that_it_is_json(on: Stage, media: str) -> None:
    async with on.client() as client:
        answer = await client.post("/v1/commands", content=b"{}", headers={"Content-Type": media})

    assert (415, "NOT_JSON") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    ("path", "field"),
    [
        pytest.param("/v1/journal?limit=٥٠", "limit", id="Arabic-Indic digits"),
        pytest.param("/v1/journal?limit=1_0", "limit", id="digits with a line"),
        pytest.param("/v1/journal?limit=501", "limit", id="too many"),
        pytest.param("/v1/journal?limit=0", "limit", id="none"),
        pytest.param("/v1/journal?after=x", "after", id="no cursor of ours"),
        pytest.param("/v1/journal?after=%D9%A3", "after", id="a cursor in other digits"),
        pytest.param("/v1/commands/x?wait=31", "wait", id="too long"),
        pytest.param("/v1/commands/x?wait=nan", "wait", id="not a number"),
        pytest.param("/v1/journal?space=a%00b", "space", id="a null character"),
        pytest.param("/v1/incidents?state=DANCING", "state", id="no such state"),
        pytest.param("/v1/receipts?outcome=maybe", "outcome", id="no such outcome"),
    ],
)
async def test_a_bad_parameter_is_named(on: Stage, path: str, field: str) -> None:
    async with on.client() as client:
        answer = await client.get(path)

    assert (422, "BAD_VALUE", field) == (answer.status_code, answer.json()["code"], answer.json()["field"])


async def test_a_title_is_in_the_language_that_is_asked_for(on: Stage) -> None:
    async with on.client(None) as client:
        answers = [
            await client.get("/v1/journal", headers={"Accept-Language": wanted})
            for wanted in ("en-GB,ar;q=0.5", "ar,en;q=0.9", "fr", "")
        ]

    assert ["en", "ar", "ar", "ar"] == [answer.headers["Content-Language"] for answer in answers]
    assert "Nobody is authenticated" == answers[0].json()["title"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/v1/journal", 405), ("GET", "/public/../../etc/passwd", 404)],
)
async def test_an_address_that_is_not_there_is_a_problem_too(on: Stage, method: str, path: str, status: int) -> None:
    async with on.client() as client:
        answer = await client.request(method, path)

    assert (status, "application/problem+json") == (answer.status_code, answer.headers["Content-Type"])


async def test_what_breaks_inside_is_told_without_its_inside(on: Stage) -> None:
    async def broken(*_: object) -> None:
        msg = "secret inside"
        raise ZeroDivisionError(msg)

    object.__setattr__(on.deps, "publish", broken)

    async with on.client() as client:
        answer = await client.post("/v1/commands", json=raised())

    assert (500, "INTERNAL") == (answer.status_code, answer.json()["code"])
    assert "secret" not in answer.text
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
