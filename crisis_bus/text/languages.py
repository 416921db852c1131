"""The two languages of everything that people read; Arabic first."""

from dataclasses import dataclass

from crisis_bus.domain.subscriptions import Language


@dataclass(frozen=True, slots=True)
class Both:
    """One sentence in both languages."""

    ar: str
    en: str

    def of(self, language: Language) -> str:
        """The sentence in one language."""
        return self.ar if language == "ar" else self.en

    def both(self) -> dict[Language, str]:
        """Both, by language."""
        return {"ar": self.ar, "en": self.en}

    def filled(self, **values: object) -> str:
        """Both for a terminal, English first, with the values in place."""
        return f"{self.en.format(**values)} · {self.ar.format(**values)}"
