"""What a profile can say of how a text is written: each statement, and each that is impossible."""

import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from assets.exports.batch import Batch, ingest_files
from assets.exports.deliveries import Delivery
from assets.profiles import DatasetProfile, TextFormat, load_profile
from schemas import EXPORTS
from tests.samples import csv_line, header_line, row

DOCUMENTED = """
encoding = "big5"
delimiter = "|"
quote = ""
header_row = 5
"""


def ingested(content: bytes, **stated: object) -> Batch:
    profile = load_profile("hanzhong")
    dataset = profile.datasets["calls"].model_copy(update=stated)
    profile = profile.model_copy(update={"datasets": {"calls": dataset}})
    file = Delivery("d", "calls", date(2023, 1, 5), "calls_20230105.csv", "0", 1, 0, 0, "")
    how = {"key": "k", "built_with": "", "batch": "b"}
    return ingest_files([file], lambda _: content, EXPORTS["calls"], profile, **how)


def export(rating: str = "满意", line: str = "12345") -> str:
    rows = (row("calls", call_id=str(each), line=line, rating=rating) for each in range(3))
    return "\n".join([header_line("calls"), *(csv_line("calls", each) for each in rows), ""])


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "UTF-8", "utf-16", "utf-16-le", "gbk", "cp936", "gb18030", "hz", "iso2022_jp_2"],
)
def test_a_text_is_read_in_the_encoding_that_is_named(encoding: str) -> None:
    stated = TextFormat(encoding=encoding)
    batch = ingested(export().encode(encoding), encoding=stated.encoding)
    assert batch.rows.height == 3
    assert batch.rows["rating"].unique().to_list() == ["满意"]


def test_a_foreign_encoding_is_read_where_it_is_named() -> None:
    text = export(line="Métro")
    heads = dict(zip(header_line("calls").split(","), EXPORTS["calls"].by_name, strict=True))
    for title, name in heads.items():
        text = text.replace(title, name)
    text = text.replace("接通", "OK").replace("满意", "")
    codes = {"outcome": {"OK": "接通"}}
    batch = ingested(text.encode("latin-1"), encoding="latin-1", codes=codes)
    assert batch.rows["line"].unique().to_list() == ["Métro"]
    refused = ingested(text.encode("latin-1"), codes=codes)
    assert refused.outcomes["rule"].to_list() == ["encoding"]


def test_a_byte_order_mark_knows_better() -> None:
    assert ingested(export().encode("utf-8-sig"), encoding="gb18030").rows.height == 3


def test_damage_in_a_named_encoding_costs_its_line() -> None:
    batch = ingested(export().encode("gbk").replace(b"12345", b"\xff", 1), encoding="gbk")
    assert batch.rows.height == 2
    assert batch.quarantine["rules"].to_list() == [["encoding"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "~", "\x01", "\x1f"])
def test_each_delimiter(delimiter: str) -> None:
    stated = TextFormat(delimiter=delimiter)
    batch = ingested(export().replace(",", delimiter).encode(), delimiter=stated.delimiter)
    assert batch.rows.height == 3


def test_another_quote_and_none() -> None:
    text = export().replace("12345", "'1,2'")
    assert ingested(text.encode(), quote="'").rows["line"].unique().to_list() == ["1,2"]
    text = export().replace("12345", '"12')
    assert ingested(text.encode(), quote="").rows["line"].unique().to_list() == ['"12']
    assert ingested(text.encode()).outcomes["rule"].to_list() == ["no_valid_line"]


@pytest.mark.parametrize("above", [0, 4, 20, 300])
def test_the_header_stands_where_it_is_said_to(above: int) -> None:
    text = "\n" * above + export()
    batch = ingested(text.encode(), header_row=above + 1)
    assert batch.rows.height == 3
    (own,) = batch.outcomes.iter_rows(named=True)
    assert own["read"] + own["ignored"] == text.count("\n")


def test_a_header_row_that_is_none_says_what_it_lacks() -> None:
    batch = ingested(("甲,乙\n" + export()).encode(), header_row=1, delimiter=",")
    assert batch.outcomes["rule"].to_list() == ["header_missing"]


def test_the_documented_example_is_read() -> None:
    text = Path("docs/profiles.md").read_text(encoding="utf-8")
    assert DOCUMENTED in text
    stated = TextFormat(**tomllib.loads(DOCUMENTED)).model_dump()
    heads = dict(zip(header_line("calls").split(","), EXPORTS["calls"].by_name, strict=True))
    body = export(rating="", line='中"山').replace(",", "|").replace('"中""山"', '中"山')
    for title, name in heads.items():
        body = body.replace(title, name)
    body = body.replace("接通", "接聽")
    codes = {"outcome": {"接聽": "接通"}}
    batch = ingested(("\n" * 4 + body).encode("big5"), codes=codes, **stated)
    assert batch.quarantine.height == 0
    assert batch.rows.select(pl.col("line").unique()).item() == '中"山'


@pytest.mark.parametrize(
    "statement",
    [
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"encoding": "rot13"},
        {"delimiter": "||"},
        {"delimiter": "，"},
        {"delimiter": "\n"},
        {"delimiter": "x"},
        {"quote": "''"},
        {"quote": "|", "delimiter": "|"},
        {"header_row": 0},
        {"header_row": 1001},
    ],
)
def test_an_impossible_statement_is_refused(statement: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DatasetProfile(files="{YYYY}", **statement)
