"""What providers send when they know what became of a message, as their handbooks show it."""

from typing import Any

import pytest
from pydantic import ValidationError

from crisis_bus.channels.callbacks import MOST, CallbackOptions, heard
from crisis_bus.channels.contract import Report
from crisis_bus.channels.sms_http import SmsHttpOptions
from crisis_bus.domain.delivery import Outcome

SECRET = "a-secret-of-the-provider"
PLAIN: dict[str, Any] = {
    "secret": SECRET,
    "header": "x-secret",
    "id": "id",
    "state": "status",
    "delivered": ["DELIVRD"],
    "failed": ["UNDELIV"],
}
NESTED = PLAIN | {
    "each": "results",
    "id": "messageId",
    "state": "status.groupId",
    "delivered": ["3"],
    "failed": ["2", "4"],
}


def said(name: str, word: str) -> Report:
    detail = f"the provider reported: {word}"
    well = word in {"DELIVRD", "3"}
    return Report(name, Outcome.DELIVERED, detail) if well else Report(name, Outcome.FAILED, detail)


@pytest.mark.parametrize(
    ("options", "body", "reports", "others"),
    [
        pytest.param(PLAIN, {"id": "m", "status": "DELIVRD"}, [said("m", "DELIVRD")], 0, id="flat, as in a form"),
        pytest.param(PLAIN, {"id": 7, "status": "UNDELIV"}, [said("7", "UNDELIV")], 0, id="a number for an id"),
        pytest.param(PLAIN, {"id": "m", "status": "ENROUTE"}, [], 1, id="no end"),
        pytest.param(
            NESTED,
            {
                "results": [
                    {"messageId": "a", "status": {"groupId": 3}},
                    {"messageId": "b", "status": {"groupId": 1}},
                    {"messageId": "c", "status": {"groupId": 4}},
                ]
            },
            [said("a", "3"), said("c", "4")],
            1,
            id="many in one request",
        ),
        pytest.param(NESTED, {"results": []}, [], 0, id="none in one request"),
    ],
)
def test_the_words_of_a_provider_are_read(
    options: dict[str, Any], body: dict[str, Any], reports: list[Report], others: int
) -> None:
    found = heard(CallbackOptions(**options), body)

    assert (reports, others, None) == (found.reports, found.others, found.wrong)


@pytest.mark.parametrize(
    ("options", "body", "wrong"),
    [
        pytest.param(PLAIN, {"status": "DELIVRD"}, "id", id="no id"),
        pytest.param(PLAIN, {"id": "", "status": "DELIVRD"}, "id", id="an empty id"),
        pytest.param(PLAIN, {"id": "a\nb", "status": "DELIVRD"}, "id", id="an id of two lines"),
        pytest.param(PLAIN, {"id": "x" * 201, "status": "DELIVRD"}, "id", id="an endless id"),
        pytest.param(PLAIN, {"id": "m"}, "status", id="no state"),
        pytest.param(NESTED, {"id": "m"}, "results", id="no list"),
        pytest.param(NESTED, {"results": {"messageId": "m"}}, "results", id="no list but an object"),
        pytest.param(NESTED, {"results": [{}] * (MOST + 1)}, "results", id="a list that is too long"),
        pytest.param(
            NESTED,
            {"results": [{"messageId": "a", "status": {"groupId": 3}}, "b"]},
            "messageId",
            id="one of them is rubbish",
        ),
    ],
)
def test_rubbish_names_the_path_that_leads_nowhere(options: dict[str, Any], body: dict[str, Any], wrong: str) -> None:
    found = heard(CallbackOptions(**options), body)

    assert ([], wrong) == (found.reports, found.wrong)


@pytest.mark.parametrize(
    ("place", "headers", "query", "admitted"),
    [
        ({"header": "x-secret"}, {"x-secret": SECRET}, {}, True),
        ({"header": "x-secret"}, {"x-secret": SECRET + "x"}, {}, False),
        ({"header": "x-secret"}, {}, {"x-secret": SECRET}, False),
        ({"header": None, "query": "token"}, {}, {"token": SECRET}, True),
        ({"header": None, "query": "token"}, {"token": SECRET}, {}, False),
        ({"header": None, "query": "token"}, {}, {"token": "سر"}, False),
    ],
)
def test_the_secret_is_looked_for_in_its_place(
    place: dict[str, Any], headers: dict[str, str], query: dict[str, str], *, admitted: bool
) -> None:
    assert admitted is CallbackOptions(**PLAIN | place).admit(headers, query)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"header": None}, "either in a header or in the query", id="no place for the secret"),
        pytest.param({"query": "token"}, "either in a header or in the query", id="two places"),
        pytest.param({"failed": ["DELIVRD"]}, "'DELIVRD' cannot mean both", id="two meanings"),
        pytest.param({"secret": "short"}, "at least 16", id="a secret that can be guessed"),
        pytest.param({"delivered": []}, "at least 1", id="nothing means delivered"),
    ],
)
def test_options_that_cannot_work_are_refused(more: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        CallbackOptions(**PLAIN | more)


def test_a_gateway_that_names_no_message_cannot_call_back() -> None:
    with pytest.raises(ValidationError, match="report needs id_path"):
        SmsHttpOptions(url="https://sms.example.test", body="", report=CallbackOptions(**PLAIN))
