"""Text -> rows: every line of the body exactly once, as a row, a reject or a blank."""

import csv
import io
import itertools
import random
import sys
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import polars as pl
import pytest

from assets.exports import delimited
from assets.exports.decode import Decoded, decode
from assets.exports.delimited import LINES_OF_RECORD, parse_texts
from assets.exports.delimited_text import DelimitedText, find_header
from assets.exports.parsed_file import LINE, MAX_COLUMNS, FileRefused, ParsedFile

NAME = "工单编号"


def is_header(cells: Sequence[str]) -> bool:
    return NAME in cells


def found_in(text: str | bytes, *, damaged: bool = False, **how: Any) -> DelimitedText:
    raw = text.encode() if isinstance(text, str) else text
    return find_header(Decoded(raw, "utf-8", damaged), is_header=is_header, **how)


def parsed(text: DelimitedText) -> ParsedFile:
    (found,) = parse_texts([text])
    if isinstance(found, FileRefused):
        raise found
    return found


def read(text: str, *, damaged: bool = False) -> ParsedFile:
    return parsed(found_in(text, damaged=damaged))


def unread(found: ParsedFile) -> int:
    """Lines that are no rows, the header among them not counted."""
    return found.ignored.total() - found.ignored["header"]


def refusal(text: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(text)
    return caught.value


def among_others(text: DelimitedText) -> ParsedFile:
    """Read a text between others, which neither lose a line to it nor take one from it."""
    plain = text.separator.join(["x"] * text.width).encode() + b"\n"
    others = [
        replace(text, text=each, header_line=1, first_line=1)
        for each in (plain, b"\n", b'"\n' + plain, BOM_UTF8 + plain + b'"open', plain[:-1])
    ]
    found = parse_texts([*others[:3], text, *others[3:]])
    assert not any(isinstance(each, FileRefused) for each in found)
    sums = [(each.rows.height, each.rejects.height, unread(each)) for each in found]
    assert sums[:3] + sums[4:] == [(1, 0, 0), (0, 0, 1), (1, 1, 0), (1, 1, 0), (1, 0, 0)]
    return found[3]


@pytest.fixture(params=["alone", "among others"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have a test run with its file alone, and in the midst of others."""
    if request.param == "among others":
        monkeypatch.setattr(sys.modules[__name__], "parsed", among_others)
    return request.param


# ---- header


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_each_separator(way: str, separator: str) -> None:
    found = read(f"{NAME},b\n1,2\n".replace(",", separator))
    assert found.header == (NAME, "b")
    assert found.rows.rows() == [(2, "1", "2")]
    assert found.rows.schema == {LINE: pl.Int64, "0": pl.String, "1": pl.String}


def test_the_first_separator_that_gives_a_header_wins() -> None:
    assert read(f"{NAME},b;c\n").header == (NAME, "b;c")


def test_other_separators_may_be_asked_for() -> None:
    found = parsed(found_in(f"{NAME}|b\n1|2\n", separators="|"))
    assert found.rows.rows() == [(2, "1", "2")]


def test_rows_above_the_header_are_ignored_and_counted(way: str) -> None:
    found = read(f"汉中市12345热线\n\n2024年5月,,\n{NAME},b\n1,2\n")
    assert (found.header_line, unread(found)) == (4, 3)
    assert found.rows.rows() == [(5, "1", "2")]


def test_a_header_on_the_twentieth_line_is_found_and_below_it_is_not() -> None:
    assert read("x\n" * 19 + NAME).header_line == 20
    assert refusal("x\n" * 20 + NAME).rule == "header_unknown"


def test_an_unknown_header_is_refused_without_its_cells() -> None:
    refused = refusal("13912345678,b\n1,2\n")
    assert (refused.rule, refused.detail) == ("header_unknown", {"lines": 20})


@pytest.mark.parametrize("text", ["", "\n\n", "\n  \n\t\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert refusal(text).rule == "empty_file"


def test_a_header_cell_may_hold_a_line_end(way: str) -> None:
    found = read(f'标题\n"{NAME}","振铃时长\n(秒)"\n1,2\n')
    assert found.header == (NAME, "振铃时长\n(秒)")
    assert (found.header_line, unread(found)) == (2, 1)
    assert found.rows.rows() == [(4, "1", "2")]


def test_header_cells_are_as_found_but_for_the_byte_order_mark() -> None:
    assert read(f"\ufeff{NAME}, b ,{NAME},,line\n").header == (NAME, " b ", NAME, "", "line")


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_header_without_rows_is_a_day_of_zero(way: str, end: str) -> None:
    found = read(f"{NAME},b{end}")
    assert found.rows.shape == (0, 3)
    assert found.rejects.schema == {LINE: pl.Int64, "rule": pl.String, "raw": pl.String}
    assert unread(found) == max(len(end) - 1, 0)
    assert found.raw([]) == []


def test_too_many_columns_are_refused() -> None:
    assert read(f"{NAME}{',x' * (MAX_COLUMNS - 1)}\n1\n").rejects.height == 1
    refused = refusal(f"{NAME}{',x' * MAX_COLUMNS}\n1\n")
    assert (refused.rule, refused.detail["columns"]) == ("too_many_columns", MAX_COLUMNS + 1)


# ---- rows


def test_values_are_exact(way: str) -> None:
    found = read(
        f"{NAME},b,c\n"
        '001, x ,"a,b"\n'
        '"say ""hi""","two\nlines\n\nmore",\'\n'
        '"",,\u3000\n'
        "\ufeff1,#,\\\n"
    )
    assert found.rejects.is_empty()
    assert found.rows.rows() == [
        (2, "001", " x ", "a,b"),
        (3, 'say "hi"', "two\nlines\n\nmore", "'"),
        (7, None, None, "\u3000"),
        (8, "\ufeff1", "#", "\\"),
    ]


def test_a_quote_inside_a_field_that_does_not_begin_with_one_is_a_quote(way: str) -> None:
    found = read(f'{NAME},b\n1,5" pipe\n2,6" pipe and 7"\n')
    assert found.rows.rows() == [(2, "1", '5" pipe'), (3, "2", '6" pipe and 7"')]


def test_a_byte_order_mark_in_the_first_row_is_part_of_its_value(way: str) -> None:
    assert read(f"{NAME},b\n\ufeff1,2\n3,4\n").rows["0"].to_list() == ["\ufeff1", "3"]


def test_a_single_column(way: str) -> None:
    found = read(f'{NAME}\n1\n\n"2\n3"\n""\n 4 \na,b\n5')
    assert found.rows.rows() == [(2, "1"), (4, "2\n3"), (7, " 4 "), (9, "5")]
    assert found.rejects.rows() == [(8, "field_count", "a,b")]
    assert unread(found) == 2


def test_blank_lines_and_rows_without_a_value_are_ignored(way: str) -> None:
    found = read(f'{NAME},b,c\n\n1,2,3\n,,\n \t\n,,,,,\n"","",\n4,5,6\n,,\n\n')
    assert found.rows[LINE].to_list() == [3, 8]
    assert found.rejects.is_empty()
    assert unread(found) == 7


def test_the_last_line_needs_no_line_end(way: str) -> None:
    assert read(f"{NAME},b\n1,2\n3,4").rows.height == 2


# ---- faults


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("1", "field_count"),
        ("1,2", "field_count"),
        ("1,2,3,4", "field_count"),
        ('1,"2",3,4', "field_count"),
        ("1,2\0,3", "null_byte"),
        ('1,"2\0",3', "null_byte"),
        ("\0", "null_byte"),
        ('1,"2,3', "quoting"),
    ],
)
def test_a_fault_costs_its_line_only(way: str, line: str, rule: str) -> None:
    found = read(f"{NAME},b,c\nx,y,z\n{line}\nu,v,w\n")
    assert found.rejects.rows() == [(3, rule, line)]
    assert found.rows.rows() == [(2, "x", "y", "z"), (4, "u", "v", "w")]
    assert unread(found) == 0


