"""AC10.1: what an adopted version is kept as, and what it lets happen."""

from crisis_bus.domain.commands import Command
from tests.rules.amending import ADOPTER, PROPOSER, Space, adopt, amended, policy, proposal, propose, report


def test_a_version_is_kept_with_both_people_and_in_the_order_of_what_was_done() -> None:
    space = Space()

    space.ask(propose(proposal()))
    waiting = space.office.policies["2"]
    space.ask(adopt())
    adopted = space.office.policies["2"]

    assert (PROPOSER, None, None) == (waiting.proposed_by, waiting.adopted_by, waiting.in_force_from)
    assert (PROPOSER, ADOPTER, space.now) == (adopted.proposed_by, adopted.adopted_by, adopted.in_force_from)
    assert 0 < waiting.number < adopted.number


def test_a_body_that_a_new_version_adds_may_tell_of_an_older_incident() -> None:
    added = {"code": "NEWBODY", "ar": "جهة", "en": "Body", "kind": "authority"}
    space = amended(entities=[*policy().model_dump(mode="json", exclude_none=True)["entities"], added])
    seen = {"id": "X", "incident": "OLD", "source": "s", "government": False, "facts": {"a": 1}}

    told = space.ask(Command("publication.observe", "NEWBODY.a", seen))

    assert ["publication.observed"] == [kind for kind, _ in told]


def test_a_kind_without_parts_of_its_own_asks_for_none() -> None:
    space = amended(statement_parts={})
    space.ask(report("NEW"))
    text = {"id": "S", "incident": "NEW", "kind": "SITREP", "parts": {"as_of": " "}}

    told = space.ask(Command("statement.submit", "MOI.a", text))

    assert ["approval.requested"] == [kind for kind, _ in told]
