"""The Grafana dashboard as data: one row of panels a stage of the flow, whether the feed is alive first of all."""

from dataclasses import dataclass
from typing import Any

from crisis_bus.telemetry.labels import PROCESSES

_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
_GREEN_RED = ({"color": "red", "value": None}, {"color": "green", "value": 1})
_WIDTH = 24

_WAITING = ("sum(crisis_bus_waiting_messages)", "waiting")
_HELD = ("open_breakers", "paused_providers")
_ATTEMPT_P99 = "histogram_quantile(0.99, sum by (transport, le) (rate(crisis_bus_delivery_seconds_bucket[5m])))"


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: a title in both languages, queries with their legends, and how to draw them."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    height: int = 7
    alarm: float | None = None
    """From this value on it is red."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stage of the flow."""

    title: str
    panels: tuple[Panel, ...]


_READY = "max by (process) (crisis_bus_ready)"
_ALIVE = f"(min({_READY}) * (count({_READY}) >= bool {len(PROCESSES)})) or vector(0)"


def _age(stage: str) -> tuple[tuple[str, str], ...]:
    bucket = f'sum by (le) (rate(crisis_bus_event_age_seconds_bucket{{stage="{stage}"}}[5m]))'
    return tuple((f"histogram_quantile({q}, {bucket})", f"p{q * 100:.0f}") for q in (0.5, 0.99))


def _held(name: str) -> tuple[str, str]:
    return f"sum by (transport) (crisis_bus_{name})", f"{name} {{{{transport}}}}"


def _rate(metric: str, by: str, select: str = "") -> tuple[tuple[str, str], ...]:
    return ((f"sum by ({by}) (rate({metric}{select}[5m])) > 0", f"{{{{{by}}}}}"),)


def _told(metric: str, by: str, select: str) -> tuple[tuple[str, str], ...]:
    """Count what the journal tells: each reader of it tells the same, so the most is the truth."""
    return ((f"sum by ({by}) (max by ({by}, process) (increase({metric}{select}[1h]))) > 0", f"{{{{{by}}}}}"),)


