"""Why an alert is refused: a code for programs, and a sentence in both languages for people."""

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every reason there is."""

    TOO_LARGE = "TOO_LARGE"
    ENCODING = "ENCODING"
    DOCTYPE = "DOCTYPE"
    NOT_WELL_FORMED = "NOT_WELL_FORMED"
    NAMESPACE = "NAMESPACE"
    MISSING = "MISSING"
    REPEATED = "REPEATED"
    VALUE = "VALUE"
    CHARACTERS = "CHARACTERS"
    DATETIME = "DATETIME"
    REFERENCE_FORMAT = "REFERENCE_FORMAT"
    REFERENCES = "REFERENCES"
    NOT_ACTUAL = "NOT_ACTUAL"
    NOT_A_REPORT = "NOT_A_REPORT"
    NO_INFO = "NO_INFO"
    TOO_LONG = "TOO_LONG"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong: where, and what was found there."""

    code: Code
    where: str
    found: str = ""

    @property
    def ar(self) -> str:
        """The sentence in Arabic."""
        return _SENTENCES[self.code][0].format(where=self.where, found=self.found)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return _SENTENCES[self.code][1].format(where=self.where, found=self.found)


@dataclass(frozen=True, slots=True)
class CapRefused:
    """The answer to what is no alert that can be used; never empty."""

    defects: tuple[Defect, ...]


def refused(code: Code, where: str, found: str = "") -> CapRefused:
    """The refusal for one reason."""
    return CapRefused((Defect(code, where, found),))


_SENTENCES: dict[Code, tuple[str, str]] = {
    Code.TOO_LARGE: (
        "الرسالة أكبر من {found} بايت؛ أرسل المرفقات كروابط.",
        "The message is larger than {found} bytes; send attachments as links.",
    ),
    Code.ENCODING: (
        "ترميز النص «{found}» غير مقبول أو لا يطابق البايتات؛ استخدم UTF-8.",
        "The text is not in the encoding that it claims, or “{found}” is not accepted; use UTF-8.",
    ),
    Code.DOCTYPE: (
        "تحتوي الرسالة على DOCTYPE أو ENTITY، وهذا غير مسموح به؛ احذفه.",
        "The message has a DOCTYPE or an ENTITY, which is not allowed; remove it.",
    ),
    Code.NOT_WELL_FORMED: (
        "الرسالة ليست XML سليمة البنية: {found}",
        "The message is not well-formed XML: {found}",
    ),
    Code.NAMESPACE: (
        "العنصر الجذر «{found}» ليس alert من CAP 1.0 أو 1.1 أو 1.2.",
        "The root element “{found}” is not an alert of CAP 1.0, 1.1 or 1.2.",
    ),
    Code.MISSING: ("العنصر <{where}> مفقود أو فارغ.", "<{where}> is missing or empty."),
    Code.REPEATED: ("العنصر <{where}> مكرر؛ يُسمح به مرة واحدة.", "<{where}> appears more than once."),
    Code.VALUE: (
        "القيمة «{found}» في <{where}> ليست من قيم المعيار.",
        "“{found}” in <{where}> is not a value of the standard.",
    ),
    Code.CHARACTERS: (
        "<{where}> يحتوي على مسافة أو فاصلة أو < أو &: «{found}».",
        "<{where}> contains a space, a comma, < or &: “{found}”.",
    ),
    Code.DATETIME: (
        "الوقت «{found}» في <{where}> ليس على صيغة 2026-01-15T14:30:00+04:00.",
        "“{found}” in <{where}> is not a time such as 2026-01-15T14:30:00+04:00.",
    ),
    Code.REFERENCE_FORMAT: (
        "المرجع «{found}» ليس على صيغة sender,identifier,sent.",
        "The reference “{found}” is not sender,identifier,sent.",
    ),
    Code.REFERENCES: (
        "رسالة {found} لا تذكر في <{where}> التنبيه الذي تخصه.",
        "A message of type {found} does not say in <{where}> which alert it is about.",
    ),
    Code.NOT_ACTUAL: (
        "حالة التنبيه {found}؛ لا يُستورد إلا Actual و Exercise.",
        "The status of the alert is {found}; only Actual and Exercise are imported.",
    ),
    Code.NOT_A_REPORT: (
        "نوع الرسالة {found} لا يبلّغ عن حدث.",
        "A message of type {found} reports nothing that has happened.",
    ),
    Code.NO_INFO: (
        "لا يوجد <info>، فلا يُعرف ما الذي حدث.",
        "There is no <info>, so nobody can tell what has happened.",
    ),
    Code.TOO_LONG: (
        "<{where}> طويل جدا أو يحتوي على محارف تحكم.",
        "<{where}> is too long or contains control characters.",
    ),
}
