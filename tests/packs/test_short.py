"""Short wordings that are missing or too long are found when the pack is loaded, with their place."""

import shutil
from pathlib import Path

import pytest

from crisis_bus import packs
from crisis_bus.domain.forms import Forms
from crisis_bus.domain.policy_check import forms
from crisis_bus.domain.values import Kind
from crisis_bus.errors import PolicyError
from crisis_bus.text.compose import Said, Scene
from crisis_bus.text.forms import Templates
from crisis_bus.text.short import Story, Whole

SHORT = "templates/short.yaml"
LONG = "و" * 190


def broken(folder: Path, old: str, new: str) -> str:
    pack = folder / "pack"
    shutil.copytree(packs.SHIPPED / "uae", pack)
    text = (pack / SHORT).read_text(encoding="utf-8")
    assert old in text
    (pack / SHORT).write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(pack)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            'ar: "تحذير عام: {{ type }}',
            f'ar: "{LONG}{{{{ type }}}}',
            "short.yaml:20: short.forms.sms.PUBLIC_WARNING.ar: takes",
            id="too long",
        ),
        pytest.param(
            'ar: "{{ type }}{% if places %} في',
            f'ar: "{LONG}{{{{ type }}}}{{% if places %}} في',
            "short.forms.sms.ANY.ar: takes",
            id="too long for all that have none of their own",
        ),
        pytest.param(
            '    ANY:\n      ar: "{{ own or confirmed',
            '    SITREP:\n      ar: "{{ own or confirmed',
            "short.forms.push.PRESS_RELEASE.ar: is missing",
            id="missing, with none for ANY",
        ),
        pytest.param("  sign:\n", "  sing:\n", "short.forms.sing", id="a form that there is not"),
        pytest.param("{{ own or parts.action", "{{ own or parts.gone", "'gone' is undefined", id="an undefined part"),
        pytest.param("{{ own or confirmed", "{{ nobody or confirmed", "'nobody' is undefined", id="an undefined name"),
        pytest.param("{{ url or", "{{ uri or", "short.where.ar: line 1: 'uri' is undefined", id="an undefined address"),
        pytest.param(
            'other: "{n} emirates"', 'two: "{n} emirates"', "short.places.en.other: is missing", id="a plural"
        ),
        pytest.param('  en: "Full text', '  fr: "Full text', "short.where.en: is missing", id="a language"),
    ],
)
def test_what_does_not_fit_or_is_not_there_is_refused(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    pack = broken(tmp_path, old, new)

    with pytest.raises(PolicyError) as refused:
        packs.words(pack)

    assert sentence in str(refused.value)


def test_a_wording_that_is_too_long_is_told_with_its_units_and_the_limit_in_both_languages(tmp_path: Path) -> None:
    pack = broken(tmp_path, 'ar: "تحذير عام: {{ type }}', f'ar: "{LONG}{{{{ type }}}}')

    with pytest.raises(PolicyError, match=r"takes \d+ UCS-2 units .* at most 195 fit · الصيغة أطول من المسموح به: \d+"):
        packs.words(pack)


def test_a_longer_name_makes_a_wording_too_long(tmp_path: Path) -> None:
    shutil.copytree(packs.SHIPPED / "uae", tmp_path / "pack")
    file = tmp_path / "pack" / "incidents.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('en: "Flash flood"', f'en: "{"Flood " * 20}"'), encoding="utf-8"
    )

    with pytest.raises(PolicyError, match=r"short\.yaml:\d+: short\.forms\.sms\.ANY\.en: takes"):
        packs.words(str(tmp_path / "pack"))


def test_words_without_short_wordings_are_read_and_told_from_others_as_before() -> None:
    words = packs.words("uae")
    before = words.model_copy(update={"short": None})

    assert {"kinds", "labels"} == set(before.model_dump(mode="json"))
    assert "digits" not in before.model_dump(mode="json")["labels"]
    assert before == forms(before.model_dump(mode="json"), ("ar", "en"))
    assert words.digest != before.digest


def test_short_wordings_stand_in_what_is_kept_of_a_version() -> None:
    words = packs.words("uae")

    assert words == Forms.model_validate_json(words.model_dump_json())


def test_a_version_that_was_adopted_without_short_wordings_leaves_with_its_whole_text() -> None:
    words = packs.words("uae").model_copy(update={"short": None})
    name = {"ar": "سيول", "en": "Flood"}
    story = Story(
        Said(Kind.HOLDING), Scene(name, name, (), 0, 240), Templates.compiled(words, ("ar", "en")), Whole("uae/S", {})
    )

    assert {} == story.worded()
