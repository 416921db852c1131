"""Keys that sign webhooks."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crisis_bus.channels.signatures import SigningKey, made
from crisis_bus.errors import SettingsError

SEED = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def test_a_key_of_32_and_of_64_bytes_is_the_same_key() -> None:
    pair = SigningKey("whsk_" + b64encode(SEED + PUBLIC).decode())

    assert SigningKey(made(SEED)).public == pair.public == "whpk_" + b64encode(PUBLIC).decode()
    assert SigningKey(made(SEED)).sign("m", 7, b"{}") == pair.sign("m", 7, b"{}")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("whsec_" + b64encode(SEED).decode(), id="a shared secret"),
        pytest.param("whsk_" + b64encode(SEED[:31]).decode(), id="too short"),
        pytest.param("whsk_%%%", id="no base64"),
        pytest.param("whsk_" + b64encode(SEED + SEED).decode(), id="two halves that do not belong together"),
    ],
)
def test_what_is_no_key_is_refused_without_repeating_it(said: str) -> None:
    with pytest.raises(SettingsError, match="webhook_signing_key") as refused:
        SigningKey(said)

    assert said not in str(refused.value)
