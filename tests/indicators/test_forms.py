"""The yearly form: what it asks for, what it refuses, and its way back as an export."""

import io
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import python_calamine
import xlsxwriter

from assets.core.errors import HotlineError
from assets.indicators.forms import annual_form, check_form, missing_entries
from assets.indicators.inputs import FormItem
from assets.indicators.scheme import entries, scheme_of
from schemas import FACTS
from tests.driver import bring_up_to_date, deliver, make_installation
from tests.samples import row

YEAR = 2023
CREATED = datetime(2024, 1, 10)


def blank(filled=None, last_year=None) -> bytes:
    wanted = missing_entries(scheme_of(YEAR), filled or {})
    schema = {column.name: column.polars_type for column in FACTS["indicators"].columns}
    return annual_form(YEAR, wanted, last_year or {}, pl.DataFrame(schema=schema), created=CREATED)


def cells(book: bytes) -> list[list[object]]:
    return python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()


def filled_in(path: Path, changes: dict[int, dict[str, object]] | None = None) -> Path:
    """The blank form as an office fills it in: every figure 1, rows changed by their number."""
    rows = cells(blank())
    titles = rows[2]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("年度填报")
        for number, line in enumerate(rows, 1):
            own = dict(zip(titles, line, strict=True))
            if number > 3:
                own |= {"数值": 1, "依据": "合同"} | (changes or {}).get(number, {})
            for column, cell in enumerate(own.values() if number > 3 else line):
                page.write(number - 1, column, cell)
    return path


def check(path: Path, installation) -> list[str]:
    return list(check_form(path, YEAR, scheme_of(YEAR), installation.profile))


def test_the_form_asks_for_what_is_missing_and_shows_last_year():
    have = {("goal_clarity", "得分"): FormItem(2, "分", "")}
    asked = cells(blank(have, {("merged_lines", "整合热线数量"): FormItem(29, "条", "")}))
    titles, lines = asked[2], [dict(zip(asked[2], line, strict=True)) for line in asked[3:]]
    assert {"年度", "指标", "数据项", "数值", "单位", "依据"} <= set(titles)
    keys = [(line["指标"], line["数据项"]) for line in lines]
    assert ("goal_clarity", "得分") not in keys
    assert len(keys) == len(list(entries(scheme_of(YEAR)))) - 1
    merged = next(line for line in lines if line["指标"] == "merged_lines")
    assert (merged["上年数值"], merged["允许范围"], merged["单位"]) == ("29", "不小于0", "条")
    judged = next(line for line in lines if line["指标"] == "goal_reasonableness")
    assert (judged["允许范围"], judged["上年数值"]) == ("0至3", "—")
    assert all(line["说明"] for line in lines)


def test_the_same_form_is_the_same_bytes():
    assert blank() == blank()


def test_a_filled_in_form_is_taken_like_any_export(tmp_path):
    installation = make_installation(tmp_path)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    path = filled_in(tmp_path / "annual_2023_填报.xlsx")
    assert check(path, installation) == []
    deliver(installation, path.name, path.read_bytes())
    bring_up_to_date(installation)
    rows = pl.read_parquet(installation.warehouse.current / "indicators" / "2023.parquet")
    filled = rows.filter(pl.col("kind") != "computed")
    assert filled.height
    assert set(filled["status"]) == {"complete"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"数值": 9}, "E4：9 超出范围，应为0至3。"),
        ({"数值": -1}, "E4：-1 超出范围，应为0至3。"),
        ({"数值": "三分"}, "E4：数值"),
        ({"数值": ""}, "E4：数值为空，请补填。"),
        ({"依据": ""}, "G4：依据为空，请补填。"),
        ({"年度": 2022}, "A4：年度应为 2023，写的是 2022。"),
        ({"数据项": "分数"}, "D4：2023年的指标体系里没有这个指标和数据项"),
        ({"指标": "goal"}, "D4：2023年的指标体系里没有这个指标和数据项"),
    ],
)
def test_a_bad_entry_is_a_sentence_that_names_its_cell(tmp_path, change, sentence):
    installation = make_installation(tmp_path)
    path = filled_in(tmp_path / "annual_2023.xlsx", {4: change})
    assert [each[: len(sentence)] for each in check(path, installation)] == [sentence]


def test_a_figure_out_of_bounds_is_never_used(tmp_path):
    installation = make_installation(tmp_path)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    deliver(installation, "annual_2023.csv", [row("annual", value="9")])
    bring_up_to_date(installation)
    rows = pl.read_parquet(installation.warehouse.current / "indicators" / "2023.parquet")
    clarity = rows.filter(indicator="goal_clarity").to_dicts()[0]
    assert (clarity["status"], clarity["value"]) == ("missing", None)
    assert "填 9，应为0至2" in clarity["evidence"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "没有"), (b"PK\x03\x04broken", "填报表 annual_2023.xlsx"), (None, "无法读取")],
)
def test_what_is_no_form_is_one_sentence(tmp_path, content, sentence):
    installation = make_installation(tmp_path)
    path = tmp_path / "annual_2023.xlsx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(HotlineError, match=sentence):
        check(path, installation)
