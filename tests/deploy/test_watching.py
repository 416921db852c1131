"""What watches the system is right: rules, dashboard, and every name in them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import Counter, Histogram

from crisis_bus.telemetry.__main__ import generated
from crisis_bus.telemetry.dashboard import dashboard
from crisis_bus.telemetry.labels import ESCALATIONS, PROCESSES
from crisis_bus.telemetry.metrics import TABLE

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
TARGET: dict[str, set[str] | None] = {"job": {"crisis-bus"}, "process": set(PROCESSES), "instance": None}
"""What Prometheus adds to each series when it scrapes; None allows any value."""
ALERTS: dict[str, set[str] | None] = {"alertname": None, "alertstate": {"firing", "pending"}}
Labels = dict[str, set[str] | None]


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "rules.yaml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> list[tuple[str, str]]:
    ours = [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]
    drawn = [(panel["title"], target["expr"]) for panel in panels() for target in panel["targets"]]
    return ours + drawn


def known() -> dict[str, Labels]:
    """Series → label → its values, as the registry, the recording rules and Prometheus itself have them."""
    found: dict[str, Labels] = {"ALERTS": ALERTS | {"severity": {"page", "ticket", "none"}}}
    for kind, spec in TABLE.values():
        closed: Labels = {label: {*values, "other"} for label, values in spec.labels.items()}
        labels = closed | TARGET
        found[spec.name] = labels
        if kind is Histogram:
            series: dict[str, Labels] = {
                f"{spec.name}_bucket": labels | {"le": None},
                f"{spec.name}_count": labels,
                f"{spec.name}_sum": labels,
            }
            found |= series
    for rule in rules():
        if "record" in rule:
            label = rule["record"].split(":")[0]
            found[rule["record"]] = {label: next(labels[label] for labels in found.values() if label in labels)}
    return found


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for name in ("expr", "lhs", "rhs", "vector_selector", "param"):
        child = getattr(node, name, None)
        if child is not None and not isinstance(child, str | int | float):
            yield from nodes(child)
    for child in getattr(node, "args", None) or ():
        yield from nodes(child)


def selectors(expression: str) -> list[Any]:
    found = [node for node in nodes(promql_parser.parse(expression)) if isinstance(node, promql_parser.VectorSelector)]
    assert len(set(re.findall(r"crisis_bus_\w+|ALERTS", expression))) <= len(found), (
        f"not every selector was seen: {expression}"
    )
    return found


def wrong(expression: str) -> list[str]:
    """What an expression names that does not exist: series, labels, values of labels."""
    bad = []
    for selector in selectors(expression):
        labels = known().get(selector.name)
        if labels is None:
            bad.append(selector.name)
            continue
        for matcher in selector.matchers.matchers:
            values = labels.get(matcher.name, set())
            asked = set(matcher.value.split("|"))
            if values is not None and not asked <= values:
                bad.append(f"{selector.name}: {matcher.name}={matcher.value}")
    return bad


def grouped(expression: str) -> set[str]:
    return {name for found in re.findall(r"by \(([^)]*)\)", expression) for name in re.split(r",\s*", found)}


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("promtool") or "/usr/bin/promtool"
    if not Path(found).exists():
        pytest.fail("promtool is missing: `make test` installs it with Debian's package `prometheus`")
    return subprocess.run([found, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("where", "expression"), [pytest.param(*each, id=each[0]) for each in expressions()])
def test_every_name_in_an_expression_exists(where: str, expression: str) -> None:
    allowed = {label for selector in selectors(expression) for label in known().get(selector.name, {})}

    assert ([], set()) == (wrong(expression), grouped(expression) - allowed), where


@pytest.mark.parametrize(
    "expression",
    [
        "crisis_bus_no_such_total",
        'rate(crisis_bus_deliveries_total{outcome="lost"}[5m])',
        'sum(crisis_bus_deliveries_total{incident="I1"})',
        'absent(crisis_bus_ready{process="kitchen"}) or vector(0)',
        'a_recorded:rule > 1 and on () crisis_bus_ready{job="other"}',
        "histogram_quantile(0.9, sum by (le) (rate(crisis_bus_deliveries_bucket[5m])))",
    ],
)
def test_a_name_that_does_not_exist_is_found(expression: str) -> None:
    assert wrong(expression)


def test_an_expression_that_is_none_does_not_parse() -> None:
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        selectors("sum by (le (crisis_bus_ready)")


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_speaks_arabic_and_english_and_says_what_to_do(rule: dict[str, Any]) -> None:
    told = rule["annotations"]

    assert {"summary", "summary_ar", "runbook"} == told.keys()
    assert re.search("[\u0600-\u06ff]", told["summary_ar"])
    assert [] == [name for name in ("summary", "runbook") if not told[name].endswith(".")]
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}


def test_what_an_alert_says_of_a_label_is_a_label_it_has() -> None:
    odd = [
        (rule["alert"], label)
        for rule in alerts()
        for label in re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values()))
        if f"({label})" not in rule["expr"] and f"({label}, le)" not in rule["expr"] and f"{label}=" not in rule["expr"]
        if f"{label}:" not in rule["expr"]
    ]

    assert [] == odd


def test_every_process_is_missed_and_every_alert_is_tried_out() -> None:
    dead = next(rule["expr"] for rule in alerts() if rule["alert"] == "CrisisBusFeedDead")
    tried = (PROMETHEUS / "rules_test.yaml").read_text(encoding="utf-8")

    assert [] == [process for process in PROCESSES if f'process="{process}"' not in dead]
    assert [] == [rule["alert"] for rule in alerts() if f'alertname="{rule["alert"]}"' not in tried]


def test_alerts_about_people_are_about_what_is_real() -> None:
    about_people = [rule for rule in alerts() if "escalations" in rule["expr"] or "deadlines" in rule["expr"]]

    assert 5 == len(about_people)
    assert [] == [rule["alert"] for rule in about_people if 'mode="real"' not in rule["expr"]]


def test_prometheus_scrapes_every_process() -> None:
    settings = yaml.safe_load((PROMETHEUS / "prometheus.yaml").read_text(encoding="utf-8"))

    (job,) = settings["scrape_configs"]
    assert PROCESSES == tuple(each["labels"]["process"] for each in job["static_configs"])
    assert "crisis-bus" == job["job_name"]
    assert all(target.startswith("127.0.0.1:") for each in job["static_configs"] for target in each["targets"])


def test_every_metric_is_on_the_dashboard() -> None:
    shown = " ".join(expression for title, expression in expressions())

    assert [] == [spec.name for _, spec in TABLE.values() if spec.name not in shown]


def test_the_first_pixel_says_whether_the_feed_is_alive() -> None:
    first = min(panels(), key=lambda panel: (panel["gridPos"]["y"], panel["gridPos"]["x"]))

    assert "FEED ALIVE · التغذية حيّة" == first["title"]
    assert "stat" == first["type"]


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    every = dashboard()["panels"]
    places = [each["gridPos"] for each in every]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(every) == len({panel["id"] for panel in every})
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("name", ["grafana/crisis-bus.json", "README.md"])
def test_what_is_generated_is_fresh(name: str) -> None:
    files = generated((DEPLOY / "README.md").read_text(encoding="utf-8"))

    assert files[name] == (DEPLOY / name).read_text(encoding="utf-8"), "run: python -m crisis_bus.telemetry deploy"


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    read = json.loads((DEPLOY / "grafana" / "crisis-bus.json").read_text(encoding="utf-8"))

    assert ("crisis-bus", 39) == (read["uid"], read["schemaVersion"])
    assert {"row", "stat", "timeseries", "bargauge"} == {panel["type"] for panel in read["panels"]}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"),
        ("check", "config", "--lint=all", "--lint-fatal", "prometheus.yaml"),
        ("test", "rules", "rules_test.yaml"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_agrees(arguments: tuple[str, ...]) -> None:
    said = promtool(*arguments)

    assert 0 == said.returncode, said.stdout + said.stderr


def test_every_escalation_that_the_rules_name_exists() -> None:
    named = set(re.findall(r"ESC-\d\d[a-c]?", (PROMETHEUS / "rules.yaml").read_text(encoding="utf-8")))

    assert named <= set(ESCALATIONS)


def test_counters_are_read_as_rates_and_never_as_they_stand() -> None:
    totals = [spec.name for kind, spec in TABLE.values() if kind is Counter]
    bare = [
        (where, name)
        for where, expression in expressions()
        for name in totals
        if re.search(rf"{name}(?!\S*\[)(?:{{[^}}]*}})?(?!\[|\w|{{)", expression)
    ]

    assert {"crisis_bus_journal_skipped_total"} == {name for _, name in bare}
