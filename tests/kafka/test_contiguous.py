from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.bus.contiguous import Contiguous

OFFSETS = st.lists(st.integers(0, 1000), unique=True, min_size=1, max_size=50).map(sorted)


@given(OFFSETS, st.data())
def test_all_below_the_committable_offset_is_finished_and_the_first_above_it_is_not(
    offsets: list[int], data: st.DataObject
) -> None:
    finished = set(data.draw(st.permutations(offsets))[: data.draw(st.integers(0, len(offsets)))])
    progress = Contiguous()
    for offset in offsets:
        progress.begin(offset)
    for offset in finished:
        progress.finish(offset)

    limit = progress.committable or 0
    waiting = [offset for offset in offsets if offset >= limit]
    assert {offset for offset in offsets if offset < limit} <= finished
    assert not waiting or waiting[0] not in finished
    assert len(waiting) == progress.unfinished


def test_what_is_begun_weighs_until_it_is_committed() -> None:
    progress = Contiguous()
    for offset in range(3):
        progress.begin(offset, 10)
    progress.finish(1)
    progress.finish(0)

    before = (progress.taken, progress.committable)
    progress.committed(2)

    assert ((30, 2), (10, None)) == (before, (progress.taken, progress.committable))
