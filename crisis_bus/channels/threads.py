"""Which post of ours a new one answers: a correction stands under what it corrects, as far as this process knows."""

from collections import OrderedDict

from crisis_bus.domain.delivery import OutboxMessage

_REMEMBERED = 10_000


class Threads:
    """The ids that a platform gave to our posts, by destination and bulletin; the longest unheard go first."""

    def __init__(self) -> None:
        self._posts: OrderedDict[tuple[str, str], str] = OrderedDict()

    def posted(self, message: OutboxMessage, post: str) -> None:
        """Remember a post."""
        self._posts[message.subscription, message.bulletin.number] = post
        if len(self._posts) > _REMEMBERED:
            self._posts.popitem(last=False)

    def above(self, message: OutboxMessage) -> str | None:
        """The post that a message replaces, if it is known."""
        known = (self._posts.get((message.subscription, number)) for number in message.bulletin.replaces)
        return next((post for post in known if post is not None), None)
