"""The sentences of keys, texts and stand-downs that are refused: what is wrong, and what to do next."""

from collections.abc import Mapping

from crisis_bus.domain.reasons import BlockReason, KeyReason
from crisis_bus.text.catalogue import Message, counted, said

KEYS: Mapping[str, Message] = {
    KeyReason.NOT_IN_REVIEW: said(
        "{statement} is not in review, so no key counts for it; "
        "look at its state, and submit it anew if it was blocked or returned"
    ),
    KeyReason.KEY_NOT_NEEDED: said("{statement} does not need the key {key}; look which keys are still missing"),
    KeyReason.AUTHOR_CANNOT_APPROVE: said(
        "{by} wrote {statement}, and nobody approves a text of their own; ask a colleague for the key {key}"
    ),
    KeyReason.SAME_PERSON_TWO_KEYS: said(
        "{by} has given a key of {statement} before, and one person gives one key; ask somebody else for {key}"
    ),
    KeyReason.KEY_ALREADY_GIVEN: said(
        "The key {key} of {statement} was given before; look which keys are still missing"
    ),
    KeyReason.WRONG_ENTITY: said(
        "The key {key} of {statement} is for {needs} to give, not for {by}; ask an approver of that entity"
    ),
}
"""Why a key does not count."""

BLOCKED: Mapping[str, Message] = {
    BlockReason.EXERCISE_SUSPENDED: said(
        "{statement} is blocked: a real incident has suspended this exercise; "
        "send nothing in its name until the crisis is over"
    ),
    BlockReason.DRILL_LEAK: counted(
        "channels",
        "{statement} is blocked: a text of an exercise asks for a real channel ({channels}); "
        "take it out and submit again, the exercise channels are chosen by rule",
        "{statement} is blocked: a text of an exercise asks for {n} real channels ({channels}); "
        "take them out and submit again, the exercise channels are chosen by rule",
    ),
    BlockReason.DRILL_MARKER_MISSING: said(
        "{statement} is blocked: a text of an exercise does not say that it is one; "
        "put the exercise marker on it and submit again"
    ),
    BlockReason.REAL_ON_EXERCISE_CHANNEL: counted(
        "channels",
        "{statement} is blocked: a real text asks for an exercise channel ({channels}); take it out and submit again",
        "{statement} is blocked: a real text asks for {n} exercise channels ({channels}); "
        "take them out and submit again",
    ),
    BlockReason.INTERNAL_ONLY: counted(
        "channels",
        "{statement} is blocked: its kind stays inside and has no embargo, and {channels} reaches others; "
        "take out that channel and any embargo, or choose a public kind",
        "{statement} is blocked: its kind stays inside and has no embargo (channels that reach others: "
        "{channels}); take out such channels and any embargo, or choose a public kind",
    ),
    BlockReason.MISSING_REFERENCE: said(
        "{statement} is blocked: it does not name what it corrects, withdraws, ends or answers; "
        "add the id of that statement or rumour and submit again"
    ),
    BlockReason.MIXED_OWNERS: counted(
        "owners",
        "{statement} is blocked: it answers rumours of another owner ({owners}); write one answer for each owner",
        "{statement} is blocked: it answers rumours of {n} owners ({owners}); write one answer for each owner",
    ),
    BlockReason.EXERCISE_MISMATCH: said(
        "{statement} is blocked: it refers to {refs} across the line between exercise and real; "
        "refer only to what is of the same kind"
    ),
    BlockReason.REFERENCE_NOT_PUBLISHED: counted(
        "refs",
        "{statement} is blocked: it refers to {refs}, which is not out or was retracted; "
        "refer to a published text, or wait until it is out",
        "{statement} is blocked: it refers to {refs}, which are not out or were retracted; "
        "refer to published texts, or wait until they are out",
    ),
    BlockReason.EMBARGO_ON_LIFE_SAFETY: said(
        "{statement} is blocked: what saves lives does not wait for an embargo; remove the embargo and submit again"
    ),
    BlockReason.NOT_AN_ALERT_ORIGINATOR: said(
        "{statement} is blocked: its originator ({originator}) is not authorised to warn the public; "
        "name an authorised originator and submit again"
    ),
    BlockReason.ORIGINATOR_OUT_OF_AREA: counted(
        "emirates",
        "{statement} is blocked: {originator} may not warn for {emirates}; "
        "name an originator whose area covers every emirate that is touched",
        "{statement} is blocked: {originator} may not warn for {n} of the emirates ({emirates}); "
        "name an originator whose area covers every emirate that is touched",
    ),
    BlockReason.NOT_LEAD: said(
        "{statement} is blocked: {entity} does not speak on this incident, {lead} leads it; "
        "hand the text to {lead}, or ask for the lead to be transferred"
    ),
    BlockReason.FACT_MISMATCH: counted(
        "facts",
        "{statement} is blocked: it differs from the fact sheet in {facts}; "
        "correct the text, or update the sheet first if that is out of date",
        "{statement} is blocked: it differs from the fact sheet in {n} values: {facts}; "
        "correct the text, or update the sheet first if that is out of date",
    ),
    BlockReason.FACT_NOT_ON_SHEET: counted(
        "missing",
        "{statement} is blocked: it states a value that the fact sheet does not have ({missing}); "
        "put it on the sheet first, or take it out of the text",
        "{statement} is blocked: it states {n} values that the fact sheet does not have ({missing}); "
        "put them on the sheet first, or take them out of the text",
    ),
    BlockReason.NEXT_OF_KIN_NOT_CONFIRMED: said(
        "{statement} is blocked: it names victims whose next of kin are not confirmed as informed; "
        "leave the names out, or have it recorded first that they were informed"
    ),
    BlockReason.CONTENT_INCOMPLETE: counted(
        "missing",
        "{statement} is blocked: one thing is missing ({missing}); "
        "write it, or leave the whole text out and the template fills it",
        "{statement} is blocked: {n} things are missing ({missing}); "
        "write them, or leave the whole text out and the template fills it",
    ),
}
"""Why a text must not go out as it is."""

STAND_DOWN: Mapping[str, Message] = {
    "AUTHORITY": counted(
        "reasons",
        "{by} may not sign the end of {incident}; ask for the signature of {reasons}",
        "{by} may not sign the end of {incident}; ask for the signature of an entity that may: {reasons}",
    ),
    "OPEN_HIGH_RUMOUR": counted(
        "reasons",
        "{incident} cannot stand down while a rumour of high priority has no answer ({reasons}); "
        "publish the answer first",
        "{incident} cannot stand down while {n} rumours of high priority have no answer ({reasons}); "
        "publish the answers first",
    ),
    "OPEN_CONTRADICTION": said(
        "{incident} cannot stand down while two government publications disagree; settle first which of them stands"
    ),
    "STATEMENT_IN_REVIEW": said(
        "{incident} cannot stand down while a statement is in review or scheduled; publish or withdraw it first"
    ),
    "NO_ALL_CLEAR_AFTER_WARNING": said(
        "{incident} cannot stand down while a warning stands; publish an all-clear or a retraction that names it first"
    ),
}
"""Why a crisis cannot end yet (INV-12); `reasons` is the detail of the one that the sentence is about."""
