"""What other systems read has the words that they asked for, and no others."""

import json

from crisis_bus.channels.event import bulletin_data
from tests.channels.samples import bulletin


def test_a_receiver_gets_the_words_of_its_languages_only() -> None:
    short = {"sms": {"ar": "تحذير", "en": "WARNING"}, "sign": {"ar": "خطر", "en": "DANGER"}}

    told = json.loads(bulletin_data(bulletin(forms=short), ("en",)))

    assert {"sms": {"en": "WARNING"}, "sign": {"en": "DANGER"}} == told["forms"]
    assert {"en"} == set(told["text"]) == set(told["headline"])
