"""A moment is what the cell says, or it is none: formats, offsets, zones, hours that repeat."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assets.profiles import date_formats, parse_timestamps
from assets.profiles.timestamps import check_format
from schemas.wall_clock import TIME_ZONE

HERE = ZoneInfo(TIME_ZONE)
NEW_YORK = "America/New_York"
USUAL = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H%M%S")


def read(text, *formats, zone=TIME_ZONE, **how):
    return parse_timestamps(pl.Series([text]), formats, zone, **how).item()


def at(*parts):
    return datetime(*parts, tzinfo=HERE)


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M:%S%.f%:z",
        "%Y-%m-%d %H:%M:%S.%f",
        "%d-%b-%Y %H:%M:%S",
        "%A, %d %B %Y %H:%M",
        "%m/%d/%y %I:%M %p",
        "%Y年%m月%d日 %H时%M分%S秒",
        "%-m/%-d/%Y %H:%M",
        "%F %T",
        "%Y%m%d",
        *USUAL,
    ],
)
def test_a_format_that_names_a_moment_is_taken(form):
    check_format(form)


@pytest.mark.parametrize(
    "form",
    [
        *(
            "%+",
            "%s",
            "%c",
            "%x %X",
            "%r",
            "%",
            "%Q",
            "%Y-%j",
            "%j %Y %H:%M",
            "%G-%V-%u",
            "%C%y-%m-%d",
        ),
        *("%H:%M:%S", "%Y", "%Y-%m %H:%M", "%m-%d %H:%M", "%Y-%m-%d %H", "%Y-%m-%d %M:%S"),
        *(
            "%Y-%m-%d %I:%M",
            "%Y-%m-%d %p %H:%M",
            "%Y-%m-%d %l:%M",
            "%Y-%m-%d%z",
            "%Y-%m-%d %H:%M:%f",
        ),
        *("%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+08:00"),
        *("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M %Y", "%z %Y-%m-%d %H:%M", "soon"),
    ],
)
def test_a_format_that_names_none_or_another_is_refused_in_a_sentence(form):
    with pytest.raises(ValueError, match="timestamp_formats：“"):
        check_format(form)


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)).map(
        lambda t: t.replace(microsecond=0)
    ),
    st.sampled_from([TIME_ZONE, NEW_YORK, "UTC", "Asia/Kathmandu"]),
    st.sampled_from(["%z", "%:z"]),
)
def test_an_offset_says_which_moment_it_is_whatever_the_zone(clock, zone, token):
    moment = clock.replace(tzinfo=ZoneInfo(zone))
    form = f"%Y-%m-%dT%H:%M:%S{token}"
    texts = [moment.isoformat(), moment.strftime("%Y-%m-%dT%H:%M:%S%z")]
    texts.append(moment.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert [read(text, form, zone=NEW_YORK) for text in texts] == [moment] * 3


@given(st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)), st.integers(0, 13))
def test_digits_in_one_row_are_all_there_or_no_moment(clock, gone):
    clock = clock.replace(microsecond=0)
    text = clock.strftime("%Y%m%d%H%M%S")
    assert read(text, *USUAL) == clock.replace(tzinfo=HERE)
    assert read(text[:gone] + text[gone + 1 :], *USUAL) is None


@given(st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)))
def test_a_clock_written_as_a_number_may_have_lost_the_zero_before_its_hour(clock):
    clock = clock.replace(microsecond=0, hour=clock.hour % 10)
    text = clock.strftime("%Y%m%d ") + clock.strftime("%H%M%S")[1:]
    assert read(text, *USUAL) == read(f"{text}.0", *USUAL) == clock.replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-31 23:59:60", None),
        ("20230131235960", None),
        ("2023-01-31 23:59:59", at(2023, 1, 31, 23, 59, 59)),
        ("2023-01-31 24:00:00", None),
        ("2023-1-5 9:03", at(2023, 1, 5, 9, 3)),
        ("2023-1-5 9:3", None),
        ("23-01-05 08:00:00", None),
        ("12023-01-05 08:00:00", None),
        ("20230105 90503", at(2023, 1, 5, 9, 5, 3)),
        ("20230105 10503", at(2023, 1, 5, 1, 5, 3)),
        ("20230105 000400.0", at(2023, 1, 5, 0, 4)),
        ("20230105 400", None),
        ("2023010509", None),
        ("2023010590503", None),
        ("2023-01-05 08:00:00.0", at(2023, 1, 5, 8)),
        ("2023-01-05 08:00:00.5", None),
        ("2023-02-29 08:00:00", None),
    ],
)
def test_digits_that_are_missing_or_impossible_make_no_other_moment(text, expected):
    assert read(text, *USUAL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("01/05/23 03:04 pm", at(2023, 1, 5, 15, 4)), ("01/05/2023 03:04 pm", None)],
)
def test_years_of_two_digits_are_of_this_century_and_no_others(text, expected):
    assert read(text, "%m/%d/%y %I:%M %p") == expected


@pytest.mark.parametrize("form", ["%Y-%m-%d", "excel"])
def test_a_date_alone_is_the_end_of_its_day_that_is_asked_for(form):
    text = "44941" if form == "excel" else "2023-01-15"
    assert read(text, form) is None
    assert read(text, form, dates="start") == at(2023, 1, 15)
    assert read(text, form, dates="end") == at(2023, 1, 15, 23, 59, 59)


def test_the_days_of_formats_are_formats_too():
    formats = (
        "%Y/%m/%d %H:%M:%S",
        "excel",
        "%Y年%m月%d日 %H:%M",
        "%Y%m%d%H%M%S",
        "%m/%d/%y %I:%M %p",
    )
    days = ("%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%m/%d/%y")
    assert date_formats(formats) == (*formats, *days)


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(microsecond=0))
)
def test_epochs_and_serial_days_are_exact_to_the_second(clock):
    moment = clock.replace(tzinfo=HERE)
    seconds = int(moment.timestamp())
    assert read(str(seconds), "epoch_s", zone=NEW_YORK) == moment
    assert read(f"{seconds}000", "epoch_ms") == moment
    serial = (clock - datetime(1899, 12, 30)) / timedelta(days=1)
    assert read(repr(serial), "excel", dates="start") == moment


@pytest.mark.parametrize(
    "text", ["-1672876800", "99999999999", "-44931.5", "999999.5", "4.4931E4", "1e9"]
)
def test_numbers_that_no_clock_shows_are_no_moments(text):
    assert read(text, "epoch_s", "epoch_ms", "excel", dates="start") is None


@given(st.integers(0, 3599))
def test_an_hour_that_repeats_is_two_and_one_that_was_skipped_is_none(second):
    shown = f"01:{second // 60:02}:{second % 60:02}"
    early = read(f"2023-11-05 {shown}", *USUAL, zone=NEW_YORK)
    late = read(f"2023-11-05 {shown}", *USUAL, zone=NEW_YORK, repeated="latest")
    # Two times of one zone are as far apart as their clocks, to Python.
    assert late.astimezone(UTC) - early.astimezone(UTC) == timedelta(hours=1)
    assert read(f"2023-03-12 02{shown[2:]}", *USUAL, zone=NEW_YORK) is None


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0))
)
def test_the_offset_of_the_hotline_is_that_of_its_zone_in_every_year(clock):
    moment = clock.replace(tzinfo=HERE)
    assume(moment.astimezone(ZoneInfo("UTC")).astimezone(HERE).replace(tzinfo=None) == clock)
    assert read(f"{clock:%Y-%m-%d %H:%M:%S}", *USUAL) == moment
