"""XLSX -> records: sheets, rows, every type of cell, every refusal."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

import polars as pl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from assets.exports.parsed_file import (
    LINE,
    MAX_COLUMNS,
    SHEET_LINES,
    FileRefused,
    ParsedFile,
)
from assets.exports.xlsx import Workbook, read_workbook
from tests.workbooks.raw_book import raw_book

NAME = "工单编号"
LIMIT = 1 << 28


def is_header(cells: Sequence[str]) -> bool:
    return NAME in cells


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of these sheets; one whose name ends in "_" is hidden, "__" very much."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        formats = {
            datetime: made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            date: made.add_format({"num_format": "yyyy-mm-dd"}),
            time: made.add_format({"num_format": "hh:mm:ss"}),
            timedelta: made.add_format({"num_format": "[h]:mm:ss"}),
        }
        for name, rows in sheets.items():
            sheet: Worksheet = made.add_worksheet(name)
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if type(cell) in formats:
                        sheet.write_datetime(line, column, cell, formats[type(cell)])
                    elif cell == "#DIV/0!":
                        sheet.write_formula(line, column, "=1/0", None, cell)
                    elif cell != "":
                        sheet.write(line, column, cell)
            if name.endswith("_"):
                (sheet.very_hidden if name.endswith("__") else sheet.hide)()
        shown = next(sheet for sheet in made.worksheets() if not sheet.name.endswith("_"))
        shown.activate()  # Excel insists on a visible sheet in front
        shown.set_first_sheet()
    return file.getvalue()


def read_book(raw: bytes, limit: int = LIMIT, memory: int = LIMIT, sheet: str = "") -> Workbook:
    return read_workbook(raw, is_header=is_header, unpacked=limit, memory=memory, sheet=sheet)


def read(raw: bytes, limit: int = LIMIT) -> ParsedFile:
    """The first sheet with the header."""
    return read_book(raw, limit).sheets[0].parsed


def refusal(raw: bytes, limit: int = LIMIT) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(raw, limit)
    return caught.value


def with_parts(raw: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a workbook whose parts have been changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return changed.getvalue()


# ---- rows


def test_rows_carry_their_excel_row_number() -> None:
    found = read(book(A=[["汉中市"], [], [NAME, "b"], ["1", "2"], [], ["3"]]))
    assert (found.header, found.header_line) == ((NAME, "b"), 3)
    assert found.rows.rows() == [(4, "1", "2"), (6, "3", None)]
    assert found.rows.schema == {LINE: pl.Int64, "0": pl.String, "1": pl.String}
    assert found.ignored.total() - found.ignored["header"] == 3


def test_leading_empty_rows_and_columns_do_not_shift_anything() -> None:
    found = read(book(A=[[], [], ["", "", NAME, "b"], ["", "", "1", "2"]]))
    assert (found.header, found.header_line) == (("", "", NAME, "b"), 3)
    assert found.rows.rows() == [(4, None, None, "1", "2")]
    assert found.ignored.total() - found.ignored["header"] == 2


def test_a_header_without_rows() -> None:
    found = read(book(A=[[NAME, "b"]]))
    assert found.rows.shape == (0, 3)
    assert found.rejects.schema == {LINE: pl.Int64, "rule": pl.String, "raw": pl.String}
    assert found.ignored.total() - found.ignored["header"] == 0


def test_a_single_column() -> None:
    assert read(book(A=[[NAME], ["1"], ["2"]])).rows.rows() == [(2, "1"), (3, "2")]


def test_header_cells_are_as_found_but_for_empty_ones_at_the_end() -> None:
    found = read(book(A=[["title"] * 6, [f"\ufeff{NAME}", "", NAME, 2024, " x "]]))
    assert found.header == (NAME, "", NAME, "2024", " x ")


def test_cells_beyond_the_header_make_a_reject() -> None:
    found = read(book(A=[[NAME, "b"], ["1", "2", "", "x,y"], ["3", "4", ""], ["", "", "z"]]))
    assert found.rejects.rows() == [
        (2, "field_count", '1,2,,"x,y"'),
        (4, "field_count", ",,z,"),
    ]
    assert found.rows[LINE].to_list() == [3]
    assert found.ignored.total() - found.ignored["header"] == 0


def test_a_number_that_has_lost_digits_makes_a_reject() -> None:
    found = read(
        book(A=[[NAME, "b"], [440102199001011328, "x"], [10**15 - 1, "y"], [-(10**15), 1]])
    )
    assert found.rejects.rows() == [
        (2, "number_precision", "4.401021990010113E+17,x"),
        (4, "number_precision", "-1000000000000000,1"),
    ]
    assert found.rows.rows() == [(3, "999999999999999", "y")]


def test_lost_digits_matter_more_than_cells_beyond_the_header() -> None:
    found = read(book(A=[[NAME], [1e18, "x"], ["x", 1e18]]))
    assert found.rejects["rule"].to_list() == ["number_precision", "field_count"]


def test_blocks_are_put_together() -> None:
    rows = [[NAME, "b"], *([str(number), number if number % 7 else 1e17] for number in range(50))]
    found = read(book(A=rows))
    assert found.rows[LINE].to_list() == [at + 2 for at in range(50) if at % 7]
    assert found.rejects[LINE].to_list() == [at + 2 for at in range(0, 50, 7)]
    assert found.rows["1"].to_list() == [str(at) for at in range(50) if at % 7]


def test_raw_text_is_a_line_of_csv() -> None:
    found = read(book(A=[[NAME, "b"], ["1", 'say "hi"'], ["a\nb", "c\rd"], ["3", "4", "5"]]))
    hi = '1,"say ""hi"""'
    assert found.raw([4, 2, 3, 2, 1]) == ["3,4,5", hi, '"a\nb","c\rd"', hi, ""]


