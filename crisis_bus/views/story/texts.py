"""The lines of a statement's life: its keys and who gave them, what stopped it, where it went, what became of it."""

from collections.abc import Iterator, Mapping

from crisis_bus.domain import actors
from crisis_bus.domain import facts as f
from crisis_bus.domain.instants import minutes
from crisis_bus.domain.values import ANY, IncidentState, Kind, StatementState
from crisis_bus.views.story import whys
from crisis_bus.views.story.lines import Line
from crisis_bus.views.story.scene import Event, Scene

TRANSITIONS, TWO_PEOPLE = "§4.2", "INV-2"
_SYSTEM = "system"
_WRITTEN = ":WRITTEN"
Events = Iterator[Event]


def drafted(scene: Scene, fact: f.StatementDrafted) -> Events:
    """By somebody, or by the clock."""
    if fact.by == _SYSTEM:
        yield scene.tell(Line.DRAFTED_BY_SYSTEM, "ESC-02a", statement=fact.statement, kind=fact.kind)
    else:
        yield scene.tell(Line.DRAFTED, TRANSITIONS, by=fact.by, statement=fact.statement, kind=fact.kind)


def keys_asked(scene: Scene, fact: f.ApprovalRequested) -> Events:
    """How many keys, each with its reason, and who may give them."""
    text = scene.text(fact.statement)
    known = scene.memory
    if fact.why is None:
        known.needed[text.id], known.given[text.id] = dict(fact.keys), {}
    else:
        known.needed.setdefault(text.id, {}).update(fact.keys)
    yield _asked(scene, fact)
    for name, entity in fact.keys.items():
        yield whys.key(scene, text, name, entity)
    yield scene.tell(Line.WHO_MAY_GIVE, TWO_PEOPLE, author=text.author)


def _asked(scene: Scene, fact: f.ApprovalRequested) -> Event:
    values: dict[str, object] = {"statement": fact.statement, "keys": dict(fact.keys)}
    if fact.why is not None:
        line = Line.KEYS_GREW_LEVEL if fact.why == "LEVEL_ROSE" else Line.KEYS_GREW_LIFE
        return scene.tell(line, whys.KEYS_NEEDED, **values)
    due = scene.at + minutes(scene.policy.grade_of[scene.record.grade].approval_key)
    kind = scene.text(fact.statement).kind
    return scene.tell(Line.SUBMITTED, whys.KEYS_NEEDED, **values, by=scene.by, kind=kind, due=due)


def key_given(scene: Scene, fact: f.KeyGiven) -> Events:
    """Who gave it, what is still missing, and whether it was another's to give."""
    needed = dict(scene.memory.needed.get(fact.statement, {}))
    needed.update({str(key): entity for key, entity in scene.text(fact.statement).needed.items()})
    given = scene.memory.given.setdefault(fact.statement, {})
    given[fact.key] = fact.by
    missing = [key for key in sorted(needed) if key not in given]
    line = Line.KEY_GIVEN if missing else Line.LAST_KEY_GIVEN
    yield scene.tell(line, TRANSITIONS, by=fact.by, key=fact.key, statement=fact.statement, missing=missing)
    entity = needed.get(fact.key, ANY)
    if entity not in {ANY, actors.entity(fact.by)}:
        yield scene.tell(Line.KEY_GIVEN_INSTEAD, "ESC-09b", entity=entity)


def key_refused(scene: Scene, fact: f.KeyRefused) -> Events:
    """The key, and why it does not count."""
    yield scene.tell(Line.REFUSED, refused=_as_told(fact))


def keys_waived(scene: Scene, fact: f.KeysWaived) -> Events:
    """No time was left for them."""
    yield scene.tell(Line.KEYS_WAIVED, fact.rule, keys=fact.keys)


def blocked(scene: Scene, fact: f.StatementBlocked) -> Events:
    """What stopped the text, when it was submitted or at the last moment."""
    refused = _as_told(fact)
    if fact.stage == "publish":
        yield scene.tell(Line.BLOCKED_PUBLISH, fact.rule, refused=refused)
        return
    kind = scene.text(fact.statement).kind
    yield scene.tell(Line.BLOCKED_SUBMIT, fact.rule, by=scene.by, statement=fact.statement, kind=kind, refused=refused)


def _as_told(fact: f.Fact) -> Mapping[str, object]:
    return {"type": fact.TYPE, "data": fact.model_dump(mode="json", exclude_none=True)}


def scheduled(scene: Scene, fact: f.StatementScheduled) -> Events:
    """Ready, and under embargo."""
    line = Line.SCHEDULED_EXERCISE if scene.text(fact.statement).exercise else Line.SCHEDULED
    copies = scene.channels(fact.embargoed_copy_to)
    yield scene.tell(line, "EMB-2", statement=fact.statement, due=fact.due, channels=copies)


