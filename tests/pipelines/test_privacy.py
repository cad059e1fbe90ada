"""How a citizen's number reaches the command: never by its line."""

import io
import sys

import pytest

from assets.core.errors import HotlineError
from pipelines.cli.privacy import _callers


@pytest.mark.parametrize("number", ["13911112222", "+86 139 1111 2222", "0916-2512345"])
def test_a_number_in_the_command_line_is_refused(number):
    with pytest.raises(HotlineError, match="命令行") as refused:
        _callers([number], None)
    assert number not in str(refused.value)


def test_numbers_come_from_a_file_or_standard_input(tmp_path, monkeypatch):
    file = tmp_path / "numbers.txt"
    file.write_text("13911112222\n", encoding="utf-8-sig")
    assert _callers([], file) == ["13911112222"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("13933334444"))
    assert _callers([], None) == ["13933334444"]
    assert _callers(["HZ20230105000001"], None) == []
    with pytest.raises(HotlineError, match="每行一个号码"):
        _callers([], tmp_path / "missing")
