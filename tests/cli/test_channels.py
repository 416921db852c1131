"""`crisis-bus channels`: the table in a terminal."""

import json
from typing import Any

from crisis_bus.channels import table


def test_all_kinds_are_listed_for_programs(cli: Any) -> None:
    ran = cli("channels", "list", "--format", "json")

    told = json.loads(ran.out)
    assert sorted(table.ROWS) == [row["kind"] for row in told]
    assert list(table.HEADS) == list(told[0])


def test_people_get_a_table(cli: Any) -> None:
    ran = cli("channels", "list")

    assert (0, "") == (ran.code, ran.err)
    assert "a 2xx answer" in ran.out
