"""Lines before the providers: a message that waits there has its place in its chain, and costs no task."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from crisis_bus.delivery.carriers import Carriers
from crisis_bus.domain.delivery import OutboxMessage
from crisis_bus.domain.subscriptions import Transport

_Kind = tuple[Transport, bool, bool]


@dataclass(slots=True, eq=False)
class Passenger:
    """Who stands in a line; `go` is called once, when the turn comes."""

    go: Callable[[], None]
    waiting: bool = True
    line: "Line | None" = None
    """The line in which it takes up room, since it went."""

    def give_up(self) -> bool:
        """Do not go any more; false if it has gone already."""
        was, self.waiting = self.waiting, False
        return was

    def leave(self) -> None:
        """Make room: it rests, or is done."""
        line, self.line = self.line, None
        if line is not None:
            line.out -= 1
            line.move()


@dataclass(slots=True)
class Line:
    """Lets `width` passengers go at once, in the order in which they came; nobody while it is shut."""

    width: int
    shut: bool
    out: int = 0
    waiting: deque[Passenger] = field(default_factory=deque)

    def move(self) -> None:
        """Let go whoever may."""
        while self.waiting and self.out < self.width and not self.shut:
            passenger = self.waiting.popleft()
            if passenger.give_up():
                self.out += 1
                passenger.line = self
                passenger.go()


@dataclass(slots=True)
class Lines:
    """A line for each transport, those of urgent messages and of destinations that fail apart (`slots.Slots`).

    While they are shut nobody goes: all that somebody before us may have worked on has to join its chain first.
    """

    carriers: Carriers
    _lines: dict[_Kind, Line] = field(default_factory=dict)
    _shut: bool = False

    def busy(self, most: int) -> bool:
        """Whether `most` stand here, and no line of routine messages to well destinations has room."""
        if any(
            not urgent and not ailing and line.out < line.width for (_, urgent, ailing), line in self._lines.items()
        ):
            return False
        return sum(len(line.waiting) for line in self._lines.values()) >= most

    def stand(self, message: OutboxMessage, passenger: Passenger) -> None:
        """Put somebody into the line for a message; it may go at once."""
        kind = (message.transport, message.bulletin.urgent, self.carriers.ailing(message))
        line = self._lines.get(kind)
        if line is None:
            line = self._lines[kind] = Line(self.carriers.at_once(message.transport), self._shut)
        line.waiting.append(passenger)
        line.move()

    @property
    def are_shut(self) -> bool:
        """Whether all that comes now may have been somebody's before us."""
        return self._shut

    def hurry(self, passenger: Passenger) -> None:
        """Let somebody go before his turn: something waits for him, or replaces him."""
        if not self._shut and passenger.give_up():
            passenger.go()

    def shut(self) -> None:
        """Let nobody go."""
        self._set(shut=True)

    def open(self) -> None:
        """Let go whoever may."""
        self._set(shut=False)

    def dissolve(self) -> None:
        """Let all go: the worker stops, and each of them sees it."""
        self._shut = False
        for line in self._lines.values():
            waiting, line.waiting = line.waiting, deque()
            for passenger in waiting:
                self.hurry(passenger)

    def _set(self, *, shut: bool) -> None:
        self._shut = shut
        for line in self._lines.values():
            line.shut = shut
            line.move()
