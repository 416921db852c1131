"""Wrong usage, and a gateway that is not there."""

import subprocess
import sys
from typing import Any

import pytest

from crisis_bus import __version__

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["nosuch"], "No such command 'nosuch'", id="unknown command"),
        pytest.param(["ack"], "Missing argument 'incident'", id="missing argument"),
        pytest.param(["ack", "I1", "--nosuch"], "No such option: --nosuch", id="unknown option"),
        pytest.param(["ack", "I1", "--at", "soon"], "Invalid value for '--at'", id="no number"),
        pytest.param(["approve", "W1", "HOUSE"], "'HOUSE' is not one of 'FACT'", id="unknown key"),
        pytest.param(["raise", "I1", "MET-FLOOD", "Bad", "Immediate", "Observed"], "'Bad' is not one of", id="no enum"),
        pytest.param(["rehearse", "S01", "--format", "xml"], "'xml' is not one of 'table'", id="unknown format"),
        pytest.param(["ask", "incident.report", "{"], "DATA is no JSON", id="no JSON"),
        pytest.param(["ask", "incident.report", '{"a": NaN}'], "DATA is no JSON", id="no number of JSON"),
        pytest.param(["fact", "I1", "roads"], "'roads' is no fact; write KEY=VALUE", id="no pair"),
        pytest.param(["fact", "I1", " =3"], "' =3' is no fact; write KEY=VALUE", id="blank name"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_is_wrong(cli: Any, arguments: list[str], said: str) -> None:
    ran = cli(*arguments)

    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["raise", "I1", "MET-FLOOD", "Severe", "Expected", "Likely"],
        ["ack", "I1"],
        ["submit", "H1", "I1", "HOLDING"],
        ["show"],
        ["publish-status", "H1"],
        ["ledger", "H1"],
        ["corrections", "H1"],
        ["history", "site"],
        ["proof", "m"],
        ["subscriptions", "list"],
        ["journal", "show"],
        ["play", "S01"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_gateway_that_is_down_is_exit_code_4_and_says_how_to_start_one(
    cli: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("CRISIS_BUS_GATEWAY_URL", NOWHERE)

    ran = cli(*arguments)

    assert (4, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"crisis-bus: the gateway at {NOWHERE} does not answer")
    assert "`crisis-bus up`" in ran.err
    assert 1 == ran.err.count("\n")


def test_no_command_at_all_lists_what_there_is(cli: Any) -> None:
    ran = cli()

    assert 2 == ran.code
    assert "Exit codes: 0 done, 1 failed, 2 wrong input, 3 refused by a rule" in ran.out + ran.err


def test_the_module_is_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "crisis_bus", "--version"], capture_output=True, text=True, check=False, timeout=60
    )

    assert (0, f"crisis-bus {__version__}\n", "") == (ran.returncode, ran.stdout, ran.stderr)
