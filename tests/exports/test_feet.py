"""Totals, notes and signatures: which lines of a table are no rows."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.exports.batch import Batch, ingest_files
from assets.exports.deliveries import Delivery
from assets.exports.sentences import (
    drift_sentences,
    merge_drift,
)
from assets.profiles import load_profile
from schemas import EXPORTS
from tests.samples import csv_line, header_line, row

CALLS = EXPORTS["calls"]
WIDTH = header_line("calls").count(",") + 1
TOTALS = [
    *("合计", "总计", "小计：", "合 计", "共40条", "共计 40 条记录", "本页小计", "总记录数：40"),
    *("Total", "(40 rows)"),
]
NOTES = [
    *("注：本表不含测试呼叫", "注1、不含测试", "备注：", "说明：以上为当日数据", "制表人：甲"),
    *("审核人:乙", "制表人 张三", "填报单位：12345中心", "打印时间：2023-01-05 18:00:00"),
    *("导出时间 2023-01-05", "数据来源：热线平台", "数据截至2023-01-05", "统计口径：按呼入时间"),
    *("以上数据不含测试呼叫", "第1页 共1页", "※ 内部资料", "单位负责人（签字）："),
    *("Note: test calls are left out", "Source: hotline platform", "Prepared by A. Li"),
    *("Printed on 2023-01-05", "Page 1 of 1", "End of report"),
]
FOLLOWING = [
    *("1. 不含测试", "（二）不含演练", "2、不含内部线路", "联系电话：0916-2222222"),
    "以当日二十四时为准",
]


def ingested(*contents: bytes, name: str = "calls_20230105.csv") -> Batch:
    """A batch of one file a content, in this order."""
    files = [
        Delivery(str(at), "calls", date(2023, 1, 5), name, f"{at:064}", len(content), 0, 0, "")
        for at, content in enumerate(contents)
    ]
    profile, how = load_profile("hanzhong"), {"key": "k", "built_with": "", "batch": "b"}
    return ingest_files(files, lambda file: contents[int(file.delivery)], CALLS, profile, **how)


def calls(*numbers: int) -> list[str]:
    rows = (row("calls", call_id=f"20230105{number:010}") for number in numbers)
    return [csv_line("calls", each) for each in rows]


def text(lines: list[str], end: str = "\n") -> bytes:
    return ("\n".join([header_line("calls"), *lines]) + end).encode()


def reasons(batch: Batch, file: int = 0) -> dict[str, int]:
    found = json.loads(batch.outcomes["detail"][file])
    return dict(found.get("ignored", {}))


def check_balance(batch: Batch, *lines: int) -> None:
    """Each file's rows add up to its lines, and what was read lies in rows or quarantine."""
    outcomes = batch.outcomes
    assert (outcomes["read"] + outcomes["ignored"]).to_list() == list(lines)
    assert outcomes["read"].sum() == batch.rows.height + batch.quarantine.height


def foot(said: str, form: str) -> str:
    cells = {
        "alone": said,
        "padded": said + "," * (WIDTH - 1),
        "in front": "," + said,
        "split": said.replace("：", "：,"),
        "with others": f"{said},,审核人：乙",
        "quoted": f'"{said}"',
    }
    return cells[form]


@pytest.mark.parametrize("end", ["", "\n", "\n\n,,,\n"])
@pytest.mark.parametrize(
    "form", ["alone", "padded", "in front", "split", "with others", "quoted"]
)  # fmt: skip
def test_each_kind_of_foot_is_ignored_and_counted(form: str, end: str) -> None:
    said = [*TOTALS, *NOTES]
    bodies = [[*calls(2 * at, 2 * at + 1), foot(each, form)] for at, each in enumerate(said)]
    batch = ingested(*(text(body, end) for body in bodies))
    assert (batch.rows.height, batch.quarantine.height) == (2 * len(said), 0)
    for at, each in enumerate(said):
        found = {name: count for name, count in reasons(batch, at).items() if name != "blank"}
        assert found == {"totals" if each in TOTALS else "note": 1}, each
    check_balance(batch, *[4 + max(end.count("\n") - 1, 0)] * len(said))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*TOTALS, *NOTES]),
            st.sampled_from(["alone", "padded", "split", "quoted"]),
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.sampled_from([*FOLLOWING, "", ","]), max_size=3),
    st.integers(0, 3),
)
@settings(max_examples=25, deadline=None)
def test_feet_in_any_order(feet: list[tuple[str, str]], following: list[str], rows: int) -> None:
    body = [*calls(*range(rows)), *(foot(*each) for each in feet), *following]
    content = text(body)
    batch = ingested(content)
    assert (batch.rows.height, batch.quarantine.height) == (rows, 0)
    found = reasons(batch)
    blank = sum(not each.strip(",") for each in following)
    assert found.get("blank", 0) == blank
    assert found["totals" if feet[0][0] in TOTALS else "note"] >= 1
    assert sum(found.values()) == len(body) - rows
    check_balance(batch, len(list(csv.reader(io.StringIO(content.decode())))))


