"""XLSX -> records: sheets, rows, every type of cell, every refusal."""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

import polars as pl
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from xlsxwriter.worksheet import Worksheet

from assets.exports import xlsx, xlsx_worker
from assets.exports.parsed_file import LINE, MAX_COLUMNS, FileRefused, ParsedFile
from assets.exports.xlsx import read_workbook
from assets.exports.xlsx_worker import has_lost_digits, text_of

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


def read(raw: bytes, limit: int = LIMIT) -> ParsedFile:
    return read_workbook(raw, is_header=is_header, limit=limit)


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
    assert (found.header, found.header_line) == ((NAME, "b"), 3)
    assert found.rows.rows() == [(4, "1", "2")]
    assert found.ignored.total() - found.ignored["header"] == 2


def test_a_sheet_begins_at_row_one_but_at_its_first_column() -> None:
    # What the row numbers lean on.
    raw = book(A=[[], [], ["", "x", "y"]])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    assert (sheet.start, sheet.end) == ((2, 1), (2, 2))
    assert list(sheet.iter_rows()) == [["", ""], ["", ""], ["x", "y"]]


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
    found = read(book(A=[[NAME, "b"], [440102199001011328, "x"], [2**53 - 1, "y"], [-(2**53), 1]]))
    assert found.rejects.rows() == [
        (2, "number_precision", "440102199001011328,x"),
        (4, "number_precision", "-9007199254740992,1"),
    ]
    assert found.rows.rows() == [(3, "9007199254740991", "y")]


def test_lost_digits_matter_more_than_cells_beyond_the_header() -> None:
    found = read(book(A=[[NAME], [1e18, "x"], ["x", 1e18]]))
    assert found.rejects["rule"].to_list() == ["number_precision"] * 2


def test_blocks_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[NAME, "b"], *([str(number), number if number % 7 else 1e17] for number in range(50))]
    whole = read(book(A=rows))
    monkeypatch.setattr(xlsx, "BLOCK", 4)
    parts = read(book(A=rows))
    assert parts.rows.equals(whole.rows)
    assert parts.rejects.equals(whole.rejects)
    assert parts.rows.height + parts.rejects.height == 50


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
        (datetime(2024, 5, 1), "2024-05-01"),  # calamine makes a date of midnight
        (date(2024, 5, 1), "2024-05-01"),
        (time(9, 5, 7), "09:05:07"),
        (time(0), "00:00:00"),
        (timedelta(hours=30, minutes=1), "30:01:00"),
        ("#DIV/0!", None),
        ("", None),
        ("two\r\nlines", "two\r\nlines"),
    ]
    found = read(book(A=[[NAME, "b"], *(["x", value] for value, _ in values)]))
    assert found.rows["1"].to_list() == [text for _, text in values]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (float(2**53 - 1), "9007199254740991"),
        (10**17, "100000000000000000"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (datetime(2024, 5, 1, 9, 29, 59, 999_000), "2024-05-01 09:30:00"),
        (datetime(2024, 5, 1, 9, 29, 59, 499_999), "2024-05-01 09:29:59"),
        (datetime.max, "9999-12-31 23:59:59"),
        (time(9, 29, 59, 999_000), "09:30:00"),
        (time.max, "23:59:59"),
        (timedelta(seconds=59, milliseconds=999), "0:01:00"),
        (-timedelta(hours=1, seconds=5), "-1:00:05"),
        (-timedelta(microseconds=1), "0:00:00"),
        (timedelta.min, f"-{999_999_999 * 24}:00:00"),
    ],
)
def test_text_of_a_cell(value: float | datetime | time | timedelta, text: str) -> None:
    assert text_of(value) == text


def test_lost_digits() -> None:
    assert has_lost_digits(2.0**53)
    assert not any(
        map(has_lost_digits, [2.0**53 - 1, 2**60, "1e18", float("inf"), float("nan"), 0.5])
    )


# ---- sheets


def test_the_first_visible_sheet_with_a_header_is_read() -> None:
    found = read(
        book(
            hidden_=[[NAME, "hidden"]],
            secret__=[[NAME, "secret"]],
            notes=[["x"], ["y"]],
            empty=[],
            data=[[NAME, "right"]],
            later=[[NAME, "later"]],
        )
    )
    assert found.header == (NAME, "right")


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


def answers(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> list[object]:
    """What the reading process answers where the reader raises."""

    class Broken:
        @staticmethod
        def from_filelike(_: object) -> None:
            raise error("13912345678")

    monkeypatch.setattr(xlsx_worker, "CalamineWorkbook", Broken)
    target = io.BytesIO()
    xlsx_worker.serve(io.BytesIO(b"x"), target, 10)
    return [json.loads(line) for line in target.getvalue().splitlines()]


def test_a_panic_of_the_reader_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    assert answers(monkeypatch, PanicException) == [{"error": "PanicException"}]
    assert answers(monkeypatch, ValueError) == [{"error": "ValueError"}]


def test_an_interrupt_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        answers(monkeypatch, KeyboardInterrupt)


LIES = {
    "a cell at the end of the sheet": ("sheet1", rb'r="B2"', b'r="XFD1048576"'),
    "a cell in small letters": ("sheet1", rb'r="B2"', b'r="xfd1048576"'),
    "a cell in other quotes": ("sheet1", rb'r="B2"', b"r = 'XFD1048576'"),
    "a cell beyond any sheet": ("sheet1", rb'r="B2"', b'r="XFD4294967295"'),
    "a row beyond any sheet": (
        "sheet1",
        rb'<row r="2"(.*) r="A2"(.*) r="B2"',
        rb'<row r="4000000000"\1\2',
    ),
    "a count of texts": ("sharedStrings", rb'ount="\d+"', b'ount="99999999999999"'),
    "a smaller count of texts": ("sharedStrings", rb'ount="\d+"', b'ount="4000000000"'),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_workbook_that_asks_for_all_memory_is_refused_and_the_next_one_is_read(lie: str) -> None:
    part_name, pattern, replacement = LIES[lie]
    raw = book(A=[[NAME, "b"], ["1", "2"]])

    def tell(name: str, part: bytes) -> bytes:
        return re.sub(pattern, replacement, part) if part_name in name else part

    refused = refusal(with_parts(raw, tell))
    assert refused.rule == "workbook_damaged"
    assert str(refused.detail["error"]).startswith("exit ")
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
    assert int(refused.detail["size"]) > 30_000


def test_a_stray_cell_at_the_end_of_the_sheet_is_refused() -> None:
    def claim(name: str, part: bytes) -> bytes:
        return re.sub(rb'(<dimension ref="A1):\w+', rb"\1:XFD1048576", part)

    refused = refusal(with_parts(book(A=[[NAME, "b"], ["1", "2"]]), claim))
    assert refused.rule == "too_many_cells"
    assert refused.detail["cells"] == 16_384 * 1_048_576


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
