"""Keys: who is let in, to what, and that every denial is seen."""

import pytest
from structlog.testing import capture_logs

from crisis_bus.errors import SettingsError
from crisis_bus.gateway.keys import Denial, Denied, Scope, as_toml, load, make, of
from tests.gateway.stage import Stage, raised

CHANCE = bytes(range(32))


def test_a_made_key_opens_what_its_record_says_and_the_file_keeps_no_secret() -> None:
    token, record = make("duty", 'GCO."x"\\y', ["uae", "rehearsal-*"], [Scope.READ], CHANCE)

    keys = load(as_toml(record), "keys.toml")

    assert record == keys.authenticate(f"Bearer {token}")
    assert token.rpartition("_")[2] not in as_toml(record)
    assert [True, True, False] == [record.enters(space) for space in ("uae", "rehearsal-9", "uae2")]


@pytest.mark.parametrize(
    ("authorization", "rule"),
    [
        pytest.param(None, Denial.NO_KEY, id="no header"),
        pytest.param("Basic abc", Denial.NO_KEY, id="another scheme"),
        pytest.param("Bearer cb_duty_short", Denial.NO_KEY, id="no token of ours"),
        pytest.param("Bearer cb_who_" + "a" * 43, Denial.UNKNOWN_KEY, id="an id that nobody has"),
        pytest.param("Bearer cb_duty_" + "a" * 43, Denial.WRONG_SECRET, id="a wrong secret"),
        pytest.param("Bearer cb_duty_" + "٣" * 43, Denial.NO_KEY, id="other digits"),
    ],
)
def test_a_key_is_denied_by_a_rule(authorization: str | None, rule: Denial) -> None:
    _, record = make("duty", "GCO.duty", ["uae"], [Scope.READ], CHANCE)

    denied = of([record]).authenticate(authorization)

    assert isinstance(denied, Denied)
    assert rule is denied.rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("keys = [", "not valid TOML", id="no TOML"),
        pytest.param('[[keys]]\nid = "a"', "keys.0.sha256", id="a column is missing"),
        pytest.param('[[keys]]\nid = "A B"', "keys.0.id", id="an id that no token can name"),
    ],
)
def test_a_bad_keys_file_is_refused_with_its_name_and_place(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"api-keys.toml: .*{said}|api-keys.toml: {said}"):
        load(text, "api-keys.toml")


def test_an_id_is_there_once() -> None:
    _, record = make("duty", "GCO.duty", ["uae"], [Scope.READ], CHANCE)

    with pytest.raises(SettingsError, match="'duty' is there twice"):
        of([record, record])


def test_a_key_needs_enough_chance() -> None:
    with pytest.raises(SettingsError, match="32 random bytes"):
        make("duty", "GCO.duty", ["uae"], [Scope.READ], b"short")


@pytest.mark.parametrize(
    ("key", "method", "path", "status", "rule"),
    [
        pytest.param(None, "GET", "/v1/journal", 401, "no_key", id="nobody"),
        pytest.param("reader", "POST", "/v1/commands", 403, "scope", id="who reads does not command"),
        pytest.param("reader", "POST", "/v1/reports", 403, "scope", id="who reads does not report"),
        pytest.param("reader", "GET", "/v1/subscriptions", 403, "scope", id="who reads sees no addresses"),
        pytest.param("media", "GET", "/v1/journal", 403, "scope", id="who subscribes does not read"),
        pytest.param("gco", "GET", "/v1/journal?space=other", 403, "space", id="another government"),
    ],
)
async def test_a_denial_is_answered_counted_and_logged_without_the_secret(
    on: Stage, key: str | None, method: str, path: str, status: int, rule: str
) -> None:
    with capture_logs() as logs:
        async with on.client(key) as client:
            answer = await client.request(method, path, json=raised() if method == "POST" else None)

    assert (status, [rule], []) == (answer.status_code, on.meter.denials, on.log.sent)
    assert [{"event": "access_denied", "log_level": "warning", "rule": rule, "key": key}] == logs


async def test_nobody_is_told_how_to_authenticate_wrongly(on: Stage) -> None:
    async with on.client(None) as client:
        answer = await client.get("/v1/incidents")

    assert 'Bearer realm="crisis_bus"' == answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8080", 200), ("LOCALHOST", 200), ("[::1]:80", 200), ("evil.example", 400), ("", 400)],
)
async def test_only_known_hosts_are_served(on: Stage, host: str, status: int) -> None:
    async with on.client(None, Host=host) as client:
        answer = await client.get("/healthz")

    assert status == answer.status_code


async def test_every_answer_wears_the_headers_and_a_nonce_of_its_own(on: Stage) -> None:
    async with on.client(None) as client:
        answers = [await client.get(path) for path in ("/", "/ar", "/healthz", "/nowhere", "/static/board.css")]

    policies = [answer.headers["Content-Security-Policy"] for answer in answers]
    assert 5 == len(set(policies))
    assert not any("unsafe" in policy for policy in policies)
    assert {"nosniff"} == {answer.headers["X-Content-Type-Options"] for answer in answers}
    assert {"no-referrer"} == {answer.headers["Referrer-Policy"] for answer in answers}


async def test_a_request_id_is_kept_if_it_is_harmless(on: Stage) -> None:
    async with on.client(None) as client:
        kept = await client.get("/healthz", headers={"X-Request-Id": "trace-7"})
        replaced = await client.get("/healthz", headers={"X-Request-Id": "<script>"})

    assert "trace-7" == kept.headers["X-Request-Id"]
    assert "<" not in replaced.headers["X-Request-Id"]
