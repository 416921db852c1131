"""The ids of answered commands, however they came together."""

from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain.known import Known

IDS = st.lists(st.sampled_from("abcdefgh"), max_size=12)


@given(IDS, IDS)
def test_ids_restored_at_once_and_ids_remembered_one_by_one_are_the_same(before: list[str], since: list[str]) -> None:
    known = Known.of(before)
    for name in since:
        known = known.having(name)

    assert Known.of({*before, *since}) == known
    assert sorted({*before, *since}) == sorted(known)
    assert all(name in known for name in (*before, *since))
    assert "z" not in known


@given(IDS)
def test_one_more_id_leaves_the_others_as_they_were(before: list[str]) -> None:
    known = Known.of(before)

    assert known.having("z") != known
    assert Known.of(before) == known != {*before}