def test_a_row_of_zeros_is_not_empty() -> None:
    assert read(book(A=[[NAME, "b"], [0, False]])).rows.rows() == [(2, "0", "FALSE")]


def test_many_empty_rows_cost_little() -> None:
    found = read(book(A=[[NAME, "b"], ["1", "2"], *([] for _ in range(200_000)), ["3", "4"]]))
    assert found.rows.rows() == [(2, "1", "2"), (200_003, "3", "4")]
    assert found.ignored.total() - found.ignored["header"] == 200_000


# ---- cells


def test_every_type_of_cell() -> None:
    values = [
        ("001 ", "001 "),
        (12345, "12345"),
        (3.10, "3.1"),
        (0.1, "0.1"),
        (-1.5e-7, "-1.5e-07"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime(2024, 5, 1, 23, 59, 58), "2024-05-01 23:59:58"),
        (datetime(2024, 5, 1), "2024-05-01 00:00:00"),
        (date(2024, 5, 1), "2024-05-01"),
        (time(9, 5, 7), "09:05:07"),
        (time(0), "00:00:00"),
        (timedelta(hours=30, minutes=1), "30:01:00"),
        ("", None),
        ("two\r\nlines", "two\r\nlines"),
    ]
    found = read(book(A=[[NAME, "b"], *(["x", value] for value, _ in values)]))
    assert found.rows["1"].to_list() == [text for _, text in values]


# ---- sheets


def test_every_visible_sheet_with_a_header_is_read_and_the_others_are_counted() -> None:
    found = read_book(
        book(
            hidden_=[[NAME, "hidden"], ["1", "2"]],
            secret__=[[NAME, "secret"]],
            notes=[["x"], [], ["y"]],
            empty=[],
            data=[[NAME, "right"], ["1", "2"]],
            later=[["banner"], [NAME, "later"], [], ["3"]],
        )
    )
    first, second = found.sheets
    assert (first.name, first.parsed.header, first.filled) == ("data", (NAME, "right"), 2)
    assert (second.name, second.parsed.header, second.filled) == ("later", (NAME, "later"), 3)
    assert first.parsed.rows.rows() == [(4 * SHEET_LINES + 2, "1", "2")]
    assert second.parsed.rows.rows() == [(5 * SHEET_LINES + 4, "3", None)]
    assert second.parsed.raw([5 * SHEET_LINES + 4, 4]) == ["3,", ""]
    assert found.others == (("hidden_", 2), ("secret__", 1), ("notes", 2), ("empty", 0))


def test_a_chart_is_a_sheet_that_is_not_read() -> None:
    raw = raw_book(sheets={"图": [], "数据": [[NAME], ["1"]]}, states={"图": "chart"})
    found = read_book(raw)
    assert [each.name for each in found.sheets] == ["数据"]
    assert found.others == (("图", 0),)


def test_a_profile_may_name_the_only_sheet_that_counts() -> None:
    raw = book(A=[[NAME], ["1"]], B_=[[NAME], ["2"]])
    found = read_book(raw, sheet="B_")
    assert [each.name for each in found.sheets] == ["B_"]
    assert found.others == (("A", 2),)


