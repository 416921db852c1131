"""What a destination is sent."""

from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.streams.roll import destination
from tests.streams.asking import bulletin, subscription

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(
    name=names,
    address=names,
    secret=st.none() | st.text(st.characters(codec="utf-8")),
    outlet=st.booleans(),
    wanted=st.sampled_from([("ar",), ("en",), ("en", "ar")]),
)
def test_a_pasted_message_is_byte_for_byte_what_the_model_would_write(
    name: str,
    address: str,
    secret: str | None,
    outlet: bool,  # noqa: FBT001 drawn by Hypothesis
    wanted: tuple[str, ...],
) -> None:
    asked = subscription(id=name, subscriber=name, address=address, secret=secret, outlet=outlet, languages=wanted)
    said = bulletin(voice="MOI", text={"ar": "نص", "en": 'a "quoted" text'})
    expected = OutboxMessage(
        id=destination(asked).message_id(said),
        subscription=name,
        subscriber=name,
        channel="WEB",
        transport="webhook",
        address=address,
        languages=wanted,
        outlet=outlet,
        secret=secret,
        bulletin=said,
    )

    written = destination(asked).outbox_message(said, said.model_dump_json(exclude_none=True).encode())

    assert expected == OutboxMessage.model_validate_json(written)


def test_the_id_of_a_message_depends_on_bulletin_and_destination_only() -> None:
    changed = destination(subscription(address="http://127.0.0.1:2/"))

    assert destination(subscription()).message_id(bulletin()) == changed.message_id(bulletin(grade=1))
    assert changed.message_id(bulletin()) != changed.message_id(bulletin(number="uae/S2"))
