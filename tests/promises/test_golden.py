"""The golden year: sample exports, damaged in every known way, give the published figures."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.core.warehouse import Warehouse
from assets.deadlines import calendar
from assets.evaluation.comparison import compare
from assets.facts import percent
from assets.releases.checks import verify
from assets.sample import traces, write_exports
from assets.scoring.scorecards import scorecard
from pipelines.dagster_storage import EventLog
from schemas import FACTS
from tests.driver import bring_up_to_date, make_installation
from tests.recount import TABLES, recount

CUTOFF = datetime(2024, 1, 20)


def hotline(*words: str, landing: Path, warehouse: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does."""
    environment = os.environ | {
        "HOTLINE_LANDING": str(landing),
        "HOTLINE_WAREHOUSE": str(warehouse),
    }
    environment.pop("DAGSTER_HOME", None)
    return subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *words],
        env=environment,
        cwd=warehouse.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def damaged(tmp_path_factory) -> tuple[Path, Warehouse]:
    """The damaged year, taken by `hotline backfill` through Dagster."""
    folder = tmp_path_factory.mktemp("damaged")
    landing, root = folder / "landing", folder / "warehouse"
    write_exports(landing)
    # A year of daily reports is what `make demo` issues; a week of them is enough here.
    settings = "[reports]\nfirst_daily = 2023-12-25\nfirst_weekly = 2023-12-18\n"
    (folder / "hotline.toml").write_text(settings, encoding="utf-8")
    done = hotline("backfill", "2023-01", "2024-01", landing=landing, warehouse=root)
    assert done.returncode == 0, done.stdout + done.stderr
    return landing, Warehouse(root)


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> tuple[Path, Warehouse]:
    """The same year without damage, taken without Dagster."""
    installation = make_installation(tmp_path_factory.mktemp("clean"))
    write_exports(installation.landing, damaged=False)
    bring_up_to_date(installation)
    return installation.landing, installation.warehouse


def facts(warehouse: Warehouse, table: str) -> pl.DataFrame:
    """All months of a published table."""
    return pl.read_parquet(warehouse.current / FACTS[table].published_path("*"))


def of_2023(warehouse: Warehouse, table: str) -> pl.DataFrame:
    """The year's months of a published table."""
    return facts(warehouse, table).filter(pl.col("month").str.starts_with("2023"))


def test_every_printed_figure_is_reproduced_to_the_digit(damaged):
    tables = compare(facts(damaged[1], "kpi_monthly"))
    assert [each.number for each in tables] == ["4-4", "4-5", "4-6", "4-7", "4-8", "4-17", "4-19"]
    cells = [cell for each in tables for cell in each.cells]
    assert len(cells) == 220
    assert [cell for cell in cells if not cell.equal] == []


def test_reference_result_of_the_contract(damaged):
    calls, tickets = of_2023(damaged[1], "calls"), of_2023(damaged[1], "tickets")
    assert (calls["offered"].sum(), calls["answered"].sum()) == (199_133, 193_932)
    assert (tickets["accepted"].sum(), tickets["closed"].sum()) == (215_371, 215_364)
    still_open = (
        tickets.group_by("month")
        .agg(n=(pl.col("open_in_time") + pl.col("open_overdue")).sum())
        .filter(pl.col("n") > 0)
        .sort("month")
    )
    assert still_open.rows() == [
        ("2023-08", 1),
        ("2023-09", 1),
        ("2023-10", 2),
        ("2023-11", 1),
        ("2023-12", 2),
    ]
    assert percent(tickets["direct_answered"].sum(), tickets["accepted"].sum()) == "57.00"
    quality = of_2023(damaged[1], "quality")
    assert (quality["monitored"].sum(), quality["passed"].sum()) == (11_359, 10_889)
    knowledge = of_2023(damaged[1], "knowledge")
    assert knowledge["added"].sum() + knowledge["revised"].sum() == 1_541
    callbacks = of_2023(damaged[1], "callbacks")
    assert (callbacks["attempts"].sum(), callbacks["reached"].sum()) == (100_156, 77_230)
    satisfied = (
        callbacks.group_by("month")
        .agg((pl.col("satisfied") + pl.col("basically_satisfied")).sum())
        .sort("month")
    )
    assert satisfied["satisfied"].to_list() == [
        *(7695, 8329, 4502, 6010, 4443, 4683),
        *(7895, 7079, 6642, 5350, 7247, 7192),
    ]
    agents = of_2023(damaged[1], "staff").filter(position="话务员")
    assert agents["on_duty"].to_list() == [40] * 12


def test_survey_rows_stand(damaged):
    survey = pl.read_parquet(damaged[1].details("survey") / "2023.parquet")
    assert survey["response_id"].n_unique() == 58
    content = survey.filter(
        (pl.col("question") == 9) & pl.col("answer").is_in(["非常满意", "满意"])
    )
    assert content.height == 55


def test_the_scorecard_differs_from_the_printed_one_in_one_score(damaged):
    card = scorecard(damaged[1].current.resolve(), 2023)
    assert [(each.indicator, each.score, each.printed) for each in card.scores if each.differs] == [
        ("public_satisfaction", 7, 6.63)
    ]
    assert (card.total, card.printed, card.printed_annex, card.missing) == (89.7, 89.33, 88.33, ())
    marks = {each.indicator: each.score for each in card.scores}
    assert (marks["knowledge_timeliness"], marks["callback_rate"]) == (0.2, 0)


