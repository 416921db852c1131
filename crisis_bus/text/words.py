"""The words for what the rule book writes in codes."""

from collections.abc import Mapping

from crisis_bus.text.catalogue import Message, word

Words = Mapping[str, Message]

SEVERITIES: Words = {
    "Extreme": word("severity", "extreme"),
    "Severe": word("severity", "severe"),
    "Moderate": word("severity", "moderate"),
    "Minor": word("severity", "minor"),
    "Unknown": word("severity", "unknown"),
}
"""CAP severity."""
URGENCIES: Words = {
    "Immediate": word("urgency", "immediate"),
    "Expected": word("urgency", "expected within the hour"),
    "Future": word("urgency", "future"),
    "Past": word("urgency", "past"),
    "Unknown": word("urgency", "unknown"),
}
"""CAP urgency."""
CERTAINTIES: Words = {
    "Observed": word("certainty", "observed"),
    "Likely": word("certainty", "likely"),
    "Possible": word("certainty", "possible"),
    "Unlikely": word("certainty", "unlikely"),
    "Unknown": word("certainty", "unknown"),
}
"""CAP certainty."""
PRIORITIES: Words = {
    "HIGH": word("priority of a rumour", "high"),
    "MEDIUM": word("priority of a rumour", "medium"),
    "LOW": word("priority of a rumour", "low"),
}
"""How much a rumour matters."""
KINDS: Words = {
    "PUBLIC_WARNING": word("kind of statement", "Public warning"),
    "HOLDING": word("kind of statement", "Holding statement"),
    "SITREP": word("kind of statement", "Situation update"),
    "RUMOUR_RESPONSE": word("kind of statement", "Rumour response"),
    "CORRECTION": word("kind of statement", "Correction"),
    "RETRACTION": word("kind of statement", "Retraction"),
    "ALL_CLEAR": word("kind of statement", "All clear"),
    "PRESS_RELEASE": word("kind of statement", "Press release"),
    "LINES_TO_TAKE": word("kind of statement", "Lines to take"),
    "INTERNAL_BRIEFING": word("kind of statement", "Internal briefing"),
}
"""What a statement is."""
INCIDENT_STATES: Words = {
    "REPORTED": word("state of an incident", "Reported"),
    "ACKNOWLEDGED": word("state of an incident", "Acknowledged"),
    "STABILISING": word("state of an incident", "Stabilising"),
    "SUSPENDED": word("state of an incident", "Suspended"),
    "MERGED": word("state of an incident", "Merged"),
    "STOOD_DOWN": word("state of an incident", "Stood down"),
    "CLOSED": word("state of an incident", "Closed"),
    "FALSE_ALARM": word("state of an incident", "False alarm"),
    "DUPLICATE": word("state of an incident", "Duplicate"),
}
"""Where an incident stands."""
STATEMENT_STATES: Words = {
    "DRAFT": word("state of a statement", "Draft"),
    "IN_REVIEW": word("state of a statement", "In review"),
    "BLOCKED": word("state of a statement", "Blocked"),
    "SCHEDULED": word("state of a statement", "Scheduled"),
    "PUBLISHED": word("state of a statement", "Published"),
    "CORRECTED": word("state of a statement", "Corrected"),
    "SUPERSEDED": word("state of a statement", "Superseded"),
    "EXPIRED": word("state of a statement", "Expired"),
    "RETRACTED": word("state of a statement", "Retracted"),
    "FAILED": word("state of a statement", "Failed"),
    "REJECTED": word("state of a statement", "Rejected"),
    "WITHDRAWN": word("state of a statement", "Withdrawn"),
}
"""Where a statement stands."""
RUMOUR_STATES: Words = {
    "OPEN": word("state of a rumour", "Open"),
    "VERIFIED": word("state of a rumour", "Verified"),
    "ANSWERED": word("state of a rumour", "Answered"),
    "CLOSED": word("state of a rumour", "Closed"),
}
"""Where a rumour stands."""
KEYS: Words = {
    "FACT": word("approval key", "Facts"),
    "COORD": word("approval key", "Coordination"),
    "RELEASE": word("approval key", "Release"),
    "ORIGINATOR": word("approval key", "Originator"),
    "INTERNAL": word("approval key", "Internal"),
}
"""An approval key."""
ROLES: Words = {
    "primary": word("role of a spokesperson", "primary spokesperson"),
    "deputy": word("role of a spokesperson", "deputy spokesperson"),
}
"""Who somebody is among the spokespersons of an entity."""
SKILLS: Words = {
    "ar": word("what a spokesperson needs", "Arabic"),
    "en": word("what a spokesperson needs", "English"),
    "press": word("what a spokesperson needs", "press"),
    "live_tv": word("what a spokesperson needs", "live television"),
}
"""Languages and media of a spokesperson."""
VERDICTS: Words = {
    "TRUE": word("verdict", "true"),
    "FALSE": word("verdict", "false"),
    "UNVERIFIABLE": word("verdict", "cannot be verified"),
    "NOT_FOUND": word("verdict", "not found"),
    "EXERCISE": word("verdict", "part of an exercise"),
    "OFFICIAL_CURRENT": word("verdict", "official and current"),
    "OFFICIAL_SUPERSEDED": word("verdict", "official, superseded"),
    "OFFICIAL_CORRECTED": word("verdict", "official, corrected"),
    "OFFICIAL_RETRACTED": word("verdict", "official, retracted"),
    "OFFICIAL_EXPIRED": word("verdict", "official, expired"),
}
"""What a rumour turned out to be, and whether a text is official."""
OUTCOMES: Words = {
    "RETRACT_OTHER": word("how a contradiction was settled", "the other publication is to be retracted"),
    "UPDATE_FACTSHEET": word("how a contradiction was settled", "the fact sheet is to be updated"),
    "NO_CONFLICT": word("how a contradiction was settled", "there is no conflict"),
}
"""How a contradiction was settled."""
