"""Read export files: from their bytes to text columns named as the dataset's.

Types and rules come later, over many files at once.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from assets.core import file_budget
from assets.exports.decode import decode, unpack
from assets.exports.delimited import parse_texts
from assets.exports.delimited_text import SEPARATORS, DelimitedText, find_header
from assets.exports.deliveries import Delivery
from assets.exports.headers import HeaderMatcher, match_file
from assets.exports.parsed_file import LINE, FileRefused, Ignored, IsHeader, ParsedFile
from assets.exports.sheets import join_sheets, match_sheets
from assets.exports.xlsx import Workbook, read_workbook
from assets.profiles import Profile, TextFormat
from schemas.wall_clock import TIME_ZONE


@dataclass(frozen=True)
class Reading:
    """What reading a delivery gives.

    Attributes:
        delivery: the file.
        refusal: why it is refused, else None.
        parsed: what was read; None where reading was refused.
        positions: column -> position of the cell that feeds it.
        encoding: how the bytes were read.
        noticed: what is worth telling of a file that is ingested: rows left out by name, headers
            that are not known, codes that are in no list.
    """

    delivery: Delivery
    refusal: FileRefused | None = None
    parsed: ParsedFile | None = None
    positions: dict[str, int] = field(default_factory=dict)
    encoding: str = ""
    noticed: dict[str, object] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """File rule for which it is refused, else empty."""
        return self.refusal.rule if self.refusal else ""

    @property
    def detail(self) -> dict[str, str | int]:
        """Facts for the sentence of that rule."""
        return self.refusal.detail if self.refusal else {}

    @property
    def columns(self) -> list[pl.Expr]:
        """`__line` and the text columns that the file has, of `parsed.rows`."""
        return [pl.col(LINE), *(pl.col(str(at)).alias(n) for n, at in self.positions.items())]

    def without_rows(self) -> "Reading":
        """The same without its rows, whose memory can be used again."""
        if self.parsed is None:
            return self
        return replace(self, parsed=replace(self.parsed, rows=self.parsed.rows.clear()))


_NOTHING_STATED = TextFormat()


def read_files(
    deliveries: Sequence[Delivery],
    content: Callable[[Delivery], bytes],
    matcher: HeaderMatcher,
    profile: Profile,
    *,
    memory: int | None = None,
) -> list[Reading]:
    """Read deliveries; a file that is refused is a reading with a refusal, not an exception.

    Args:
        deliveries: the files.
        content: gives the archived bytes of a delivery.
        matcher: of their dataset.
        profile: how the platform exports.
        memory: bytes that they may take together, unpacked; a file for which not enough is left is
            refused for "over_memory". As much as one file may take where nobody says.
    """
    left = file_budget() if memory is None else memory
    opened: dict[int, tuple[_Opened, str]] = {}
    readings: dict[int, Reading] = {}
    for number, delivery in enumerate(deliveries):
        try:
            if delivery.barred:
                raise FileRefused(delivery.barred)
            _check_format(delivery.name)
            _check_size(delivery.size, left)
            raw = content(delivery)
            opened[number] = _open_export(raw, delivery.name, matcher, profile, memory=left)
            left -= _size(opened[number][0])
        except FileRefused as refused:
            readings[number] = Reading(delivery, refused)
    parsed = _parse([found for found, _ in opened.values()])
    for (number, (_, encoding)), each in zip(opened.items(), parsed, strict=True):
        delivery = deliveries[number]
        try:
            readings[number] = _reading(delivery, each, encoding, matcher, profile)
        except FileRefused as refused:
            readings[number] = Reading(delivery, refused)
    return [readings[number] for number in range(len(deliveries))]


def read_export(
    raw: bytes, name: str, matcher: HeaderMatcher, profile: Profile
) -> tuple[ParsedFile, str]:
    """Content and encoding of one export file, by the ending of its name.

    Raises:
        FileRefused: the format, the encoding or the structure cannot be read.
    """
    _check_format(name)
    opened, encoding = _open_export(raw, name, matcher, profile, memory=file_budget())
    return _parse_one(opened, matcher.column_of), encoding


def read_any(content: bytes, name: str, form: TextFormat = _NOTHING_STATED) -> ParsedFile:
    """Read a file whose headers nobody has registered: any row with several cells is the header.

    Args:
        content: the file.
        name: its name, with ending.
        form: what is known of how it is written.

    Raises:
        FileRefused: the format, the encoding or the structure cannot be read.
    """
    memory = file_budget()
    opened, _ = _open(
        content,
        name,
        lambda cells: sum(bool(cell) for cell in cells) > 2,
        form,
        memory=memory,
        limit=memory,
    )
    return _parse_one(opened)


def raw_text(
    content: bytes, name: str, lines: Sequence[int], form: TextFormat, encoding: str
) -> list[str]:
    """Raw text of the records that start at these lines of an archived file.

    The file was read before, so it can be; only where its records begin and end is asked here.

    Args:
        content: the file.
        name: its name, with ending.
        lines: where the records start.
        form: what the profile says of it.
        encoding: how its bytes were read, as the ledger says.
    """
    known = {} if encoding in ("", "xlsx") else {"encoding": encoding.removesuffix("-sig")}
    return read_any(content, name, form.model_copy(update=known)).raw(lines)


# A file whose header is found: a text yet to be parsed, or a workbook that has been.
_Opened = DelimitedText | Workbook


def _check_size(size: int, memory: int) -> None:
    if size > memory:
        raise FileRefused("over_memory", limit=memory >> 20)


def _size(opened: _Opened) -> int:
    """Bytes that an opened file takes."""
    if isinstance(opened, DelimitedText):
        return len(opened.text)
    return sum(int(each.parsed.rows.estimated_size()) for each in opened.sheets)


def _check_format(name: str) -> None:
    if name.lower().endswith(".xls"):
        raise FileRefused("xls_format")
    if not name.lower().endswith((".xlsx", ".csv", ".csv.gz")):
        raise FileRefused("format_unknown")


def _open_export(
    raw: bytes, name: str, matcher: HeaderMatcher, profile: Profile, *, memory: int
) -> tuple[_Opened, str]:
    return _open(
        raw,
        name,
        matcher.is_header,
        matcher.profile,
        sheet=matcher.profile.sheet,
        is_read=matcher.is_read,
        expected=matcher.expected,
        memory=memory,
        limit=profile.max_unpacked_bytes,
    )


def _open(
    raw: bytes,
    name: str,
    is_header: IsHeader,
    form: TextFormat,
    *,
    is_read: Callable[[str], bool] = lambda _: True,
    expected: Collection[str] = (),
    memory: int,
    limit: int,
    sheet: str = "",
) -> tuple[_Opened, str]:
    """Open a file and find its header; return it and its encoding.

    Raises:
        FileRefused: the container, the encoding or the header cannot be read.
    """
    if name.lower().endswith(".xlsx"):
        book = read_workbook(
            raw, is_header=is_header, is_read=is_read, unpacked=limit, memory=memory, sheet=sheet
        )
        return book, "xlsx"
    try:
        unpacked = unpack(raw, name=name, limit=min(limit, memory))
    except FileRefused as refused:
        if refused.rule == "too_large" and memory < limit:
            raise FileRefused("over_memory", limit=memory >> 20) from None
        raise
    decoded = decode(unpacked, expected=expected, encoding=form.encoding)
    text = find_header(
        decoded,
        is_header=is_header,
        separators=form.delimiter or SEPARATORS,
        quote=form.quote,
        header_line=form.header_row,
        names=form.column_names,
    )
    return text, decoded.encoding


def _parse(opened: Sequence[_Opened]) -> list[ParsedFile | Workbook | FileRefused]:
    parsed = iter(parse_texts([each for each in opened if isinstance(each, DelimitedText)]))
    return [next(parsed) if isinstance(each, DelimitedText) else each for each in opened]


def _parse_one(
    opened: _Opened, column_of: Callable[[str], str | None] = lambda _: None
) -> ParsedFile:
    (parsed,) = _parse([opened])
    if isinstance(parsed, FileRefused):
        raise parsed
    return join_sheets(parsed, column_of) if isinstance(parsed, Workbook) else parsed


def _reading(
    delivery: Delivery,
    parsed: ParsedFile | Workbook | FileRefused,
    encoding: str,
    matcher: HeaderMatcher,
    profile: Profile,
) -> Reading:
    if isinstance(parsed, FileRefused):
        raise parsed
    day, sha256 = delivery.export_date, delivery.delivered_sha256
    noticed: dict[str, object] = {}
    if isinstance(parsed, Workbook):
        matched, positions, excluded, noticed = match_sheets(
            parsed, matcher, profile, day=day, sha256=sha256
        )
    else:
        matched, positions, excluded = match_file(parsed, matcher, profile, day=day, sha256=sha256)
    # Every sheet has a header, and what is excluded is counted by name.
    counted = matched.ignored
    said = counted - Ignored(header=counted["header"], excluded=counted["excluded"])
    noticed |= {
        "ignored": dict(said),
        "same_id": matcher.profile.same_id,
        "time_zone": profile.time_zone if profile.time_zone != TIME_ZONE else "",
        "absent": sorted(matcher.profile.absent),
        "excluded": excluded,
        "extra": matcher.unknown(matched.header),
    }
    return Reading(
        delivery,
        parsed=matched,
        positions=positions,
        encoding=encoding,
        noticed={name: found for name, found in noticed.items() if found},
    )