ROWS = (
    Row(
        "Alive · الحياة",
        (
            Panel("FEED ALIVE · التغذية حيّة", ((_ALIVE, "feed"),), kind="stat", height=9, alarm=0),
            Panel(
                "Processes · العمليات",
                (("max by (process) (crisis_bus_ready) or vector(0)", "{{process}}"),),
                kind="stat",
                height=9,
                alarm=0,
            ),
            Panel(
                "Alerts · التنبيهات",
                (('sum by (alertname) (ALERTS{alertstate="firing", severity!="none"})', "{{alertname}}"),),
                kind="stat",
                height=9,
                alarm=1,
            ),
            Panel(
                "Versions · الإصدارات",
                (("count by (version) (crisis_bus_build_info)", "{{version}}"),),
                kind="stat",
                height=9,
            ),
        ),
    ),
    Row(
        "What runs · ما يجري الآن",
        (
            Panel(
                "Open incidents by grade · الحوادث المفتوحة حسب الدرجة",
                (('max by (grade, level) (crisis_bus_open_incidents{mode="real"})', "G{{grade}} L{{level}}"),),
                kind="bargauge",
            ),
            Panel(
                "Drills and rehearsals · التمارين",
                (
                    (
                        'sum by (mode) (max by (mode, grade, level) (crisis_bus_open_incidents{mode!="real"}))',
                        "{{mode}}",
                    ),
                ),
                kind="stat",
            ),
            Panel(
                "First statements, last hour · البيانات الأولى",
                _told("crisis_bus_first_statement_deadlines_total", "outcome", '{mode="real"}'),
                kind="stat",
            ),
            Panel(
                "Escalations, last hour · التصعيدات",
                _told("crisis_bus_escalations_total", "rule", '{mode="real"}'),
                kind="bargauge",
            ),
        ),
    ),
    Row(
        "Accept · الاستقبال",
        (
            Panel("Age at accept · العمر عند الاستقبال", _age("accept"), "s", alarm=1),
            Panel(
                "Commands accepted · الأوامر المقبولة", _rate("crisis_bus_commands_accepted_total", "command"), "cps"
            ),
            Panel("Reports · البلاغات", _rate("crisis_bus_reports_total", "outcome"), "cps"),
            Panel("Kept out · المرفوض دخولهم", _rate("crisis_bus_access_denials_total", "rule"), "cps"),
        ),
    ),
    Row(
        "Decide · القرار",
        (
            Panel("Age at decide · العمر عند القرار", _age("decide"), "s", alarm=2),
            Panel("Desk lag · تأخر المكتب", (("max(crisis_bus_desk_lag_seconds)", "seconds"),), "s", alarm=5),
            Panel(
                "Waiting · في الانتظار",
                (
                    ("sum(crisis_bus_desk_lag_records)", "commands"),
                    ("sum(crisis_bus_follower_lag_records)", "entries to follow"),
                ),
            ),
            Panel(
                "Decision time · زمن القرار",
                (("histogram_quantile(0.99, sum by (le) (rate(crisis_bus_decision_seconds_bucket[5m])))", "p99"),),
                "s",
            ),
            Panel("Decided, last hour · ما قُرر", _told("crisis_bus_commands_decided_total", "command", "")),
            Panel("Refused, last hour · ما رُفض", _told("crisis_bus_commands_refused_total", "reason", "")),
            Panel(
                "Journal · السجل",
                (("max by (process) (rate(crisis_bus_journal_entries_total[5m]))", "{{process}}"),),
                "cps",
            ),
            Panel(
                "Broken chain · سلسلة مكسورة",
                (('sum(crisis_bus_journal_skipped_total{reason="unchained"})', "records"),),
                kind="stat",
                alarm=1,
            ),
        ),
    ),
    Row(
        "Audit · التدقيق",
        (
            Panel(
                "ALL IS WELL · كل شيء سليم",
                (("max(crisis_bus_audit_alive) or vector(0)", "auditor"),),
                kind="stat",
                alarm=0,
            ),
            Panel(
                "Findings by rule · النتائج حسب القاعدة",
                (("max by (rule) (crisis_bus_audit_findings) > 0", "{{rule}}"),),
                kind="bargauge",
                alarm=1,
            ),
            Panel(
                "Auditor behind · تأخر المدقق",
                (
                    ("max(crisis_bus_audit_behind_seconds)", "behind the journal"),
                    ("max(crisis_bus_audit_entry_age_seconds)", "age of the last entry"),
                ),
                "s",
                alarm=30,
            ),
            Panel(
                "Checked and passed over, last hour · ما دُقق وما تُجوّز",
                (
                    ("max(increase(crisis_bus_audit_entries_total[1h]))", "checked"),
                    ("max by (reason) (increase(crisis_bus_audit_skipped_total[1h])) > 0", "{{reason}}"),
                ),
                kind="bargauge",
            ),
        ),
    ),
    Row("Dispatch · التوزيع", (Panel("Age at dispatch · العمر عند التوزيع", _age("dispatch"), "s", alarm=3),)),
    Row(
        "Deliver · التسليم",
        (
            Panel("Age at first delivery · العمر عند أول تسليم", _age("first_delivery"), "s", alarm=5),
            Panel(
                "Delivered · المُسلَّم",
                _rate("crisis_bus_deliveries_total", "transport", '{outcome=~"accepted|delivered"}'),
                "cps",
            ),
            Panel(
                "Failed for good · ما فشل نهائياً",
                (("transport:crisis_bus_deliveries_failed:ratio5m", "{{transport}}"),),
                "percentunit",
                alarm=0.01,
            ),
            Panel("Attempts · المحاولات", _rate("crisis_bus_deliveries_total", "outcome"), "cps"),
            Panel("Held back · المحجوز", (_WAITING, *map(_held, _HELD)), "short"),
            Panel(
                "Attempt time p99 · زمن المحاولة",
                ((_ATTEMPT_P99, "{{transport}}"),),
                "s",
                alarm=10,
            ),
            Panel(
                "Dead letters, last hour · رسائل ميتة",
                (("sum by (topic) (increase(crisis_bus_dead_letters_total[1h]))", "{{topic}}"),),
                kind="bargauge",
                alarm=1,
            ),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """Build what Grafana imports."""
    return {
        "uid": "crisis-bus",
        "title": "crisis_bus",
        "tags": ["crisis-bus"],
        "timezone": "browser",
        "schemaVersion": 39,
        "editable": False,
        "refresh": "5s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "panels": _numbered(_laid_out()),
    }


def _laid_out() -> list[dict[str, Any]]:
    drawn: list[dict[str, Any]] = []
    top = 0
    for row in ROWS:
        drawn.append(
            {"type": "row", "title": row.title, "collapsed": False, "panels": [], "gridPos": _at(0, top, _WIDTH, 1)}
        )
        top += 1
        for line in _lines(row.panels):
            width = _WIDTH // len(line)
            drawn += [_drawn(panel, _at(place * width, top, width, panel.height)) for place, panel in enumerate(line)]
            top += max(panel.height for panel in line)
    return drawn


def _lines(panels: tuple[Panel, ...]) -> list[tuple[Panel, ...]]:
    return [panels[start : start + 4] for start in range(0, len(panels), 4)]


def _at(x: int, y: int, w: int, h: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": w, "h": h}


def _numbered(panels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": number} | panel for number, panel in enumerate(panels, 1)]


def _drawn(panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    targets = [
        {"refId": chr(ord("A") + number), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
        for number, (expression, legend) in enumerate(panel.queries)
    ]
    defaults = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": _steps(panel)}}
    if panel.alarm == 0:
        defaults |= {
            "mappings": [{"type": "value", "options": {"0": {"text": "DEAD · متوقف"}, "1": {"text": "ALIVE · حي"}}}]
        }
    colour = {"colorMode": "background", "textMode": "value_and_name"} if panel.kind == "stat" else {}
    return {
        "type": panel.kind,
        "title": panel.title,
        "datasource": _SOURCE,
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": colour,
    }


def _steps(panel: Panel) -> list[dict[str, Any]]:
    if panel.alarm is None:
        return [{"color": "blue", "value": None}]
    if panel.alarm == 0:
        return list(_GREEN_RED)
    return [{"color": "green", "value": None}, {"color": "red", "value": panel.alarm}]
