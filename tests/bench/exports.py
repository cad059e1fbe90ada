"""Write one large export of calls, clean and damaged, in both encodings.

Run as `python -m tests.bench.exports FOLDER`. Belongs here: the rows, from a seed, and each defect
that a row can have. Six rows in a thousand are bad, three in a thousand stand there twice.
"""

import sys
from pathlib import Path

import numpy as np
import polars as pl

from schemas import EXPORTS
from schemas.exports.calls import ANSWERED, HUNG_UP

NAME = "calls_20231231.csv"
ROWS = 1_000_000
SEED = 12345
BAD, TWICE = 0.006, 0.003
_YEAR = 365 * 86_400
_RATINGS = ("非常满意", "满意", "基本满意", "不满意", "")
_LINES = ("12345", "12333政务服务热线", "12315消费者投诉举报热线")
_CUT = "\x01"  # stands where a byte is put that neither encoding knows
# What is done to a row's cells: column -> text. One cell more or less comes with the separator.
_DEFECTS: tuple[dict[str, str], ...] = (
    {"call_id": ""},
    {"call_id": "2.02301E+17"},
    {"call_id": "C" * 65},
    {"call_id": "2023\u200b0105"},
    {"caller": ""},
    {"line": "汉?区热线"},
    {"line": "13800138000"},
    {"line": "热" * 201},
    {"offered_at": "2023-02-30 08:00:00"},
    {"offered_at": "昨天上午"},
    {"offered_at": "2013-01-01 08:00:00"},
    {"answered_at": "2023-01-01 08:00"},
    {"ended_at": "2013-01-01 08:00:00"},
    {"ended_at": "2024-01-01 23:59:59"},
    {"ended_at": ""},
    {"outcome": "已接"},
    {"outcome": HUNG_UP},
    {"agent_id": "00\x0207"},
    {"line": "12345,投诉"},
    {"line": "12345\n投诉"},
    {"line": '"12345'},
    {"line": '123"45'},
    {"line": "12\x0045"},
    {"line": f"123{_CUT}45"},
    {"agent_id": "7,8"},
)


def calls(rows: int = ROWS, seed: int = SEED) -> pl.DataFrame:
    """Valid calls of a year as text, in the order of time."""
    random = np.random.default_rng(seed)
    start = np.datetime64("2023-01-01T00:00:00", "ms")
    offered = start + np.sort(random.integers(0, _YEAR - 7200, rows)).astype("timedelta64[s]")
    waited = random.integers(3, 90, rows).astype("timedelta64[s]")
    talked = random.integers(20, 900, rows).astype("timedelta64[s]")
    answered = random.random(rows) < 0.85
    moment = "%Y-%m-%d %H:%M:%S"
    frame = pl.DataFrame(
        {
            "at": offered,
            "number": np.arange(rows),
            "caller": random.integers(13_000_000_000, 19_999_999_999, rows).astype(str),
            "line": np.take(_LINES, random.integers(0, len(_LINES), rows)),
            "answered": offered + waited,
            "ended": offered + waited + talked,
            "agent": random.integers(1, 400, rows),
            "rating": np.take(_RATINGS, random.integers(0, len(_RATINGS), rows)),
            "is_answered": answered,
        }
    )
    is_answered = pl.col("is_answered")
    return frame.select(
        call_id=pl.format("{}{}", pl.col("at").dt.strftime("%Y%m%d"), pl.col("number") + 10**9),
        caller="caller",
        line="line",
        offered_at=pl.col("at").dt.strftime(moment),
        answered_at=pl.when(is_answered).then(pl.col("answered").dt.strftime(moment)),
        ended_at=pl.col("ended").dt.strftime(moment),
        agent_id=pl.col("agent").cast(pl.String).str.zfill(4),
        outcome=pl.when(is_answered).then(pl.lit(ANSWERED)).otherwise(pl.lit(HUNG_UP)),
        rating=pl.when(is_answered).then("rating"),
    ).with_columns(pl.all().fill_null(""))


def lines(frame: pl.DataFrame) -> pl.Series:
    """The rows as lines of CSV without line ends."""
    return frame.select(pl.concat_str(pl.all(), separator=",")).to_series()


def damaged(frame: pl.DataFrame, seed: int = SEED) -> pl.Series:
    """The lines of the rows with defects, each kind about as often as any other."""
    random = np.random.default_rng(seed + 1)
    chosen = random.permutation(frame.height)[: round(frame.height * (BAD + TWICE))]
    bad, twice = np.split(chosen, [round(frame.height * BAD)])
    found = lines(frame)
    for kind, changes in enumerate(_DEFECTS):
        rows = np.sort(bad[kind :: len(_DEFECTS)])
        changed = frame[rows].with_columns(
            pl.lit(text).alias(column) for column, text in changes.items()
        )
        found = found.scatter(rows, lines(changed))
    again = found.gather(twice)
    return found.scatter(twice, again + "\n" + again)


def write(folder: Path, rows: int = ROWS) -> None:
    """Write `clean` and `utf-8`, `gb18030` (both damaged) below a folder."""
    frame = calls(rows)
    header = ",".join(column.title for column in EXPORTS["calls"].columns)
    for name, encoding, body in (
        ("clean", "utf-8", lines(frame)),
        ("utf-8", "utf-8", damaged(frame)),
        ("gb18030", "gb18030", damaged(frame)),
    ):
        text = "\n".join([header, *body, ""])
        path = folder / name / NAME
        path.parent.mkdir(parents=True)
        path.write_bytes(text.encode(encoding).replace(_CUT.encode(), b"\xff"))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
