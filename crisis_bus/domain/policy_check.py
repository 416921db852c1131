"""What makes tables a policy that the rules can work with: every name exists, every scale is whole."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from crisis_bus.domain import short_check, template_check
from crisis_bus.domain.forms import Forms
from crisis_bus.domain.policy import Policy, Spoken
from crisis_bus.domain.subscriptions import Language
from crisis_bus.domain.values import Kind, Priority

Place = tuple[int | str, ...]
_GRADES, _LEVELS = (1, 2, 3, 4), (1, 2, 3)


class Fault(NamedTuple):
    """What is wrong, and where: the steps from the outermost table inwards; none, if a whole table is missing."""

    place: Place
    reason: str


class Faulty(ValueError):
    """Tables or words that no policy can be made of."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep every fault, the first one first."""
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{'.'.join(map(str, place))}: {reason}" for place, reason in self.faults))


def policy(tables: object) -> Policy:
    """The policy that these tables are; raises Faulty with every place that is wrong."""
    try:
        made = Policy.model_validate(tables)
    except ValidationError as error:
        raise Faulty(_of(error)) from error
    faults = [*_strangers(made), *_scales(made), *_names(made, made.languages.all)]
    if faults:
        raise Faulty(faults)
    return made


def forms(words: object, languages: tuple[Language, ...]) -> Forms:
    """The words that these templates and labels are, in these languages; raises Faulty."""
    try:
        made = Forms.model_validate(words)
    except ValidationError as error:
        raise Faulty(_of(error)) from error
    short = (Fault(("short", *place), why) for place, why in short_check.faults(made, languages))
    faults = [*_templates(made, languages), *_labels(made, languages), *short]
    if faults:
        raise Faulty(faults)
    return made


def _of(error: ValidationError) -> Iterator[Fault]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        yield Fault(problem["loc"], problem["msg"].removeprefix("Value error, "))


def _strangers(made: Policy) -> Iterator[Fault]:
    """Names that stand for nothing, and codes that stand for two things."""
    for place, names, table, known in _references(made):
        for step, name in names:
            if name not in known:
                yield Fault((*place, *step), f"{name!r} is none of the {table} of the pack")
    for table in ("entities", "channels", "emirates", "incident_types", "roster"):
        codes: list[Hashable] = [getattr(row, "code", None) or row.id for row in getattr(made, table)]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield Fault((table, number), f"{code!r} stands there twice")


_Steps = list[tuple[Place, str]]


def _references(made: Policy) -> Iterator[tuple[Place, _Steps, str, frozenset[str]]]:
    entities = frozenset(made.entity_of)
    channels, emirates = frozenset(made.channel_of), frozenset(made.emirate_codes)
    types, topics = frozenset(made.type_of), frozenset(made.topic_owner)
    yield ("offices",), _fields(made.offices), "entities", entities
    yield ("topic_owner",), [((topic,), name) for topic, name in made.topic_owner.items()], "entities", entities
    yield ("topics_with_coordination",), _listed(made.topics_with_coordination), "topics", topics
    yield ("rumour_types",), _listed(made.rumour_types), "incident types", types
    yield ("rumour_type",), [((), made.rumour_type)], "incident types", types
    yield ("originator_area",), [((name,), name) for name in made.originator_area], "entities", entities
    yield ("alternates",), [((name,), name) for name in made.alternates], "channels", channels
    yield ("named_channels",), _fields(made.named_channels), "channels", channels
    yield ("roster",), [((n, "entity"), person.entity) for n, person in enumerate(made.roster)], "entities", entities
    for name, values in made.channel_sets:
        yield ("channel_sets", name), _listed(values), "channels", channels
    for name, values in made.alternates.items():
        yield ("alternates", name), _listed(values), "channels", channels
    for name, values in made.originator_area.items():
        yield ("originator_area", name), _listed(values), "emirates", emirates
    for number, row in enumerate(made.incident_types):
        place: Place = ("incident_types", number)
        voices: _Steps = [(("lead",), row.lead), (("national_voice",), row.national_voice)]
        yield (
            place,
            [*voices, *[(("supporting", *s), name) for s, name in _listed(row.supporting)]],
            "entities",
            entities,
        )
        yield (*place, "extra_channels"), _listed(row.extra_channels), "channels", channels


def _fields(row: BaseModel) -> _Steps:
    return [((name,), str(value)) for name, value in row]


def _listed(values: Iterable[str]) -> _Steps:
    return [((number,), value) for number, value in enumerate(values)]


def _scales(made: Policy) -> Iterator[Fault]:
    """Grades, levels and priorities have no gap, or a rule would find nothing on the worst day."""
    wholes: dict[str, tuple[Iterable[object], Iterable[object]]] = {
        "grades": (sorted(row.grade for row in made.grades), _GRADES),
        "levels": (sorted(row.level for row in made.levels), _LEVELS),
        "rumour_due": (sorted(made.rumour_due), sorted(Priority)),
    }
    for table, (there, wanted) in wholes.items():
        if list(there) != list(wanted):
            yield Fault((table,), f"needs each of {', '.join(map(str, wanted))} once")
    if list(made.numbers.hot_marks) != sorted(made.numbers.hot_marks):
        yield Fault(("numbers", "hot_marks"), "must rise, as the steps of ESC-02 do")


def _names(made: Policy, languages: tuple[Language, ...]) -> Iterator[Fault]:
    yield from _in_each_language(("name",), made.name, languages)
    for table in ("emirates", "entities", "channels", "levels", "grades", "incident_types"):
        rows: tuple[Spoken, ...] = getattr(made, table)
        for number, row in enumerate(rows):
            yield from _in_each_language((table, number), row.names, languages)


def _in_each_language(place: Place, names: Mapping[str, Any], languages: tuple[Language, ...]) -> Iterator[Fault]:
    for language in languages:
        if language not in names:
            yield Fault((*place, language), "is missing: every name is given in every language of the pack")
    for name in names:
        if name not in languages:
            yield Fault((*place, name), f"is neither a field nor one of the languages {', '.join(languages)}")


def _templates(made: Forms, languages: tuple[Language, ...]) -> Iterator[Fault]:
    for kind in Kind:
        if kind not in made.kinds:
            yield Fault(("kinds", kind.value), "is missing; every kind of statement needs its template")
            continue
        found = made.kinds[kind]
        known = template_check.of_statement(found.parts)
        for number, part in enumerate(found.parts):
            if not part.isidentifier() or hasattr(dict, part):
                yield Fault(("kinds", kind.value, "parts", number), f"{part!r} is no name that a template can call")
        yield from _in_each_language(("kinds", kind.value), found.forms, languages)
        for language, form in found.forms.items():
            for name, source in form:
                why = template_check.fault(source, known)
                if why is not None:
                    yield Fault(("kinds", kind.value, language, name), why)


def _labels(made: Forms, languages: tuple[Language, ...]) -> Iterator[Fault]:
    labels = made.labels
    for name in ("official", "affirmed", "denied", "moment", "months", "lists"):
        yield from _in_each_language(("labels", name), getattr(labels, name), languages)
    for table in ("facts", "values"):
        for key, names in getattr(labels, table).items():
            yield from _in_each_language(("labels", table, key), names, languages)
    for language, source in labels.moment.items():
        why = template_check.fault(source, template_check.MOMENT)
        if why is not None:
            yield Fault(("labels", "moment", language), why)
