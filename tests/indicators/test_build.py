"""Indicator inputs and reconciliation: from a small installation, figures checked by hand."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.core.report_ledger import SCHEMA
from assets.indicators.reconcile import agrees
from assets.indicators.scheme import FOLDER, load_scheme, scheme_of
from assets.scoring.scorecards import scorecard
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, deliver, make_installation
from tests.samples import row

YEAR = 2023


def published(installation, table: str) -> pl.DataFrame:
    return pl.read_parquet(installation.warehouse.current / table / f"{YEAR}.parquet")


def indicator(installation, name: str) -> dict:
    found = published(installation, "indicators").filter(indicator=name).to_dicts()
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """Two days of calls and tickets, a form, a survey and declared figures."""
    installation = make_installation(tmp_path_factory.mktemp("site"))
    for day in ("2023-01-05", "2023-01-06"):
        calls = [
            row(
                "calls",
                call_id=f"{day}-{n}",
                offered_at=f"{day} 08:00:0{n}",
                answered_at=f"{day} 08:00:10",
                ended_at=f"{day} 08:03:10",
            )
            for n in range(4)
        ]
        calls += [
            row(
                "calls",
                call_id=f"{day}-lost",
                offered_at=f"{day} 09:00:00",
                answered_at="",
                ended_at=f"{day} 09:00:20",
                outcome="用户挂断",
            )
        ]
        deliver(installation, f"calls_{day.replace('-', '')}.csv", calls)
    late = {
        "closed_at": "2023-02-01 08:00:00",
        "status": "已办结",
        "updated_at": "2023-02-01 08:00:00",
    }
    tickets = [
        row("tickets", ticket_id="T1", **late),
        row("tickets", ticket_id="T2", ticket_type="咨询", **late),
        row("tickets", ticket_id="T3", urgency="突发", **late),
        row("tickets", ticket_id="T4", category="热线服务态度", channel="省级平台", **late),
        row("tickets", ticket_id="T5", category="热线服务态度", **late),
        row(
            "tickets",
            ticket_id="T6",
            closed_at="2023-01-06 08:00:00",
            status="已办结",
            updated_at="2023-01-06 08:00:00",
        ),
    ]
    deliver(installation, "tickets_20230201.csv", tickets)
    deliver(
        installation,
        "annual_2023.csv",
        [
            row("annual"),
            row("annual", indicator="budget_execution", item="实际支出资金", value="250"),
            row("annual", indicator="budget_execution", item="实际到位资金", value="256"),
            row("annual", indicator="agent_seats", item="计划席位", value="2", unit="个"),
            row("annual", indicator="awareness_rate", item="群众知晓率", value="0.18", unit="比值"),
        ],
    )
    deliver(installation, "staff_202301.csv", [row("staff")])
    deliver(
        installation,
        "survey_2023.csv",
        [
            row("survey", response_id=f"D{n}", answer=answer)
            for n, answer in enumerate(["满意", "非常满意", "一般"])
        ],
    )
    deliver(
        installation,
        "declared_2023.csv",
        [
            row("declared", metric="answer_rate", value="80"),
            row("declared", metric="answer_rate", value="100", source="扣除用户挂断"),
            row("declared", metric="answer_rate", value="98.7", source="附件3"),
            row("declared", period="2023-01", metric="calls_offered", value="10", source="表"),
            row("declared", period="2022", metric="knowledge_updates", value="7", source="旧表"),
        ],
    )
    bring_up_to_date(installation)
    return installation


def test_every_indicator_of_the_scheme_has_one_row(installation):
    rows = published(installation, "indicators").sort("position")
    scheme = scheme_of(YEAR)
    assert rows["indicator"].to_list() == [each.id for each in scheme.indicator]
    assert rows.height == 32
    assert rows["weight"].sum() == 100
    assert rows["alternative_weight"].sum() == 100


def test_a_kpi_is_sum_over_sum_with_its_months(installation):
    rate = indicator(installation, "answer_rate")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (8, 10, 80)
    assert (rate["display"], rate["unit"], rate["target"], rate["met"]) == ("80.00", "%", 95, False)
    assert rate["monthly"] == [{"month": "2023-01", "numerator": 8, "denominator": 10, "value": 80}]
    assert rate["status"] == "partial"  # one month of twelve
    assert "接通数÷话务量" in rate["evidence"]


def test_the_other_base_of_a_printed_table_stands_in_the_evidence(installation):
    assert "办结数÷接单数" in indicator(installation, "close_rate")["evidence"]


def test_late_replies_are_counted_by_kind_of_request(installation):
    found = indicator(installation, "reply_timeliness")
    assert [(p["part"], p["numerator"]) for p in found["parts"]] == [
        ("咨询", 1),
        ("诉求", 3),
        ("突发", 1),
    ]
    assert found["numerator"] == 5


def test_complaints_from_the_province_are_apart(installation):
    found = indicator(installation, "service_complaints")
    assert [(p["part"], p["numerator"]) for p in found["parts"]] == [
        ("市级渠道", 1),
        ("省级渠道", 1),
    ]


def test_gaps_in_service_are_counted_and_named(installation):
    found = indicator(installation, "continuous_service")
    parts = {p["part"]: (p["numerator"], p["denominator"]) for p in found["parts"]}
    assert parts == {"全年每天": (2, 365), "每天24小时": (1, 24)}
    assert "01-01" in found["evidence"]
    assert "0时" in found["evidence"]


def test_categories_without_a_ticket_are_counted_and_named(installation):
    found = indicator(installation, "coverage")
    assert found["numerator"] == len(scheme_of(YEAR).categories) - 1  # 城乡建设 has tickets
    assert "乡村振兴" in found["evidence"]


def test_declared_and_judged_figures_come_from_the_form(installation):
    budget = indicator(installation, "budget_execution")
    assert (budget["kind"], budget["display"], budget["status"]) == (
        "declared",
        "97.66",
        "complete",
    )
    clarity = indicator(installation, "goal_clarity")
    assert (clarity["kind"], clarity["value"], clarity["evidence"]) == ("judged", 2, "绩效目标表")
    seats = indicator(installation, "agent_seats")
    assert (seats["numerator"], seats["denominator"]) == (1, 2)


def test_what_is_not_there_is_missing_by_name_and_never_zero(installation):
    for name in ("budget_basis", "merged_lines", "report_timeliness", "knowledge_timeliness"):
        found = indicator(installation, name)
        assert (found["status"], found["value"], found["display"]) == ("missing", None, "—"), name
        assert found["numerator"] is None
    assert "得分" in indicator(installation, "budget_basis")["evidence"]


def test_the_survey_counts_the_content(installation):
    found = indicator(installation, "public_satisfaction")
    assert (found["numerator"], found["denominator"], found["display"]) == (2, 3, "66.67")


def test_reconciliation_says_what_agrees_and_which_base_gives_the_rest(installation):
    rows = {
        (r["metric"], r["source"]): r for r in published(installation, "reconciliation").to_dicts()
    }
    assert rows["answer_rate", "附件3"]["verdict"] == "differs"
    assert rows["answer_rate", "附件3"]["difference"] == pytest.approx(18.7)
    assert rows["answer_rate", "附件3"]["reproduced_by"] == ""
    without = rows["answer_rate", "扣除用户挂断"]
    assert without["verdict"] == "differs"
    assert "接通数÷（话务量－用户挂断）" in without["reproduced_by"]
    month = rows["calls_offered", "表"]
    assert (month["verdict"], month["computed"], month["relative"]) == ("agrees", 10, 0)


def test_a_figure_of_a_period_without_facts_cannot_be_computed(installation):
    rows = pl.read_parquet(installation.warehouse.current / "reconciliation" / "2022.parquet")
    assert rows.select("verdict", "computed", "display").rows() == [
        ("cannot be computed", None, "—")
    ]


@pytest.mark.parametrize(
    ("declared", "value", "display", "same"),
    [
        (97.39, 97.3882, "97.39", True),
        (57.0, 57.0017, "57.00", True),
        (99.99, 99.9967, "99.99", True),  # the display rule, not plain rounding
        (100.0, 99.9967, "99.99", True),  # whole percents: 100 is how 99.9967 is rounded
        (98.7, 97.3882, "97.39", False),
        (215371.0, 215371.0, "215371", True),
        (215371.0, 215372.0, "215372", False),
        (5.0, None, "—", False),
    ],
)
def test_agreement_is_at_the_precision_of_the_declared_figure(declared, value, display, same):
    assert agrees(declared, value, display) is same


def test_the_next_night_builds_nothing_anew_until_an_input_changes(tmp_path):
    from assets.facts.build import FactsPlan
    from assets.indicators.plan import YEARLY, IndicatorsPlan

    installation = make_installation(tmp_path)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)

    def stale() -> list[str]:
        plan = IndicatorsPlan(installation.warehouse, FactsPlan(installation.warehouse))
        return [table for table in YEARLY for _ in plan.stale(table)]

    assert stale() == []
    ledger = installation.warehouse.root / "ledger" / "reports.parquet"
    due = datetime(2023, 1, 4, tzinfo=ZoneInfo(TIME_ZONE)).date()
    issues = {
        "kind": ["weekly", "weekly", "daily", "monthly"],
        "period": ["2023-01-02", "2023-01-09", "2023-01-01", "2023-01"],
        "due": [due, datetime(2030, 1, 1).date(), due, due],
        "in_time": [False, False, False, False],
        "backfilled": [False, False, False, True],
    }
    rows = pl.DataFrame(issues).select(
        pl.col(name) if name in issues else pl.lit(None, kind).alias(name)
        for name, kind in SCHEMA.items()
    )
    rows.write_parquet(ledger)
    assert stale() == ["indicators"]
    bring_up_to_date(installation)
    found = indicator(installation, "report_timeliness")
    # Not the one that is due after the cutoff, not the daily one, not the backfilled one.
    assert (found["numerator"], found["status"]) == (1, "complete")
    assert "weekly 2023-01-02" in found["evidence"]


def test_a_scheme_holds_until_a_newer_one_begins(tmp_path):
    assert scheme_of(2022) is None
    assert scheme_of(2023) == scheme_of(2030)
    for year in (2023, 2025):
        text = (FOLDER / "2023.toml").read_text(encoding="utf-8")
        (tmp_path / f"{year}.toml").write_text(
            text.replace("year = 2023", f"year = {year}"), encoding="utf-8"
        )
    assert [scheme_of(year, tmp_path).year for year in (2024, 2025, 2026)] == [2023, 2025, 2025]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weight = 7", "weight = 8", "权重合计 101，应为 100"),
        ('id = "goal_clarity"', 'id = "goal_reasonableness"', "重复"),
        ('kpi = "answer_rate"', 'kpi = "anwser_rate"', "anwser_rate"),
        ('measure = "coverage"', 'measure = "covrage"', "covrage"),
        ('type = "months", step = 0.2', 'type = "months"', "缺少"),
        ("year = 2023", "year =", "不是有效的 TOML"),
        ("year = 2023", "yaer = 2023", "year"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_one_sentence(tmp_path: Path, old, new, sentence):
    text = (FOLDER / "2023.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "2023.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HotlineError, match=sentence):
        load_scheme(path)


def test_a_rate_over_nothing_is_missing(tmp_path):
    installation = make_installation(tmp_path)
    test_call = row("calls", outcome="测试")
    deliver(installation, "calls_20230105.csv", [test_call])
    bring_up_to_date(installation)
    found = indicator(installation, "answer_rate")
    assert (found["status"], found["value"], found["display"]) == ("missing", None, "—")
    assert scorecard(installation.warehouse.current.resolve(), YEAR).missing
