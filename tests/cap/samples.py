from pathlib import Path

import pytest

from crisis_bus.cap.alert import CapAlert
from crisis_bus.cap.defects import CapRefused
from crisis_bus.cap.reader import read

CORPUS = Path(__file__).parents[2].parent / "shared" / "cap"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the shared corpus of alerts is not at {CORPUS}")


def corpus(folder: str) -> list[Path]:
    return sorted((CORPUS / folder).iterdir()) if CORPUS.is_dir() else []


ALERT = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>AE-1</identifier><sender>ncm@uae.example</sender><sent>2026-04-16T16:40:00+04:00</sent>
  <status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
  <info>
    <language>ar-AE</language><category>Met</category><event>سيول</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
    <expires>2026-04-16T22:00:00+04:00</expires><headline>سيول &amp; أودية</headline>
    <area><areaDesc>الفجيرة</areaDesc><geocode><valueName>ISO 3166-2</valueName><value>AE-FU</value></geocode></area>
  </info>
</alert>"""


def read_text(text: str) -> CapAlert | CapRefused:
    return read(text.encode())


def accepted(text: str) -> CapAlert:
    alert = read_text(text)
    assert isinstance(alert, CapAlert), alert
    return alert
