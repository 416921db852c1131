"""Who has to know: N-1 (`rules.md` §3.3, `scenario-format.md` §7, Notify)."""

import pytest

from tests.rules.playing import Data, Order, facts, only, override, report


def told_to(commands: list[Order]) -> list[str]:
    to: list[str] = only(facts(commands), "notify")[-1][2]["to"]
    return to


@pytest.mark.rule("N-1")
@pytest.mark.parametrize(
    ("kind", "data", "to"),
    [
        pytest.param("MET-WARN", {"emirates": ["AE-AZ"]}, ["NCM.duty", "GCO.desk"], id="level 1"),
        pytest.param("HLT-OUTBREAK", {}, ["MOHAP.duty", "GCO.desk", "NCEMA.ops"], id="the type always needs NCEMA"),
        pytest.param(
            "MET-FLOOD",
            {"emirates": ["AE-DU", "AE-AZ"], "exercise": True},
            [
                "EX:MOI.duty",
                "EX:GCO.desk",
                "EX:NCEMA.ops",
                "EX:NCM.liaison",
                "EX:FAACD.liaison",
                "EX:MOEI.liaison",
                "EX:MOE.liaison",
                "EX:ESE.liaison",
                "EX:MOHRE.liaison",
                "EX:LMO-AZ",
                "EX:LMO-DU",
            ],
            id="an exercise; media offices in the order of the tables",
        ),
        pytest.param(
            "CYB-GOV",
            {},
            ["CSC.duty", "GCO.desk", "NCEMA.ops", "TDRA.liaison", "MOI.liaison", "PP.liaison"],
            id="GCO has its desk and no liaison",
        ),
        pytest.param(
            "INF-FALSEALERT",
            {"emirates": ["AE"]},
            [
                "NCEMA.duty",
                "GCO.desk",
                "NCEMA.ops",
                "MOI.liaison",
                "TDRA.liaison",
                "LMO-AZ",
                "LMO-DU",
                "LMO-SH",
                "LMO-AJ",
                "LMO-UQ",
                "LMO-RK",
                "LMO-FU",
                "all-ministries.liaison",
                "leadership.brief",
            ],
            id="level 3, nationwide, led by NCEMA",
        ),
        pytest.param(
            "INF-DEEPFAKE",
            {},
            ["GCO.duty", "GCO.desk", "NCEMA.ops", "CSC.liaison", "NMA.liaison", "PP.liaison", "TDRA.liaison"],
            id="led by GCO: duty officer and desk",
        ),
    ],
)
def test_those_concerned_are_told(kind: str, data: Data, to: list[str]) -> None:
    assert to == told_to([report(kind=kind, **data)])


@pytest.mark.rule("N-1")
def test_a_media_office_that_leads_or_supports_is_told_once() -> None:
    transferred: list[Order] = [report(emirates=["AE-AZ", "AE-DU"])]
    transferred += [(1, "lead.transfer", "GCO.desk", {"incident": "I", "to": "LMO-AZ"})]
    transferred += [(2, "lead.transfer", "GCO.desk", {"incident": "I", "to": "LMO-DU"})]

    assert [
        *["LMO-DU.duty", "GCO.desk", "NCEMA.ops", "LMO-AZ.liaison", "MOI.liaison", "FAACD.liaison"],
        *[
            "MOHAP.liaison",
            "MOEI.liaison",
            "all-ministries.liaison",
            "leadership.brief",
        ],
    ] == told_to([*transferred, override(3, 3)])
