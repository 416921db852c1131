"""`/v1/commands`: ask something of a space, and hear what became of it."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Response
from pydantic import TypeAdapter, ValidationError

from crisis_bus.domain import ids, instants
from crisis_bus.domain.commands import ABSENT, REHEARSAL_OPEN
from crisis_bus.domain.instants import Instant
from crisis_bus.domain.subscriptions import Name
from crisis_bus.gateway.accepted import Taken, fingerprint
from crisis_bus.gateway.access import REHEARSAL, Caller, Commander, Reader
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import COMMAND_BODY, PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, bad_value, not_found
from crisis_bus.gateway.publishing import SOURCE, Publishing
from crisis_bus.gateway.queries import Id, Space, Wait
from crisis_bus.gateway.safe_json import check_text
from crisis_bus.gateway.shapes import LONGEST, AcceptedCommand, CommandRequest, CommandStatus, FactShape, Line
from crisis_bus.views.ledger import Answer
from crisis_bus.wire import messages, topics
from crisis_bus.wire.envelope import Envelope

IdempotencyKey = Annotated[
    str | None,
    Header(max_length=LONGEST, min_length=1, description="the same key with the same body is the same command"),
]
_MORE_MINUTES = 60 * 24 * 366 * 10
"""No rehearsal plays more than ten years."""


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The two addresses."""
    routes = APIRouter(prefix="/v1/commands", tags=["commands"])

    @routes.post(
        "",
        status_code=202,
        responses=problems(*PROBLEMS, 409, 413, 415),
        openapi_extra=COMMAND_BODY,
        summary="Ask something of a space",
    )
    async def ask(
        caller: Commander, body: Body, response: Response, idempotency_key: IdempotencyKey = None
    ) -> AcceptedCommand:
        request = strictly(CommandRequest, body)
        space = caller.space(request.space)
        envelope = await _envelope(caller, request, space, idempotency_key)
        seen = fingerprint(space, request.type, _speaker(caller, request, space), request.data)
        if idempotency_key is None or not _repeats(deps, space, envelope.id, seen):
            deps.accepted.note(envelope.id, Taken(space, seen, acknowledged=False))
            await publishing.send("command", request.type, (topics.COMMANDS, space), envelope)
            deps.accepted.note(envelope.id, Taken(space, seen, acknowledged=True))
        response.headers["Location"] = _status_url(deps, space, envelope.id)
        return AcceptedCommand(id=envelope.id, space=space, status_url=response.headers["Location"])

    @routes.get(
        "/{id:path}",
        response_model_exclude_none=True,
        responses=problems(*PROBLEMS, 404),
        summary="What became of a command",
    )
    async def status(caller: Reader, id: Id, space: Space = None, wait: Wait = 0) -> CommandStatus:  # noqa: A002 the address calls it so
        where = (caller.space(space),) if space else _everywhere(caller)
        answer = await deps.bell.until(lambda: _found(deps, where, id), wait)
        return _decided(answer) if answer else _undecided(deps, where, id)

    return routes


def _status_url(deps: GatewayDeps, space: str, command: str) -> str:
    address = f"/v1/commands/{quote(command, safe='')}"
    return address if space == deps.space else f"{address}?space={quote(space, safe='')}"


async def _envelope(caller: Caller, request: CommandRequest, space: str, header: str | None) -> Envelope:
    if request.type == REHEARSAL_OPEN and not space.startswith(REHEARSAL):
        raise bad_value(
            Both(f"اسم مساحة التمرين يبدأ بـ {REHEARSAL}", f"the name of a rehearsal's space begins with {REHEARSAL}"),
            "space",
        )
    name, said_id = _id(caller, request, space, header)
    return messages.command(
        space,
        request.type,
        _speaker(caller, request, space),
        request.data,
        id=name,
        at=await _at(caller, request, space),
        source=SOURCE,
        said_id=said_id,
    )


def _speaker(caller: Caller, request: CommandRequest, space: str) -> object:
    """Who speaks; where everybody's part may be played, also somebody whose `by` is senseless."""
    if "by" not in request.model_fields_set:
        return caller.key.by
    if _is(Line, request.by):
        return caller.speaker(request.by, space)
    if caller.directs(space):
        return request.by
    raise bad_value(Both("المتحدث نص من سطر واحد", "who speaks is one line of text"), "by")


def _id(caller: Caller, request: CommandRequest, space: str, header: str | None) -> tuple[str, object]:
    """The id on the log, and what was sent instead of one where somebody senseless is played."""
    if header is not None:
        if "id" in request.model_fields_set:
            raise bad_value(
                Both("أرسل id أو Idempotency-Key، لا كليهما", "send either id or Idempotency-Key, not both"), "id"
            )
        check_text("Idempotency-Key", header)
        return ids.derived("command", caller.key.id, header), ABSENT
    if "id" in request.model_fields_set and _is(Name, request.id):
        return request.id, ABSENT
    made = ids.uuid7(caller.deps.now(), caller.deps.chance(10))
    if "id" not in request.model_fields_set:
        return made, ABSENT
    if caller.directs(space):
        return made, request.id
    raise bad_value(Both("المعرّف نص من سطر واحد", "an id is one line of text, 200 characters at most"), "id")


