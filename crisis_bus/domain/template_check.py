"""Which templates a pack may have: words, conditions and lists. They do no sums, call nothing and always end.

What passes here can be filled, whatever the facts are, so nothing that was adopted stops a bulletin on the worst day.
"""

from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateError, nodes

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 plain text is written with it, and here it is only parsed
_PLAIN = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Template,
)
DEEPEST = 30
"""Steps from the whole template to a word: Python, which it becomes, cannot be nested without end."""
Known = Mapping[str, frozenset[str]]
"""Name → its fields; a name without fields is words."""
LISTS: Known = {"facts": frozenset({"label", "value"})}
"""What may be walked through, and the fields of what is in it."""
MOMENT: Known = dict.fromkeys(("time", "day", "month", "year", "hijri"), frozenset())
WHERE: Known = dict.fromkeys(("url", "number"), frozenset())


def of_statement(parts: tuple[str, ...]) -> Known:
    """What a statement's template may name."""
    words = dict.fromkeys(("type", "lead", "places", "at", "expires", "facts", "refs"), frozenset[str]())
    return {**words, "parts": frozenset(parts)}


def of_short(parts: tuple[str, ...]) -> Known:
    """What a short wording may name."""
    words = dict.fromkeys(
        ("type", "lead", "places", "at", "expires", "refs", "own", "confirmed", "where"), frozenset[str]()
    )
    return {**words, "parts": frozenset(parts)}


def fault(source: str, known: Known) -> str | None:
    """Why a template may not stand in a pack, if it may not."""
    try:
        tree = _ENVIRONMENT.parse(source)
    except (TemplateError, RecursionError, ValueError) as error:
        return f"the template cannot be read: {error}"
    return next(_faults(tree, known, 0), None)


def _faults(node: nodes.Node, known: Known, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"line {node.lineno}: it is nested too deeply"
    elif isinstance(node, nodes.For):
        yield from _loop(node, known, depth)
    elif isinstance(node, nodes.Getattr):
        yield from _field(node, known)
    elif isinstance(node, nodes.Name):
        if node.name not in known:
            yield f"line {node.lineno}: {node.name!r} is undefined; there are {', '.join(sorted(known))}"
    elif isinstance(node, _PLAIN):
        for child in node.iter_child_nodes():
            yield from _faults(child, known, depth + 1)
    else:
        yield f"line {node.lineno}: {type(node).__name__} is unsafe in a template; it holds words, if, for and or"


def _field(node: nodes.Getattr, known: Known) -> Iterator[str]:
    fields = known.get(node.node.name, frozenset()) if isinstance(node.node, nodes.Name) else frozenset()
    if node.attr not in fields:
        yield f"line {node.lineno}: the field {node.attr!r} is undefined or unsafe"


def _loop(node: nodes.For, known: Known, depth: int) -> Iterator[str]:
    over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    simple = isinstance(node.target, nodes.Name) and node.test is None and not node.recursive
    nested = any(isinstance(inner, nodes.For) for part in node.body for inner in (part, *part.find_all(nodes.For)))
    if over not in LISTS or not simple or nested:
        yield f"line {node.lineno}: a loop is `for fact in facts`, with no other loop in it"
        return
    inside = {**known, str(node.target.name): LISTS[over]}  # type: ignore[attr-defined] # it is a Name, `simple` says so
    for child in (*node.body, *node.else_):
        yield from _faults(child, inside, depth + 1)
