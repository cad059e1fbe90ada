"""TOML that people write: byte order marks, and what is said of faults."""

import tomllib

import pytest

from assets.core import read_toml, toml_fault


def test_a_byte_order_mark_is_no_text(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a = 1\n", encoding="utf-8-sig")
    assert read_toml(path) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = \n", "第 1 行第 5 列，等号后面的值"),
        ("a = 1\nb\n", "第 2 行第 2 列，名称后面缺少等号"),
        ("a = 1\na = 2\n", "第 2 行第 6 列，同一项写了两次"),
        ("[a]\n[a]\n", "第 2 行第 3 列，同一节写了两次"),
        ('a = "x\n', "第 1 行第 7 列，"),
        ('a = "C:\\data"\n', "第 1 行第 10 列，引号里的反斜杠"),
        ("a = “x”\n", "第 1 行第 5 列，"),
    ],
)
def test_a_fault_is_said_in_chinese_with_its_place(text, said):
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    found = toml_fault(caught.value)
    assert found.startswith(said)
    assert found.isascii() is False
