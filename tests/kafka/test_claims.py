"""What a member of a group may believe of its partitions."""

from crisis_bus.bus.claims import Claims


class Without:
    """A consumer that has lost all its partitions."""

    def assignment(self) -> frozenset[object]:
        return frozenset()


def test_a_partition_that_is_gone_does_not_come_again_because_a_write_to_it_failed() -> None:
    claims = Claims("nowhere", "group", "topic", "client", lambda **_: Without())
    claims.went = {1}

    claims.again(1)

    assert (set(), {1}) == (claims.came, claims.went)
