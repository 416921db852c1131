"""The history checker: what must hold of every story, whatever went wrong in it. Pure; it only reads.

It looks at the log as it stands at the end, at what destinations have received and at what clients were told.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic_core import to_json

from crisis_bus.desk import Decision
from crisis_bus.domain import actors, ids
from crisis_bus.domain.delivery import Outcome
from crisis_bus.domain.instants import parse
from crisis_bus.domain.journal import Changes, Entry
from crisis_bus.domain.values import REFERRING_KINDS, ChannelClass
from crisis_bus.office import Office
from crisis_bus.streams.bulletins import incidents_of
from crisis_bus.views import chain
from crisis_bus.wire import topics
from crisis_bus.wire.envelope import from_kafka
from tests.simulation import replay
from tests.simulation.reading import Reading
from tests.simulation.story import History

Claim = Callable[[Reading], Iterator[str]]
"""Gives a sentence for each place where it does not hold."""
_TIMERS_MAY_WAIT = 2_000
"""Milliseconds after which a timer that is due must have fired, once all is calm."""

_RECEIPTS_MAY_BE_LATE = 10_000
"""Milliseconds within which a receipt of somebody who died may come to the log after all."""


def settled(reading: Reading) -> Iterator[str]:
    """The story ends, nothing that ran behind the scenes has broken, and nothing readable is in the dead letters."""
    yield from reading.history.broken
    for place, reason in reading.buried.items():
        yield f"{place} is in the dead letters: {reason}"


def kept(reading: Reading) -> Iterator[str]:
    """What a client was told to be accepted stands on the log."""
    there = {
        (record.key, from_kafka(record.headers, record.value).id)
        for records in reading.history.log[topics.COMMANDS]
        for record in records
    }
    for one in reading.history.accepted:
        if (one.space.encode(), one.id) not in there:
            yield f"{one.space}: command {one.id} was accepted and is not on the log"


def decided_once(reading: Reading) -> Iterator[str]:
    """Every command on the log has one entry that counts, in the order of the log."""
    for partition, records in enumerate(reading.history.log[topics.COMMANDS]):
        asked = [record.offset for record in records if (record.topic, partition, record.offset) not in reading.buried]
        answered = [
            one.entry.command.offset for one in reading.counted if one.partition == partition and not one.entry.more
        ]
        if asked != answered:
            lost, extra = sorted(set(asked) - set(answered)), sorted((Counter(answered) - Counter(asked)).elements())
            yield f"commands/{partition}: not answered {lost}, answered too much {extra}"


def chain_intact(reading: Reading) -> Iterator[str]:
    """Whatever stands between, the chain goes on to the end."""
    places = (
        (partition, record.offset, record.value)
        for partition, records in enumerate(reading.history.log[topics.JOURNAL])
        for record in records
    )
    for verdict in chain.verify(places).values():
        if verdict.broken is not None:
            yield f"journal/{verdict.partition}: {verdict.broken}"


def replayed(reading: Reading) -> Iterator[str]:
    """The journal says what the same commands lead to in memory: the facts byte for byte, and the records."""
    offices: dict[str, Office] = {}
    parts: list[Entry] = []
    for one in reading.counted:
        parts.append(one.entry)
        if one.entry.more:
            continue
        record = reading.history.log[topics.COMMANDS][one.partition][one.entry.command.offset]
        before = offices.get(one.entry.space) or replay.opened(reading.history.policy)
        decision = replay.answered(before, record)
        if not _says(decision, parts):
            yield f"journal/{one.partition}: command offset {record.offset}: these are not the facts of the rules"
            return
        offices[one.entry.space] = decision.office
        parts = []


def _says(decision: Decision, parts: list[Entry]) -> bool:
    """Whether the parts of an entry, taken together, tell of a decision."""
    told = to_json([fact.model_dump(mode="json") for part in parts for fact in part.facts])
    clock = decision.office.clock
    facts = [{"at": clock.write(one.at), "type": one.fact.TYPE, "data": one.data(clock)} for one in decision.facts]
    changes: Changes = {}
    for part in parts:
        for table, records in part.changes.items():
            changes.setdefault(table, {}).update(records)
    return to_json(facts) == told and decision.changes == changes


def timers_fired(reading: Reading) -> Iterator[str]:
    """Every timer fires once, not before it is due, and none that was due is left."""
    set_up: dict[tuple[str, str], int] = {}
    gone: set[tuple[str, str]] = set()
    rehearsals = {one.entry.space for one in reading.counted if one.entry.zero is not None}
    for one in reading.counted:
        for number, timer in one.entry.changes.get("timers", {}).items():
            name = (one.entry.space, number)
            if name in gone or (timer is None and set_up.get(name, 0) > parse(one.entry.command.at)):
                yield f"{name}: the timer fired twice, or before it was due"
            elif timer is None:
                gone.add(name)
                set_up.pop(name, None)
            else:
                set_up[name] = timer["due"]
    for (space, number), due in set_up.items():
        if space not in rehearsals and due < reading.history.ended - _TIMERS_MAY_WAIT:
            yield f"{space}: timer {number} was due at {due} and has not fired"


def keys_first(reading: Reading) -> Iterator[str]:
    """Nothing is published without all its keys, given before by different people, or waived."""
    texts: dict[tuple[str, str], Mapping[str, Any]] = {}
    given: set[tuple[str, str, str, str]] = set()
    for one in reading.counted:
        space = one.entry.space
        texts |= {(space, name): text for name, text in one.entry.changes.get("statements", {}).items()}
        for fact in one.entry.facts:
            if fact.type == "key.given":
                given.add((space, fact.data["statement"], fact.data["key"], fact.data["by"]))
            if fact.type == "statement.published":
                text = texts[space, fact.data["statement"]]
                yield from (f"{space}/{text['id']}: {why}" for why in _without_keys(space, text, given))


def _without_keys(space: str, text: Mapping[str, Any], given: set[tuple[str, str, str, str]]) -> Iterator[str]:
    if not text["needed"]:
        yield "published, and no key was ever needed"
    for key in text["needed"]:
        by = text["given"].get(key)
        if key not in text["waived"] and (by is None or (space, text["id"], key, by) not in given):
            yield f"published without its key {key}"
    people = [actors.person(by) for by in (text["author"], *text["given"].values())]
    if len(set(people)) < len(people):
        yield "one person wrote it and gave a key, or gave two"


def published_first(reading: Reading) -> Iterator[str]:
    """What arrives is what the journal has published, letter for letter, and was there before."""
    for one in reading.history.arrivals:
        told = one.message.bulletin
        found = reading.published.get(told.number)
        if found is None or one.at < found.at:
            yield f"{told.number} arrived at {one.message.subscription} and was not published by then"
        elif told != found.bulletin:
            yield f"{told.number} arrived at {one.message.subscription} with another content"


def reached(reading: Reading) -> Iterator[str]:
    """Every published text reaches every destination that is due, or something newer of its chain is due there."""
    for subscription, bulletin in reading.due:
        if (subscription.id, bulletin.number) in reading.arrivals:
            continue
        outcomes = {told.outcome for told in reading.receipts.get((subscription.id, bulletin.number), ())}
        expired = bulletin.expires is not None and parse(bulletin.expires) <= reading.history.ended
        newer = any(
            other == subscription and each.chain == bulletin.chain and each.sequence > bulletin.sequence
            for other, each in reading.due
        )
        if not ((Outcome.EXPIRED in outcomes and expired) or (Outcome.REPLACED in outcomes and newer)):
            yield f"{bulletin.number} ({bulletin.kind}) never reached {subscription.id}: {sorted(outcomes)}"


def order_kept(reading: Reading) -> Iterator[str]:
    """No old text after a new one of its chain at one destination."""
    newest: dict[tuple[str, str], int] = {}
    for one in reading.history.arrivals:
        bulletin = one.message.bulletin
        place = (one.message.subscription, bulletin.chain)
        if bulletin.sequence < newest.get(place, 0):
            yield f"{bulletin.number} reached {place} after number {newest[place]} of its chain"
        newest[place] = max(newest.get(place, 0), bulletin.sequence)


def taken_back(reading: Reading) -> Iterator[str]:
    """A correction, retraction or all-clear reaches every destination of what it is about, and not before it."""
    messages = [one.message for one in reading.history.arrivals]
    told = {(one.subscription, old) for one in messages for old in one.bulletin.replaces}
    order = {id(one): place for place, one in enumerate(reading.history.arrivals)}
    for one in reading.published.values():
        if one.bulletin.kind not in REFERRING_KINDS:
            continue
        for (name, number), found in list(reading.arrivals.items()):
            if number not in {f"{one.bulletin.space}/{ref}" for ref in one.bulletin.refs}:
                continue
            there = reading.arrivals.get((name, one.bulletin.number))
            if there is None and (name, number) not in told:
                yield f"{one.bulletin.number} ({one.bulletin.kind}) never reached {name}, which has {number}"
            if there is not None and order[id(there[0])] < order[id(found[-1])]:
                yield f"{one.bulletin.number} reached {name} before {number}, which it is about"


def same_id(reading: Reading) -> Iterator[str]:
    """A text has one id at one destination, over every attempt and every crash."""
    for (name, number), found in reading.arrivals.items():
        if {one.message.id for one in found} != {ids.derived(number, name)}:
            yield f"{number} reached {name} as {sorted({one.message.id for one in found})}"


def drills_apart(reading: Reading) -> Iterator[str]:
    """Nothing of a drill on a real channel, nothing real on a drill's, nothing of one space in another."""
    channels = reading.history.policy.channel_of
    spaces = {one.id: one.space for one in reading.history.subscriptions}
    for one in reading.history.arrivals:
        bulletin = one.message.bulletin
        drill = channels[one.message.channel].reaches is ChannelClass.EXERCISE
        if drill != bulletin.exercise or spaces[one.message.subscription] != bulletin.space:
            yield f"{bulletin.number} (exercise: {bulletin.exercise}) reached {one.message.subscription}"