def test_hidden_rows_and_columns_are_read_and_counted() -> None:
    raw = raw_book(
        [[NAME, "b", "c"], ["1", "2", "3"], ["4", "5", "6"]],
        hidden_rows=[3],
        columns='<cols><col min="2" max="9" hidden="1"/></cols>',
    )
    (sheet,) = read_book(raw).sheets
    assert sheet.parsed.rows.height == 2
    assert (sheet.hidden_rows, sheet.hidden_columns) == (1, 2)


@pytest.mark.parametrize(
    ("merged", "bad"),
    [
        (["A1:C1"], []),  # the header
        (["A3:A5"], [4, 5]),  # the first row holds the value
        (["A3:B3"], [3]),
        (["D3:E5"], []),  # beside the table
        (["A3:A4", "B4:B5", "C6:C6"], [4, 5]),
        (["C9:C20"], []),
    ],
)
def test_a_row_whose_value_is_hidden_by_a_merged_cell_is_a_reject(merged, bad) -> None:
    rows = [[NAME, "b", "c"], *([f"{at}", "x", "y"] for at in range(2, 7))]
    found = read(raw_book(rows, merged=merged))
    assert found.rejects.select(LINE, "rule").rows() == [(at, "merged_cells") for at in bad]
    assert found.rows[LINE].to_list() == [at for at in range(2, 7) if at not in bad]
    assert found.ignored.total() == 1  # the header


def test_a_fault_in_a_column_that_nobody_reads_costs_no_row() -> None:
    error = '<c t="e"><v>#N/A</v></c>'
    raw = raw_book([[NAME, "a", "b"], ["1", error, "x"], ["2", "y", error]])
    found = read_workbook(
        raw, is_header=is_header, is_read=lambda name: name != "b", unpacked=LIMIT, memory=LIMIT
    ).sheets[0]
    assert found.parsed.rows.rows() == [(3, "2", "y", "#N/A")]
    assert found.parsed.rejects.rows() == [(2, "cell_error", "1,#N/A,x")]


def test_a_header_on_the_twentieth_row_is_found_and_below_it_is_not() -> None:
    assert read(book(A=[*[["x"]] * 19, [NAME]])).header_line == 20
    refused = refusal(book(A=[*[["x"]] * 20, [NAME]]))
    assert (refused.rule, refused.detail) == ("header_unknown", {"lines": 20})


def test_hidden_sheets_do_not_count() -> None:
    assert refusal(book(hidden_=[[NAME]], notes=[["x"]])).rule == "header_unknown"


# ---- refusals


@pytest.mark.parametrize("raw", [b"", book(A=[]), book(hidden_=[[NAME]], A=[])])
def test_an_empty_workbook(raw: bytes) -> None:
    assert refusal(raw).rule == "empty_file"


def test_an_old_workbook_and_an_encrypted_one() -> None:
    container = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504)
    assert refusal(container).rule == "xls_format"
    encrypted = container + "EncryptedPackage".encode("utf-16-le")
    assert refusal(encrypted).rule == "workbook_encrypted"


def test_an_encrypted_zip() -> None:
    raw = bytearray(book(A=[[NAME]]))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(raw)).rule == "workbook_encrypted"


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"no zip",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[: raw.index(b"PK\x01\x02")],
        lambda raw: with_parts(raw, lambda name, part: part[:400] if "sheet1" in name else part),
        lambda raw: with_parts(raw, lambda name, part: b"" if "workbook.xml" in name else part),
        lambda raw: with_parts(raw, lambda name, part: part.replace(b"</v>", b"</w>")),
    ],
)
def test_a_damaged_workbook(damage: Callable[[bytes], bytes]) -> None:
    refused = refusal(damage(book(A=[[NAME], [13800000000]])))
    assert refused.rule == "workbook_damaged"
    assert "13" not in str(refused)  # what the reader says may quote a cell