def test_an_unclosed_quote_does_not_pair_with_the_next_quotes(way: str) -> None:
    found = read(f'{NAME},b\n1,"a\n2,b\n3,"c"\n4,"d\n5,"e,\nf"\n')
    assert found.rejects.rows() == [(2, "quoting", '1,"a'), (5, "quoting", '4,"d')]
    assert found.rows.rows() == [(3, "2", "b"), (4, "3", "c"), (6, "5", "e,\nf")]


def test_a_record_of_several_lines_and_the_wrong_width_is_one_reject(way: str) -> None:
    found = read(f'{NAME},b\n1,"a\nb",c\n2,x\n')
    assert found.rejects.rows() == [(2, "field_count", '1,"a\nb",c')]
    assert found.rows.rows() == [(4, "2", "x")]


def test_but_it_takes_no_good_lines_with_it(way: str) -> None:
    found = read(f'{NAME},b\n1,"a\n2,x\n3,y\nb",c,d\n')
    assert found.rejects[LINE].to_list() == [2, 5]
    assert found.rows[LINE].to_list() == [3, 4]


@pytest.mark.parametrize("lines", [LINES_OF_RECORD, LINES_OF_RECORD + 1, 20_000])
def test_a_legal_record_may_have_any_number_of_lines(way: str, lines: int) -> None:
    cell = "路灯不亮\n" * (lines - 1) + "a"
    found = read(f'{NAME},b\n1,"{cell}"\n2,x\n')
    assert found.rows.rows() == [(2, "1", cell), (lines + 2, "2", "x")]


