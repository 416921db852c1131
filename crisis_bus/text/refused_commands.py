"""Why a command changed nothing, as sentences: what is wrong, and after the semicolon what to do next."""
# size: a table of sentences, one for each code and one for each command that needs its own

from collections.abc import Mapping

from crisis_bus.domain.reasons import Reason
from crisis_bus.text.catalogue import Message, said

COMMANDS: Mapping[str, Message] = {
    Reason.UNKNOWN_COMMAND: said(
        "There is no command {command}; write one of the rule book's as it stands there, such as incident.report"
    ),
    Reason.BAD_VALUE: said(
        "The field {field} of {command} is missing, of the wrong form or not wanted there; "
        "correct or remove it and send the command again"
    ),
    Reason.UNKNOWN_INCIDENT: said(
        "{command} names an incident that is not on record here; "
        "check its id in the list of incidents, or report the incident first"
    ),
    Reason.UNKNOWN_STATEMENT: said(
        "{command} names a statement that is not on record here; "
        "check its id in the list of statements, or submit the text first"
    ),
    Reason.UNKNOWN_RUMOUR: said(
        "{command} names a rumour that is not on record here; check its id in the rumour log, or log the rumour first"
    ),
    Reason.UNKNOWN_CONTRADICTION: said(
        "{command} names a contradiction that nobody has detected; "
        "take the id of the publication from the entry that told of it"
    ),
    Reason.UNKNOWN_INITIATIVE: said(
        "{command} names an initiative that is not planned here; "
        "check its id in the calendar, or plan the initiative first"
    ),
    Reason.UNKNOWN_TYPE: said(
        "The incident type in {command} is not in the policy pack; "
        "choose the code from the pack's list of incident types"
    ),
    Reason.UNKNOWN_ENTITY: said(
        "{command} names an entity that is not in the policy pack; "
        "write its code as it stands in the pack's register of entities"
    ),
    Reason.UNKNOWN_EMIRATE: said(
        "{command} names a place that is not in the policy pack; "
        "write the code of an emirate, or the code that stands for the whole country"
    ),
    Reason.UNKNOWN_CHANNEL: said(
        "{command} names a channel that is not in the policy pack; "
        "write its id as it stands in the pack's list of channels"
    ),
    Reason.UNKNOWN_TOPIC: said(
        "{command} names a topic that is not in the policy pack; write the code of one that has an owner there"
    ),
    Reason.UNKNOWN_POLICY: said(
        "Nobody has proposed a version of the policy with this name here; check the name, or propose the version first"
    ),
    Reason.DUPLICATE_ID: said("The id {ref} is taken; choose another one and send the command again"),
    Reason.INCIDENT_CLOSED: said(
        "The incident has ended, so {command} no longer applies to it; if the danger is back, report a new incident"
    ),
    Reason.EXERCISE_SUSPENDED: said(
        "A real incident has suspended this exercise; "
        "send nothing more in its name, stand it down, and hold it again after the crisis"
    ),
    Reason.EXERCISE_MISMATCH: said(
        "{command} mixes an exercise with a real incident; name only incidents of the same kind"
    ),
    Reason.NOT_ALLOWED: said(
        "{by} may not give {command} here; ask the entity that may: the lead, the owner or the communication office"
    ),
    Reason.ONLY_GCO_OR_NCEMA: said(
        "Only the communication office and the national coordinator may give {command}, and {by} is of "
        "neither; call the duty officer of one of them"
    ),
    Reason.NOT_ASSIGNED: said(
        "{by} is not the spokesperson assigned to {ref}; look up who is, and let that person answer"
    ),
    Reason.WRONG_STATE: said(
        "{ref} is in a state that does not allow {command}; look where it stands now, then take the step that fits"
    ),
    Reason.ALREADY_DONE: said(
        "{command} was done for {ref} before and nothing has changed; there is no need to repeat it"
    ),
    Reason.ALREADY_PUBLIC: said(
        "Something about {ref} is public, so it cannot be closed as if nothing had been; "
        "publish a correction or an all-clear, then stand it down"
    ),
    Reason.RUMOUR_UNANSWERED: said(
        "{ref} is a rumour of high priority without a published answer; publish the answer first, then close it"
    ),
    Reason.TOO_EARLY: said(
        "{ref} was logged or has grown too recently; "
        "wait until it has been quiet for as long as the policy pack says (usually an hour), then close it"
    ),
}
"""One sentence for each code."""

