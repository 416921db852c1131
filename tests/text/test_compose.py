"""What leaves reads as a government would write it, in both languages."""

import json
import shutil
from pathlib import Path

import pytest

from crisis_bus import packs
from crisis_bus.domain import instants
from crisis_bus.domain.forms import Names
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError
from crisis_bus.packs.templates import load_templates
from crisis_bus.text.compose import Said, Scene, compose
from crisis_bus.text.forms import Templates

TEMPLATES = load_templates("uae")
LANGUAGES = TEMPLATES.languages
MARKER = "«تمرين – EXERCISE»"
FLOOD = {"ar": "سيول وفيضانات مفاجئة", "en": "Flash flood"}
INTERIOR = {"ar": "وزارة الداخلية", "en": "Ministry of Interior"}
PLACES = ({"ar": "دبي", "en": "Dubai"}, {"ar": "الفجيرة", "en": "Fujairah"})
AT = instants.parse("2026-04-16T16:40:00+04:00")
SCENE = Scene(FLOOD, INTERIOR, PLACES, AT, 240)
DRILL = Scene(FLOOD, INTERIOR, PLACES, AT, 240, exercise=True)
HOLDING_PARTS = ("known", "not_known", "being_done", "what_to_do", "next_update")


def test_a_text_that_the_author_gave_stands_unchanged() -> None:
    own = {"ar": "  نص المحرر {{ type }}\n", "en": "Author's words"}

    wording = compose(Said(Kind.SITREP, text=own), SCENE, TEMPLATES)

    assert own == wording.text


@pytest.mark.rule("OV-6")
def test_the_language_that_the_author_left_out_is_filled_from_the_template() -> None:
    wording = compose(Said(Kind.SITREP, text={"ar": "نص المحرر"}), SCENE, TEMPLATES)

    assert wording.text["ar"] == "نص المحرر"
    assert "As of: 16:40 on 16 April 2026" in wording.text["en"]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_reads_in_both_languages_without_gaps(kind: Kind) -> None:
    wording = compose(Said(kind), SCENE, TEMPLATES)

    for language in LANGUAGES:
        assert INTERIOR[language] in wording.text[language]
        assert "\n\n\n" not in wording.text[language]
        assert "\n" not in wording.headline[language]
        assert not [line for line in wording.text[language].splitlines() if "{" in line or line != line.rstrip()]


@pytest.mark.parametrize("name", HOLDING_PARTS)
def test_a_holding_statement_places_each_part_that_the_author_gave(name: str) -> None:
    wording = compose(Said(Kind.HOLDING, parts={name: "قيمة المحرر"}), SCENE, TEMPLATES)

    assert "\nقيمة المحرر\n" in wording.text["ar"]
    assert "\nقيمة المحرر\n" in wording.text["en"], "what is known must not get lost in one language"


def test_a_part_given_in_each_language_stands_in_its_own() -> None:
    said = Said(Kind.HOLDING, parts={"known.ar": "طريقان مغلقان", "known.en": "two roads closed"})

    wording = compose(said, SCENE, TEMPLATES)

    assert "طريقان مغلقان" in wording.text["ar"]
    assert "طريقان مغلقان" not in wording.text["en"]
    assert "two roads closed" in wording.text["en"]


@pytest.mark.rule("OV-6", "INV-6")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.LINES_TO_TAKE])
def test_fact_values_are_listed_under_their_names(kind: Kind) -> None:
    facts: dict[str, bool | int | str] = {"fatalities": 0, "evacuated": True, "colour": "red", "own_key": "own value"}

    wording = compose(Said(kind, facts=facts), SCENE, TEMPLATES)

    for line in ("- الوفيات: 0", "- إخلاء الموقع: نعم", "- مستوى التحذير: أحمر", "- own key: own value"):
        assert line in wording.text["ar"].splitlines()
    for line in ("- Fatalities: 0", "- Site evacuated: yes", "- Warning colour: red", "- own key: own value"):
        assert line in wording.text["en"].splitlines()


def test_a_value_is_never_read_as_a_template() -> None:
    wording = compose(Said(Kind.SITREP, facts={"eta": "{{ 7 * 7 }}"}), SCENE, TEMPLATES)

    assert "- Service expected back: {{ 7 * 7 }}" in wording.text["en"]


