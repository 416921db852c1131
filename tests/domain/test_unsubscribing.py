"""The token of an unsubscribe link."""

import re

import pytest

from crisis_bus.domain import unsubscribing

SECRET = b"a secret of the gateway, 32 bytes"


@pytest.mark.parametrize("name", ["sub-1", "مشترك ١", "a/b?c#d.e", "x" * 200])
def test_a_token_names_its_subscription_and_is_fit_for_a_url(name: str) -> None:
    made = unsubscribing.token(SECRET, name)

    assert name == unsubscribing.subscription(SECRET, made)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", made)


def test_the_same_subscription_has_the_same_token_for_ever() -> None:
    assert unsubscribing.token(SECRET, "sub-1") == unsubscribing.token(SECRET, "sub-1")


def test_a_token_of_another_secret_names_nothing() -> None:
    assert unsubscribing.subscription(SECRET, unsubscribing.token(b"another", "sub-1")) is None


def test_a_name_cannot_be_put_before_the_signature_of_another() -> None:
    name, mac = unsubscribing.token(SECRET, "sub-2").split(".")[0], unsubscribing.token(SECRET, "sub-1").split(".")[1]

    assert unsubscribing.subscription(SECRET, f"{name}.{mac}") is None


@pytest.mark.parametrize(
    "token", ["", ".", "sub-1", "c3ViLTE.", ".c3ViLTE", "a.a", "\u0663.\u0663", "_w.AAAA", "c3ViLTE.AAAA.AAAA"]
)
def test_what_is_no_token_names_nothing(token: str) -> None:
    assert unsubscribing.subscription(SECRET, token) is None
