"""JSON from strangers: what is not exactly one well-behaved object is refused, with the place that is wrong."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from crisis_bus.gateway.languages import Both
from crisis_bus.gateway.problems import Code, Problem, bad_value

DEEPEST = 20
_LARGEST = 2**63 - 1
_LONGEST_NAME = 60
# Control characters but \n and \t; overrides and embeddings of direction; surrogates; what is no character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ISOLATES = re.compile("[\u2066-\u2069\n]")
_END = "\u2069"


def read(body: bytes) -> dict[str, Any]:
    """The object in a request body; raises Problem."""
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
        )
    except UnicodeDecodeError as error:
        raise _not_json(Both(f"البايت رقم {error.start} ليس UTF-8", f"byte {error.start} is no UTF-8")) from error
    except json.JSONDecodeError as error:
        raise _not_json(Both(f"الخطأ عند الحرف {error.pos}", f"it breaks at character {error.pos}")) from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise _not_json(Both("عدد أطول مما يُقرأ", "a number has more digits than can be read")) from error
    if not isinstance(value, dict):
        raise bad_value(Both("المطلوب كائن JSON واحد", "the body must be one JSON object"), "")
    _check(value)
    return value


def _not_json(detail: Both) -> Problem:
    return Problem(400, Code.NOT_JSON, detail)


def _too_deep() -> Problem:
    arabic = f"التداخل أعمق من {DEEPEST} مستوى"
    return _not_json(Both(arabic, f"it is nested deeper than {DEEPEST} levels"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise bad_value(Both("الحقل مكرر في الكائن نفسه", "the field is there twice in one object"), _shown(twice))
    return found


def _no_constant(name: str) -> NoReturn:
    raise _not_json(Both(f"{name} ليس من JSON", f"{name} is no JSON"))


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _not_json(Both("عدد أكبر مما يُقرأ", "a number is larger than can be read"))
    return value


def _check(value: Any) -> None:  # noqa: ANN401 any JSON value comes by
    """Walk over everything without recursion, so that depth is ours to judge."""
    waiting = [("", value, 1)]
    while waiting:
        path, item, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(item, str):
            check_text(path, item)
        elif isinstance(item, int) and abs(item) > _LARGEST:
            raise bad_value(Both("عدد لا يسعه 64 بت", "the number does not fit into 64 bits"), path)
        else:
            waiting.extend((place, child, depth + 1) for place, child in _children(path, item))


def _children(path: str, item: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 any JSON value comes by
    if isinstance(item, dict):
        for name, child in item.items():
            check_text(f"{path}.{_shown(name)}".lstrip("."), name)
            yield f"{path}.{name}".lstrip("."), child
    elif isinstance(item, list):
        for number, child in enumerate(item):
            yield f"{path}[{number}]", child


def check_text(path: str, text: str) -> None:
    """Raise Problem for characters that hide or turn what stands beside them."""
    found = _FORBIDDEN.search(text)
    if found:
        name = f"U+{ord(found[0]):04X}"
        raise bad_value(Both(f"يحتوي على محرف خفي أو محرف تحكم: {name}", f"it holds a control character: {name}"), path)
    if not _balanced(text):
        raise bad_value(
            Both("محارف عزل الاتجاه غير متوازنة: U+2066–U+2069", "direction isolates are not balanced: U+2066–U+2069"),
            path,
        )


def _balanced(text: str) -> bool:
    depth = 0
    for found in _ISOLATES.findall(text):
        if found == "\n":
            if depth:
                return False
            continue
        depth += -1 if found == _END else 1
        if depth < 0:
            return False
    return depth == 0


def _shown(name: str) -> str:
    """A field name that can stand in an answer."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name[:_LONGEST_NAME])
