"""Bytes as delivered -> UTF-8: every encoding, every kind of line end, every refusal."""

import gzip
import pickle
import random
from contextlib import suppress

import pytest

from assets.exports.decode import CHUNK, Decoded, decode, unpack
from assets.exports.parsed_file import FileRefused

EXPECTED = frozenset({"工单编号", "诉求内容", "id"})
HEADER = "工单编号,诉求内容\n"
BODY = "G1,路灯不亮\nG2,噪音\n"


def refusal(raw: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        decode(raw, expected=EXPECTED)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_encoding_gives_the_same_text(encoding: str) -> None:
    decoded = decode((HEADER + BODY).encode(encoding), expected=EXPECTED)
    assert decoded == Decoded((HEADER + BODY).encode(), encoding, damaged=False)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_unknown_header_leaves_it_to_strict_decoding(encoding: str) -> None:
    text = "甲,乙\n路灯,噪音\n"
    assert decode(text.encode(encoding), expected=EXPECTED).encoding == encoding


def test_characters_beyond_gbk_and_a_byte_order_mark_in_gb18030() -> None:
    text = HEADER + "G1,𠮷㐀€\n"
    decoded = decode(("\ufeff" + text).encode("gb18030"), expected=EXPECTED)
    assert decoded == Decoded(text.encode(), "gb18030", damaged=False)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_of_several_chunks(encoding: str) -> None:
    text = HEADER + "G1,路灯不亮路灯不亮路灯不亮\n" * (2 * CHUNK // 40)
    assert decode(text.encode(encoding), expected=EXPECTED).text == text.encode()


def test_the_header_decides_when_the_body_would_pass_for_gb18030() -> None:
    # Cut inside its last character, this UTF-8 text is valid GB18030 too ("涓").
    raw = (HEADER + "G1,中").encode()[:-1]
    raw.decode("gb18030", "strict")
    decoded = decode(raw, expected=EXPECTED)
    assert decoded.encoding == "utf-8"
    assert decoded.damaged
    assert decoded.text.decode().endswith("G1,\ufffd")


def test_the_header_may_stand_below_a_banner() -> None:
    raw = ("汉中市\n统计\n" + HEADER + "G1,").encode("gb18030") + b"\xff\n"
    assert decode(raw, expected=EXPECTED).encoding == "gb18030"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("damage", [b"\xff", b"\xd6", b"\xd60", b"\x81\x30\x81"])
def test_damage_stays_on_its_line(encoding: str, damage: bytes) -> None:
    raw = (
        HEADER.encode(encoding)
        + b"G1,"
        + damage
        + b"\n"
        + BODY.encode(encoding.removesuffix("-sig"))
    )
    decoded = decode(raw, expected=EXPECTED)
    assert (decoded.encoding, decoded.damaged) == (encoding, True)
    lines = decoded.text.decode().split("\n")
    assert lines[0] + "\n" == HEADER
    assert "\ufffd" in lines[1]
    assert "\n".join(lines[2:]) == BODY


def test_damage_never_costs_a_line() -> None:
    draw = random.Random(12345)
    signs = b"\x0a\x0a\x2c\x30\x39\x22\x41\x80\x81\xd6\xd0\xfe\xff"
    for _ in range(3000):
        body = bytes(draw.choice(signs) for _ in range(draw.randint(0, 16)))
        for encoding in ("utf-8", "gb18030"):
            decoded = decode(HEADER.encode(encoding) + body, expected=EXPECTED)
            assert decoded.encoding == encoding
            assert decoded.text.count(b"\n") == 1 + body.count(b"\n")
            decoded.text.decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_become_one(end: str) -> None:
    raw = (HEADER + BODY).replace("\n", end).encode("gb18030")
    assert decode(raw, expected=EXPECTED).text == (HEADER + BODY).encode()


def test_mixed_line_ends() -> None:
    assert decode(b"a\r\nb\nc\rd\r\r\n", expected=()).text == b"a\nb\nc\nd\n\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_utf16_is_refused_by_name(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    refused = refusal((mark + HEADER).encode(encoding))
    assert refused.rule == "encoding_utf16"
    assert str(refused.detail["encoding"]).startswith("UTF-16")


def test_neither_encoding_is_refused() -> None:
    assert refusal(b"a,b\n\xff\xff,\x80\n").rule == "encoding"


def test_an_empty_file_is_a_text_without_lines() -> None:
    assert decode(b"", expected=EXPECTED) == Decoded(b"", "utf-8", damaged=False)


def test_a_plain_file_is_not_unpacked() -> None:
    assert unpack(b"abc", name="calls_20240501.csv", limit=3) == b"abc"
    with pytest.raises(FileRefused) as caught:
        unpack(b"abcd", name="calls_20240501.csv", limit=3)
    assert caught.value.rule == "too_large"
    assert caught.value.detail == {"size": 4, "limit": 3}


def test_gzip_is_unpacked_members_and_all() -> None:
    packed = gzip.compress(b"abc") + gzip.compress(b"def")
    assert unpack(packed, name="calls.CSV.GZ", limit=6) == b"abcdef"


def test_a_gzip_bomb_is_refused_before_it_is_held() -> None:
    bomb = gzip.compress(bytes(8 * CHUNK))
    with pytest.raises(FileRefused) as caught:
        unpack(bomb, name="calls.csv.gz", limit=100)
    assert caught.value.rule == "too_large"
    assert int(caught.value.detail["size"]) <= CHUNK


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-4],
        lambda packed: packed[:15],
        lambda packed: packed[:-8] + b"12345678",
        lambda packed: packed[:12] + b"\xff\xff\xff" + packed[15:],
        lambda packed: packed + b"tail",
        lambda packed: b"no gzip",
    ],
)
def test_damaged_gzip_is_refused(damage) -> None:
    with pytest.raises(FileRefused) as caught:
        unpack(damage(gzip.compress(b"abcdefgh" * 50)), name="calls.csv.gz", limit=1000)
    assert caught.value.rule == "gzip_damaged"


def test_whatever_the_bytes_nothing_but_a_refusal_is_raised() -> None:
    draw = random.Random(1)
    for _ in range(1000):
        raw = draw.randbytes(draw.randint(0, 40))
        for name in ("a.csv", "a.csv.gz"):
            with suppress(FileRefused):
                decode(unpack(raw, name=name, limit=1000), expected=EXPECTED).text.decode()


def test_a_refusal_says_what_and_how_much() -> None:
    refused = FileRefused("too_large", size=4, limit=3)
    assert str(refused) == "too_large size=4 limit=3"
    assert str(pickle.loads(pickle.dumps(refused))) == str(refused)  # from a worker process
