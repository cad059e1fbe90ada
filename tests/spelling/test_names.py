"""One thing has one name and one id, however its cell was typed, copied or guarded."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.spelling import spell_id, spell_name, spelt
from schemas import EXPORTS

NAME = "市水务局"
INVISIBLE = [
    *"\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad\u2060\u202a\u202c\u2066\u2069\ufe0f\ufe00\x07\x1f\x7f",
    "\U000e0100",
    "\u3164",
]
BLANKS = [
    "\n",
    "\r\n",
    "\t",
    " ",
    "  ",
    "\u3000",
    "\xa0",
    "\x0b",
    "\u2028",
    "\x85",
    "_x000D_",
    "_x000d_\n",
]
GUARDS = ["'", "`", "＇", "\t", "'\t", "''"]


def names(*texts: str) -> list[str]:
    return pl.DataFrame({"name": texts}).select(spell_name(pl.col("name"))).to_series().to_list()


def ids(*texts: str) -> list[str]:
    return pl.DataFrame({"id": texts}).select(spell_id(pl.col("id"))).to_series().to_list()


@given(st.lists(st.sampled_from([*INVISIBLE, *BLANKS]), max_size=5), st.integers(0, len(NAME)))
def test_a_chinese_name_is_the_same_whatever_cannot_be_seen_stands_in_it(signs, at):
    assert names(NAME[:at] + "".join(signs) + NAME[at:]) == [NAME]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ＡＢＣ\u3000Water \xa0Bureau ", "ABC Water Bureau"),
        ("市水务局（本级）", "市水务局(本级)"),
        ("市水务局 (本级)", "市水务局(本级)"),
        ("110 指挥中心", "110指挥中心"),
        ("'市水务局", "市水务局"),
        ('="市水务局"', "市水务局"),
        ("⽔务局", "水务局"),
        ("Children's Office", "Children's Office"),
        ("\ue82b山镇", "\u9fb6山镇"),
        ("\ue863\ue5e5镇", "\u4dae镇"),
        ("", ""),
    ],
)
def test_a_name_is_spelt_as_it_is_grouped_by(written, name):
    assert names(written) == [name]


def test_characters_of_the_private_use_area_become_those_of_gb18030():
    """Python's codec is that of 2000: what it does not know as private must be what we make."""
    codes = [bytes([0xFE, low]) for low in [*range(0x50, 0x7F), *range(0x80, 0xA1)]]
    for at, code in enumerate(codes):
        public = code.decode("gb18030")
        (found,) = names(f"市{chr(0xE815 + at)}")
        assert not 0xE000 <= ord(found[1:]) < 0xF900
        if not 0xE000 <= ord(public) < 0xF900:
            assert found == "市" + unicodedata.normalize("NFKC", public)


@given(st.text(max_size=12))
def test_spelling_a_second_time_changes_nothing(text):
    (once,) = names(text)
    assert names(once) == [once]
    (once,) = ids(text)
    assert ids(once) == [once]


@given(st.sampled_from(GUARDS), st.from_regex(r"[A-Z]{0,2}[0-9]{1,18}", fullmatch=True))
def test_an_id_loses_what_kept_excel_from_reading_it(guard, text):
    quoted = [f'="{text}"', f"{text}'", f"‘{text}’", f'{guard}="{text}"', f'"{text}"']
    assert ids(guard + text, f" {guard}{text}\n", *quoted) == [text] * 7


def test_an_id_keeps_what_stands_within_and_its_leading_zeros():
    assert ids("00123", "A'1", "A\u200b1", "HZ 1") == ["00123", "A'1", "A\u200b1", "HZ 1"]


def test_every_declared_code_is_spelt_as_its_cells_are():
    declared = [code for table in EXPORTS.values() for c in table.columns for code in c.codes]
    assert len(declared) > 40
    assert spelt(declared) == declared