def test_a_row_with_its_key_is_a_row_whatever_its_first_cell_says() -> None:
    names = header_line("calls").split(",")
    at = [column.name for column in CALLS.columns].index("line")
    order = [at, *(each for each in range(WIDTH) if each != at)]
    contents = []
    for number, said in enumerate([*TOTALS, *NOTES]):
        first, cells = (each.split(",") for each in calls(2 * number, 2 * number + 1))
        cells[at] = said
        lines = [",".join(line[each] for each in order) for line in (names, first, cells)]
        contents.append(("\n".join(lines) + "\n").encode())
    batch = ingested(*contents)
    assert set(batch.outcomes["read"]) == {2}
    assert all(reasons(batch, number) == {} for number in range(len(contents)))


def test_a_broken_row_at_the_end_is_no_foot() -> None:
    broken = [
        *("202301050000000041", "202301050000000041,13800000000"),
        *("市民反映路灯不亮", "路灯,不亮"),
    ]
    batch = ingested(*(text([*calls(at), each]) for at, each in enumerate(broken)))
    assert batch.quarantine["raw"].to_list() == broken
    assert all(reasons(batch, at) == {} for at in range(len(broken)))


def test_what_may_be_a_part_of_a_note_is_none_without_one() -> None:
    batch = ingested(*(text([*calls(at), line]) for at, line in enumerate(FOLLOWING)))
    assert batch.quarantine["raw"].to_list() == FOLLOWING


def test_a_note_above_rows_is_quarantined_and_totals_are_not() -> None:
    batch = ingested(text([*calls(1), "小计,1", "注：甲班", *calls(2), "合计,2"]))
    assert batch.rows.height == 2
    assert batch.quarantine["raw"].to_list() == ["注：甲班"]
    assert reasons(batch) == {"totals": 2}
    check_balance(batch, 6)


def test_a_row_whose_bytes_are_damaged_is_no_foot() -> None:
    content = text(calls(1, 2)) + "注：".encode() + b"\xff\n"
    batch = ingested(content)
    assert batch.quarantine["rules"].to_list() == [["encoding"]]


def test_a_row_whose_key_is_called_total_is_none() -> None:
    whole = calls(1, 2)[1].split(",")
    batch = ingested(text([*calls(1), ",".join(["合计", *whole[1:]]), *calls(2)]))
    assert (batch.rows.height, batch.quarantine.height) == (2, 0)
    assert reasons(batch) == {"totals": 1}


def test_a_workbook_has_the_same_feet() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        feet = ["合计,2", "注：不含测试", "制表人：甲,,审核人：乙"]
        for at, line in enumerate([header_line("calls"), *calls(1, 2), *feet]):
            sheet.write_row(at, 0, line.split(","))
    batch = ingested(book.getvalue(), name="calls_20230105.xlsx")
    assert (batch.rows.height, batch.quarantine.height) == (2, 0)
    assert reasons(batch) == {"totals": 1, "note": 2}
    check_balance(batch, 6)


def test_status_says_what_was_no_row() -> None:
    batch = ingested(text([*calls(1), "合计,1", "注：甲", "制表人：乙"]))
    assert drift_sentences(merge_drift(batch.outcomes["detail"])) == [
        "表中不是数据的行：合计 1 行、说明和签名 2 行（未读取，已计数）"
    ]


def test_an_independent_reader_counts_the_same_rows(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    feet = ["合计,40,,,,,,,", "注：本表不含测试呼叫", "制表人：甲,,审核人：乙"]
    path.write_bytes(text([*calls(*range(40)), *feet], ""))
    query = "SELECT count(呼入时间) FROM read_csv(?, all_varchar = true, null_padding = true)"
    # A connection of its own: the shared one stays busy until a result is fetched to its end.
    with duckdb.connect() as connection:
        counted = connection.execute(query, [str(path)]).fetchone()
    batch = ingested(path.read_bytes())
    assert counted == (batch.rows.height,) == (40,)
    assert reasons(batch) == {"totals": 1, "note": 2}
