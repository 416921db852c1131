"""Which offset of a partition may be committed when its records are finished out of order."""

from collections import deque


class Contiguous:
    """The offsets that have begun, in their order, and those of them that are finished."""

    def __init__(self) -> None:
        self._begun: deque[int] = deque()
        self._finished: set[int] = set()
        self.committable: int | None = None
        """The next offset to read after a restart: all before it are finished. None: nothing new."""

    @property
    def unfinished(self) -> int:
        """How many have begun and not finished, or wait behind one that has not."""
        return len(self._begun)

    def begin(self, offset: int) -> None:
        """A record was taken; offsets only rise, with gaps where a topic is compacted."""
        self._begun.append(offset)

    def finish(self, offset: int) -> None:
        """A record is done with."""
        self._finished.add(offset)
        while self._begun and self._begun[0] in self._finished:
            done = self._begun.popleft()
            self._finished.discard(done)
            self.committable = done + 1
