"""Bytes as delivered -> UTF-8 text with Unix line ends: gzip, encodings, damage."""

import codecs
import gzip
import io
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from assets.exports.parsed_file import HEADER_LINES, FileRefused

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
    text = raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    decided = "utf-8" if marked else _encoding_of_header(text, expected)
    if decided:
        whole, damaged = _repaired(text, decided)
        return Decoded(whole, "utf-8-sig" if marked else decided, damaged)
    for encoding in ENCODINGS:
        with suppress(UnicodeDecodeError):
            parts = [_strictly(chunk, encoding) for chunk in _chunks(text)]
            return Decoded(text if encoding == "utf-8" else _joined(parts), encoding, False)
    raise FileRefused("encoding", tried=", ".join(ENCODINGS))


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
    for chunk in _chunks(text):
        try:
            parts.append(_strictly(chunk, encoding))
        except UnicodeDecodeError:
            damaged = True
            # Line by line: Python's GB18030 decoder takes the line end after half a character for
            # a part of the damage.
            lines = bytes(chunk).split(b"\n")
            parts.append(b"\n".join(line.decode(encoding, "replace").encode() for line in lines))
    if encoding == "utf-8" and not damaged:
        return text, False
    return _joined(parts), damaged


def _joined(parts: Iterable[bytes | memoryview]) -> bytes:
    return b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _strictly(piece: memoryview, encoding: str) -> bytes | memoryview:
    """Return a piece in UTF-8.

    Raises:
        UnicodeDecodeError: some of its bytes mean nothing.
    """
    text = str(piece, encoding)
    return piece if encoding == "utf-8" else text.encode()


def _chunks(text: bytes) -> Iterator[memoryview]:
    """Cut a text into pieces of whole lines."""
    view, start = memoryview(text), 0
    while start < len(text):
        end = text.find(b"\n", start + CHUNK) + 1 or len(text)
        yield view[start:end]
        start = end
