"""From a published figure back to its rows: every KPI, counted again row by row."""

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.facts import Inputs
from assets.trace.figure import trace
from assets.trace.rows import KEY, locate_rows, rows_behind
from schemas.kpis import KPIS
from tests.driver import bring_up_to_date, deliver, make_installation
from tests.samples import FILE, row


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """One row of every dataset, further tickets and calls, a correction of one of them."""
    installation = make_installation(tmp_path_factory.mktemp("site"))
    for dataset in ("quality", "knowledge", "staff"):
        deliver(installation, f"{FILE[dataset]}.csv", [row(dataset)])
    lost = row("calls", call_id="C-lost", answered_at="", outcome="用户挂断")
    deliver(installation, "calls_20230105.csv", [row("calls"), row("calls", call_id="C2"), lost])
    closed = {"closed_at": "2023-01-06 08:00:00", "status": "已办结", "returns": "2"}
    deliver(installation, "tickets_20230105.csv", [row("tickets"), row("tickets", ticket_id="T2")])
    deliver(
        installation,
        "tickets_20230106.csv",
        [row("tickets", ticket_id="T2", updated_at="2023-01-06 08:00:00", **closed)],
    )
    again = row("callbacks", callback_id="HF2", result="未接通", satisfaction="")
    deliver(installation, "callbacks_20230106.csv", [row("callbacks"), again])
    bring_up_to_date(installation)
    return installation


@pytest.mark.parametrize("metric", [kpi.id for kpi in KPIS])
def test_the_rows_behind_a_figure_add_up_to_it(installation, metric):
    figure = trace(installation.warehouse, metric, "2023-01")
    inputs = Inputs(installation.warehouse)
    totals = [
        (figure.kpi.numerator, figure.numerator),
        (figure.kpi.denominator, figure.denominator),
    ]
    for total, published in totals:
        if total is None:
            continue
        behind = rows_behind(inputs, total, ["2023-01"])
        assert behind["count"].sum() == published
        found = locate_rows(inputs, total, behind)
        assert set(found[KEY]) == set(behind[KEY])
        assert set(found["delivery"]) <= set(figure.files["delivery"])


def test_a_ticket_is_traced_to_the_file_and_line_of_its_last_version(installation):
    figure = trace(installation.warehouse, "return_rate", "2023-01")
    assert (figure.numerator, figure.denominator, figure.display) == (1, 2, "50.00")
    inputs = Inputs(installation.warehouse)
    behind = rows_behind(inputs, figure.kpi.numerator, ["2023-01"])
    found = locate_rows(inputs, figure.kpi.numerator, behind).join(figure.files, on="delivery")
    day = pl.col("file").str.head(len("tickets_20230106"))
    assert found.select(KEY, day, "line").rows() == [("T2", "tickets_20230106", 2)]
    counted = dict(figure.files.select(day, "counted").rows())
    assert counted == {"tickets_20230105": 1, "tickets_20230106": 1}


def test_the_fact_files_are_named_with_their_sums_and_checksums(installation):
    figure = trace(installation.warehouse, "话务接通率", "2023")
    assert [(each.path, each.sums) for each in figure.facts] == [
        ("facts/calls/2023-01.parquet", {"answered": 2, "offered": 3})
    ]
    assert len(figure.facts[0].sha256) == 64


@pytest.mark.parametrize(
    ("metric", "period", "sentence"),
    [
        ("anwser_rate", "2023", "没有“anwser_rate”这个指标"),
        ("answer_rate", "2022", "没有 2022 的话务接通率"),
        ("answer_rate", "20", "您是不是要写 2023-01、2023"),
        ("answer_rate", "2023-01-05", "您是不是要写 2023-01"),
        ("knowledge_updates", "../x", "期间请写成"),
    ],
)
def test_what_cannot_be_traced_is_one_sentence(installation, metric, period, sentence):
    with pytest.raises(HotlineError, match=sentence):
        trace(installation.warehouse, metric, period)


def test_without_a_release_it_says_what_to_do(tmp_path):
    with pytest.raises(HotlineError, match="还没有发布过"):
        trace(make_installation(tmp_path).warehouse, "answer_rate", "2023")
