"""The sample exports: volumes to the digit, rules obeyed, every kind of damage, the same bytes.

Recounted from the written files with plain Polars, without anything of the pipeline.
"""

import unicodedata
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import polars as pl
import pytest

from assets.sample import is_complete, traces, write_exports
from assets.sample.damage import damage_year
from assets.sample.damage.registry import KINDS
from assets.sample.sheets import Form, csv_bytes, cut_into_sheets
from assets.sample.volumes import load_volumes
from assets.sample.workbook import workbook_bytes
from assets.sample.year import DAILY_TIMES, make_year
from schemas import EXPORTS
from schemas.fields import Kind, Protection
from schemas.file_rules import FILE_RULES
from schemas.table import ExportTable, rule_sentences
from schemas.wall_clock import TIME_ZONE

VOLUMES = load_volumes()
MONTHS = [f"2023-{month:02}" for month in range(1, 13)]
DONE = ("已办结", "已并单")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("clean")
    assert write_exports(landing, damaged=False) == 4 * 365 + 384 + 12 + 3
    return landing


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("damaged")
    told: list[tuple[int, int]] = []
    number = write_exports(landing, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (number, number)
    return landing


def read(landing: Path, table: ExportTable) -> pl.DataFrame:
    titles = {column.title: column.name for column in table.columns}
    frames = []
    for path in sorted(landing.glob(f"{table.name}_*.csv")):
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8")
        assert frame.columns == list(titles)
        frames.append(frame.with_columns(__date=pl.lit(path.stem.partition("_")[2])))
    return pl.concat(frames).rename(titles)


@pytest.fixture(scope="module")
def exports(clean: Path) -> dict[str, pl.DataFrame]:
    return {name: read(clean, table) for name, table in EXPORTS.items()}


@pytest.fixture(scope="module")
def versions(exports: dict[str, pl.DataFrame]) -> pl.DataFrame:
    times = [c.name for c in EXPORTS["tickets"].columns if c.kind is Kind.TIMESTAMP]
    return exports["tickets"].with_columns(
        pl.col(times).str.to_datetime("%Y-%m-%d %H:%M:%S").dt.replace_time_zone(TIME_ZONE),
        pl.col("returns").cast(pl.Int64),
    )


@pytest.fixture(scope="module")
def tickets(versions: pl.DataFrame) -> pl.DataFrame:
    return versions.sort("updated_at").unique("ticket_id", keep="last", maintain_order=True)


def monthly(rows: pl.DataFrame, time: str) -> list[int]:
    text = pl.col(time) if rows[time].dtype == pl.String else pl.col(time).dt.strftime("%Y-%m")
    counts = dict(rows.group_by(text.str.slice(0, 7)).len().rows())
    assert counts.keys() <= set(MONTHS)
    return [counts.get(month, 0) for month in MONTHS]


def test_calls_per_month(exports: dict[str, pl.DataFrame]) -> None:
    calls = exports["calls"]
    offered = calls.filter(pl.col("outcome") != "测试")
    assert monthly(offered, "offered_at") == list(VOLUMES.calls_offered)
    answered = offered.filter(pl.col("answered_at").is_not_null())
    assert monthly(answered, "offered_at") == list(VOLUMES.calls_answered)
    assert (answered["outcome"] == "接通").all()
    assert calls["call_id"].is_unique().all()
    assert calls["call_id"].str.contains("^[0-9]{18}$").all()


def test_calls_look_like_a_hotline(exports: dict[str, pl.DataFrame]) -> None:
    form = "%Y-%m-%d %H:%M:%S"
    calls = exports["calls"].with_columns(
        pl.col("offered_at", "answered_at", "ended_at").str.to_datetime(form)
    )
    answered = calls.filter(pl.col("outcome") == "接通")
    hour = pl.col("offered_at").dt.hour()
    assert answered["offered_at"].dt.date().n_unique() == 365
    by_hour = dict(answered.group_by(hour).len().rows())
    assert len(by_hour) == 24
    assert min(by_hour[9], by_hour[15]) > 10 * max(by_hour[hour] for hour in range(1, 6))
    assert (calls["ended_at"] - calls["offered_at"]).max().total_seconds() < 6 * 3600
    wait = (answered["answered_at"] - answered["offered_at"]).dt.total_seconds()
    assert wait.min() == 0
    assert 0.75 < (wait <= 15).mean() < 0.95
    lost = calls.filter(pl.col("outcome") != "测试").select(
        peak=(pl.col("outcome") != "接通").filter(hour.is_between(8, 10)).mean(),
        evening=(pl.col("outcome") != "接通").filter(hour.is_between(18, 22)).mean(),
    )
    assert lost["peak"][0] > 1.5 * lost["evening"][0]
    assert set(answered["agent_id"]) == {f"{number:04}" for number in range(1, 41)}


def test_inspections(exports: dict[str, pl.DataFrame]) -> None:
    quality = exports["quality"]
    assert monthly(quality, "inspected_at") == list(VOLUMES.calls_monitored)
    passed = quality.filter(pl.col("passed") == "是")
    assert monthly(passed, "inspected_at") == list(VOLUMES.calls_monitored_passed)
    joined = quality.join(exports["calls"], on="call_id")
    assert joined.height == quality.height
    assert (joined["outcome"] == "接通").all()
    assert (joined["inspected_at"] >= joined["answered_at"]).all()
    assert quality["score"].cast(pl.Int64).is_between(0, 100).all()


def test_knowledge(exports: dict[str, pl.DataFrame]) -> None:
    knowledge = exports["knowledge"]
    updates = knowledge.filter(pl.col("action") != "作废")
    assert monthly(updates, "updated_at") == list(VOLUMES.knowledge_updates)
    assert knowledge.height > updates.height
    assert knowledge.select(pl.struct("article_id", "updated_at").is_unique().all()).item()


def test_callbacks(exports: dict[str, pl.DataFrame], tickets: pl.DataFrame) -> None:
    callbacks = exports["callbacks"]
    assert monthly(callbacks, "called_at") == list(VOLUMES.callbacks_attempted)
    reached = callbacks.filter(pl.col("result") == "接通")
    assert monthly(reached, "called_at") == list(VOLUMES.callbacks_reached)
    satisfied = callbacks.filter(pl.col("satisfaction").is_in(["满意", "基本满意"]))
    assert monthly(satisfied, "called_at") == list(VOLUMES.callbacks_satisfied)
    assert callbacks.filter(pl.col("result") != "接通")["satisfaction"].is_null().all()
    joined = callbacks.join(tickets, on="ticket_id")
    assert joined.height == callbacks.height
    called = joined["called_at"].str.to_datetime("%Y-%m-%d %H:%M:%S")
    assert (called.dt.replace_time_zone(TIME_ZONE) > joined["closed_at"]).all()


def test_tickets_per_month(tickets: pl.DataFrame) -> None:
    accepted = tickets.filter(pl.col("status") != "已作废")
    assert accepted.height < tickets.height
    assert monthly(accepted, "accepted_at") == list(VOLUMES.tickets_accepted)
    closed = accepted.filter(pl.col("closed_at").is_not_null())
    assert monthly(closed, "accepted_at") == list(VOLUMES.tickets_closed)
    assert (accepted["handling"] == "直接答复").sum() == 122_761
    dispatched = accepted.filter(pl.col("handling") == "转办")
    assert dispatched.filter(pl.col("returns") > 0).height == 676
    assert round(676 / dispatched.height * 100, 2) == 0.73
    assert not (tickets["category"] == "热线服务态度").any()
    assert 0.02 < tickets["sector"].is_not_null().mean() < 0.04


def due_days(days: pl.Series, working_days: int) -> pl.Series:
    """The so many-th working day after each day."""
    due = {}
    for day in days.unique():
        left, at = working_days, day
        while left:
            at += timedelta(1)
            left -= chinese_calendar.is_workday(at)
        due[day] = at
    return days.replace_strict(due, return_dtype=pl.Date)


def with_deadline(tickets: pl.DataFrame) -> pl.DataFrame:
    """The deadline rule of FACTS.md, section 2, written down once more."""
    days = tickets["accepted_at"].dt.date()
    assert days.min() == date(2023, 1, 1)
    end = pl.duration(hours=23, minutes=59, seconds=59)
    frame = tickets.with_columns(short=due_days(days, 3), long=due_days(days, 5))
    usual = (pl.when(pl.col("ticket_type") == "咨询").then("short").otherwise("long")).cast(
        pl.Datetime("us")
    ).dt.replace_time_zone(TIME_ZONE) + end
    urgent = pl.col("accepted_at") + pl.duration(hours=2)
    deadline = pl.max_horizontal(
        pl.when(pl.col("urgency") == "突发").then(urgent).otherwise(usual), "extended_to"
    )
    return frame.with_columns(deadline=pl.when(pl.col("handling") == "转办").then(deadline))


def test_tickets_are_closed_in_time(tickets: pl.DataFrame) -> None:
    due = with_deadline(tickets)
    assert not due.filter(pl.col("closed_at") > pl.col("deadline")).height
    last_change = tickets["updated_at"].max()
    still_open = due.filter(pl.col("status").is_in(["受理", "办理中", "退回"]))
    assert monthly(still_open, "accepted_at") == [0] * 7 + [1, 1, 2, 1, 2]
    assert (still_open["deadline"] < last_change).all()
    extended = due.filter(pl.col("extended_to").is_not_null())
    assert extended.height > 500


def test_ticket_versions_obey_the_rules(versions: pl.DataFrame) -> None:
    status, handling = pl.col("status"), pl.col("handling")
    direct = handling == "直接答复"
    order = pl.col("accepted_at") <= pl.col("dispatched_at")
    rules = {
        "file": pl.col("updated_at").dt.strftime("%Y%m%d") == pl.col("__date"),
        "closed": status.is_in(DONE) == pl.col("closed_at").is_not_null(),
        "unit": direct == pl.col("unit").is_null(),
        "dispatched": ~(direct & pl.col("dispatched_at").is_not_null()),
        "merged": (status == "已并单") == pl.col("merged_into").is_not_null(),
        "order": order & (pl.col("dispatched_at") <= pl.col("closed_at")),
        "answered": pl.col("accepted_at") <= pl.col("closed_at"),
        "extended": pl.col("accepted_at") <= pl.col("extended_to"),
        "known": pl.col("closed_at") <= pl.col("updated_at"),
        "later": pl.col("accepted_at") <= pl.col("updated_at"),
        "returned": (status == "退回").not_() | (pl.col("returns") > 0),
        "phone": (pl.col("channel") == "电话") == pl.col("call_id").is_not_null(),
    }
    broken = versions.select((~rule).sum().alias(name) for name, rule in rules.items())
    assert broken.row(0) == (0,) * len(rules), broken
    assert not versions.select(pl.struct("ticket_id", "__date").is_duplicated().any()).item()
    fixed = versions.group_by("ticket_id").agg(pl.col("accepted_at", "handling").n_unique())
    assert fixed.select(pl.col("accepted_at", "handling").max()).row(0) == (1, 1)
    first = versions.sort("updated_at").unique("ticket_id", keep="first")
    assert (first["__date"] == first["accepted_at"].dt.strftime("%Y%m%d")).all()


def test_tickets_refer_to_what_exists(
    tickets: pl.DataFrame, exports: dict[str, pl.DataFrame]
) -> None:
    calls = exports["calls"].filter(pl.col("outcome") == "接通")
    by_phone = tickets.drop_nulls("call_id")
    assert by_phone["call_id"].is_unique().all()
    assert by_phone.join(calls, on="call_id", how="anti").is_empty()
    merged = tickets.filter(pl.col("status") == "已并单").select(ticket_id="merged_into")
    assert merged.height > 300
    hosts = merged.join(tickets, on="ticket_id")
    assert hosts.height == merged.height
    assert not hosts["status"].is_in(["已并单", "已作废"]).any()


def test_yearly_and_monthly_forms(exports: dict[str, pl.DataFrame]) -> None:
    staff = exports["staff"].filter(pl.col("on_duty") == "是")
    on_duty = staff.group_by("month", "position").len().sort("month", "position")
    assert sorted(on_duty["month"].unique()) == MONTHS
    for position, number in (("话务员", 40), ("后台", 8), ("管理", 4)):
        assert on_duty.filter(pl.col("position") == position)["len"].to_list() == [number] * 12
    assessed = (
        staff.filter(pl.col("assessment") != "未考评")
        .group_by("month")
        .agg((pl.col("assessment") != "不合格").mean())
    )
    assert assessed["assessment"].min() > 0.9
    assert set(exports["staff"]["on_duty"]) == {"是", "否"}
    assert set(exports["staff"]["assessment"]) == {"优秀", "合格", "不合格", "未考评"}
    survey = exports["survey"]
    assert survey.height == 58 * 9
    counts = {(int(q), a): n for q, a, n in survey.group_by("question", "answer").len().rows()}
    assert counts == {
        (question, answer): number
        for question, answers in VOLUMES.survey.items()
        for answer, number in answers.items()
    }
    declared = exports["declared"]
    figures = declared.filter(pl.col("metric") == "tickets_accepted")["value"].cast(pl.Float64)
    assert sorted(figures) == [215_371, 219_351, 239_345]
    assert exports["annual"].filter(pl.col("item") == "得分")["value"].cast(pl.Float64).sum() > 0


def test_every_day_has_a_file_and_every_row_its_day(exports: dict[str, pl.DataFrame]) -> None:
    for name, time in DAILY_TIMES.items():
        digits = pl.col(time).str.slice(0, 10).str.replace_all("-", "")
        assert exports[name].select((digits == pl.col("__date")).all()).item(), name


def test_texts_are_what_nfkc_makes_of_them(exports: dict[str, pl.DataFrame]) -> None:
    for name, table in EXPORTS.items():
        for column in table.columns:
            if column.kind is Kind.TEXT and column.protection is Protection.NONE:
                for text in exports[name][column.name].unique().drop_nulls():
                    assert unicodedata.normalize("NFKC", text) == text
                    assert "?" not in text


def test_every_kind_of_damage_occurs(damaged: Path) -> None:
    done = traces(damaged)
    assert set(done["kind"]) == set(KINDS)
    assert done.filter(pl.col("outcome") != "refused")["rows"].min() > 0
    paths = done.filter(pl.col("path") != "")["path"].unique()
    assert not [path for path in paths if not (damaged / path).is_file()]
    known = {rule for table in EXPORTS.values() for rule, _ in rule_sentences(table)}
    named = set(done["rule"]) - {""}
    assert named <= known | set(FILE_RULES)


def test_no_file_holds_so_much_damage_that_it_is_refused(damaged: Path) -> None:
    sheets, _ = damage_year(make_year(2023, VOLUMES), VOLUMES)
    bad = 0
    for sheet in sheets:
        rows = sheet.rows.height
        assert sheet.bad_lines <= (2 if rows < 60 else 0.03 * rows), sheet.path
        bad += sheet.bad_lines
    total = sum(sheet.rows.height for sheet in sheets)
    assert 0.003 < bad / total < 0.01
    # The same seed gives the same bytes, in every form and encoding.
    seen = set()
    for sheet in sheets:
        sort = (sheet.form, sheet.encoding, sheet.line_end, sheet.dataset)
        if sort not in seen and sheet.content is None:
            seen.add(sort)
            is_book = sheet.form is Form.EXCEL
            content = workbook_bytes(sheet) if is_book else csv_bytes(sheet, sheet.encoding)
            assert content == (damaged / sheet.path).read_bytes(), sheet.path
    assert len(seen) > 20


def test_another_seed_gives_another_year_of_the_same_volumes(clean: Path) -> None:
    year = make_year(7, VOLUMES)
    sheets = {sheet.path: sheet for sheet in cut_into_sheets(year, VOLUMES)}
    for name in ("calls_20230310.csv", "tickets_20230310.csv", "staff_202305.csv"):
        assert csv_bytes(sheets[name], "utf-8") != (clean / name).read_bytes()
    offered = year.rows["calls"].filter(pl.col("outcome") != "测试")
    assert monthly(offered, "offered_at") == list(VOLUMES.calls_offered)
    assert monthly(year.rows["callbacks"], "called_at") == list(VOLUMES.callbacks_attempted)


def test_a_crash_leaves_no_half_file_and_no_marker(tmp_path: Path, clean: Path) -> None:
    # An earlier sample is removed first, and nothing else.
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".sample.json").write_text('{"files": ["old.csv"]}')
    assert is_complete(tmp_path)

    def crash(done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_exports(tmp_path, damaged=False, progress=crash)
    assert not is_complete(tmp_path)
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == [*[f"calls_202301{day:02}.csv" for day in range(1, 21)], "notes.txt"]
    for name in written[:-1]:
        assert (tmp_path / name).read_bytes() == (clean / name).read_bytes()
    assert is_complete(clean)
    assert traces(clean).is_empty()