def published(scene: Scene, fact: f.StatementPublished) -> Events:
    """Where it went, on whose keys, in whose voice."""
    text = scene.text(fact.statement)
    kind, went = fact.kind, scene.channels(fact.channels)
    yield scene.tell(Line.PUBLISHED, TRANSITIONS, statement=fact.statement, kind=kind, channels=went)
    if text.given:
        rule = whys.LIFE_SAFETY if text.one_key_warning else "INV-1"
        yield scene.tell(Line.PUBLISHED_ON_KEYS, rule, given=dict(text.given))
    yield from _voice(scene, fact)
    yield from _accounts(scene, fact)
    if fact.language_pack_due is not None:
        grade = scene.grade(scene.record.grade)
        yield scene.tell(Line.LANGUAGE_PACK, "§2.5", due=fact.language_pack_due, grade=grade)
    if text.public_kind and not text.exercise and text.kind is not Kind.ALL_CLEAR:
        yield _next_update(scene)


def _next_update(scene: Scene) -> Event:
    incident, policy = scene.record, scene.policy
    slower = policy.numbers.stabilising_cadence_factor if incident.state is IncidentState.STABILISING else 1
    due = scene.at + minutes(slower * policy.grade_of[incident.grade].cadence)
    return scene.tell(Line.NEXT_UPDATE, "ESC-10", due=due)


def _voice(scene: Scene, fact: f.StatementPublished) -> Events:
    if fact.voice is None:
        return
    if fact.voice.endswith(_WRITTEN):
        yield scene.tell(Line.VOICE_WRITTEN, whys.SPOKESPERSON, entity=fact.voice.removesuffix(_WRITTEN))
    else:
        yield scene.tell(Line.VOICE_PERSON, whys.SPOKESPERSON, voice=fact.voice)


def _accounts(scene: Scene, fact: f.StatementPublished) -> Events:
    if fact.social_accounts:
        yield scene.tell(Line.ACCOUNTS, "CH-2", accounts=fact.social_accounts)
    if fact.suspended_accounts or fact.suspended_channels:
        left_out = scene.channels(fact.suspended_channels or ())
        yield scene.tell(Line.ACCOUNTS_OUT, "CH-2", accounts=fact.suspended_accounts or (), channels=left_out)


def returned(scene: Scene, fact: f.StatementReturned) -> Events:
    """With its reason."""
    yield scene.tell(Line.RETURNED, TRANSITIONS, by=fact.by, statement=fact.statement, reason=fact.reason)


def rejected(scene: Scene, fact: f.StatementRejected) -> Events:
    """With its reason."""
    yield scene.tell(Line.REJECTED, TRANSITIONS, by=fact.by, statement=fact.statement, reason=fact.reason)


def withdrawn(scene: Scene, fact: f.StatementWithdrawn) -> Events:
    """Before it was out."""
    yield scene.tell(Line.WITHDRAWN, TRANSITIONS, by=fact.by, statement=fact.statement)


def state(scene: Scene, fact: f.StatementStateChanged) -> Events:
    """What became of it, and because of what."""
    line = _state_line(scene, fact)
    rule = "INV-4" if line in {Line.CORRECTED, Line.RETRACTED, Line.SUPERSEDED_CLEAR} else TRANSITIONS
    yield scene.tell(line, rule, statement=fact.statement, cause=fact.by)


def _state_line(scene: Scene, fact: f.StatementStateChanged) -> Line:
    stands = StatementState(fact.state)
    if stands is StatementState.WITHDRAWN:
        return Line.WITHDRAWN_BY_END
    if stands is StatementState.SUPERSEDED:
        by_clear = scene.text(fact.by).kind is Kind.ALL_CLEAR
        return Line.SUPERSEDED_CLEAR if by_clear else Line.SUPERSEDED_SITREP
    return Line(stands.lower())


def amplify(scene: Scene, fact: f.AmplifyRequested) -> Events:
    """Others repeat the lead's text."""
    yield scene.tell(Line.AMPLIFY, "OV-2", statement=fact.statement, to=fact.to)


def review_due(scene: Scene, fact: f.PostReviewDue) -> Events:
    """One key was enough, for now."""
    scene.memory.reviews_due[fact.statement] = fact.due
    yield scene.tell(Line.REVIEW_DUE, whys.LIFE_SAFETY, statement=fact.statement, due=fact.due)


def review_done(scene: Scene, fact: f.PostReviewDone) -> Events:
    """In time or not."""
    in_time = scene.at <= scene.memory.reviews_due.get(fact.statement, scene.at)
    line = Line.REVIEWED_IN_TIME if in_time else Line.REVIEWED_LATE
    yield scene.tell(line, whys.LIFE_SAFETY, by=fact.by, statement=fact.statement)


def strike(scene: Scene, fact: f.MediaStrike) -> Events:
    """An outlet did not wait."""
    yield scene.tell(Line.STRIKE, fact.rule, outlet=fact.outlet, statement=fact.statement, by=scene.by)