LIES = {
    "a cell at the end of the sheet": ("sheet1", rb'r="B2"', b'r="XFD1048576"'),
    "a cell in small letters": ("sheet1", rb'r="B2"', b'r="xfd1048576"'),
    "a cell in other quotes": ("sheet1", rb'r="B2"', b"r = 'XFD1048576'"),
    "a cell before the last one": ("sheet1", rb'r="B2"', b'r="A2"'),
    "a cell beyond any sheet": ("sheet1", rb'r="B2"', b'r="XFD4294967295"'),
    "a row beyond any sheet": (
        "sheet1",
        rb'<row r="2"(.*) r="A2"(.*) r="B2"',
        rb'<row r="4000000000"\1\2',
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_workbook_that_lies_about_its_cells_is_refused_and_the_next_one_is_read(lie: str) -> None:
    part_name, pattern, replacement = LIES[lie]
    raw = book(A=[[NAME, "b"], ["1", "2"]])

    def tell(name: str, part: bytes) -> bytes:
        return re.sub(pattern, replacement, part) if part_name in name else part

    assert refusal(with_parts(raw, tell)).rule == "workbook_damaged"
    assert read(raw).rows.rows() == [(2, "1", "2")]


def test_a_container_that_lies_about_its_unpacked_size_is_refused() -> None:
    raw = book(A=[[NAME], ["1"]])
    packed = with_parts(raw, lambda name, part: part + b" " * 5000 if "sheet1" in name else part)
    for place in (found.start() for found in re.finditer(b"PK\x01\x02", packed)):
        packed = packed[: place + 24] + (1).to_bytes(4, "little") + packed[place + 28 :]
    assert refusal(packed, limit=2000).rule == "workbook_damaged"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    raw = book(A=[[NAME], ["x" * 30_000]])
    refused = refusal(raw, limit=20_000)
    assert refused.rule == "too_large"


@pytest.mark.parametrize("extent", ["A1:XFD1048576", "A1", "Z9:A1", ""])
def test_what_a_sheet_says_of_its_extent_is_not_believed(extent: str) -> None:
    def claim(name: str, part: bytes) -> bytes:
        return re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{extent}"'.encode(), part)

    raw = with_parts(book(A=[[NAME, "b"], ["1", "2"]]), claim)
    assert read(raw).rows.rows() == [(2, "1", "2")]


def test_a_stray_cell_at_the_end_of_the_sheet_costs_its_own_row() -> None:
    rows = [[NAME], ["1"], ['<c r="XFD3" t="inlineStr"><is><t> </t></is></c>']]
    found = read(raw_book(rows))
    assert found.rows.rows() == [(2, "1")]
    assert found.rejects.select(LINE, "rule").rows() == [(3, "field_count")]


def test_a_doctype_is_refused() -> None:
    def with_entities(name: str, part: bytes) -> bytes:
        entity = b'<!DOCTYPE x [<!ENTITY a "b">]>'
        return part.replace(b"?>", b"?>" + entity, 1) if "sheet1" in name else part

    assert refusal(with_parts(book(A=[[NAME], ["1"]]), with_entities)).rule == "workbook_damaged"


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(book(A=[[NAME], ["1"]]))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("XL/worksheets/sheet1.xml", b"<x/>")
    assert refusal(out.getvalue()).rule == "workbook_damaged"


LONG = f"<si><t>{'x' * 30_000}</t></si>"
BOMBS = {
    "a long text in every cell": ([['<c t="s"><v>0</v></c>'] * 50] * 40, [LONG]),
    "wide rows": ([[""] * 200 + ["x"]] * 20_000, []),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_takes_more_memory_than_there_is_is_refused(bomb: str) -> None:
    rows, shared = BOMBS[bomb]
    raw = raw_book([[NAME], *rows], shared=shared)
    assert len(raw) < 1 << 20
    with pytest.raises(FileRefused) as caught:
        read_book(raw, limit=1 << 30, memory=20 << 20)
    assert (caught.value.rule, caught.value.detail) == ("over_memory", {"limit": 20})


def test_millions_of_empty_cells_with_a_style_cost_nothing() -> None:
    raw = raw_book([[NAME], *([['<c s="0"/>'] * 200] * 20_000), ["1"]])
    found = read_book(raw, limit=1 << 30, memory=1 << 20).sheets[0].parsed
    assert found.rows.rows() == [(20_002, "1")]


def test_too_many_columns() -> None:
    assert refusal(book(A=[[NAME, *["x"] * MAX_COLUMNS]])).rule == "too_many_columns"


def test_fuzz_nothing_but_a_refusal_is_raised() -> None:
    draw = random.Random(9)
    raw = book(A=[[NAME, "b"], ["1", 2.5], ["x", datetime(2024, 5, 1, 3)], ["合计", 5]])

    def scratch(part: bytes) -> bytes:
        changed = bytearray(part)
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(changed))
            changed[at] = draw.choice(b'<>/"=&;A09 \x00\xff')
        return bytes(changed)

    def scratch_one_of(victims: set[str], name: str, part: bytes) -> bytes:
        return scratch(part) if name in victims else part

    names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    seen = set()
    for number in range(80):
        damaged = scratch(raw)[: draw.randint(1, 2 * len(raw))]
        if number % 4:
            victims = {draw.choice(names)}
            damaged = with_parts(raw, partial(scratch_one_of, victims))
        try:
            read(damaged)
        except FileRefused as refused:
            seen.add(refused.rule)
    assert "workbook_damaged" in seen
