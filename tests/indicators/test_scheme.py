"""Which scheme is in force, and one that contradicts itself."""

from pathlib import Path

import pytest

from assets.core.errors import HotlineError
from assets.indicators.scheme import FOLDER, load_scheme, scheme_of


def test_a_scheme_holds_until_a_newer_one_begins(tmp_path):
    assert scheme_of(2022) is None
    assert scheme_of(2023) == scheme_of(2030)
    for year in (2023, 2025):
        text = (FOLDER / "2023.toml").read_text(encoding="utf-8")
        (tmp_path / f"{year}.toml").write_text(
            text.replace("year = 2023", f"year = {year}"), encoding="utf-8"
        )
    assert [scheme_of(year, tmp_path).year for year in (2024, 2025, 2026)] == [2023, 2025, 2025]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("weight = 7", "weight = 8", "权重合计 101，应为 100"),
        ('id = "goal_clarity"', 'id = "goal_reasonableness"', "重复"),
        ('kpi = "answer_rate"', 'kpi = "anwser_rate"', "anwser_rate"),
        ('measure = "coverage"', 'measure = "covrage"', "covrage"),
        ('type = "months", step = 0.2', 'type = "months"', "缺少"),
        ("year = 2023", "year =", "不是有效的 TOML"),
        ("year = 2023", "yaer = 2023", "year"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_one_sentence(tmp_path: Path, old, new, sentence):
    text = (FOLDER / "2023.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "2023.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HotlineError, match=sentence):
        load_scheme(path)
