"""What a provider sends when it knows what became of a message: whose word it is, and how it is read."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from crisis_bus.channels import json_paths
from crisis_bus.channels.contract import Report
from crisis_bus.domain.delivery import Outcome

MOST = 1000
"""Reports in one request."""
_LONGEST = 200
Words = frozenset[str]


class CallbackOptions(BaseModel):
    """How a provider calls `POST /v1/reports/{provider}`: its secret comes in a `header` or in the `query`.

    `id` and `state` are paths into its JSON (`status.name`) or names of fields of its form; where one request brings
    many reports, `each` leads to their list. A state that is neither among `delivered` nor among `failed` is no end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    secret: SecretStr = Field(min_length=16)
    header: str | None = None
    query: str | None = None
    each: str | None = None
    id: str
    state: str
    delivered: Words = Field(min_length=1)
    failed: Words = frozenset()

    @model_validator(mode="after")
    def _one_place_and_one_meaning(self) -> Self:
        if (self.header is None) is (self.query is None):
            msg = "the secret comes either in a header or in the query: name one of them"
            raise ValueError(msg)
        if both := self.delivered & self.failed:
            msg = f"{min(both)!r} cannot mean both delivered and failed"
            raise ValueError(msg)
        return self

    def admit(self, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
        """Whether a request knows the secret, in a time that tells nothing."""
        given = headers.get(self.header) if self.header is not None else query.get(self.query or "")
        return hmac.compare_digest((given or "").encode(), self.secret.get_secret_value().encode())


@dataclass(slots=True)
class Heard:
    """What one request said: reports of an end, how many words were none, and a path that leads nowhere (`wrong`)."""

    reports: list[Report] = field(default_factory=list)
    others: int = 0
    wrong: str | None = None


def heard(options: CallbackOptions, said: Mapping[str, Any]) -> Heard:
    """Read the body of a request; with one report that cannot be read, nothing of it counts."""
    parts = [said] if options.each is None else json_paths.node(said, options.each)
    if not isinstance(parts, list) or len(parts) > MOST:
        return Heard(wrong=options.each)
    found = Heard()
    for part in parts:
        name, state = json_paths.text(part, options.id), json_paths.text(part, options.state)
        if not name or not name.isprintable() or len(name) > _LONGEST:
            return Heard(wrong=options.id)
        if state is None:
            return Heard(wrong=options.state)
        outcome = _outcome(options, state)
        if outcome is None:
            found.others += 1
        else:
            found.reports.append(Report(name, outcome, f"the provider reported: {state}"))
    return found


def _outcome(options: CallbackOptions, state: str) -> Literal[Outcome.DELIVERED, Outcome.FAILED] | None:
    if state in options.delivered:
        return Outcome.DELIVERED
    return Outcome.FAILED if state in options.failed else None
