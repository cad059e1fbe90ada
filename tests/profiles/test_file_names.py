"""Names of files with a date in them, in every form that platforms use."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.profiles.file_names import FileNames

DAY = date(2023, 1, 15)


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        ("calls_{YYYYMMDD}*", "calls_20230115_2", DAY),
        ("calls_{YYYYMMDD}*", "calls_202301159", None),
        ("t-{YYYY-MM-DD}*", "t-2023-01-15", DAY),
        ("t-{YYYY-MM-DD}*", "t-2023-13-15", None),
        ("t-{YYYY-MM-DD}*", "t-2023-02-30", None),
        ("{YYYY.MM.DD}*", "2023.01.15 part", DAY),
        ("{YYYY_MM_DD}*", "2023_01_15", DAY),
        ("{DD-MM-YYYY}", "15-01-2023", DAY),
        ("{MM-DD-YYYY}", "01-15-2023", DAY),
        ("{DD.MM.YY}", "15.01.23", DAY),
        ("工单{YYYY年M月D日}", "工单2023年1月15日", DAY),
        ("工单{YYYY年M月D日}", "工单2023年01月15日", DAY),
        ("x {D-MMM-YYYY}", "x 15-Jan-2023", DAY),
        ("x {D MMM YYYY}", "x 15 january 2023", DAY),
        ("x {D-MMM-YYYY}", "x 15-Foo-2023", None),
        ("s_{YYYYMM}*", "s_202302", date(2023, 2, 28)),
        ("s_{YYYY年M月}", "s_2024年2月", date(2024, 2, 29)),
        ("y_{YYYY}*", "y_2023", date(2023, 12, 31)),
        # A number of the name is no date, and no part of one.
        ("*_{YYYYMM}*", "0312_2045_202301", date(2023, 1, 31)),
        ("*{YYYYMMDD}*", "x9920230115", None),
        ("12345{YYYYMMDD}", "1234520230115", DAY),
        # Folders count where they are named.
        ("{YYYY-MM-DD}/calls*", "in/2023-01-15/calls_1", DAY),
        ("{YYYY}/{MM}/calls_{DD}", "2023/01/calls_15", DAY),
        ("{YYYY}/calls_{YYYYMMDD}", "2022/calls_20230115", None),
        ("{YYYY-MM-DD}/calls*", "calls_1", None),
        ("*/calls_{YYYYMMDD}", "a/b/calls_20230115", DAY),
        ("calls_{YYYYMMDD}*", "a/calls_20230115", DAY),
    ],
)
def test_a_name_holds_its_date(written, path, expected):
    assert FileNames(written).date_of(path) == expected


@pytest.mark.parametrize("written", ["calls", "{MM}", "{YYYY}_{DD}", "{date}", "{YYYYMMDDX}", "{}"])
def test_a_name_without_a_whole_date_is_refused_with_examples(written):
    with pytest.raises(ValueError, match=r"files：.*\{YYYY-MM-DD\}"):
        FileNames(written)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.permutations(["YYYY", "MM", "DD"]),
    st.sampled_from(["", "-", "_", ".", " ", "年"]),
    st.sampled_from(["", "话单", "x-9_", "v2 "]),
)
def test_what_is_written_is_read(day, order, between, before):
    names = FileNames(f"{before}{{{between.join(order)}}}*")
    assert names.date_of(names.name_of(day)) == day
    assert names.covers(day) == (day, day)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("{YYYYMM}", date(2024, 2, 1), date(2024, 2, 29)),
        ("{YYYY}", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_file_of_a_month_or_year_covers_it(written, first, last):
    assert FileNames(written).covers(date(2024, 2, 3)) == (first, last)
    assert FileNames(written).date_of(FileNames(written).name_of(first)) == last
