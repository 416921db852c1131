"""The suppression list, as marks that name nobody."""

from crisis_bus.domain import suppressing
from crisis_bus.domain.controls import Action, Control

SECRET = b"0123456789abcdef"


def act(action: Action, target: str) -> Control:
    return Control(id="c", action=action, target=target, by="GCO.duty", reason="asked", at="2026-04-16T12:00:00.000Z")


def test_a_mark_tells_addresses_transports_and_channels_apart_and_shows_none_of_them() -> None:
    marks = [
        suppressing.mark(SECRET, "email", "desk@wam.example"),
        suppressing.mark(SECRET, "email", "other@wam.example"),
        suppressing.mark(SECRET, "apprise", "desk@wam.example"),
        suppressing.mark(SECRET, "email", "desk@wam.example", "WEB"),
        suppressing.mark(b"another secret..", "email", "desk@wam.example"),
    ]

    assert 5 == len(set(marks))
    assert not any("wam" in mark for mark in marks)


def test_the_case_of_a_mail_address_does_not_matter_and_that_of_others_does() -> None:
    mail = suppressing.mark(SECRET, "email", "desk@wam.example")

    assert mail == suppressing.mark(SECRET, "email", " Desk@WAM.example")
    assert suppressing.mark(SECRET, "webhook", "https://a/B") != suppressing.mark(SECRET, "webhook", "https://a/b")


def test_a_message_is_kept_back_by_the_mark_of_its_address_or_of_its_channel_there() -> None:
    marks = suppressing.marks(SECRET, "sms", "+971501234567", "WEB")

    assert suppressing.mark(SECRET, "sms", "+971501234567") in marks
    assert suppressing.mark(SECRET, "sms", "+971501234567", "WEB") in marks
    assert suppressing.mark(SECRET, "sms", "+971501234567", "WAM") not in marks


def test_the_last_act_decides() -> None:
    acts = [act(Action.SUPPRESS, "a"), act(Action.SUPPRESS, "b"), act(Action.ALLOW, "a"), act(Action.PAUSE, "sms")]

    assert ["b"] == list(suppressing.suppressed(acts))
