"""Request bodies: JSON that is safe, then a model that is strict, and each fault with its field."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from crisis_bus.gateway import safe_json
from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, bad_value

M = TypeVar("M", bound=BaseModel)

_SAID = {
    "missing": Both("الحقل ناقص", "the field is missing"),
    "extra_forbidden": Both("حقل غير معروف", "there is no such field"),
    "string_type": Both("المطلوب نص", "it must be text"),
    "int_type": Both("المطلوب عدد صحيح", "it must be a whole number"),
    "int_parsing": Both("المطلوب عدد صحيح بالأرقام 0–9", "it must be a whole number in digits 0–9"),
    "enum": Both("قيمة خارج القائمة", "it is not in the list"),
    "literal_error": Both("قيمة خارج القائمة", "it is not in the list"),
    "string_too_long": Both("النص أطول من المسموح", "the text is too long"),
    "bool_type": Both("المطلوب true أو false", "it must be true or false"),
    "greater_than_equal": Both("العدد أصغر من المسموح", "the number is too small"),
    "less_than_equal": Both("العدد أكبر من المسموح", "the number is too large"),
}


async def json_object(request: Request) -> dict[str, Any]:
    """The body as one JSON object; raises Problem."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json" and not (media.startswith("application/") and media.endswith("+json")):
        detail = Both("أرسل المحتوى بنوع application/json", "send the body as application/json")
        raise Problem(415, Code.NOT_JSON, detail)
    return safe_json.read(await request.body())


Body = Annotated[dict[str, Any], Depends(json_object)]


def strictly(model: type[M], body: dict[str, Any]) -> M:
    """The body as a model; raises Problem with the first field that is wrong."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise refusal(error.errors(include_url=False, include_input=False)[0]) from error


def refusal(error: ErrorDetails, outer: str | None = None) -> Problem:
    """What pydantic found, as a problem; `outer` is where parameters come from and is no part of the name."""
    loc = error["loc"][1:] if outer and error["loc"][:1] == (outer,) else error["loc"]
    field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    said = _SAID.get(error["type"], Both("القيمة لا تصلح لهذا الحقل", error["msg"]))
    listed = error["type"] in {"enum", "literal_error"}
    return bad_value(Both(said.ar, error["msg"] if listed else said.en), field)