PARTICULAR: Mapping[tuple[str, ...], Message] = {
    ("rehearsal.open", "WRONG_STATE"): said(
        "This space is in use, and it can become a rehearsal only before its first command; choose a new name"
    ),
    ("rehearsal.open", "BAD_VALUE", "start"): said(
        "The start of the rehearsal is no time with an offset; write it like 2026-04-16T16:40:00+04:00"
    ),
    ("rehearsal.open", "BAD_VALUE", "roster"): said(
        "The roster of the rehearsal names somebody who is not in the policy pack, or changes what cannot "
        "be changed; correct it and open the rehearsal again"
    ),
    ("policy.propose", "NOT_ALLOWED"): said(
        "{by} may not propose a version of the policy; somebody of the communication office must do it"
    ),
    ("policy.propose", "DUPLICATE_ID"): said(
        "There is a version {ref} of the policy already; give the new one another name and propose it again"
    ),
    ("policy.propose", "BAD_VALUE"): said(
        "The proposed policy cannot hold: {field} is missing or not acceptable; "
        "correct it there and propose the whole version again"
    ),
    ("policy.adopt", "NOT_ALLOWED"): said(
        "{by} may not adopt a version of the policy; somebody of the communication office must do it"
    ),
    ("policy.adopt", "NOT_ALLOWED", "by"): said(
        "A change of policy takes two people, and {by} has proposed version {ref}; "
        "ask a colleague in the communication office to adopt it"
    ),
    ("policy.adopt", "ALREADY_DONE"): said(
        "Version {ref} of the policy was adopted before; look in the journal from when it holds"
    ),
    ("incident.report", "BAD_VALUE", "id"): said(
        "The id of an incident must be a text, and names that begin with INC- are kept for incidents "
        "opened from rumours; choose another id"
    ),
    ("incident.report", "BAD_VALUE", "priority"): said(
        "A priority belongs to a rumour and has no place on this type of incident; "
        "leave it out, or report a type that begins with INF-"
    ),
    ("incident.merge", "BAD_VALUE", "into"): said(
        "An incident cannot be merged into itself; name the incident that is to go on"
    ),
    ("incident.acknowledge", "NOT_ALLOWED"): said(
        "{by} may not acknowledge {ref}; the lead, the communication office or the national coordinator must do it"
    ),
    ("incident.acknowledge", "ALREADY_DONE"): said(
        "{ref} has been acknowledged before; go on with the fact sheet and the first statement"
    ),
    ("incident.update", "NOT_ALLOWED"): said(
        "Only the entity that informs the families may record that the next of kin of {ref} know, and {by} "
        "is not of it; ask it to record this, and send the other values without it"
    ),
    ("incident.stabilise", "NOT_ALLOWED"): said(
        "{by} may not call {ref} stabilising; ask the lead, the communication office or the national coordinator"
    ),
    ("incident.stabilise", "ALREADY_DONE"): said(
        "{ref} is stabilising already; stand it down when its conditions hold"
    ),
    ("incident.stand_down", "ALREADY_DONE"): said(
        "The signature of this entity under the end of {ref} still stands; "
        "ask the other entity to sign before it lapses"
    ),
    ("incident.close", "WRONG_STATE"): said(
        "{ref} has not been stood down, so its after-action report cannot close it; stand it down first"
    ),
    ("incident.close", "NOT_ALLOWED"): said(
        "{by} may not close {ref}; ask the lead, the communication office or the national coordinator"
    ),
    ("level.override", "ALREADY_DONE"): said(
        "{ref} is at this level already; name another level, or leave it as it is"
    ),
    ("lead.transfer", "ALREADY_DONE"): said("This entity leads {ref} already; name another one, or leave it as it is"),
    ("spokesperson.confirm", "ALREADY_DONE"): said(
        "{by} has confirmed for {ref} before; there is nothing to confirm again"
    ),
    ("factsheet.set", "NOT_ALLOWED"): said(
        "{by} may not write on the fact sheet of {ref}; "
        "hand the values to the lead, a supporting entity or the owner of the topic"
    ),
    **dict.fromkeys(
        [("statement.draft", "BAD_VALUE", "id"), ("statement.submit", "BAD_VALUE", "id")],
        said(
            "The id of a statement must be a text, and names that begin with AUTO- are kept for automatic "
            "drafts; choose another id"
        ),
    ),
    **dict.fromkeys(
        [("statement.draft", "BAD_VALUE", "expires"), ("statement.submit", "BAD_VALUE", "expires")],
        said(
            "Only a public warning or a holding statement can expire, at a time written as this space writes "
            "it; correct the expiry or leave it out"
        ),
    ),
    **dict.fromkeys(
        [("statement.draft", "DUPLICATE_ID"), ("statement.submit", "DUPLICATE_ID")],
        said("{ref} is a statement of another incident; choose a new id for this text"),
    ),
    **dict.fromkeys(
        [("statement.draft", "WRONG_STATE"), ("statement.submit", "WRONG_STATE")],
        said(
            "{ref} is out, scheduled or at its end, and such a text is never rewritten; "
            "write a new statement that corrects or updates it"
        ),
    ),
    ("statement.return", "WRONG_STATE"): said(
        "{ref} is not in review, so there is nothing to return; look at its state first"
    ),
    ("statement.return", "NOT_ALLOWED"): said(
        "{by} is of no entity whose key {ref} needs, and so may not return it; ask one of those entities"
    ),
    ("statement.reject", "WRONG_STATE"): said(
        "{ref} is not in review, so there is nothing to reject; look at its state first"
    ),
    ("statement.reject", "NOT_ALLOWED"): said(
        "{by} is of no entity whose key {ref} needs, and so may not reject it; ask one of those entities"
    ),
    ("statement.withdraw", "WRONG_STATE"): said(
        "{ref} is out or at its end and cannot be withdrawn; publish a correction or a retraction instead"
    ),
    ("statement.withdraw", "NOT_ALLOWED"): said(
        "{by} may not withdraw {ref}; ask its author, the lead or the communication office"
    ),
    ("statement.review", "NOT_ALLOWED"): said(
        "{by} wrote {ref} or gave its key, and may not review it after its release; ask somebody who did neither"
    ),
    ("statement.review", "WRONG_STATE"): said(
        "{ref} is no published warning that left on one key, so no review is owed; look at its state and its keys"
    ),
    ("statement.review", "ALREADY_DONE"): said("{ref} has been reviewed before; there is nothing left to do"),
    ("embargo.break", "WRONG_STATE"): said(
        "{ref} is not waiting for the end of an embargo, so none can be broken; look at its state first"
    ),
    ("embargo.break", "NOT_ALLOWED"): said(
        "{by} may not declare the embargo of {ref} broken; "
        "tell the communication office, the lead, the author's entity or the monitor"
    ),
    ("publication.observe", "NOT_ALLOWED"): said(
        "{by} is of no registered entity, and so may not record what others publish; hand it to the monitor"
    ),
    ("contradiction.resolve", "ALREADY_DONE"): said(
        "The contradiction {ref} is settled; record a new publication if they disagree again"
    ),
    ("rumour.log", "DUPLICATE_ID"): said(
        "The id {ref} is taken, or an incident already bears the name that it would open; "
        "choose another id, or let the known rumour grow"
    ),
    ("rumour.log", "NOT_ALLOWED"): said(
        "{by} is of no registered entity, and so may not log rumours; hand it to the monitor"
    ),
    ("rumour.grow", "NOT_ALLOWED"): said(
        "{by} is of no registered entity, and so may not record the growth of a rumour; hand it to the monitor"
    ),
    ("rumour.grow", "BAD_VALUE", "reach"): said(
        "The reach of {ref} must be a whole number larger than the last one known; "
        "look it up and send the larger number"
    ),
    ("rumour.verify", "NOT_ALLOWED"): said(
        "{by} may not give a verdict on {ref}; ask the owner of its topic, the lead or the communication office"
    ),
    ("rumour.verify", "WRONG_STATE"): said(
        "{ref} is closed and takes no verdict any more; if it grows, record that first"
    ),
    ("rumour.close", "ALREADY_DONE"): said("{ref} is closed already; if the claim is back, record that it grows"),
    ("channel.suspend", "NOT_ALLOWED"): said(
        "{by} may not suspend this account; call its own entity, the communication office, the coordinator "
        "or the cyber security council at once"
    ),
    ("channel.suspend", "ALREADY_DONE"): said("This account is suspended already; restore it when it is ours again"),
    ("channel.restore", "NOT_ALLOWED"): said(
        "{by} may not restore an account; the communication office, the coordinator or the cyber security "
        "council must confirm that it is safe"
    ),
    ("channel.restore", "ALREADY_DONE"): said("This account is not suspended; there is nothing to restore"),
    ("delivery.fail", "WRONG_STATE"): said(
        "{ref} is not out, or did not go to this channel; check the statement and the channel"
    ),
    ("delivery.fail", "NOT_ALLOWED"): said(
        "{by} may not report a failed delivery; tell the communication office's desk"
    ),
    ("delivery.fail", "ALREADY_DONE"): said(
        "The failure of this channel for {ref} is on record; look which channels it was rerouted to"
    ),
    ("initiative.plan", "NOT_ALLOWED"): said(
        "{by} may plan only for its own entity; let the owner or the communication office plan {ref}"
    ),
    ("initiative.plan", "BAD_VALUE", "start"): said(
        "{ref} must start now or later, at a time written as this space writes it; correct the start"
    ),
    ("initiative.release", "NOT_ALLOWED"): said(
        "Only the communication office releases a held initiative, and {by} is not of it; ask its desk to release {ref}"
    ),
    ("initiative.release", "WRONG_STATE"): said("{ref} is not held, so there is nothing to release; go on as planned"),
}
"""By command and code, some by field too: where the general sentence would not help; the code stays the same."""
