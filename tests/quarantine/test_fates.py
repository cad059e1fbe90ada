"""The quarantine as a tool: what is in it, what became of each row, and what leaves a trace."""

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.profiles.profile import load_profile
from assets.quarantine.fates import CORRECTED, DISCARDED, OPEN, ROW_FATE, counts, with_fates
from assets.quarantine.rows import (
    FILE_GONE,
    PASSED,
    discard,
    file_named,
    quarantined_rows,
    read_discarded,
    read_history,
    reasons,
    update_history,
)
from schemas import EXPORTS
from tests.driver import NIGHT, account, bring_up_to_date, deliver, details, ledger, set_profile
from tests.samples import row

MOBILE = "13800138000"


def profiled(installation, **changes) -> None:
    """A profile that takes a file of few rows whatever is wrong with them."""
    set_profile(installation, **({"refuse_above_rows": 9} | changes))


def bad_calls(installation) -> None:
    """Three calls, of which one has no id, one an unknown outcome, and a line too short."""
    profiled(installation)
    rows = [
        row("calls", call_id="1"),
        row("calls", call_id=""),
        row("calls", call_id="3", outcome="占线"),
    ]
    path = deliver(installation, "calls_20230105.csv", rows)
    deliver(installation, path.name, path.read_bytes() + b"4,x\n")


def give_up(installation, dataset="calls", reason="平台已停用", **chosen) -> int:
    rows = quarantined_rows(installation.warehouse, dataset).filter(**chosen)
    return discard(installation.warehouse, dataset, rows, reason=reason, who="op", at=NIGHT)


def became(installation, dataset="calls") -> list[tuple[int, str]]:
    return with_fates(installation.warehouse, dataset).select("line", ROW_FATE).rows()


def holds(installation) -> None:
    """The second account has the sums of the first, file by file."""
    for dataset in EXPORTS:
        second = counts(with_fates(installation.warehouse, dataset))
        total = second.select("delivery", n=pl.sum_horizontal(OPEN, CORRECTED, DISCARDED))
        first = account(installation).filter(pl.col("quarantined") > 0, dataset=dataset)
        assert sorted(total.rows()) == sorted(first.select("delivery", "quarantined").rows())
    total = pl.sum_horizontal("accepted", "quarantined", "duplicate", "superseded")
    assert account(installation).filter(pl.col("read") != total).height == 0