def test_a_rumour_response_says_the_true_fact_first_and_leaves_the_claim_out_of_the_headline() -> None:
    wording = compose(Said(Kind.RUMOUR_RESPONSE, parts={"true_fact": "The dam holds."}), SCENE, TEMPLATES)

    assert wording.headline["en"] == "Official clarification on the situation in Dubai and Fujairah"
    assert wording.text["en"].index("The dam holds.") < wording.text["en"].index("false")


@pytest.mark.parametrize("kind", [Kind.CORRECTION, Kind.RETRACTION, Kind.ALL_CLEAR])
def test_what_refers_to_another_statement_names_it(kind: Kind) -> None:
    wording = compose(Said(kind, refs=("uae/W1", "uae/W2")), SCENE, TEMPLATES)

    assert "uae/W1، uae/W2" in wording.text["ar"]
    assert "uae/W1, uae/W2" in wording.text["en"]


def test_a_warning_says_until_when() -> None:
    wording = compose(Said(Kind.PUBLIC_WARNING, expires=AT + instants.minutes(60)), SCENE, TEMPLATES)

    assert "In force: until 17:40 on 16 April 2026" in wording.text["en"]
    assert "سريان التحذير: حتى الساعة 17:40 من يوم 16 أبريل 2026" in wording.text["ar"]


@pytest.mark.rule("DR-2")
@pytest.mark.parametrize("kind", Kind)
def test_a_drill_is_marked_at_start_and_end_in_every_language(kind: Kind) -> None:
    wording = compose(Said(kind, text={"ar": "نص"}), DRILL, TEMPLATES)

    for language in LANGUAGES:
        assert wording.text[language].startswith(MARKER)
        assert wording.text[language].endswith(MARKER)
        assert wording.headline[language].startswith(MARKER)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        pytest.param(f"{MARKER} a {MARKER}", f"{MARKER} a {MARKER}", id="marked by its author"),
        pytest.param(f"{MARKER} a", f"{MARKER} a\n\n{MARKER}", id="marked at the start only"),
        pytest.param(MARKER, f"{MARKER}\n\n{MARKER}", id="nothing but the marker"),
    ],
)
def test_a_marker_is_not_put_twice(own: str, expected: str) -> None:
    wording = compose(Said(Kind.SITREP, text={"en": own}), DRILL, TEMPLATES)

    assert expected == wording.text["en"]


def test_a_real_text_carries_no_marker() -> None:
    wording = compose(Said(Kind.HOLDING), SCENE, TEMPLATES)

    assert MARKER not in wording.text["ar"] + wording.headline["ar"] + wording.text["en"] + wording.headline["en"]


@pytest.mark.parametrize(
    ("places", "arabic", "english"),
    [
        pytest.param((), "بيان أولي: سيول وفيضانات مفاجئة", "Initial statement: Flash flood", id="no place"),
        pytest.param(
            PLACES[:1], "بيان أولي: سيول وفيضانات مفاجئة في دبي", "Initial statement: Flash flood in Dubai", id="one"
        ),
        pytest.param(
            (*PLACES, {"ar": "عجمان", "en": "Ajman"}),
            "بيان أولي: سيول وفيضانات مفاجئة في دبي والفجيرة وعجمان",
            "Initial statement: Flash flood in Dubai, Fujairah and Ajman",
            id="three",
        ),
    ],
)
def test_places_are_joined_as_each_language_does(places: tuple[Names, ...], arabic: str, english: str) -> None:
    wording = compose(Said(Kind.HOLDING), Scene(FLOOD, INTERIOR, places, AT, 240), TEMPLATES)

    assert {"ar": arabic, "en": english} == wording.headline


def test_moments_are_said_in_the_offset_of_the_space() -> None:
    midnight = instants.parse("2026-12-31T21:30:00Z")

    assert TEMPLATES.calendars["en"].say(midnight, 240) == "01:30 on 1 January 2027"
    assert TEMPLATES.calendars["ar"].say(midnight, 240) == "الساعة 01:30 من يوم 1 يناير 2027 (الموافق 23 رجب 1448هـ)"


def test_a_day_outside_the_tables_of_umm_al_qura_is_said_without_them() -> None:
    assert TEMPLATES.calendars["ar"].say(instants.parse("2090-01-01T08:00:00Z"), 240).endswith("من يوم 1 يناير 2090")