def receipted(reading: Reading) -> Iterator[str]:
    """Every message ends with a receipt; what is called delivered has arrived and is not sent again later."""
    for subscription, bulletin in reading.due:
        place = (subscription.id, bulletin.number)
        finals = [told for told in reading.receipts.get(place, ()) if told.outcome is not Outcome.RETRYING]
        if not finals:
            yield f"{place} has no final receipt"
        delivered = [reading.lasted(parse(told.at)) for told in finals if told.outcome is Outcome.DELIVERED]
        arrived = [reading.lasted(one.at) for one in reading.arrivals.get(place, ())]
        if delivered and not arrived:
            yield f"{place} is called delivered and never arrived"
        elif delivered and max(arrived) > min(delivered) + _RECEIPTS_MAY_BE_LATE:
            yield f"{place} was sent again long after it was delivered"


def standing_told(reading: Reading) -> Iterator[str]:
    """The newest word on each incident is on its topic.

    It need not be the last one there: nobody fences a follower that has lost its partition, and what it had sent may
    land late.
    """
    newest = {f"{each.space}/{each.id}": each for one in reading.counted for each in incidents_of(one.entry)}
    told = {
        (record.key or b"").decode() + (record.value or b"").decode()
        for records in reading.history.log[topics.INCIDENTS]
        for record in records
    }
    for key, standing in newest.items():
        if key + standing.model_dump_json(exclude_none=True) not in told:
            yield f"{key}: the topic of incidents has not what the journal says last"


CLAIMS: Mapping[str, Claim] = {
    claim.__name__: claim
    for claim in (
        settled,
        kept,
        decided_once,
        chain_intact,
        replayed,
        timers_fired,
        keys_first,
        published_first,
        reached,
        order_kept,
        taken_back,
        same_id,
        drills_apart,
        receipted,
        standing_told,
    )
}


def violations(history: History) -> list[str]:
    """Every place where a claim does not hold, with the claim's name before it."""
    reading = Reading(history)
    return [f"{name}: {sentence}" for name, claim in CLAIMS.items() for sentence in claim(reading)]
