"""The versions of the policy that a space has, as it keeps them (`rules.md` R10, AC10.1, AC10.2)."""

import hashlib
from dataclasses import dataclass
from typing import Self

from crisis_bus.domain.forms import Forms
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Edition:
    """One version: the space began with it, or somebody proposed it, and perhaps somebody else adopted it.

    `digest` tells it from another of the same name; `number` orders adoptions. The words of the version that a
    space began with are those of its pack.
    """

    policy: Policy
    digest: str
    words: Forms | None = None
    proposed_by: str | None = None
    adopted_by: str | None = None
    in_force_from: Instant | None = None
    number: int = 0

    @classmethod
    def begun(cls, policy: Policy) -> Self:
        """The version that a space begins with."""
        return cls(policy, policy.digest, in_force_from=0)

    @classmethod
    def proposed(cls, policy: Policy, words: Forms, by: str) -> Self:
        """A version that waits for somebody else to adopt it."""
        both = hashlib.sha256(f"{policy.digest} {words.digest}".encode()).hexdigest()
        return cls(policy, both, words, by)

    @property
    def version(self) -> str:
        """What it is called."""
        return self.policy.version

    def holds(self, now: Instant) -> bool:
        """Whether it has come into force, whatever came after it."""
        return self.in_force_from is not None and self.in_force_from <= now

    @property
    def rank(self) -> tuple[Instant, int]:
        """Of two that hold, the higher one is in force: it came later, or was adopted later."""
        return self.in_force_from or 0, self.number
