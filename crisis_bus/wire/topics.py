"""The names of the topics, so that nobody spells one twice; all else about them is data in `topics/`."""

REPORTS = "crisis.reports.v1"
COMMANDS = "crisis.commands.v1"
JOURNAL = "crisis.journal.v1"
INCIDENTS = "crisis.incidents.v1"
BULLETINS = "crisis.bulletins.v1"
ORDERS = "crisis.orders.v1"
OUTBOX_URGENT = "crisis.outbox.urgent.v1"
OUTBOX_ROUTINE = "crisis.outbox.routine.v1"
LATER = "crisis.later.v1"
CONTROLS = "crisis.controls.v1"
CALLBACKS = "crisis.callbacks.v1"
RECEIPTS = "crisis.receipts.v1"
EXPANSIONS = "crisis.expansions.v1"
DEAD_LETTERS = "crisis.dead-letters.v1"
SUBSCRIPTIONS = "crisis.subscriptions.v1"
SNAPSHOTS = "crisis.snapshots.v1"

PREFIX = "crisis."
"""A topic that starts so is ours, and must be in the catalogue."""
ALL = frozenset(
    {
        REPORTS,
        COMMANDS,
        JOURNAL,
        INCIDENTS,
        BULLETINS,
        ORDERS,
        OUTBOX_URGENT,
        OUTBOX_ROUTINE,
        LATER,
        CONTROLS,
        CALLBACKS,
        RECEIPTS,
        EXPANSIONS,
        DEAD_LETTERS,
        SUBSCRIPTIONS,
        SNAPSHOTS,
    }
)
"""Every topic of the catalogue."""
