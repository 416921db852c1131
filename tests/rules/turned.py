"""A version of the policy that differs from the pack in every place."""

from functools import cache
from typing import Any

from tests.rules.amending import policy


@cache
def turned() -> dict[str, Any]:
    """The pack with other offices, numbers, channels, owners and leads in every place."""
    own = policy().model_dump(mode="json", exclude_none=True)
    codes = [row["code"] for row in own["entities"]]
    other = {code: codes[(place + 20) % len(codes)] for place, code in enumerate(codes)}
    numbers = {name: value * 3 if isinstance(value, int) else value for name, value in own["numbers"].items()}
    numbers |= {"hot_marks": [10, 20, 100], "rumour_tiers": [5, 6], "rumour_high": 3, "rumour_medium": 1, "repeats": 1}
    levels = {"level_by_grade": {"1": 3}, "level_by_emirates": {"1": 3}, "level_by_deaths": {"1": 3}}
    sets = {name: list(reversed(channels))[:-1] or channels for name, channels in own["channel_sets"].items()}
    minutes_of = ("acknowledge", "spokesperson", "first_statement", "approval_key", "cadence", "aar_days")
    types = [
        {
            **row,
            "lead": other[row["lead"]],
            "supporting": [],
            "national_voice": other[row["national_voice"]],
            "base_level": 4 - row["base_level"],
            "first_statement": 200,
            "coord_always": not row["coord_always"],
            "extra_channels": ["WAM"],
        }
        for row in own["incident_types"]
    ]
    return {
        "entities": [row for row in own["entities"] if row["code"] != "MOTC"],
        "channels": [
            {**row, "reaches": "INTERNAL"} if row["code"] == "DIPLO" else row
            for row in own["channels"]
            if row["code"] != "HEALTH_NET"
        ],
        "offices": {role: other[code] for role, code in own["offices"].items()},
        "numbers": {**numbers, **levels},
        "grades": [{**row, **{name: row[name] + 100 for name in minutes_of}} for row in own["grades"]],
        "channel_sets": sets,
        "alternates": {name: list(reversed(names))[:1] for name, names in own["alternates"].items()},
        "originator_area": {other[code]: area for code, area in own["originator_area"].items()},
        "topic_owner": {topic: other[code] for topic, code in own["topic_owner"].items()},
        "topics_with_coordination": ["MET"],
        "rumour_due": {name: due + 7 for name, due in own["rumour_due"].items()},
        "levels": [{**row, "medium": "press", "languages": ["ku"]} for row in own["levels"]],
        "roster": [{**row, "on_rota": False, "media": ["press", "live_tv"]} for row in own["roster"]],
        "named_channels": dict.fromkeys(own["named_channels"], "CAP_FEED"),
        "emirates": [{**row, "media_office": own["emirates"][0]["media_office"]} for row in own["emirates"]],
        "languages": {"internal": ["en"], "public": ["ar"]},
        "rumour_types": ["MET-FLOOD"],
        "statement_parts": {kind: ["another"] for kind in own["statement_parts"]},
        "incident_types": types,
    }
