"""Titles and texts of tickets: plausible sentences, some with personal numbers in them.

Belongs here: putting phrases together, and the ways in which people write phone and ID numbers
(the pipeline has to mask every one of them). The phrases themselves are in `subjects.toml`.
"""

from itertools import accumulate
from typing import Any

import numpy as np
import polars as pl

from assets.sample.clock import Flags, Ints
from assets.sample.subjects import Matters
from assets.sample.volumes import read_data

PERSONAL_SHARE = 0.07
QUOTED_NEWLINE_SHARE = 0.006
_FULL_WIDTH = ["０", "１", "２", "３", "４", "５", "６", "７", "８", "９"]
_DIGITS = [str(digit) for digit in range(10)]


def _phrase(
    rng: np.random.Generator, entries: list[dict[str, Any]], key: str, position: Ints
) -> pl.Series:
    """One of the phrases of each ticket's entry, at random."""
    lists = [entry[key] for entry in entries]
    sizes = np.array([len(each) for each in lists])
    starts = np.array([0, *accumulate(sizes)][:-1])
    within = (rng.random(len(position)) * sizes[position]).astype(np.int64)
    return pl.Series([phrase for each in lists for phrase in each]).gather(
        starts[position] + within
    )


def _any(rng: np.random.Generator, phrases: list[str], count: int) -> pl.Series:
    return pl.Series(phrases).gather(rng.integers(0, len(phrases), count))


def id_numbers(rng: np.random.Generator, count: int) -> pl.Series:
    """ID numbers of nobody: an area code of Hanzhong, a date of birth, a random end."""
    birth = np.datetime64("1950-01-01") + rng.integers(0, 20_000, count)
    frame = pl.DataFrame(
        {
            "area": rng.integers(612_301, 612_330, count),
            "birth": birth.astype("datetime64[ms]"),
            "end": rng.integers(0, 1000, count),
            "check": pl.Series([*_DIGITS, "X"]).gather(rng.integers(0, 11, count)),
        }
    )
    return frame.select(
        pl.col("area").cast(pl.String)
        + pl.col("birth").dt.strftime("%Y%m%d")
        + pl.col("end").cast(pl.String).str.zfill(3)
        + pl.col("check")
    ).to_series()


def _contact(rng: np.random.Generator, callers: pl.Series, surname: pl.Series) -> pl.Series:
    """A sentence with the caller's phone or ID number, in one of many spellings."""
    count = len(callers)
    way = pl.Series("way", rng.integers(0, 10, count))
    phone = pl.col("phone")
    parts = [phone.str.slice(start, length) for start, length in ((0, 3), (3, 4), (7, 4))]
    person = pl.col("person")
    person_parts = [person.str.slice(start, n) for start, n in ((0, 6), (6, 8), (14, 4))]
    spellings = [
        "联系电话" + phone + "。",
        "请回电" + pl.concat_str(parts, separator="-") + "。",
        "手机号：" + pl.concat_str(parts, separator=" ") + "。",
        "电话" + phone.str.replace_many(_DIGITS, _FULL_WIDTH) + "。",
        "联系人" + pl.col("surname") + "先生，" + phone + "。",
        "联系人" + pl.col("surname") + "女士，固话0916-" + phone.str.slice(-7) + "。",
        "身份证号" + person + "。",
        "身份证：" + pl.concat_str(person_parts, separator=" ") + "。",
        "身份证号码" + person.str.replace_many(_DIGITS, _FULL_WIDTH) + "，电话+86" + phone + "。",
        "证件号" + pl.concat_str(person_parts, separator="-") + "。",
    ]
    sentence = pl.lit("")
    for number, spelling in enumerate(spellings):
        sentence = pl.when(pl.col("way") == number).then(spelling).otherwise(sentence)
    frame = pl.DataFrame(
        {"phone": callers, "person": id_numbers(rng, count), "surname": surname, "way": way}
    )
    return frame.select(sentence).to_series()


def write_texts(
    rng: np.random.Generator, matters: Matters, direct: Flags, by_phone: Flags, callers: pl.Series
) -> tuple[pl.Series, pl.Series]:
    """Title and content of each ticket.

    Args:
        rng: stream to draw from.
        matters: what the tickets are about.
        direct: which are answered on the spot.
        by_phone: which came in by phone.
        callers: phone number of each citizen.

    Returns:
        Titles and contents; a few contents hold a newline, a comma or quotes.
    """
    content = read_data("subjects.toml")
    pieces = content["text"]
    count = len(direct)
    choose = {key: _any(rng, pieces[key], count) for key in ("spots", "since", "effects")}
    frame = pl.DataFrame(
        {
            "ask": _phrase(rng, content["subject"], "asks", matters.subject),
            "issue": _phrase(rng, content["subject"], "issues", matters.subject),
            "region": pl.Series([each["name"] for each in content["region"]]).gather(
                matters.region
            ),
            "town": _phrase(rng, content["region"], "towns", matters.region),
            "opening": _any(rng, pieces["openings"], count).zip_with(
                pl.Series(by_phone), _any(rng, pieces["written_openings"], count)
            ),
            "request": _any(rng, pieces["requests"], count),
            "answer": _any(rng, pieces["answers"], count),
            "direct": direct,
            "draw": rng.random(count),
            "number": rng.integers(2, 60, count).astype(str),
            **choose,
        }
    )
    personal = rng.random(count) < PERSONAL_SHARE
    contact = np.full(count, "", object)
    named = pl.Series(personal)
    surname = _any(rng, pieces["surnames"], int(personal.sum()))
    contact[personal] = _contact(rng, callers.filter(named), surname).to_list()
    frame = frame.with_columns(pl.Series("contact", contact, dtype=pl.String))
    place = pl.col("region") + pl.col("town") + pl.col("spots")
    newline = (
        pl.when(pl.col("draw") < QUOTED_NEWLINE_SHARE).then(pl.lit("\n")).otherwise(pl.lit(""))
    )
    quoted = (
        pl.when(pl.col("draw") > 0.99)
        .then(pl.lit('答复称"正在处理",') + pl.col("number") + pl.lit("天无结果。"))
        .otherwise(pl.lit(""))
    )
    asked = pl.col("opening") + "咨询" + pl.col("ask") + "。" + newline + pl.col("answer")
    issued = (
        pl.concat_str("opening", place, "issue", pl.lit("，"), "since", pl.lit("，"), "effects")
        + pl.lit("。")
        + newline
        + quoted
        + pl.col("request")
    )
    texts = frame.select(
        title=pl.when("direct")
        .then("咨询" + pl.col("ask"))
        .otherwise(pl.concat_str("region", "town", "issue")),
        content=pl.when("direct").then(asked).otherwise(issued) + pl.col("contact"),
    )
    return texts["title"], texts["content"]
