"""The metrics and health server of a worker."""

import asyncio
import json
import signal
import socket

import httpx2
import pytest
from prometheus_client import CollectorRegistry

from crisis_bus.errors import NotReachable
from crisis_bus.telemetry.metrics import Metrics
from crisis_bus.telemetry.server import serving


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


async def fetch(port: int, path: str, method: str = "GET") -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
        return await client.request(method, f"http://127.0.0.1:{port}{path}")


async def test_metrics_show_what_was_counted(port: int, metrics: Metrics) -> None:
    metrics.entries.inc(3)
    async with serving(port, metrics, tuple):
        answer = await fetch(port, "/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "crisis_bus_journal_entries_total 3.0" in answer.text
    assert "crisis_bus_ready 1.0" in answer.text


async def test_readiness_is_asked_each_time_and_says_what_is_missing(port: int, metrics: Metrics) -> None:
    waiting = ["no partition is assigned yet — لم يُسنَد أي قسم بعد"]
    async with serving(port, metrics, lambda: waiting):
        before = await fetch(port, "/readyz")
        alive = await fetch(port, "/healthz")
        reason = waiting.pop()
        after = await fetch(port, "/readyz")

    assert (503, 200, 200) == (before.status_code, alive.status_code, after.status_code)
    assert {"ready": False, "waiting_for": [reason]} == json.loads(before.text)
    assert {"ready": True, "waiting_for": []} == json.loads(after.text)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("POST", "/metrics", 405), ("HEAD", "/healthz", 200)]
)
async def test_other_requests_are_answered_plainly(
    port: int, metrics: Metrics, method: str, path: str, status: int
) -> None:
    async with serving(port, metrics, tuple):
        answer = await fetch(port, path, method)

    assert status == answer.status_code


async def test_a_port_in_use_is_one_clear_sentence(port: int, metrics: Metrics) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(NotReachable, match=f"127.0.0.1:{port}: Address already in use.*METRICS_PORT") as caught:
            async with serving(port, metrics, tuple):
                pass

    assert "\n" not in str(caught.value)


async def test_port_zero_opens_nothing(metrics: Metrics) -> None:
    before = len(asyncio.all_tasks())
    async with serving(0, metrics, tuple):
        during = len(asyncio.all_tasks())

    assert before == during


async def test_the_port_is_free_again_afterwards_and_signals_stay_with_the_worker(port: int, metrics: Metrics) -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    for _ in range(2):
        async with serving(port, metrics, tuple):
            assert 200 == (await fetch(port, "/healthz")).status_code
            assert handlers == [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]

    with pytest.raises(httpx2.ConnectError):
        await fetch(port, "/healthz")


async def test_an_error_of_the_worker_passes_through(port: int, metrics: Metrics) -> None:
    with pytest.raises(ZeroDivisionError):
        async with serving(port, metrics, tuple):
            _ = 1 // metrics.lag_records._value.get()


async def test_alive_is_200_only_while_there_is_no_reason_against_it(port: int, metrics: Metrics) -> None:
    reasons: list[str] = []
    async with serving(port, metrics, tuple, alive=lambda: reasons):
        well = await fetch(port, "/alive")
        reasons.append("INV-4: a correction did not arrive — لم يصل التصحيح")
        wrong = await fetch(port, "/alive")

    assert (200, {"alive": True, "reasons": []}) == (well.status_code, well.json())
    assert (503, {"alive": False, "reasons": reasons}) == (wrong.status_code, wrong.json())


async def test_a_process_that_vouches_for_nothing_has_no_such_path(port: int, metrics: Metrics) -> None:
    async with serving(port, metrics, tuple):
        answer = await fetch(port, "/alive")

    assert (404, ["/metrics", "/healthz", "/readyz"]) == (answer.status_code, answer.json()["paths"])