def test_what_is_quarantined_is_open_and_adds_up(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    rows = with_fates(installation.warehouse, "calls")
    assert rows.select("line", ROW_FATE, "key").rows() == [
        (3, OPEN, None),
        (4, OPEN, "3"),
        (5, OPEN, None),
    ]
    first = reasons(EXPORTS["calls"], rows["rules"][0].to_list(), rows["columns"][0].to_list())
    assert first == ["话单编号为空，请补填。"]
    holds(installation)


def test_a_later_file_with_the_same_key_corrects(installation):
    bad_calls(installation)
    deliver(installation, "calls_20230105_r1.csv", [row("calls", call_id="3")])
    bring_up_to_date(installation)
    assert became(installation) == [(3, OPEN), (4, CORRECTED), (5, OPEN)]
    by = with_fates(installation.warehouse, "calls").filter(line=4).select("by", "by_line").rows()
    later = ledger(installation, "calls").filter(path="calls_20230105_r1.csv")["delivery"].item()
    assert by == [(later, 2)]
    holds(installation)


def test_an_earlier_file_or_a_bad_row_corrects_nothing(installation):
    deliver(installation, "calls_20230104.csv", [row("calls", call_id="3")])
    deliver(installation, "calls_20230105.csv", [row("calls", call_id="3", outcome="占线")])
    deliver(installation, "calls_20230106.csv", [row("calls", call_id="3", outcome="忙")])
    bring_up_to_date(installation)
    assert became(installation) == [(2, OPEN), (2, OPEN)]
    holds(installation)


def test_a_discard_is_recorded_once_and_survives_another_reading(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    batch = ledger(installation, "calls")["batch"].item()
    assert give_up(installation, line=5, reason=f"话单 {MOBILE} 查无此人") == 1
    assert give_up(installation, line=5, reason="另一个理由") == 0
    (record,) = read_discarded(installation.warehouse, "calls").to_dicts()
    assert (record["who"], record["at"], record["line"]) == ("op", NIGHT, 5)
    assert MOBILE not in record["reason"]
    assert record["reason"].startswith("话单")
    profiled(installation, nulls=("--",))
    bring_up_to_date(installation)
    assert ledger(installation, "calls")["batch"].item() != batch
    assert became(installation) == [(3, OPEN), (4, OPEN), (5, DISCARDED)]
    holds(installation)


def test_a_discarded_row_that_is_corrected_later_is_corrected(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    give_up(installation, line=4)
    deliver(installation, "calls_20230105_r1.csv", [row("calls", call_id="3")])
    bring_up_to_date(installation)
    assert became(installation)[1] == (4, CORRECTED)
    assert read_discarded(installation.warehouse, "calls").height == 1


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 201])
def test_a_discard_needs_a_reason(installation, reason):
    bad_calls(installation)
    bring_up_to_date(installation)
    with pytest.raises(HotlineError, match="理由"):
        give_up(installation, reason=reason)
    assert not installation.warehouse.discarded("calls").exists()


def test_rows_that_broke_a_rule_against_other_files_count_too(installation):
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    changed = row("tickets", accepted_at="2023-01-05 08:06:00", updated_at="2023-01-06 09:00:00")
    deliver(installation, "tickets_20230106.csv", [changed])
    bring_up_to_date(installation)
    rows = with_fates(installation.warehouse, "tickets")
    assert rows.select("file", "line", "key", ROW_FATE).rows() == [
        ("tickets_20230106.csv", 2, "HZ20230105000001", OPEN)
    ]
    assert rows["rules"].to_list() == [["fixed_changed"]]
    holds(installation)
    deliver(
        installation, "tickets_20230107.csv", [row("tickets", updated_at="2023-01-07 09:00:00")]
    )
    bring_up_to_date(installation)
    assert became(installation, "tickets") == [(2, CORRECTED)]
    holds(installation)


def mapped(installation) -> None:
    """The profile learns the platform's word for a call that was given up."""
    datasets = load_profile("hanzhong").datasets
    calls = datasets["calls"].model_copy(update={"codes": {"outcome": {"占线": "接通"}}})
    profiled(installation, datasets=datasets | {"calls": calls})


def test_a_mapped_code_lets_rows_leave_with_a_trace(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    update_history(installation.warehouse, at=NIGHT)
    assert read_history(installation.warehouse, "calls")["left"].to_list() == [None] * 3
    mapped(installation)
    bring_up_to_date(installation)
    later = NIGHT.replace(day=2)
    update_history(installation.warehouse, at=later)
    assert [line for line, _ in became(installation)] == [3, 5]
    assert set(details(installation, "calls", "2023-01")["call_id"]) == {"1", "3"}
    gone = read_history(installation.warehouse, "calls").filter(pl.col("left").is_not_null())
    assert gone.select("line", "entered", "left", "how").rows() == [(4, NIGHT, later, PASSED)]
    assert gone["rules"].to_list() == [["code", "outcome_answered"]]
    before = installation.warehouse.quarantine_history("calls").stat().st_mtime_ns
    update_history(installation.warehouse, at=NIGHT.replace(day=3))
    assert installation.warehouse.quarantine_history("calls").stat().st_mtime_ns == before
    holds(installation)


def test_a_row_that_goes_with_its_file_is_not_said_to_have_passed(installation):
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    bad_calls(installation)
    bring_up_to_date(installation)
    update_history(installation.warehouse, at=NIGHT)
    profiled(installation, refuse_above_rows=0)
    bring_up_to_date(installation)
    update_history(installation.warehouse, at=NIGHT)
    assert read_history(installation.warehouse, "calls")["how"].to_list() == [FILE_GONE] * 3
    assert became(installation) == []


def test_records_are_private(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    give_up(installation)
    update_history(installation.warehouse, at=NIGHT)
    for path in (
        installation.warehouse.discarded("calls"),
        installation.warehouse.quarantine_history("calls"),
    ):
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_file_is_found_by_name_path_and_id(installation):
    for folder, number in (("a", MOBILE), ("b", "13900139000")):
        bad = row("calls", call_id=folder, outcome="?")
        name = f"{folder}/calls_20230105_{number}.csv"
        deliver(installation, name, [row("calls", call_id=folder), bad])
    deliver(installation, f"calls_20230106_{MOBILE}.csv", [row("calls"), row("calls", outcome="?")])
    bring_up_to_date(installation)
    rows = quarantined_rows(installation.warehouse, "calls")
    assert rows.height == 3
    ids = dict(rows.select("file", "delivery").iter_rows())
    for path in (f"a/calls_20230105_{MOBILE}.csv", "b/calls_20230105_13900139000.csv"):
        assert file_named(rows, path) == file_named(rows, ids[path]) == ids[path]
    with pytest.raises(HotlineError, match="有 2 个"):
        file_named(rows, "calls_20230105_▇.csv")
    with pytest.raises(HotlineError, match="没有文件") as caught:
        file_named(rows, f"calls_20230107_{MOBILE}.csv")
    assert MOBILE not in str(caught.value)
    assert file_named(rows, "calls_20230106_▇.csv") in ids.values()
