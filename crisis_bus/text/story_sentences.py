"""The sentences of the story of an incident, one for each line of `crisis_bus/views/story/lines.py`."""
# size: a table of sentences, one for each line

from collections.abc import Mapping

from crisis_bus.text.catalogue import Message, counted, said

STORY: Mapping[str, Message] = {
    # the frame
    "title": said("The story of {incident}: {type}; space {space}, policy pack {pack}"),
    "standing": said(
        "After the last entry of the journal, at {due}, the incident is: {state}, grade {grade}, level "
        "{level}, led by {lead}"
    ),
    # the report
    "reported": said(
        "{by} reported {type} in {places}: severity {severity}, urgency {urgency}, certainty {certainty}; "
        "known deaths {fatalities}, injured {injured}"
    ),
    "reported_nowhere": said(
        "{by} reported {type}, naming no emirate: severity {severity}, urgency {urgency}, certainty "
        "{certainty}; known deaths {fatalities}, injured {injured}"
    ),
    "exercise": said("It is an exercise: everything stays on the exercise channels, and every address begins with EX:"),
    "opened": said(
        "The rumour {rumour} became HIGH and belonged to no incident, so this one was opened for it; "
        "the claim: “{claim}”, seen by {reach} people"
    ),
    # the grade
    "grade_priority": said(
        "Grade {grade}: an incident that carries a rumour's priority takes it from there, and the priority "
        "is {priority}"
    ),
    "grade_past": said("Grade {grade}: what is past is never graded higher, whatever its severity ({severity})"),
    "grade_unlikely": said(
        "Grade {grade}: what is unlikely is never graded higher, whatever its severity ({severity})"
    ),
    "grade_hot": said(
        "Grade {grade}: severity {severity}, and it presses (urgency {urgency}) and is sure enough "
        "(certainty {certainty})"
    ),
    "grade_not_hot": said(
        "Grade {grade}: severity {severity}, less than it could be, because it does not both press and "
        "stand sure (urgency {urgency}, certainty {certainty})"
    ),
    "grade_minor": said("Grade {grade}: a minor severity is always the lowest grade"),
    "unknown": said(
        "What is unknown is counted as follows: severity {severity}, urgency {urgency}, certainty {certainty}"
    ),
    "regraded": said("The grade went from {was} to {grade}"),
    # the level
    "level": said("Level {level}, the highest of: {terms}"),
    "term_type": said("the type begins at {term}"),
    "term_grade": said("grade {grade} gives {term}"),
    "term_emirates": counted("emirates", "{n} emirate gives {term}", "{n} emirates give {term}"),
    "term_deaths": counted("fatalities", "{n} death gives {term}", "{n} deaths give {term}"),
    "term_floor": said("the floor is {term}"),
    "level_raised": said("The level rose from {was} to {level}, the highest of: {terms}"),
    "level_raised_by_rumour": said(
        "The level rose from {was} to {level}, because an unanswered rumour of high priority belongs to "
        "the incident: {rumours}"
    ),
    "level_raised_by_hand": said("{by} raised the level by hand from {was} to {level}; it is the floor from now on"),
    "level_lowered": said(
        "{by} lowered the level by hand from {was} to {level}; from now on it rises by itself only if "
        "severity, urgency, certainty, spread or deaths become worse than they ever were"
    ),
    "level_held": said(
        "The formula would give level {would}, but nothing is worse than before the level was lowered, so "
        "it stays at {level}"
    ),
    # lead, notifications, clocks
    "lead_by_type": said("{lead} leads: the responsibility matrix gives it this type; supporting: {supporting}"),
    "lead_by_topic": said("{lead} leads: a rumour is led by the owner of its topic, {topic}; supporting: {supporting}"),
    "lead_changed": said("{by} transferred the lead from {was} to {lead}; {was} supports from now on"),
    "lead_voided": counted(
        "voided",
        "A statement under way went back to draft and its keys are void: {voided}",
        "{n} statements under way went back to draft and their keys are void: {voided}",
    ),
    "first_statement_due": counted(
        "minutes",
        "The first statement is due at {due}, {n} minute after the report: the smaller of what grade "
        "{grade} allows ({by_grade}) and what the type allows ({by_type})",
        "The first statement is due at {due}, {n} minutes after the report: the smaller of what grade "
        "{grade} allows ({by_grade}) and what the type allows ({by_type})",
    ),
    "acknowledge_due": counted(
        "minutes",
        "{lead} has {n} minute to acknowledge, until {due}",
        "{lead} has {n} minutes to acknowledge, until {due}",
    ),
    "notified": counted(
        "to",
        "{n} address was notified, as level {level} asks: {to}",
        "{n} addresses were notified, as level {level} asks: {to}",
    ),
    "coordinator_by_grade": said(
        "{coordinator} was among them although the level is {level}, because the grade is {grade}"
    ),
    "coordinator_by_type": said(
        "{coordinator} was among them although the level is {level}, because this type always concerns it"
    ),
    "deadline_tightened": said(
        "The first statement is now due at {due} instead of {before}: the grade rose and nothing is out yet"
    ),
    "deadline_met": counted(
        "minutes",
        "The first statement is out {n} minute after the report: in time, the limit was {target}",
        "The first statement is out {n} minutes after the report: in time, the limit was {target}",
    ),
    "deadline_late": counted(
        "minutes",
        "The first statement is out {n} minute after the report: late, the limit was {target}",
        "The first statement is out {n} minutes after the report: late, the limit was {target}",
    ),
    "deadline_breached": said("The time for the first statement is over and nothing is out: the deadline is missed"),
    # the spokesperson
    "skipped_none_registered": said("{entity} was passed over: nobody of it is registered as a spokesperson"),
    "skipped_declined": said("{person} was passed over: declined this incident before"),
    "skipped_silent": counted(
        "minutes",
        "{person} was passed over: did not confirm, and is left out for {n} minute",
        "{person} was passed over: did not confirm, and is left out for {n} minutes",
    ),
    "skipped_off_rota": said("{person} was passed over: not on the rota"),
    "skipped_accreditation_expired": said("{person} was passed over: the accreditation ended on {date}"),
    "skipped_training_lapsed": counted(
        "days",
        "{person} was passed over: last trained on {date}, more than {n} day ago",
        "{person} was passed over: last trained on {date}, more than {n} days ago",
    ),
    "skipped_language": said("{person} was passed over: level {level} asks for {needs}, and the person speaks {has}"),
    "skipped_medium": said(
        "{person} was passed over: level {level} asks for {needs}, and the person is trained for {has}"
    ),
    "skipped_conflict": said("{person} was passed over: is the person shown or under inquiry in this incident"),
    "skipped_engaged": said("{person} was passed over: speaks on another open crisis, {other}"),
    "assigned": counted(
        "minutes",
        "{person}, {role} of {entity}, is the spokesperson and has {n} minute to confirm, until {due}",
        "{person}, {role} of {entity}, is the spokesperson and has {n} minutes to confirm, until {due}",
    ),
    "co_speaker": said("{person}, who spoke until now, becomes co-speaker for the facts of {entity}"),
    "unavailable": counted(
        "skipped",
        "Nobody can speak: {n} candidate was passed over; statements go out in writing in the name of {lead}",
        "Nobody can speak: {n} candidates were passed over; statements go out in writing in the name of {lead}",
    ),
    "ready": counted(
        "minutes",
        "{person} confirmed {n} minute after being assigned (limit {target})",
        "{person} confirmed {n} minutes after being assigned (limit {target})",
    ),
    # the life of the incident
    "acknowledged_in_time": counted(
        "minutes",
        "{by} acknowledged {n} minute after the report: in time, the limit was {target}",
        "{by} acknowledged {n} minutes after the report: in time, the limit was {target}",
    ),
    "acknowledged_late": counted(
        "minutes",
        "{by} acknowledged {n} minute after the report: late, the limit was {target}",
        "{by} acknowledged {n} minutes after the report: late, the limit was {target}",
    ),
    "back_from_stabilising": said("It is not stabilising any more, because the grade or the level rose"),
    "stabilising": said("{by} called the incident stabilising: reminders of updates come {factor} times more slowly"),
    "merged_into": said("{by} merged this incident into {into}; its story goes on there"),
    "merged_here": said("{by} merged {other} into this incident"),
    "came_along": said(
        "With it came its rumours ({rumours}), open contradictions ({contradictions}) and standing "
        "warnings ({warnings})"
    ),
    "stood_down": counted(
        "days",
        "The crisis is over: every signature that is needed stands; the after-action report is due in {n} day",
        "The crisis is over: every signature that is needed stands; the after-action report is due in {n} days",
    ),
    "closed": said("{by} closed the file: the after-action report is in"),
    "false_alarm": said("{by} closed the incident as a false alarm; nothing public had gone out"),
    "duplicate": said("{by} closed the incident as a duplicate; nothing public had gone out"),
    "updated": said("{by} updated what is known: {changes}"),
    "updated_nothing": said("{by} sent an update that changed nothing"),
    "change_severity": said("severity from {was_severity} to {severity}"),
    "change_urgency": said("urgency from {was_urgency} to {urgency}"),
    "change_certainty": said("certainty from {was_certainty} to {certainty}"),
    "change_emirates": said("emirates from {was} to {places}"),
    "change_fatalities": said("known deaths from {was} to {fatalities}"),
    "change_injured": said("injured from {was} to {injured}"),
    "change_kin_informed": said("the next of kin have been informed"),
    "change_kin_not_informed": said("the next of kin have not been informed after all"),
    "exercise_suspended": said(
        "The real incident {because} suspended this exercise: it touches the same emirate or has the same lead"
    ),
    "suspends_exercise": said(
        "This incident suspended the exercise {other}: both touch the same emirate or have the same lead"
    ),
    # the fact sheet
    "sheet": said("{by} wrote on the fact sheet: {facts}"),
    "sheet_changed": said("These values stood there before: {facts}"),
    "stale": counted(
        "statements",
        "A published statement now says another value and needs an update or a correction: {statements}",
        "{n} published statements now say another value and need an update or a correction: {statements}",
    ),
    # statements and their keys
    "drafted": said("{by} drafted {statement} ({kind})"),
    "drafted_by_system": said(
        "{statement} ({kind}) was drafted automatically from the fact sheet, since nothing was under way"
    ),
    "submitted": counted(
        "keys",
        "{by} submitted {statement} ({kind}); it needs {n} key by {due}",
        "{by} submitted {statement} ({kind}); it needs {n} keys by {due}",
    ),
    "keys_grew_level": counted(
        "keys",
        "{statement} now needs {n} key more, because level, lead or topic ask for more than when it was submitted",
        "{statement} still needs {n} keys, because level, lead or topic ask for more than when it was submitted",
    ),
    "keys_grew_life": counted(
        "keys",
        "{statement} now needs {n} key more, because the danger to life that let it leave on one key is over",
        "{statement} still needs {n} keys, because the danger to life that let it leave on one key is over",
    ),
    "key_fact_lead": said("Key {key} from {entity}, because it leads and answers for the facts"),
    "key_fact_topic": said("Key {key} from {entity}, because it owns the topic {topic}"),
    "key_release_lead": said("Key {key} from {entity}, because at level {level} the lead releases its own texts"),
    "key_release_office": said("Key {key} from {entity}, because at level {level} the communication office releases"),
    "key_coord_level": said("Key {key} from {entity}, because level {level} is coordinated nationally"),
    "key_coord_type": said("Key {key} from {entity}, because this type of incident always needs coordination"),
    "key_coord_topic": said("Key {key} from {entity}, because the topic {topic} always needs coordination"),
    "key_coord_broadcast": said("Key {key} from {entity}, because it follows a text that went out by cell broadcast"),
    "key_originator": said(
        "Key {key} from {entity} and no other, because life is in danger now: severe, immediate and sure"
    ),
    "key_originator_retraction": said(
        "Key {key} from {entity} and no other, because it takes back nothing but public warnings"
    ),
    "key_internal": said("Key {key} from any duty officer, because the text stays inside the government"),
    "key_other": said("Key {key} from {entity}"),
    "who_may_give": said(
        "Any approver of the entity may give its key, but not the author, {author}, and nobody gives two"
    ),
    "key_given": counted(
        "missing",
        "{by} gave the key {key} of {statement}; {n} is still missing: {missing}",
        "{by} gave the key {key} of {statement}; {n} are still missing: {missing}",
    ),
    "last_key_given": said("{by} gave the key {key} of {statement}; no key is missing"),
    "key_given_instead": said("It was for {entity} to give; the communication office could, because it came too late"),
    "keys_waived": counted(
        "keys",
        "A key that had become necessary was waived, since the text was out already: {keys}",
        "{n} keys that had become necessary were waived, since the text was out already: {keys}",
    ),
    "scheduled": said(
        "{statement} has every key and waits for the end of its embargo at {due}; "
        "until then only accredited media have it: {channels}"
    ),
    "scheduled_exercise": said(
        "{statement} has every key and waits for the end of its embargo at {due}; "
        "until then only the exercise's own channel has it: {channels}"
    ),
    "published": counted(
        "channels",
        "{statement} ({kind}) was published on {n} channel: {channels}",
        "{statement} ({kind}) was published on {n} channels: {channels}",
    ),
    "published_on_keys": said("It left on these keys: {given}"),
    "voice_person": said("Its voice is the spokesperson {voice}, who has confirmed"),
    "voice_written": said("It speaks in writing in the name of {entity}: no spokesperson had confirmed"),
    "accounts": said("Social accounts that carry it: {accounts}"),
    "accounts_out": said("Left out because they are suspended: accounts {accounts}, channels {channels}"),
    "language_pack": said("Further languages are due at {due}, because the grade is {grade}"),
    "next_update": said("The public is to hear more by {due}"),
    "returned": said("{by} returned {statement} to its author: “{reason}”; its keys are void"),
    "rejected": said("{by} rejected {statement}: “{reason}”; it needs a new id to be tried again"),
    "withdrawn": said("{by} withdrew {statement} before it was out"),
    "corrected": said("{statement} is corrected by {cause}"),
    "retracted": said("{statement} is retracted by {cause}"),
    "superseded_sitrep": said("{statement} is superseded: {cause} restates every value of it"),
    "superseded_clear": said("{statement} is over: {cause} declares the danger past"),
    "expired": said("{statement} has expired at the time that its author set"),
    "failed": said("{statement} has failed: every channel it went to reported that it could not deliver"),
    "withdrawn_by_end": said(
        "{statement} was under way and is withdrawn, because of what became of its incident ({cause})"
    ),
    "amplify": counted(
        "to",
        "{n} supporting entity is asked to repeat {statement} unchanged: {to}",
        "{n} supporting entities are asked to repeat {statement} unchanged: {to}",
    ),
    "review_due": said("{statement} left on one key, so somebody must review it by {due}"),
    "reviewed_in_time": said("{by} reviewed {statement} after its release, in time"),
    "reviewed_late": said("{by} reviewed {statement} after its release, too late"),
    "strike": said(
        "{outlet} broke the embargo of {statement}, as {by} told; "
        "the outlet gets a strike, and everybody gets the text now"
    ),
    # what others say
    "observed_consistent": said(
        "{by} recorded a publication of {source} ({publication}): it agrees with the fact sheet"
    ),
    "observed_differs": said(
        "{by} recorded a publication of {source} ({publication}): it does not agree with the fact sheet"
    ),
    "contradiction": said("A government publication disagrees, so there is a contradiction, {contradiction}: {facts}"),
    "contradiction_closed_in_time": counted(
        "minutes",
        "{by} settled the contradiction {contradiction} after {n} minute, in time: {outcome}",
        "{by} settled the contradiction {contradiction} after {n} minutes, in time: {outcome}",
    ),
    "contradiction_closed_late": counted(
        "minutes",
        "{by} settled the contradiction {contradiction} after {n} minute, late: {outcome}",
        "{by} settled the contradiction {contradiction} after {n} minutes, late: {outcome}",
    ),
    "correction_asked": said("{outlet} is no government body and is asked to correct: {facts}"),
    # rumours
    "rumour_logged": said("{by} logged the rumour {rumour}: “{claim}”"),
    "rumour_grew": said("{by} saw the rumour {rumour} grow to {reach} people"),
    "rumour_triaged": said(
        "{rumour} is {priority}: harm {harm} times reach tier {tier} ({reach} people) is {score}; "
        "{owner} owns its topic and must answer by {due}"
    ),
    "rumour_verdict": said("{by} gave a verdict on {rumour}: {verdict}"),
    "rumour_answered_in_time": counted(
        "minutes",
        "{rumour} is answered {n} minute after its last triage: in time, the limit was {target}",
        "{rumour} is answered {n} minutes after its last triage: in time, the limit was {target}",
    ),
    "rumour_answered_late": counted(
        "minutes",
        "{rumour} is answered {n} minute after its last triage: late, the limit was {target}",
        "{rumour} is answered {n} minutes after its last triage: late, the limit was {target}",
    ),
    "rumour_closed": said("{by} closed the rumour {rumour}"),
    # accounts, questions, plans
    "account_suspended": said("{by} suspended the account of {entity} on {channel}: nothing is sent through it"),
    "account_restored": said("{by} restored the account of {entity} on {channel}"),
    "account_flagged": said("Nothing that the account of {entity} on {channel} says since {due} is official"),
    "asked_official": said("{by} asked whether {ref} is official; the answer: {verdict}"),
    "initiative_planned": said("{by} planned the initiative {initiative} of {entity} for {start}"),
    "initiative_held": said("The initiative {initiative} of {entity} is held, because that entity handles this crisis"),
    "initiative_released": said("{by} released the initiative {initiative}"),
    "rehearsal_opened": said("The space is a rehearsal: its minutes come from its commands"),
    "policy_proposed": said("{by} proposed version {version} of the policy; somebody else has to adopt it"),
    "policy_adopted": said(
        "{by} adopted version {version} of the policy, which holds from {due}; "
        "this incident keeps the one that it began with, {own}"
    ),
    # the end
    "signed": counted(
        "missing",
        "{by} signed the end of the crisis; {n} signature is still missing: {missing}",
        "{by} signed the end of the crisis; {n} signatures are still missing: {missing}",
    ),
    "signed_last": said("{by} signed the end of the crisis; no signature is missing"),
    "signature_lapsed": said(
        "The signature of {entity} no longer stands: its time is over, or something of weight has changed since"
    ),
    # what was refused
    "refused": said("Refused ({code}): {sentence}"),
    "blocked_submit": said("{by} submitted {statement} ({kind}); {sentence} ({code})"),
    "blocked_publish": said("At the moment of publication: {sentence} ({code})"),
    # escalations
    "esc_01a": said("Nobody acknowledged in time; the deputy is called: {to}"),
    "esc_01b": said("Still nobody acknowledged after twice the time; the communication office takes custody: {to}"),
    "esc_02a": said("Half of the time for the first statement is over and nothing is under way; reminded: {to}"),
    "esc_02b": said(
        "Most of the time for the first statement is over and nothing is out; "
        "the approvers' deputies and the office are called: {to}"
    ),
    "esc_02c": said("The director is told, and may release the national holding line: {to}"),
    "esc_03_silent": said("{person} did not confirm in time; the next one is chosen; notified: {to}"),
    "esc_03_declined": said("{person} declined: “{reason}”; the next one is chosen; notified: {to}"),
    "esc_06a": said("The office has until {due} to settle the contradiction {contradiction}: {to}"),
    "esc_06b": said("The contradiction {contradiction} is still open; the Secretary-General is told: {to}"),
    "esc_07a": said("The rumour {rumour} has become HIGH; notified: {to}"),
    "esc_07b": said("The rumour {rumour} has no answer and its time is over; the director is told: {to}"),
    "esc_09a": said("The key {key} of {statement} is late; the approver's deputy is called: {to}"),
    "esc_09b": said(
        "The key {key} of {statement} is still missing; from now on the communication office may give it: {to}"
    ),
    "esc_10": said("Nothing new for the public since the last statement, and an update is due; notified: {to}"),
    "esc_11": said("{statement} could not be delivered on {channel}; reroute it to: {channels}; notified: {to}"),
    "esc_13": said("Nobody reviewed {statement}, which left on one key; the director is told: {to}"),
    "repeat": said("It is reminder number {repeat} of this series"),
    "esc_other": said("Escalation {rule}; notified: {to}"),
}
