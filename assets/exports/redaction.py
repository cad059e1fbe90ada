"""Raw files without the rows that were erased: every other line stays as and where it was.

A row of a text becomes an empty line, one of a workbook an empty row, so that what names a row by
its line still names it. What was made is read again and compared before anything relies on it.
"""

import codecs
import gzip
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import NamedTuple

import polars as pl

from assets.core import HotlineError
from assets.exports.cast import spell_cells
from assets.exports.decode import decode, unpack
from assets.exports.erasure_record import SUBJECTS, Erasures
from assets.exports.headers import HeaderMatcher, match_file
from assets.exports.parsed_file import LINE, SHEET_LINES, FileRefused, ParsedFile
from assets.exports.reading import read_export
from assets.masking import masked_path
from assets.profiles import Profile
from assets.workbooks import without_rows
from schemas import EXPORTS

_LINE_END = re.compile(rb"(\r\n|\r|\n)")


class RawFile(NamedTuple):
    """The bytes of a delivery, and what is known of it.

    Attributes:
        raw: as they lie in the archive.
        dataset: name of the dataset.
        path: where it came from.
        day: export date.
        sha256: of the bytes as they were delivered.
    """

    raw: bytes
    dataset: str
    path: str
    day: date
    sha256: str

    @property
    def is_workbook(self) -> bool:
        """Whether it is no text."""
        return self.path.lower().endswith(".xlsx")


class Redacted(NamedTuple):
    """What becomes of a file.

    Attributes:
        content: its bytes without what was erased; None where nothing was in it, empty where it is
            one that was refused and names somebody: nobody needs it.
        is_unread: it was refused and cannot be searched.
    """

    content: bytes | None = None
    is_unread: bool = False


def subjects_of(file: RawFile, profile: Profile) -> tuple[ParsedFile, pl.DataFrame]:
    """A file, and whose its rows are: `__line` and those columns of `SUBJECTS` that it has.

    Rows that the profile excludes are among them.

    Raises:
        FileRefused: it cannot be read.
    """
    if file.dataset not in profile.datasets:
        raise FileRefused("format_unknown")
    table, dataset = EXPORTS[file.dataset], profile.datasets[file.dataset]
    matcher = HeaderMatcher(table, dataset)
    parsed, _ = read_export(file.raw, file.path, matcher, profile)
    matched, positions, _ = match_file(parsed, matcher, profile, day=file.day, sha256=file.sha256)
    found = []
    for part, own in ((parsed, matcher.match(parsed.header)), (matched, positions)):
        cells = part.rows.select(
            LINE, *(pl.col(str(own[name])).alias(name) for name in SUBJECTS if name in own)
        )
        spelt = [
            spell_cells(cells[name], table.by_name[name], profile, dataset)
            for name in cells.columns[1:]
        ]
        found.append(cells.with_columns(spelt))
    return parsed, pl.concat(found, how="diagonal").unique(maintain_order=True)


def redact(file: RawFile, erased: Erasures, profile: Profile) -> Redacted:
    """A file without what was erased.

    Raises:
        HotlineError: it cannot be written so that the rest reads as before.
    """
    try:
        parsed, cells = subjects_of(file, profile)
    except FileRefused as refused:
        is_large = refused.rule in ("too_large", "over_memory")
        return Redacted(is_unread=True) if is_large else _searched(file, erased)
    hit = pl.Series([False] * cells.height, dtype=pl.Boolean)
    for name in cells.columns[1:]:
        hit |= erased.found(name, cells[name], file.day)
    lines = set(cells.filter(hit)[LINE])
    for line, text in parsed.rejects.select(LINE, "raw").iter_rows():
        if erased.any_word(text, file.day):
            lines.add(line)
    for content in _candidates(file, parsed, lines, erased, profile):
        if content == file.raw:
            return Redacted()
        if _reads_as_before(file._replace(raw=content), parsed, lines, profile):
            return Redacted(content)
    raise HotlineError(
        f"{masked_path(file.path)} 无法在保持其余各行不变的情况下删去要删的行，没有继续："
        "请平台重新导出不含这些行的文件，用 hotline deliveries reject 退回这个文件。"
    )


def _candidates(
    file: RawFile,
    parsed: ParsedFile,
    lines: Collection[int],
    erased: Erasures,
    profile: Profile,
) -> Iterator[bytes]:
    """Ways to write the file; the first is the raw file itself where nothing is to go."""

    def hide(text: str) -> str:
        return erased.hide(text, file.day)

    if file.is_workbook:
        shown = parsed.rows.write_csv()
        if not lines and hide(shown) == shown:
            yield file.raw
            return
        read = [*parsed.rows[LINE], *parsed.rejects[LINE]]
        rows: dict[int, set[int]] = {line // SHEET_LINES: set() for line in read}
        for line in lines:
            rows[line // SHEET_LINES].add(line % SHEET_LINES)
        yield without_rows(file.raw, rows, hide)
        return
    content = unpack(file.raw, name=file.path, limit=profile.max_unpacked_bytes)
    spans = zip(lines, parsed.raw(list(lines)), strict=True)
    blank = {line + at for line, text in spans for at in range(text.count("\n") + 1)}
    packed = file.path.lower().endswith(".gz")

    def written(text: bytes, mark: bytes = b"") -> bytes:
        # Digits are the same bytes in every encoding that an export has; others go the second way.
        found = hide(_blanked(text, blank).decode("latin-1")).encode("latin-1")
        return gzip.compress(mark + found, mtime=0) if packed else mark + found

    if not blank and hide(latin := content.decode("latin-1")) == latin:
        yield file.raw
        return
    yield written(content)
    dataset = profile.datasets[file.dataset]
    expected = HeaderMatcher(EXPORTS[file.dataset], dataset).expected
    # A byte order mark says more than a profile.
    decoded = decode(content, expected=expected, encoding=dataset.encoding)
    yield written(decoded.text, codecs.BOM_UTF8)


def _blanked(text: bytes, lines: Collection[int]) -> bytes:
    parts = _LINE_END.split(text)
    for line in lines:
        parts[2 * (line - 1)] = b""
    return b"".join(parts)


def _reads_as_before(
    file: RawFile, before: ParsedFile, lines: Collection[int], profile: Profile
) -> bool:
    """Whether the rows that stay, and the lines that are none, stand where they stood."""
    try:
        after, _ = subjects_of(file, profile)
    except FileRefused as refused:
        return refused.rule == "empty_file"
    stays = ~pl.col(LINE).is_in(list(lines))
    return (
        after.header == before.header
        and after.rows[LINE].equals(before.rows.filter(stays)[LINE])
        and after.rejects.select(LINE, "rule").equals(
            before.rejects.filter(stays).select(LINE, "rule")
        )
    )


def _searched(file: RawFile, erased: Erasures) -> Redacted:
    """What becomes of a file that was refused: it goes as a whole, or stays."""
    parts = _readable_parts(file)
    if not parts:
        return Redacted(is_unread=True)
    # UTF-16 is ASCII with zeros in between.
    texts = (part.replace(b"\0", b"").decode("latin-1") for part in parts)
    return Redacted(b"") if any(erased.any_word(each, file.day) for each in texts) else Redacted()


def _readable_parts(file: RawFile) -> list[bytes]:
    if file.is_workbook:
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(BytesIO(file.raw)) as package:
            return [package.read(name) for name in package.namelist()]
        return []
    if not file.path.lower().endswith(".gz"):
        return [file.raw]
    with suppress(OSError, EOFError):
        return [gzip.decompress(file.raw)]
    return []
