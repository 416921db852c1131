"""Every refusal of the gateway as RFC 9457 `application/problem+json`, in Arabic and English."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from crisis_bus.gateway.languages import Both, preferred
from crisis_bus.gateway.shapes import ProblemShape


class Code(StrEnum):
    """Why a request was not carried out."""

    NOT_JSON = "NOT_JSON"
    BAD_VALUE = "BAD_VALUE"
    BAD_HOST = "BAD_HOST"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    KEY_REUSED = "KEY_REUSED"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    NOT_ACKNOWLEDGED = "NOT_ACKNOWLEDGED"
    BUSY = "BUSY"
    REQUEST_REFUSED = "REQUEST_REFUSED"
    INTERNAL = "INTERNAL"


TITLES: Mapping[Code, Both] = {
    Code.NOT_JSON: Both("المحتوى ليس JSON سليماً", "The body is not valid JSON"),
    Code.BAD_VALUE: Both("قيمة غير مقبولة", "A value is not acceptable"),
    Code.BAD_HOST: Both("اسم المضيف غير معروف هنا", "This host name is not served here"),
    Code.UNAUTHENTICATED: Both("لم تُعرَّف الجهة الطالبة", "Nobody is authenticated"),
    Code.NOT_ALLOWED: Both("لا يسمح مفتاحك بذلك", "Your key does not allow this"),
    Code.NOT_FOUND: Both("غير موجود", "Not found"),
    Code.METHOD_NOT_ALLOWED: Both("هذه الطريقة غير متاحة هنا", "This method is not available here"),
    Code.KEY_REUSED: Both("مفتاح التكرار مستخدم لطلب آخر", "The idempotency key belongs to another request"),
    Code.BODY_TOO_LARGE: Both("المحتوى أكبر من المسموح", "The body is too large"),
    Code.NOT_ACKNOWLEDGED: Both("لم يصل تأكيد التسجيل في الوقت المحدد", "The log did not acknowledge in time"),
    Code.BUSY: Both("النظام مشغول الآن", "The system is busy now"),
    Code.REQUEST_REFUSED: Both("لا يمكن قبول الطلب", "The request cannot be accepted"),
    Code.INTERNAL: Both("خطأ داخلي", "Internal error"),
}


@dataclasses.dataclass
class Problem(Exception):
    """A request that is answered with a problem; `field` names the place in the body or the query."""

    status: int
    code: Code
    detail: Both
    field: str | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    extra: Mapping[str, str] = dataclasses.field(default_factory=dict)


def bad_value(detail: Both, field: str) -> Problem:
    """A value that cannot be taken."""
    return Problem(422, Code.BAD_VALUE, detail, field)


def not_found(detail: Both) -> Problem:
    """Something that is not there."""
    return Problem(404, Code.NOT_FOUND, detail)


def render(problem: Problem, request: Request) -> Response:
    """The response of a problem, its title in the language that the client prefers."""
    language = preferred(request.headers.get("accept-language", ""))
    title = TITLES[problem.code]
    shape = ProblemShape(
        type=f"urn:crisisbus:problem:{problem.code.lower().replace('_', '-')}",
        status=problem.status,
        code=problem.code,
        title=title.of(language),
        detail=problem.detail.of(language),
        titles=title.both(),
        details=problem.detail.both(),
        field=problem.field,
        request_id=request.scope.get("request_id"),
        id=problem.extra.get("id"),
    )
    headers = {**problem.headers, "Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    body = shape.model_dump_json(exclude_none=True).encode()
    return Response(body, problem.status, headers, media_type="application/problem+json")
