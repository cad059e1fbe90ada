"""Write the answer of a database as the bytes of an export file: the same answer, the same bytes.

Belongs here: how a value becomes text. A profile reads the file like any other, so NULL is an empty
cell, and a moment is what a clock in the profile's zone showed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from assets.sources.source import SourceError, TooLarge


def moment(value: object, zone: ZoneInfo) -> datetime | None:
    """A moment as a clock in a zone shows it; None where there is none.

    Raises:
        SourceError: it is no moment.
    """
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if value is None:
        return None
    raise SourceError("watermark 查询的结果不是时间：请在 [source.queries] 中改为返回一个时间。")


def _interval(value: timedelta) -> str:
    """As MySQL gives a time of day."""
    seconds = int(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _writers(zone: ZoneInfo) -> dict[type, Callable[[Any], str]]:
    return {
        str: str,
        bool: lambda value: "true" if value else "false",
        int: str,
        float: repr,
        Decimal: lambda value: format(value, "f"),
        datetime: lambda value: str(moment(value, zone)),
        date: str,
        time: str,
        timedelta: _interval,
        UUID: str,
        type(None): lambda _: "",
    }


def as_csv(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    zone: ZoneInfo,
    *,
    limit: int,
    dataset: str,
) -> bytes:
    """Write an answer as CSV in UTF-8: a header, then the rows in order of their bytes.

    Args:
        columns: names of the columns.
        rows: the answer, in whatever order it came.
        zone: in which moments with a zone are written.
        limit: in bytes.
        dataset: for the message.

    Raises:
        SourceError: a column is of a kind that no text stands for.
        TooLarge: the answer is over the limit.
    """
    writers = _writers(zone)
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")

    def written(cells: Iterable[str]) -> bytes:
        line.seek(0)
        line.truncate()
        writer.writerow(cells)
        return line.getvalue().encode()

    lines, size = [], 0
    for row in rows:
        try:
            cells = [writers[type(value)](value) for value in row]
        except KeyError:
            wrong = next(
                n for n, value in zip(columns, row, strict=True) if type(value) not in writers
            )
            raise SourceError(
                f"{dataset} 的查询结果中 {wrong} 列不是文字、数字或时间："
                f"请在 [source.queries.{dataset}] 中改为文字（CAST）。"
            ) from None
        lines.append(written(cells))
        size += len(lines[-1])
        if size > limit:
            raise TooLarge(size)
    return written(columns) + b"".join(sorted(lines))