def _is(kind: Any, value: object) -> bool:  # noqa: ANN401 an annotated type
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


async def _at(caller: Caller, request: CommandRequest, space: str) -> Instant:
    if request.at is None:
        return _opening(request) if request.type == REHEARSAL_OPEN else caller.deps.now()
    if not caller.directs(space):
        raise bad_value(
            Both("زمن الأمر يحدده السجل، إلا في تمرين", "the log sets the time of a command, except in a rehearsal"),
            "at",
        )
    if isinstance(request.at, str):
        return _instant("at", request.at)
    if not 0 <= request.at <= _MORE_MINUTES:
        raise bad_value(Both("دقائق منذ بداية التمرين", "minutes since the start of the rehearsal, from 0"), "at")
    return await _zero(caller.deps, space, request) + instants.minutes(request.at)


def _opening(request: CommandRequest) -> Instant:
    start = request.data.get("start") if isinstance(request.data, dict) else None
    if not isinstance(start, str):
        raise bad_value(
            Both("بداية التمرين بصيغة RFC 3339", "the start of the rehearsal in RFC 3339, with an offset"), "data.start"
        )
    return _instant("data.start", start)


def _instant(field: str, text: str) -> Instant:
    try:
        instant = instants.parse(text)
        instants.text(instant)
    except (ValueError, OverflowError) as error:
        english = "not an RFC 3339 time with an offset, such as 2026-04-16T16:40:00+04:00"
        raise bad_value(Both("ليس وقتاً بصيغة RFC 3339 مع فرق التوقيت", english), field) from error
    return instant


async def _zero(deps: GatewayDeps, space: str, request: CommandRequest) -> Instant:
    if request.type == REHEARSAL_OPEN:
        return _opening(request)
    zero = await deps.bell.until(lambda: deps.views.ledger.zero(space), deps.limits.settle_seconds)
    if zero is None:
        raise bad_value(
            Both("لم تُفتح مساحة التمرين بعد", "the rehearsal is not open yet: wait until rehearsal.open is decided"),
            "at",
        )
    return zero


def _repeats(deps: GatewayDeps, space: str, command: str, seen: str) -> bool:
    """Whether the very same is on the log already; raises Problem if the id belongs to something else."""
    known = deps.accepted.find(space, command)
    answer = deps.views.ledger.find(space, command)
    if known is None and answer is None:
        return False
    earlier = known.fingerprint if known else _print_of(answer)
    if earlier != seen:
        raise _reused(command)
    return answer is not None or (known is not None and known.acknowledged)


def _print_of(answer: Answer | None) -> str:
    return fingerprint(answer.space, answer.type, answer.by, answer.data) if answer else ""


def _reused(command: str) -> Problem:
    detail = Both(
        "المعرّف نفسه أُرسل من قبل مع محتوى آخر؛ لم يُسجَّل شيء",
        "the same id was sent before with another body; nothing was recorded",
    )
    return Problem(409, Code.KEY_REUSED, detail, extra={"id": command})


def _decided(answer: Answer) -> CommandStatus:
    return CommandStatus(
        id=answer.id,
        space=answer.space,
        status="decided",
        refused=answer.refused,
        cursor=str(answer.offset),
        at=answer.at,
        facts=tuple(FactShape(**fact.model_dump()) for fact in answer.facts),
    )


def _everywhere(caller: Caller) -> tuple[str, ...]:
    """The spaces to look in when none is named: this government's first, then all that the key is good for."""
    ledger = caller.deps.views.ledger
    known = dict.fromkeys((caller.deps.space, *ledger.spaces(), *caller.deps.accepted.spaces()))
    return tuple(space for space in known if caller.key.enters(space))


def _found(deps: GatewayDeps, spaces: tuple[str, ...], command: str) -> Answer | None:
    answers = (deps.views.ledger.find(space, command) for space in spaces)
    return next((answer for answer in answers if answer), None)


def _undecided(deps: GatewayDeps, spaces: tuple[str, ...], command: str) -> CommandStatus:
    taken = (deps.accepted.find(space, command) for space in spaces)
    known = next((found for found in taken if found), None)
    if known is None:
        raise not_found(
            Both(
                "لا أمر بهذا المعرّف هنا؛ إن أُرسل قبل لحظات فاسأل ثانية",
                "no command with this id is known here; if it was sent a moment ago, ask again",
            )
        )
    return CommandStatus(id=command, space=known.space, status="pending" if known.acknowledged else "unconfirmed")
