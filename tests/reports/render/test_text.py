"""Text on paper: what is dropped, what stays, and where it is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.reports.render.text import _DROPPED, _SPACES, CELL, PARAGRAPH, clean


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("控制\x00字\x1b符\x7f\x85", "控制字符"),
        ("第一行\r\n第二行\n第三行\t列", "第一行 第二行 第三行 列"),
        ("方\u202e向\u2066标\u2069记\u200f\u061c", "方向标记"),
        ("半\ud800个\ufffe\U0001ffff", "半个"),
        ("堃喆祎𬭎 👨‍👩‍👧‍👦 \ue5e5", "堃喆祎𬭎 👨‍👩‍👧‍👦 \ue5e5"),
        ("<b>&{{7*7}} =1+1", "<b>&{{7*7}} =1+1"),
        ("", ""),
    ],
)
def test_controls_and_direction_marks_go_and_characters_stay(text, placed):
    assert clean(text) == placed


def test_every_character_that_goes_is_one_that_cannot_be_printed():
    kept = (char for char in map(chr, range(0x110000)) if char.isprintable())
    assert not [char for char in kept if _DROPPED.match(char) or _SPACES.match(char)]


def test_a_long_text_is_cut_and_says_so():
    assert clean("长" * CELL) == "长" * CELL
    assert clean("长" * (CELL + 1)) == "长" * (CELL - 1) + "…"
    assert clean("长" * 10_000, PARAGRAPH) == "长" * (PARAGRAPH - 1) + "…"


def test_a_cut_leaves_no_half_of_a_joined_emoji():
    assert clean("长" * (CELL - 2) + "\u200d长长").endswith("长…")


@given(st.text(st.characters(codec=None), max_size=300))
def test_what_is_left_can_be_written_and_read(text):
    placed = clean(text)
    placed.encode("utf-8")
    assert len(placed) <= CELL
    assert clean(placed) == placed
    assert not [each for each in placed if unicodedata.category(each) in {"Cc", "Cs"}]