@pytest.mark.parametrize("length", [131_072, 131_073, 3_000_000])
@pytest.mark.parametrize("cell", ["x", 'x""', "x\n"])
def test_a_field_may_have_any_length(way: str, length: int, cell: str) -> None:
    found = read(f'{NAME},b\n1,"{cell * length}"\n2,x\n')
    assert found.rows.rows() == [
        (2, "1", cell.replace('""', '"') * length),
        (length * cell.count("\n") + 3, "2", "x"),
    ]


@pytest.mark.parametrize(("rows", "kept"), [(LINES_OF_RECORD - 2, 1), (LINES_OF_RECORD - 1, None)])
def test_but_more_lines_that_are_rows_are_not_a_field(way: str, rows: int, kept: int) -> None:
    body = "".join(f"{each},y\n" for each in range(rows))
    found = read(f'{NAME},b\n1,"a\n{body}z"\n')
    if kept:
        assert found.rows.height == kept
    else:  # the quote at the end of the first line and the one of the last have nothing in common
        assert found.rows.height == rows
        assert found.rejects.select(LINE, "rule").rows() == [
            (2, "quoting"),
            (rows + 3, "field_count"),
        ]


def test_a_quote_that_is_never_closed_costs_its_row_only(way: str) -> None:
    body = "".join(f"{each},y\n" for each in range(5000))
    found = read(f'{NAME},b\n{body}1,"a\n{body}')
    assert found.rows.height == 10_000
    assert found.rejects.rows() == [(5002, "quoting", '1,"a')]


@pytest.mark.parametrize(
    "line",
    ['x,"User 5" <109>,1', '"a"b,"c""d"e,', 'x,""y"",z', '"Smith, "Bob" J",1,2', '"1"2,"3",4',
     """x,"it's"" here" now,y"""],
)  # fmt: skip
def test_a_quote_that_closes_early_is_read_as_other_tools_read_it(way: str, line: str) -> None:
    raw = f"{NAME},b,c\nu,v,w\n{line}\nu,v,w\n"
    found = read(raw)
    assert found.rejects.is_empty()
    assert [row[1:] for row in found.rows.iter_rows()] == [
        tuple(cell or None for cell in row) for row in list(csv.reader(io.StringIO(raw)))[1:]
    ]
    others = pd.read_csv(io.StringIO(raw), dtype=str, keep_default_na=False)
    assert found.rows.drop(LINE).fill_null("").rows() == [
        *others.itertuples(index=False, name=None)
    ]


def test_damage_costs_its_record_and_is_nothing_in_a_sound_file(way: str) -> None:
    text = f'{NAME},b\n1,\ufffd\n2,"x\n\ufffd"\n3,4\n\ufffd\n'
    found = read(text, damaged=True)
    assert found.rejects["rule"].to_list() == ["encoding"] * 3
    assert found.rejects["raw"].to_list() == ["1,\ufffd", '2,"x\n\ufffd"', "\ufffd"]
    assert found.rows.rows() == [(5, "3", "4")]
    assert read(text).rows.height == 3


@pytest.mark.parametrize("line", ["1", "1,2", '1,"2', '"1', '1,2,"3'])
def test_a_last_line_without_end_and_too_few_fields_is_cut_off(way: str, line: str) -> None:
    rule = "cut_off_line" if line != '1,2,"3' else "quoting"
    assert read(f"{NAME},b,c\nx,y,z\n{line}").rejects.rows() == [(3, rule, line)]
    assert read(f"{NAME},b,c\nx,y,z\n{line}\n").rejects["rule"].to_list() != ["cut_off_line"]


def test_a_last_record_cut_off_after_several_lines(way: str) -> None:
    found = read(f'{NAME},b,c\n1,"a\nb"')
    assert found.rejects.rows() == [(2, "cut_off_line", '1,"a\nb"')]


def test_a_line_above_totals_is_not_the_last_one(way: str) -> None:
    assert read(f"{NAME},b\n1\n合计,1").rejects.rows() == [(2, "field_count", "1")]