def test_digits_are_those_of_the_setting_and_an_authors_words_keep_theirs() -> None:
    words = packs.words("uae")
    arab = words.model_copy(update={"labels": words.labels.model_copy(update={"digits": {"ar": "arab"}})})
    templates = Templates.compiled(arab, ("ar", "en"))

    said = Said(Kind.SITREP, facts={"injured": 12, "eta": "18:00"})
    wording = compose(said, SCENE, templates)

    assert "الساعة ١٦:٤٠ من يوم ١٦ أبريل ٢٠٢٦ (الموافق ٢٨ شوال ١٤٤٧هـ)" in wording.text["ar"]
    assert "- المصابون: ١٢" in wording.text["ar"].splitlines()
    assert "- الموعد المتوقع لعودة الخدمة: 18:00" in wording.text["ar"].splitlines()
    assert "- Injured: 12" in wording.text["en"].splitlines()


def test_the_parts_of_the_pack_are_those_of_the_rule_book() -> None:
    book = Path("../shared/domain/data.json")
    if not book.exists():
        pytest.skip("the rule book is not beside this checkout")

    for kind, parts in json.loads(book.read_text(encoding="utf-8"))["statement_parts"].items():
        assert set(parts) <= set(TEMPLATES.parts[Kind(kind)])


def _copy(folder: Path, **changes: str) -> Path:
    shutil.copytree(packs.SHIPPED / "uae", folder, dirs_exist_ok=True)
    for stem, text in changes.items():
        (folder / "templates" / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder


GOOD = "{headline: a, body: b}"


def _sitrep(body: str) -> str:
    return f"{{parts: [], ar: {GOOD}, en: {{headline: a, body: '{body}'}}}}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(_sitrep("{{ nobody }}"), "'nobody' is undefined", id="undefined variable"),
        pytest.param(_sitrep("{{ parts.gone }}"), "gone", id="part that is not declared"),
        pytest.param(_sitrep("{% if %}"), "cannot be read", id="broken template"),
        pytest.param(_sitrep("{{ type.__class__.__mro__ }}"), "unsafe", id="way out of the sandbox"),
        pytest.param(f"{{parts: [], ar: {GOOD}}}", "SITREP.en: is missing", id="language missing"),
        pytest.param(
            f"{{parts: [], ar: {GOOD}, en: {GOOD}, fr: {GOOD}}}",
            "SITREP.fr: is neither a field nor one of the languages",
            id="unknown language",
        ),
        pytest.param(_sitrep("{{ 9 * 9 }}"), "Mul is unsafe", id="a sum"),
        pytest.param(_sitrep("{{ range(9) }}"), "Call is unsafe", id="a call"),
        pytest.param(_sitrep("{% for a in facts %}{% for b in facts %}{% endfor %}{% endfor %}"), "a loop", id="loops"),
        pytest.param(_sitrep("{% if type %}" * 40 + "{% endif %}" * 40), "too deeply", id="nested without end"),
        pytest.param(
            "{parts: [items], ar: {headline: a, body: b}, en: {headline: a, body: b}}", "parts.0", id="a part"
        ),
        pytest.param("{parts: [", "cannot be read", id="no YAML"),
        pytest.param("[]", "must hold tables", id="no mapping"),
    ],
)
def test_a_bad_template_is_found_when_the_pack_is_loaded(tmp_path: Path, content: str, reason: str) -> None:
    folder = _copy(tmp_path, SITREP=content)

    with pytest.raises(PolicyError, match=r"SITREP\.yaml") as refused:
        load_templates(str(folder))

    assert reason in str(refused.value)


def test_a_missing_template_is_found_when_the_pack_is_loaded(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "templates" / "ALL_CLEAR.yaml").unlink()

    with pytest.raises(PolicyError, match=r"ALL_CLEAR\.yaml is missing"):
        load_templates(str(folder))


def test_a_rehearsal_says_so_in_every_language_and_a_drill_in_it_says_both() -> None:
    scene = Scene(FLOOD, INTERIOR, (), at=AT, offset_minutes=240, exercise=True, rehearsal=True)

    wording = compose(Said(Kind.SITREP, text={"ar": "نص", "en": "text"}), scene, TEMPLATES)

    expected = "«تجربة – REHEARSAL»\n\n«تمرين – EXERCISE»\n\ntext\n\n«تمرين – EXERCISE»\n\n«تجربة – REHEARSAL»"
    assert expected == wording.text["en"]