def test_reconciliation_finds_what_the_evaluation_contradicts_itself_in(damaged):
    path = damaged[1].current / "reconciliation" / "2023.parquet"
    rows = {
        (r["metric"], r["declared"]): (r["verdict"], r["computed"], r["display"])
        for r in pl.read_parquet(path).filter(period="2023").to_dicts()
    }
    for declared in (219_351, 239_345):
        assert rows["tickets_accepted", declared] == ("differs", 215_371, "215371")
    assert rows["tickets_accepted", 215_371][0] == "agrees"
    assert rows["answer_rate", 98.7][::2] == ("differs", "97.39")
    assert rows["answer_rate", 97.39][0] == "agrees"
    # The annex does not say which of the two it counted: it is neither.
    assert rows["callbacks_attempted", 76_754] == ("differs", 100_156, "100156")
    assert rows["callbacks_reached", 76_754] == ("differs", 77_230, "77230")


def test_damage_changes_no_fact(damaged, clean):
    tables = {path.name for path in (clean[1].current / "facts").iterdir()}
    for table in tables - {"data_quality", "kpi_monthly"}:
        paths = sorted((clean[1].current / "facts" / table).glob("*.parquet"))
        assert paths
        for path in paths:
            other = damaged[1].current / "facts" / table / path.name
            assert other.read_bytes() == path.read_bytes(), f"{table} {path.name}"


def test_an_independent_recount_agrees_cell_by_cell(clean):
    landing, warehouse = clean
    connection = recount(landing, cutoff=CUTOFF, working_days=calendar.BUILT_IN)
    compared = 0
    for table in TABLES:
        published = f"'{warehouse.current}/{FACTS[table].published_path('*')}'"
        columns = connection.execute(f"SELECT * FROM {table} LIMIT 0").description
        names = ", ".join(column[0] for column in columns)
        for one, other in ((table, published), (published, table)):
            missing = connection.execute(
                f"SELECT count(*) FROM (SELECT {names} FROM {one}"
                f" EXCEPT ALL SELECT {names} FROM {other})"
            ).fetchall()[0][0]
            assert missing == 0, f"{table}: {missing} rows of {one} are not in {other}"
        compared += duckdb.read_parquet(published.strip("'")).shape[0]
    assert compared > 100_000


def test_every_damaged_row_met_its_fate(damaged):
    landing, warehouse = damaged
    account = pl.read_parquet(warehouse.current / "files.parquet")
    total = pl.sum_horizontal("accepted", "quarantined", "duplicate", "superseded")
    assert account.filter(pl.col("read") != total).height == 0
    planted = traces(landing)
    expected = planted.group_by("outcome").agg(pl.col("rows").sum())
    rows = dict(expected.rows())
    assert account["quarantined"].sum() == rows["quarantined"]
    refused = planted.filter(outcome="refused")
    assert account.filter(state="refused").height == refused["path"].n_unique()
    rules = set(account.filter(state="refused")["rule"])
    assert rules == set(refused["rule"])


def test_every_planted_rule_is_among_the_reasons(damaged):
    landing, warehouse = damaged
    planted = traces(landing).filter((pl.col("outcome") == "quarantined") & (pl.col("rule") != ""))
    found = pl.concat(
        [
            pl.read_parquet(path)
            .select("file", pl.col("rules").alias("rule"))
            .explode("rule")
            .group_by("file", "rule")
            .agg(n=pl.len())
            for path in warehouse.root.glob("quarantine/*/*.parquet")
        ]
    )
    reasons = found.group_by("file", "rule").agg(pl.col("n").sum())
    wanted = (
        planted.filter(pl.col("rule") != "fixed_changed")
        .group_by(pl.col("path").alias("file"), "rule")
        .agg(pl.col("rows").sum())
    )
    short = wanted.join(reasons, on=["file", "rule"], how="left").filter(
        pl.col("n").fill_null(0) < pl.col("rows")
    )
    assert wanted.height > 500
    assert short.rows() == []


def test_the_release_verifies(damaged):
    verdicts = verify(damaged[1])
    assert all(each.passed for each in verdicts)
    assert sum(each.examined for each in verdicts) > 100_000


def test_a_second_run_has_nothing_to_do(damaged):
    landing, warehouse = damaged
    before = warehouse.current.readlink()
    again = hotline("run", landing=landing, warehouse=warehouse.root)
    assert again.returncode == 0
    assert "没有新的导出" in again.stdout
    assert warehouse.current.readlink() == before


def test_dagster_knows_what_arrived(damaged):
    import dagster as dg

    with dg.DagsterInstance.from_config(str(damaged[1].root / "dagster")) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        days = instance.get_materialized_partitions(dg.AssetKey(["exports", "calls"]))
        months = instance.get_materialized_partitions(dg.AssetKey(["facts", "tickets"]))
    assert len(days) == 365
    assert {f"2023-{month:02d}" for month in range(1, 13)} <= set(months)


def test_the_descriptor_names_every_file(damaged):
    current = damaged[1].current
    resources = json.loads((current / "datapackage.json").read_bytes())["resources"]
    found = {path.relative_to(current).as_posix() for path in current.rglob("*.parquet")}
    assert {each["path"] for each in resources} == found
    rows = {each["path"]: each["rows"] for each in resources}
    assert rows["facts/kpi_monthly/2023-05.parquet"] == 28
