"""Read export files: from their bytes to text columns named as the dataset's.

Belongs here: which reader a file needs, and the one place where the refusal of a file is caught.
Types and rules come later, over many files at once.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import polars as pl

from assets.exports.archive import Delivery
from assets.exports.body import Reading as BodyReading
from assets.exports.compose import compose
from assets.exports.decode import decode, unpack
from assets.exports.headers import HeaderMatcher
from assets.exports.layout import LINE, Records
from assets.exports.lines import read_together
from assets.exports.records import Text, find_header, records_of
from assets.exports.refusals import FileRefused
from assets.exports.workbook import read_workbook
from assets.profiles import Profile


@dataclass
class Reading:
    """A file while its batch is in work.

    Attributes:
        delivery: the file.
        records: what was read; None where the file is refused.
        positions: column -> position of the cell that feeds it.
        encoding: how the bytes were read.
        rule: file rule for which it is refused, else empty.
        detail: facts for the sentence of that rule.
        noticed: what is worth telling of a file that is taken: rows left out by name, headers that
            are not known, codes that are in no list.
    """

    delivery: Delivery
    records: Records | None = None
    positions: dict[str, int] = field(default_factory=dict)
    encoding: str = ""
    rule: str = ""
    detail: dict[str, str | int] = field(default_factory=dict)
    noticed: dict[str, object] = field(default_factory=dict)

    @property
    def rows(self) -> pl.DataFrame | None:
        """`__line` and the text columns that the file has; None where it is refused."""
        if self.records is None:
            return None
        rows = self.records.rows
        columns = (rows[str(at)].alias(name) for name, at in self.positions.items())
        return pl.DataFrame([rows[LINE], *columns])

    def release_rows(self) -> None:
        """Let go of the rows, once all has been taken from them."""
        if self.records is not None:
            self.records = replace(self.records, rows=self.records.rows.clear())

    def release_text(self) -> None:
        """Let go of the text, once the lines that are kept have been taken from it."""
        if self.records is not None:
            self.records = replace(self.records, raw=_released)


def _released(lines: Sequence[int]) -> list[str]:
    raise ValueError(f"the text of {len(lines)} lines was let go of")


@dataclass(frozen=True)
class _Opened:
    """A file whose header is found: a text yet to be read, or the records of a workbook."""

    found: Text | Records
    encoding: str

    def records(self, reading: BodyReading | None = None) -> Records:
        if isinstance(self.found, Records):
            return self.found
        return records_of(self.found, reading)


def _open(raw: bytes, name: str, matcher: HeaderMatcher, profile: Profile) -> _Opened:
    """Open one export file, by the ending of its name.

    Raises:
        FileRefused: the format, the encoding or the structure cannot be read.
    """
    lowered = name.lower()
    limit = profile.max_unpacked_bytes
    if lowered.endswith(".xls"):
        raise FileRefused("xls_format")
    if lowered.endswith(".xlsx"):
        sheet = matcher.profile.sheet
        records = read_workbook(raw, is_header=matcher.is_header, limit=limit, sheet=sheet)
        return _Opened(records, "xlsx")
    if not lowered.endswith((".csv", ".csv.gz")):
        raise FileRefused("format_unknown")
    decoded = decode(unpack(raw, name=lowered, limit=limit), expected=matcher.expected)
    del raw  # unless nothing had to be decoded, it is another copy of a large file
    text = find_header(decoded.text, is_header=matcher.is_header, damaged=decoded.damaged)
    return _Opened(text, decoded.encoding)


def read_export(
    raw: bytes, name: str, matcher: HeaderMatcher, profile: Profile
) -> tuple[Records, str]:
    """Records and encoding of one export file, by the ending of its name.

    Raises:
        FileRefused: the format, the encoding or the structure cannot be read.
    """
    opened = _open(raw, name, matcher, profile)
    return opened.records(), opened.encoding


def read_any(content: bytes, name: str, *, limit: int = sys.maxsize) -> Records:
    """Read a file whose headers nobody has registered: any row with several cells is the header.

    Raises:
        FileRefused: the format, the encoding or the structure cannot be read.
    """

    def is_header(cells: Sequence[str]) -> bool:
        return sum(bool(cell) for cell in cells) > 2

    if name.lower().endswith(".xlsx"):
        return read_workbook(content, is_header=is_header, limit=limit)
    decoded = decode(unpack(content, name=name.lower(), limit=limit), expected=())
    return records_of(find_header(decoded.text, is_header=is_header, damaged=decoded.damaged))


def raw_text(content: bytes, name: str, lines: Sequence[int]) -> list[str]:
    """Raw text of the records that start at these lines of an archived file.

    The file was read before, so it can be; only where its records begin and end is asked here.
    """
    return read_any(content, name).raw(lines)


def read(
    deliveries: Sequence[Delivery],
    content: Callable[[Delivery], bytes],
    matcher: HeaderMatcher,
    profile: Profile,
) -> list[Reading]:
    """Read deliveries; a file that is refused is a reading with a rule, not an exception."""
    readings = [Reading(each, rule=each.barred) for each in deliveries]
    opened: list[tuple[Reading, _Opened]] = []
    for reading in readings:
        if not reading.rule:
            with _refusal_of(reading):
                name = reading.delivery.name
                opened.append((reading, _open(content(reading.delivery), name, matcher, profile)))
    bodies = [each.found.body for _, each in opened if isinstance(each.found, Text)]
    readings_of_bodies = iter(read_together(bodies))
    for reading, each in opened:
        with _refusal_of(reading):
            own = next(readings_of_bodies) if isinstance(each.found, Text) else None
            _fill(reading, each.records(own), matcher, profile)
            reading.encoding = each.encoding
    return readings


@contextmanager
def _refusal_of(reading: Reading) -> Iterator[None]:
    try:
        yield
    except FileRefused as refused:
        reading.rule, reading.detail = refused.rule, refused.detail


def _fill(reading: Reading, records: Records, matcher: HeaderMatcher, profile: Profile) -> None:
    composed = compose(
        records,
        matcher.match(records.header),
        matcher.table,
        matcher.profile,
        profile.nulls,
        sha256=reading.delivery.sha256,
    )
    reading.records, reading.positions = composed.records, composed.positions
    noticed = {"excluded": composed.excluded, "extra": matcher.unknown(records.header)}
    reading.noticed = {name: found for name, found in noticed.items() if found}
