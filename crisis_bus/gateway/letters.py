"""`/v1/letters`: the dead letters: list, look, put back, set aside."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BeforeValidator

from crisis_bus.bus import controls, letters
from crisis_bus.bus.controls import Letter
from crisis_bus.domain.controls import Action
from crisis_bus.gateway import operations
from crisis_bus.gateway.access import Operator
from crisis_bus.gateway.bodies import Body, strictly
from crisis_bus.gateway.controls import ControlShape, write
from crisis_bus.gateway.deps import GatewayDeps
from crisis_bus.gateway.documents import LETTER_BODY, PROBLEMS, problems
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, not_found
from crisis_bus.gateway.publishing import Publishing
from crisis_bus.gateway.queries import After, Limit, digits
from crisis_bus.gateway.shapes import LONGEST, LetterRequest, Shape
from crisis_bus.views.paging import page

Topic = Annotated[str, Path(max_length=LONGEST, description="the topic where the record stood")]
Partition = Annotated[int, BeforeValidator(digits), Path(ge=0, le=2**31 - 1)]
Offset = Annotated[int, BeforeValidator(digits), Path(ge=0, le=2**63 - 1)]
PLACE = "/{topic}/{partition}/{offset}"


class LetterLine(Shape):
    """A record that could not be handled: where it stood, why, and what was done with it (`handled`, by whom)."""

    place: str
    at: str
    type: str
    reason: str
    handled: str
    by: str


class LetterPage(Shape):
    """Dead letters from the oldest to the newest; give `after` to get those that follow."""

    items: tuple[LetterLine, ...]
    after: str | None
    more: bool


class LetterShape(LetterLine):
    """The record as it came; addresses and secrets are masked."""

    key: str | None
    headers: dict[str, str]
    value: Any


def router(deps: GatewayDeps, publishing: Publishing) -> APIRouter:
    """The addresses."""
    routes = APIRouter(prefix="/v1/letters", tags=["operations"])

    @routes.get("", responses=problems(*PROBLEMS), summary="What could not be handled, and why")
    async def listed(
        _caller: Operator,
        *,
        everything: Annotated[bool, Query(alias="all", description="also those that were handled")] = False,
        after: After = None,
        limit: Limit = 100,
    ) -> LetterPage:
        found = [one for one in await _letters(deps) if everything or one.handled is None]
        shown = page(sorted(found, key=_key), _key, after, limit)
        items = tuple(LetterLine(**letters.row(one)) for one in shown.items)
        return LetterPage(items=items, after=shown.after, more=shown.more)

    @routes.get(PLACE, responses=problems(*PROBLEMS, 404), summary="One of them, as it came")
    async def show(_caller: Operator, topic: Topic, partition: Partition, offset: Offset) -> LetterShape:
        return LetterShape(**letters.shown(await _one(deps, f"{topic}/{partition}/{offset}")))

    @routes.post(
        PLACE,
        status_code=202,
        responses=problems(*PROBLEMS, 404, 409, 413, 415),
        openapi_extra=LETTER_BODY,
        summary="Put it back where it came from, or set it aside",
    )
    async def act(caller: Operator, topic: Topic, partition: Partition, offset: Offset, body: Body) -> ControlShape:
        wanted, place = strictly(LetterRequest, body), f"{topic}/{partition}/{offset}"
        async with deps.operations.one_by_one:
            letter = await _one(deps, place)
            if letter.handled is not None:
                raise _handled(place, letter.handled.by)
            if wanted.action is Action.REPLAY:
                await publishing.put_back(controls.replayed(letter.letter, place), place)
            return await write(publishing, caller, wanted.action, place, wanted.reason)

    return routes


async def _letters(deps: GatewayDeps) -> list[Letter]:
    return list(await operations.read(deps.operations.letters()))


async def _one(deps: GatewayDeps, place: str) -> Letter:
    for letter in await _letters(deps):
        if letter.place == place:
            return letter
    raise not_found(Both("لا رسالة متعذّرة في هذا الموضع", "there is no dead letter of this place"))


def _key(letter: Letter) -> str:
    return f"{letter.letter.at}|{letter.place}"


def _handled(place: str, by: str) -> Problem:
    arabic = f"عولجت {place} من قبل بيد {by}؛ تُعاد الرسالة أو تُستبعد مرة واحدة"
    english = f"{place} was handled by {by}; a record is replayed or discarded once"
    return Problem(409, Code.REQUEST_REFUSED, Both(arabic, english))
