"""Which offset of a partition may be committed when its records are finished out of order."""

from collections import deque


class Contiguous:
    """The offsets that have begun, in their order, and those of them that are finished."""

    def __init__(self) -> None:
        self._begun: deque[tuple[int, int]] = deque()
        self._finished: set[int] = set()
        self._uncommitted: deque[tuple[int, int]] = deque()
        self.committable: int | None = None
        """The next offset to read after a restart: all before it are finished. None: nothing new."""
        self.taken = 0
        """What all weigh that a restart would begin again."""

    @property
    def unfinished(self) -> int:
        """How many have begun and not finished, or wait behind one that has not."""
        return len(self._begun)

    def begin(self, offset: int, weight: int = 1) -> None:
        """A record was taken; offsets only rise, with gaps where a topic is compacted."""
        self._begun.append((offset, weight))
        self.taken += weight

    def finish(self, offset: int) -> None:
        """A record is done with."""
        self._finished.add(offset)
        while self._begun and self._begun[0][0] in self._finished:
            done, weight = self._begun.popleft()
            self._finished.discard(done)
            self.committable = done + 1
            self._uncommitted.append((done, weight))

    def committed(self, offset: int) -> None:
        """A restart begins at this offset."""
        while self._uncommitted and self._uncommitted[0][0] < offset:
            self.taken -= self._uncommitted.popleft()[1]
        if self.committable == offset:
            self.committable = None
