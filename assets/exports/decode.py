"""Bytes as delivered -> UTF-8 text with Unix line ends.

Belongs here: unpacking gzip, finding the encoding, line ends. Not here: rows and fields
(`records.py`), workbooks, which are no text at all (`workbook.py`).
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from assets.exports.layout import HEADER_LINES
from assets.exports.refusal import FileRefused

# Large enough that Python's cost per call vanishes, small enough that the memory is used again
# and again instead of being asked from the system anew (which costs more than the decoding).
CHUNK = 1 << 22

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
    for encoding in [decided] if decided else ENCODINGS:
        with suppress(UnicodeDecodeError):
            return Decoded(_strictly(text, encoding), "utf-8-sig" if marked else encoding, False)
    if decided is None:
        raise FileRefused("encoding", tried=", ".join(ENCODINGS))
    return Decoded(_repaired(text, decided), "utf-8-sig" if marked else decided, True)


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


def _strictly(text: bytes, encoding: str) -> bytes:
    if encoding == "utf-8":
        for chunk in _chunks(text):
            str(chunk, encoding)
        return text
    recoded = (str(chunk, encoding).encode() for chunk in _chunks(text))
    return b"".join(recoded).removeprefix(codecs.BOM_UTF8)


def _repaired(text: bytes, encoding: str) -> bytes:
    parts: list[bytes] = []
    for chunk in _chunks(text):
        try:
            parts.append(str(chunk, encoding).encode())
        except UnicodeDecodeError:
            # Line by line: Python's GB18030 decoder takes the line end after half a character
            # for a part of the damage.
            lines = bytes(chunk).split(b"\n")
            parts.append(b"\n".join(line.decode(encoding, "replace").encode() for line in lines))
    return b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _chunks(text: bytes) -> Iterator[memoryview]:
    """Cut a text into pieces of whole lines."""
    view = memoryview(text)
    start = 0
    while start < len(text):
        end = text.find(b"\n", start + CHUNK) + 1 or len(text)
        yield view[start:end]
        start = end
