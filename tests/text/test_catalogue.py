"""The message catalogue: complete, in step with the code, with every plural form of Arabic."""

from io import BytesIO
from pathlib import Path
from string import Formatter
from zipfile import ZipFile

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from crisis_bus.text import catalogue
from crisis_bus.text.catalogue import counted, said, word

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "crisis_bus" / "text" / "locale"
FORMS = ("zero", "one", "two", "few", "many", "other")
ARABIC = read_po(BytesIO(catalogue.content("ar") or b""), locale="ar")
MESSAGES = [message for message in ARABIC if message.id]
Key = tuple[str | None, object]


def _key(message: Message) -> Key:
    return message.context, message.id


def _template() -> set[Key]:
    with (LOCALE / "crisis_bus.pot").open("rb") as file:
        return {_key(message) for message in read_po(file) if message.id}


def _extracted() -> set[Key]:
    found = Catalog()
    rows = extract_from_dir(ROOT / "crisis_bus", keywords=catalogue.KEYWORDS)
    for _, _, message, _, context in rows:
        found.add(message if isinstance(message, str) else tuple(message), context=context)
    return {_key(message) for message in found if message.id}


def _texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def _named(message: Message) -> str:
    return _ids(message)[0]


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]


def test_the_template_is_what_the_code_says() -> None:
    assert _extracted() == _template()


def test_the_arabic_catalogue_has_every_message_and_no_other() -> None:
    assert _template() == {_key(message) for message in MESSAGES}
    assert [] == list(ARABIC.obsolete)


def test_no_message_is_empty_or_fuzzy() -> None:
    assert [] == [_named(m) for m in MESSAGES if m.fuzzy or not all(text.strip() for text in _texts(m))]


def test_a_counted_message_has_all_six_forms() -> None:
    assert [] == [_named(m) for m in MESSAGES if len(_texts(m)) != (6 if len(_ids(m)) > 1 else 1)]


def test_a_message_names_the_same_fields_in_both_languages() -> None:
    """The number may be written out, and where there is nothing to list the list may be left out."""
    wrong = []
    for message in MESSAGES:
        english = [_fields(text) - {"n"} for text in _ids(message)]
        arabic = [_fields(text) - {"n"} for text in _texts(message)]
        zero = arabic.pop(0) if len(arabic) > 1 else set()
        if {*map(frozenset, english), *map(frozenset, arabic)} != {frozenset(english[0])} or zero - english[0]:
            wrong.append(_named(message))

    assert [] == wrong


def test_few_many_and_other_say_the_number_where_english_does() -> None:
    counted_ones = [message for message in MESSAGES if len(_ids(message)) > 1]

    assert [] == [
        _named(m) for m in counted_ones if "n" in _fields(_ids(m)[1]) and not all("{n}" in t for t in _texts(m)[3:])
    ]


def test_an_arabic_message_is_arabic_with_arabic_punctuation() -> None:
    wrong = []
    for message in MESSAGES:
        outside = "".join(words for text in _texts(message) for words, _, _, _ in Formatter().parse(text))
        if set(outside) & set(";?,") or not any("\u0620" <= sign <= "\u064a" for sign in outside):
            wrong.append(_named(message))

    assert [] == wrong


def test_the_plural_rule_of_the_file_is_that_of_the_language() -> None:
    rule, forms = Locale("ar").plural_form, catalogue.translations("ar")

    assert 6 == ARABIC.num_plurals
    assert [FORMS.index(rule(n)) for n in range(1201)] == [forms.plural(n) for n in range(1201)]  # type: ignore[attr-defined] # set from the file


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "بعد أقل من دقيقة من", "out 0 minutes after"),
        (1, "بعد دقيقة واحدة من", "out 1 minute after"),
        (2, "بعد دقيقتين من", "out 2 minutes after"),
        (3, "بعد 3 دقائق من", "out 3 minutes after"),
        (11, "بعد 11 دقيقة من", "out 11 minutes after"),
        (100, "بعد 100 دقيقة من", "out 100 minutes after"),
        (103, "بعد 103 دقائق من", "out 103 minutes after"),
    ],
)
def test_minutes_take_the_right_form(count: int, arabic: str, english: str) -> None:
    message = counted(
        "minutes",
        "The first statement is out {n} minute after the report: in time, the limit was {target}",
        "The first statement is out {n} minutes after the report: in time, the limit was {target}",
    )
    both = message.both({"minutes": count})

    assert arabic in both.ar.format(n=count, target=15)
    assert english in both.en.format(n=count, target=15)


def test_one_word_has_a_translation_for_each_thing_that_it_is_said_of() -> None:
    incident, rumour = word("state of an incident", "Closed"), word("state of a rumour", "Closed")

    assert ("مغلق", "مغلقة") == (incident.of("ar"), rumour.of("ar"))


def test_what_nobody_has_translated_is_told_in_english() -> None:
    message = said("There is no such sentence")

    assert message.one == message.of("ar")


def test_the_catalogue_travels_in_the_wheel(tmp_path: Path) -> None:
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling builds the wheel")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])

    assert "crisis_bus/text/locale/ar/LC_MESSAGES/crisis_bus.po" in ZipFile(built).namelist()