@pytest.mark.parametrize(
    "text", ['1,"a\n合计"\n', '1,"a\n合计,"\n', '1,"a\n合计,x"\n', '"1\n合计","x"\n']
)
def test_the_word_inside_a_record_is_no_total(way: str, text: str) -> None:
    found = read(f"{NAME},b\n{text}")
    assert (found.rows.height, unread(found)) == (1, 0)


# ---- raw text


TOGETHER = {
    f"{NAME},b\n1,2\n,\n3,\n": [(2, "1", "2"), (4, "3", None)],
    f"banner\n\n{NAME},b\n4,5": [(4, "4", "5")],
    f"{NAME},b\n": [],
    f'{NAME},b\n"6\n",7\n': [(2, "6\n", "7")],
    f"{NAME},b\n\ufeff8,9\n": [(2, "\ufeff8", "9")],
    f"{NAME};b\n10;11\n": [(2, "10", "11")],
    f"{NAME}\n12\n13": [(2, "12"), (3, "13")],
    f"{NAME},b\n14,15\n合计,\n": [(2, "14", "15"), (3, "合计", None)],
    f"{NAME},b\n16\n17,18,19\n20,21\n": [(4, "20", "21")],
}


def test_files_are_read_together_whatever_their_form() -> None:
    found = parse_texts([found_in(each) for each in TOGETHER])
    assert [each.rows.rows() for each in found] == list(TOGETHER.values())


def test_a_file_that_is_refused_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    read_csv = pl.read_csv

    def disagree(data: bytes, **options: Any) -> pl.DataFrame:
        rows = read_csv(data, **options)
        return rows[:-1] if b"0,2" in data else rows

    monkeypatch.setattr(pl, "read_csv", disagree)
    good, bad = parse_texts([found_in(f"{NAME},b\n{cell},2\n") for cell in "10"])
    assert good.rows.rows() == [(2, "1", "2")]
    assert bad.rule == "reader_disagrees"


def test_raw_text_of_any_record_in_any_order(way: str) -> None:
    found = read(f'标题\n{NAME},b\n1,"a\n\nb"\n\n2,"x\n3,4\n')
    assert found.raw([8, 3, 7, 3, 1]) == ["3,4", '1,"a\n\nb"', '2,"x', '1,"a\n\nb"', "标题"]


# ---- what is leant on


def test_polars_fills_short_lines_and_cuts_long_ones() -> None:
    schema = {"0": pl.String, "1": pl.String}
    text = b"a,b\nc\nd,e,f\n"
    found = pl.read_csv(text, has_header=False, schema=schema, truncate_ragged_lines=True)
    assert found.rows() == [("a", "b"), ("c", None), ("d", "e")]


def test_a_file_is_refused_if_polars_reads_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    read_csv = pl.read_csv

    def lose_a_row(*args: Any, **options: Any) -> pl.DataFrame:
        return read_csv(*args, **options)[:-1]

    def fail(*args: object, **options: object) -> pl.DataFrame:
        raise pl.exceptions.ComputeError

    for broken in (lose_a_row, fail):
        monkeypatch.setattr(pl, "read_csv", broken)
        assert refusal(f"{NAME},b\n1,2\n3\n").rule == "reader_disagrees"


def test_a_file_in_several_blocks_is_read_as_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(5)
    body = "".join(
        draw.choice(["{},abc\n", '{},"a\nb"\n', '{},"汉,台"\n', "{},abc\n" * 20, "{}\n", "\n"])
        for _ in range(6000)
    ).replace("{}", "C0000001")
    text = f"{NAME},b\n{body}合计,1\n"
    whole = read(text)
    monkeypatch.setattr(delimited, "BLOCK_LINES", 50)
    cut = read(text)
    assert cut.rows.equals(whole.rows)
    assert cut.rejects.equals(whole.rejects)
    assert unread(cut) == unread(whole)


# ---- fuzz: seeded, so that a failure can be repeated

SIGNS = ["a", "中", '"', ",", "\n", " ", "1", "x", "，", "", "\t", "\ufeff", "'", ";", "\u2028"]


def random_csv(draw: random.Random, end: str = "\n") -> str:
    """Return a valid file of up to five columns and eight rows."""
    width = draw.randint(1, 5)
    text = io.StringIO()
    writer = csv.writer(
        text, lineterminator=end, quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    )
    writer.writerow([NAME, *"bcdef"[: width - 1]])
    for _ in range(draw.randint(0, 8)):
        writer.writerow(["".join(draw.choices(SIGNS, k=draw.randint(0, 5))) for _ in range(width)])
    return text.getvalue()


