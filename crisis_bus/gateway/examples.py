"""An example for every command, made from its model, so that no field can be forgotten."""

from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo

from crisis_bus.domain.commands import COMMANDS, Asked

_REQUIRED_ONLY = frozenset({"supersedes", "depicted", "priority", "originator", "embargo_until", "expires", "parts"})
"""Optional fields that would need another story."""

_SAMPLES: Mapping[str, Any] = {
    "id": "FLOOD-2026-04",
    "incident": "FLOOD-2026-04",
    "into": "FLOOD-2026-03",
    "type": "MET-FLOOD",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "emirates": ["AE-FU", "AE-SH"],
    "fatalities": 0,
    "injured": 3,
    "exercise": False,
    "topic": "MET",
    "next_of_kin_informed": True,
    "level": 3,
    "to": "MOI",
    "reason": "the road numbers are not confirmed yet",
    "facts": {"roads_closed": 4},
    "kind": "SITREP",
    "refs": ["S-1"],
    "answers": ["R-1"],
    "channels": ["APP_PUSH"],
    "marker": False,
    "names_victims": False,
    "text": {"ar": "أُغلقت أربع طرق في الفجيرة.", "en": "Four roads in Fujairah are closed."},
    "statement": "S-1",
    "key": "RELEASE",
    "outlet": "Example Daily",
    "source": "Example Daily",
    "government": False,
    "contradiction": "P-1",
    "rumour": "R-1",
    "claim": "the dam has broken",
    "reach": 12000,
    "harm": 3,
    "verdict": "FALSE",
    "channel": "SOCIAL",
    "entity": "NCM",
    "ref": "S-1",
    "owner": "MOHAP",
    "start": "2026-04-20T09:00:00+04:00",
    "audience": "residents of Fujairah",
    "notice_at": "2026-04-19T09:00:00+04:00",
    "initiative": "I-1",
}
_SPECIAL: Mapping[str, Mapping[str, Any]] = {
    "statement.draft": {"id": "S-2"},
    "statement.submit": {"id": "S-2"},
    "publication.observe": {"id": "P-1"},
    "rumour.log": {"id": "R-1"},
    "initiative.plan": {"id": "I-1", "kind": "CAMPAIGN"},
    "incident.close": {"outcome": "AAR_FILED"},
    "contradiction.resolve": {"outcome": "NO_CONFLICT"},
}


def data_of(command: type[Asked]) -> dict[str, Any]:
    """Example data of a command."""
    special = _SPECIAL.get(command.TYPE, {})
    wanted = {name: field for name, field in command.model_fields.items() if _shown(name, field)}
    return {name: special.get(name, _SAMPLES.get(name)) for name in wanted}


def _shown(name: str, field: FieldInfo) -> bool:
    return field.is_required() or name not in _REQUIRED_ONLY


def of_commands() -> dict[str, dict[str, Any]]:
    """OpenAPI examples by the name of the command."""
    examples = {
        name: {"summary": (command.__doc__ or "").strip(), "value": {"type": name, "data": data_of(command)}}
        for name, command in COMMANDS.items()
    }
    opening = {"type": "rehearsal.open", "space": "rehearsal-flood", "data": {"start": "2026-04-16T16:00:00+04:00"}}
    return examples | {"rehearsal.open": {"summary": "Make an empty space a rehearsal.", "value": opening}}


REPORT: Mapping[str, Any] = {
    "subject": "wadi-ham",
    "type": "MET-FLOOD",
    "severity": "Severe",
    "urgency": "Immediate",
    "certainty": "Observed",
    "emirates": ["AE-FU"],
    "injured": 3,
}
SUBSCRIPTION: Mapping[str, Any] = {
    "channel": "MEDIA_WIRE",
    "transport": "webhook",
    "address": "http://127.0.0.1:9000/hook",
    "languages": ["ar", "en"],
    "filter": {"min_grade": 2, "emirates": ["AE-FU"]},
}
PATCH: Mapping[str, Any] = {"paused": True}
CALLBACK: Mapping[str, Any] = {"id": "77-1", "status": "DELIVRD"}
CONTROL: Mapping[str, Any] = {"action": "pause", "target": "sms", "reason": "the carrier sends twice"}
LETTER_ACT: Mapping[str, Any] = {"action": "replay", "reason": "the template is mended"}
CHANNEL_TEST: Mapping[str, Any] = {"channels": ["GOV_INTERNAL"]}
