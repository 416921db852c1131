"""All views of one reader, fed with the values of records."""

from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from crisis_bus.domain.controls import Action, Control
from crisis_bus.domain.delivery import Expansion, Receipt
from crisis_bus.domain.journal import Entry
from crisis_bus.domain.subscriptions import Subscription
from crisis_bus.errors import UnreadableMessage
from crisis_bus.views.board import Board
from crisis_bus.views.chain import Chains, Standing, read
from crisis_bus.views.histories import Histories
from crisis_bus.views.ledger import Ledger
from crisis_bus.views.reach import Reach
from crisis_bus.views.receipts import Receipts
from crisis_bus.views.slim import Slim
from crisis_bus.views.statements import Statements
from crisis_bus.views.subscriptions import Subscriptions

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Views:
    """What a gateway knows; each method takes one record and raises UnreadableMessage if it is none of ours."""

    chains: Chains = field(default_factory=Chains)
    ledger: Ledger = field(default_factory=Ledger)
    board: Board = field(default_factory=Board)
    statements: Statements = field(default_factory=Statements)
    receipts: Receipts = field(default_factory=Receipts)
    reach: Reach = field(default_factory=Reach)
    histories: Histories = field(default_factory=Histories)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    suppressed: set[str] = field(default_factory=set)
    """Marks of addresses that nothing is sent to."""
    _slim: Slim = field(default_factory=Slim)

    def journal(self, partition: int, value: bytes | None) -> tuple[Standing, Entry]:
        """Take a journal record; the answer is the entry, and whether it counted."""
        entry = read(value)
        standing = self.chains.judge(partition, entry, value or b"")
        if standing is Standing.COUNTS:
            self.ledger.apply(entry)
            self.board.apply(entry)
            self.statements.apply(entry)
        return standing, entry

    def receipt(self, value: bytes | None) -> None:
        """Take a receipt."""
        receipt = self._slim.of(_read(Receipt, value))
        self.receipts.apply(receipt)
        self.reach.receipt(receipt)
        self.histories.apply(receipt)

    def expansion(self, value: bytes | None) -> None:
        """Take how many messages an order led to."""
        self.reach.expansion(_read(Expansion, value))

    def control(self, value: bytes | None) -> None:
        """Take what an operator did: of interest is who is on the suppression list."""
        act = _read(Control, value)
        if act.action is Action.SUPPRESS:
            self.suppressed.add(act.target)
        elif act.action is Action.ALLOW:
            self.suppressed.discard(act.target)

    def subscription(self, key: bytes | None, value: bytes | None) -> None:
        """Take a subscription or its tombstone."""
        try:
            found = None if value is None else Subscription.model_validate_json(value)
            self.subscriptions.apply((key or b"").decode(), found)
        except (ValidationError, UnicodeDecodeError) as error:
            msg = "a subscription cannot be read; it keeps the state that it had"
            raise UnreadableMessage(msg) from error


def _read(model: type[M], value: bytes | None) -> M:
    try:
        return model.model_validate_json(value or b"")
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        msg = f"no {model.__name__}: {error.error_count()} errors, the first at {where}"
        raise UnreadableMessage(msg) from error
