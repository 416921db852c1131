"""Short wordings fit, say the most that fits, and never hide that there is more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis_bus.domain import instants
from crisis_bus.domain.values import Kind
from crisis_bus.packs.templates import load_templates
from crisis_bus.text import bidi, sms
from crisis_bus.text.compose import Said, Scene
from crisis_bus.text.limits import LIMITS
from crisis_bus.text.short import Story, Whole, _category

TEMPLATES = load_templates("uae")
FLOOD = {"ar": "سيول وفيضانات مفاجئة", "en": "Flash flood"}
INTERIOR = {"ar": "وزارة الداخلية", "en": "Ministry of Interior"}
PLACES = tuple({"ar": ar, "en": en} for ar, en in (("دبي", "Dubai"), ("الفجيرة", "Fujairah")))
MANY = tuple({"ar": f"إمارة بعيدة {n}", "en": f"A distant emirate {n}"} for n in range(12))
AT = instants.parse("2026-04-16T16:40:00+04:00")
SCENE = Scene(FLOOD, INTERIOR, PLACES, AT, 240)
MARKER = "«تمرين – EXERCISE»"
PAGE = "https://gov.example/uae/W1.ar.html"
WHOLE = Whole("uae/W1", {"ar": PAGE, "en": PAGE})
LONG = {"ar": "ابتعدوا فورًا عن مجاري الأودية والسدود. " * 20, "en": "Keep away from wadis and dams at once. " * 20}


def worded(said: Said, scene: Scene = SCENE, whole: Whole = WHOLE) -> dict[str, dict[str, str]]:
    return {form: dict(each) for form, each in Story(said, scene, TEMPLATES, whole).worded().items()}


def test_a_warning_by_text_message_says_hazard_place_action_end_and_where_all_of_it_is() -> None:
    said = Said(Kind.PUBLIC_WARNING, parts={"action": "Leave the wadis"}, expires=AT + instants.minutes(60))

    assert (
        f"WARNING: Flash flood in Dubai and Fujairah - Leave the wadis - until 17:40 on 16 April - Full text: {PAGE}"
        == (worded(said)["sms"]["en"])
    )


def test_without_a_page_the_number_says_where_the_whole_text_is() -> None:
    found = worded(Said(Kind.ALL_CLEAR), whole=Whole("uae/W1", {}))

    assert found["sms"]["ar"].endswith("النص الكامل: رقم uae/W1")
    assert found["post"]["ar"].endswith("النص الكامل: رقم \u2068uae/W1\u2069")


@pytest.mark.parametrize("form", [form for form in LIMITS if form != "sign"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_cut_names_the_places_and_says_where_the_whole_is(form: str, language: str) -> None:
    text = worded(Said(Kind.PUBLIC_WARNING, text=LONG))[form][language]

    assert "…" in text
    assert text.endswith(PAGE)
    assert form == "push" or PLACES[1][language] in text


def test_what_an_author_wrote_is_not_cut_where_it_fits() -> None:
    text = worded(Said(Kind.PUBLIC_WARNING, text={"en": "Leave the wadis now."}))["push"]["en"]

    assert "Leave the wadis now." == text


def test_a_fact_stands_whole_or_not_at_all() -> None:
    facts: dict[str, bool | int | str] = {f"count_{n}": 1000 + n for n in range(30)}

    text = worded(Said(Kind.SITREP, facts=facts))["post"]["en"]

    said = text.partition(" – ")[2].partition("…")[0].split(" / ")
    assert said
    assert all(each == f"count {n}: {1000 + n}" for n, each in enumerate(said))


@pytest.mark.parametrize(
    ("number", "ar", "en"),
    [
        pytest.param(12, "12 إمارة", "12 emirates", id="many"),
        pytest.param(9, "9 إمارات", "9 emirates", id="few"),
    ],
)
def test_places_too_many_to_name_are_counted_in_the_plural_of_the_language(number: int, ar: str, en: str) -> None:
    found = worded(Said(Kind.PUBLIC_WARNING), Scene(FLOOD, INTERIOR, MANY[:number], AT, 240))

    assert f"تحذير: {FLOOD['ar']} في {ar} – " in found["post"]["ar"]
    assert f"WARNING: Flash flood in {en} – " in found["post"]["en"]


def test_a_language_that_has_no_known_plurals_counts_with_the_form_of_all_others() -> None:
    assert ("other", "two") == (_category(2, "zxx"), _category(2, "ar"))


@pytest.mark.rule("DR-2")
@pytest.mark.parametrize("kind", Kind)
def test_a_drill_is_marked_at_start_and_end_and_once_each(kind: Kind) -> None:
    drill = Scene(FLOOD, INTERIOR, PLACES, AT, 240, exercise=True)

    found = worded(Said(kind, text={"ar": f"{MARKER} نص {MARKER}"}), drill)

    for text in (text for each in found.values() for text in each.values()):
        assert (True, True, 2) == (text.startswith(MARKER), text.endswith(MARKER), text.count(MARKER))


@given(
    st.sampled_from(Kind),
    st.text("abc ٣حم،.😜🇮🇹\u064e\n\u2068\u2069", max_size=600),
    st.integers(0, 12),
    st.booleans(),
    st.booleans(),
)
def test_every_wording_of_every_kind_fits(kind: Kind, own: str, places: int, drill: bool, paged: bool) -> None:  # noqa: FBT001 they are drawn
    said = Said(kind, text={"ar": own, "en": own}, facts={"reason": own[:200] or "none"}, refs=("uae/W1",), expires=AT)

    found = worded(
        said, Scene(FLOOD, INTERIOR, MANY[:places], AT, 240, exercise=drill), WHOLE if paged else Whole("u/W", {})
    )

    for form, limit in LIMITS.items():
        for text in found[form].values():
            assert limit.measure(text) <= limit.most
            assert bidi.check(text) is None
            assert "…" not in text or (PAGE if paged else "u/W") in text


@given(st.text("حد\u064e 😜🇮🇹", max_size=300))
def test_both_languages_are_six_parts_of_a_text_message_at_the_most(own: str) -> None:
    found = worded(Said(Kind.PUBLIC_WARNING, text={"ar": own, "en": own}))["sms"]

    assert len(sms.parted(f"{found['ar']}\n\n{found['en']}").parts) <= 6


@pytest.mark.parametrize("form", [form for form, limit in LIMITS.items() if not limit.isolates])
def test_channels_that_cannot_show_isolates_get_none(form: str) -> None:
    text = worded(Said(Kind.PUBLIC_WARNING, text={"ar": "بيان \u2068WAM\u2069"}))[form]["ar"]

    assert bidi.plain(text) == text
