"""The token of a link that needs no sign-in."""

import re

import pytest

from crisis_bus.domain import links

SECRET = b"a secret of the gateway, 32 bytes"


@pytest.mark.parametrize("name", ["sub-1", "مشترك ١", "a/b?c#d.e", "x" * 200])
def test_a_token_names_its_subscription_and_is_fit_for_a_url(name: str) -> None:
    made = links.token(SECRET, "unsubscribe", name)

    assert name == links.named(SECRET, "unsubscribe", made)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", made)


def test_the_same_subscription_has_the_same_token_for_ever() -> None:
    assert links.token(SECRET, "unsubscribe", "sub-1") == links.token(SECRET, "unsubscribe", "sub-1")


def test_a_token_of_another_secret_names_nothing() -> None:
    assert links.named(SECRET, "unsubscribe", links.token(b"another", "unsubscribe", "sub-1")) is None


def test_a_name_cannot_be_put_before_the_signature_of_another() -> None:
    name, mac = (
        links.token(SECRET, "unsubscribe", "sub-2").split(".")[0],
        links.token(SECRET, "unsubscribe", "sub-1").split(".")[1],
    )

    assert links.named(SECRET, "unsubscribe", f"{name}.{mac}") is None


@pytest.mark.parametrize(
    "token", ["", ".", "sub-1", "c3ViLTE.", ".c3ViLTE", "a.a", "\u0663.\u0663", "_w.AAAA", "c3ViLTE.AAAA.AAAA"]
)
def test_what_is_no_token_names_nothing(token: str) -> None:
    assert links.named(SECRET, "unsubscribe", token) is None


def test_a_token_for_one_purpose_is_none_for_another() -> None:
    assert links.named(SECRET, "unsubscribe", links.token(SECRET, "acknowledge", "sub-1")) is None