@pytest.fixture
def both_ways() -> Callable[[bytes], list[ParsedFile]]:
    """Give a function that reads a file alone, and every fourth one among others too."""
    calls = itertools.count(1)

    def both(raw: bytes) -> list[ParsedFile]:
        text = find_header(decode(raw, expected=[NAME]), is_header=is_header)
        return [parsed(text), among_others(text)] if next(calls) % 4 == 0 else [parsed(text)]

    return both


def test_fuzz_valid_files_are_read_exactly(both_ways: Callable[[bytes], list[ParsedFile]]) -> None:
    draw = random.Random(7)
    for _ in range(2000):
        text = random_csv(draw, draw.choice(["\n", "\r\n"]))
        if draw.random() < 0.2:
            text = text.replace("\r\n", "\n").replace("\n", "\r")
        raw = text.encode(draw.choice(["utf-8", "utf-8-sig", "gb18030"]))
        unix = text.replace("\r\n", "\n").replace("\r", "\n")
        expected = [
            tuple(cell or None for cell in row)
            for row in list(csv.reader(io.StringIO(unix, newline="")))[1:]
            if any(row)
        ]
        for found in both_ways(raw):
            assert [row[1:] for row in found.rows.iter_rows()] == expected, raw
            assert found.rejects.is_empty(), raw


def damage(draw: random.Random, raw: bytes) -> bytes:
    """Delete, insert, change or cut off some bytes below the header."""
    body = bytearray(raw)
    start = body.index(b"\n") + 1
    for _ in range(draw.randint(1, 4)):
        if len(body) <= start + 1:
            break
        at = draw.randrange(start, len(body))
        match draw.choice("ddiiiiicx"):
            case "d":
                del body[at]
            case "i":
                body.insert(at, draw.choice(b'""",,\n\r\x00\xff\x81'))
            case "c":
                body[at] = draw.randrange(256)
            case "x":
                del body[at:]
    return bytes(body)


def check_every_line_is_somewhere_once(text: str, found: ParsedFile) -> None:
    every = text.removesuffix("\n").split("\n")
    seen: Counter[int] = Counter()
    raws = found.raw(found.rows[LINE].to_list())
    for row, raw in zip(found.rows.iter_rows(), raws, strict=True):
        (cells,) = csv.reader(line + "\n" for line in raw.split("\n"))
        assert tuple(cell or None for cell in cells) == row[1:]
    places = [*zip(found.rows[LINE], raws, strict=True), *found.rejects.select(LINE, "raw").rows()]
    for line, raw in places:
        covered = range(line, line + raw.count("\n") + 1)
        assert raw == "\n".join(every[at - 1] for at in covered)
        seen.update(covered)
    assert set(seen.values()) <= {1}
    rest = [at for at in range(found.header_line + 1, len(every) + 1) if at not in seen]
    for at in rest:
        line = every[at - 1]
        assert not line.strip(' \t\u3000,"')
    assert unread(found) == len(rest) + found.header_line - 1
    assert found.rows[LINE].is_sorted()
    assert found.rejects[LINE].is_sorted()


def test_fuzz_damaged_files_lose_no_line(both_ways: Callable[[bytes], list[ParsedFile]]) -> None:
    draw = random.Random(12345)
    rules: Counter[str] = Counter()
    for _ in range(2000):
        text = random_csv(draw) + draw.choice(["", "", "合计,1,2\n"])
        raw = damage(draw, text.encode(draw.choice(["utf-8", "gb18030"])))
        ways = both_ways(raw)
        check_every_line_is_somewhere_once(decode(raw, expected=[NAME]).text.decode(), ways[0])
        rules.update(ways[0].rejects["rule"])
        for other in ways[1:]:
            assert other.rows.equals(ways[0].rows), raw
            assert other.rejects.equals(ways[0].rejects), raw
            assert unread(other) == unread(ways[0]), raw
    assert min(rules.values()) > 50, rules
    assert rules.keys() == {"field_count", "quoting", "null_byte", "encoding", "cut_off_line"}


def test_fuzz_whatever_the_text_nothing_but_a_refusal_is_raised() -> None:
    draw = random.Random(3)
    for _ in range(500):
        text = "".join(
            draw.choices([*SIGNS, NAME, "\0", "合计", ",,", '""'], k=draw.randint(0, 30))
        )
        try:
            found = parsed(found_in(text, separators=","))
            check_every_line_is_somewhere_once(text, found)
        except FileRefused as refused:
            assert refused.rule in {"empty_file", "header_unknown"}
