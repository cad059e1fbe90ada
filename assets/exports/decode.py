"""Bytes as delivered -> UTF-8 text with Unix line ends: gzip, encodings, damage."""

import codecs
import gzip
import io
import re
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pyarrow as pa

from assets.exports.parsed_file import HEADER_LINES, FileRefused

# Large enough that Python's cost per call vanishes, small enough that the memory is used again
# and again instead of being asked from the system anew (which costs more than the decoding).
CHUNK = 1 << 22
# A chunk with damage is gone through in smaller ones: few of them hold any.
SMALL_CHUNK = 1 << 14

ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Decoded:
    """A text whose encoding is known.

    Attributes:
        text: Valid UTF-8 without byte order mark, all line ends are Unix ones.
        encoding: How it was delivered: "utf-8", "utf-8-sig" or "gb18030".
        damaged: Some bytes meant nothing in that encoding; U+FFFD stands in their place.
    """

    text: bytes = field(repr=False)
    encoding: str
    damaged: bool


def unpack(raw: bytes, *, name: str, limit: int) -> bytes:
    """Return the content of a delivered file, unpacked if its name ends in ".gz".

    Args:
        raw: The file as delivered.
        name: Its file name.
        limit: The most unpacked bytes that are accepted; no more than that is ever held.

    Raises:
        FileRefused: "too_large", or "gzip_damaged" for anything but a whole gzip file.
    """
    if not name.lower().endswith(".gz"):
        if len(raw) > limit:
            raise FileRefused("too_large", size=len(raw), limit=limit)
        return raw
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            while part := packed.read(CHUNK):
                size += len(part)
                if size > limit:
                    raise FileRefused("too_large", size=size, limit=limit)
                parts.append(part)
    except (EOFError, OSError, zlib.error):
        raise FileRefused("gzip_damaged") from None
    return b"".join(parts)


def decode(raw: bytes, *, expected: Collection[str]) -> Decoded:
    """Turn a delivered text into UTF-8, trying UTF-8 and then GB18030.

    The header decides where it can: that the whole body decodes proves little, because a damaged
    UTF-8 file may happen to be valid GB18030. Once the header has decided, damage in the body
    stays where it is, and costs only the lines it is on.

    Args:
        raw: The text as delivered.
        expected: Header names that may occur; only those that are not ASCII tell encodings apart.

    Raises:
        FileRefused: "encoding_utf16", or "encoding" if neither encoding fits.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = "LE" if raw.startswith(codecs.BOM_UTF16_LE) else "BE"
        raise FileRefused("encoding_utf16", encoding=f"UTF-16{order}")
    marked = raw.startswith(codecs.BOM_UTF8)
    # No byte of a character of either encoding can be mistaken for a line end.
    text = _with_unix_line_ends(raw.removeprefix(codecs.BOM_UTF8))
    decided = "utf-8" if marked else _encoding_of_header(text, expected)
    if decided:
        whole, damaged = _repaired(text, decided)
        return Decoded(whole, "utf-8-sig" if marked else decided, damaged)
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            parts = [_strictly(chunk, encoding) for chunk in _chunks(text, 0, len(text), CHUNK)]
            return Decoded(text if encoding == "utf-8" else _joined(parts), encoding, False)
    raise FileRefused("encoding", tried=", ".join(ENCODINGS))


def _with_unix_line_ends(raw: bytes) -> bytes:
    if b"\r" not in raw:
        return raw
    if re.search(rb"\r(?!\n)", raw):
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw.replace(b"\r", b"")  # the same where every \r precedes a \n, in half the time


def _encoding_of_header(text: bytes, expected: Collection[str]) -> str | None:
    """Return the encoding under which the first lines hold most of the expected names, or None.

    One name alone proves nothing where the lines differ: a row may quote it in the other encoding.
    """
    head = b"\n".join(first_lines(text, HEADER_LINES))
    names = [name for name in expected if not name.isascii()]
    found = {}
    for encoding in ENCODINGS:
        read = head.decode(encoding, "replace")
        found[encoding] = sum(name in read for name in names)
    best = max(ENCODINGS, key=found.__getitem__)
    return best if found[best] else None


def first_lines(text: bytes, count: int) -> list[bytes]:
    """Return up to `count` lines from the start of a text, without touching the rest of it."""
    end = -1
    for _ in range(count):
        following = text.find(b"\n", end + 1)
        if following < 0:
            return text.split(b"\n")
        end = following
    return text[:end].split(b"\n")


def _repaired(text: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return a text in UTF-8, U+FFFD where bytes mean nothing, and whether there are any."""
    parts: list[bytes | memoryview] = []
    damaged = False
    end = 0
    for chunk in _chunks(text, 0, len(text), CHUNK):
        start, end = end, end + len(chunk)
        try:
            parts.append(_strictly(chunk, encoding))
        except UnicodeDecodeError:
            damaged = True
            parts += (_piece(each, encoding) for each in _chunks(text, start, end, SMALL_CHUNK))
    if encoding == "utf-8" and not damaged:
        return text, False
    return _joined(parts), damaged


def _piece(piece: memoryview, encoding: str) -> bytes | memoryview:
    try:
        return _strictly(piece, encoding)
    except UnicodeDecodeError:
        # Line by line: Python's GB18030 decoder takes the line end after half a character for a
        # part of the damage.
        lines = bytes(piece).split(b"\n")
        return b"\n".join(line.decode(encoding, "replace").encode() for line in lines)


def _joined(parts: Iterable[bytes | memoryview]) -> bytes:
    return b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _strictly(piece: memoryview, encoding: str) -> bytes | memoryview:
    """Return a piece in UTF-8.

    Raises:
        UnicodeDecodeError: some of its bytes mean nothing.
    """
    if encoding != "utf-8":
        return str(piece, encoding).encode()
    # Arrow looks through the bytes where they lie; Python makes a copy of four times the size.
    ends = pa.py_buffer(struct.pack("=qq", 0, len(piece)))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(piece)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        raise UnicodeDecodeError(encoding, b"", 0, 0, "invalid") from None
    return piece


def _chunks(text: bytes, start: int, end: int, size: int) -> Iterator[memoryview]:
    """Cut a part of a text into pieces of whole lines."""
    view = memoryview(text)
    while start < end:
        following = text.find(b"\n", start + size, end) + 1 or end
        yield view[start:following]
        start = following
