"""The parts of the sources that need no server: waiting, writing an answer, choosing periods."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assets.core.errors import HotlineError
from assets.exports.discover import query_windows
from assets.profiles.profile import BUILT_IN, Profile, load_profile
from assets.sources.folder import Folder
from assets.sources.opening import RetryingSource
from assets.sources.settings import Query, SqlSettings
from assets.sources.source import Interrupted, Item, SourceError, TooLarge, Vanished
from assets.sources.sql import sql_to_csv
from tests.servers import SECRET

SHANGHAI = ZoneInfo("Asia/Shanghai")
UTC_PLUS_1 = timezone(timedelta(hours=1))


class Failing:
    """A source that fails a number of times."""

    at_once = 1

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = self.closed = 0

    def items(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return [Item("a", 1, 1)]

    def fetch(self, item, receive):
        self.calls += 1

        def chunks():
            yield b"first "
            if self.errors:
                raise self.errors.pop(0)
            yield b"second"

        return receive(chunks())

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """How long was waited, without waiting."""
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    return waits


def test_an_interruption_is_waited_out_longer_each_time(slept):
    source = Failing(*(Interrupted("x") for _ in range(3)))
    assert RetryingSource(source, attempts=4, delay=5).items() == [Item("a", 1, 1)]
    assert slept == [5, 10, 20]
    assert source.closed == 3  # each attempt is on a new connection


def test_attempts_are_as_many_as_is_set(slept):
    source = Failing(*(Interrupted("x") for _ in range(9)))
    with pytest.raises(Interrupted):
        RetryingSource(source, attempts=3, delay=1).items()
    assert source.calls == 3


def test_a_transfer_begins_anew(slept):
    source = Failing(Interrupted("x"))
    received = RetryingSource(source, attempts=2, delay=1).fetch(Item("a", 1, 1), b"".join)
    assert received == b"first second"


@pytest.mark.parametrize("error", [SourceError("no such bucket"), Vanished(), TooLarge(9)])
def test_what_will_not_pass_is_tried_once(slept, error):
    source = Failing(error)
    with pytest.raises(type(error)):
        RetryingSource(source, attempts=4, delay=1).fetch(Item("a", 1, 1), b"".join)
    assert (source.calls, slept) == (1, [])


def test_a_fault_of_our_own_disk_is_not_tried_again(slept):
    def full(_) -> None:
        raise OSError(28, "No space left on device")

    source = Failing()
    with pytest.raises(OSError, match="No space"):
        RetryingSource(source, attempts=4, delay=1).fetch(Item("a", 1, 1), full)
    assert (source.calls, slept) == (1, [])


def csv_of(*rows: tuple, columns: tuple[str, ...] = ("a", "b"), limit: int = 10**6) -> str:
    return sql_to_csv(columns, rows, SHANGHAI, limit=limit, dataset="calls").decode()


def test_every_kind_of_value_has_one_text():
    assert csv_of(
        ("NULL", None),
        ("text", ""),
        ("quoted", 'a,"b"\r\nc'),
        ("id", "000123456789012345678"),
        ("decimal", Decimal("1E+3")),
        ("exact", Decimal("96.50")),
        ("float", 0.1),
        ("true", True),
        ("naive", datetime(2023, 1, 5, 8)),
        ("zoned", datetime(2023, 1, 5, 1, tzinfo=UTC_PLUS_1)),
        ("fraction", datetime(2023, 1, 5, 8, 0, 0, 120000)),
        ("date", date(2023, 1, 5)),
        ("interval", -timedelta(hours=25, seconds=1)),
    ).splitlines() == [
        "a,b",
        "NULL,",
        "date,2023-01-05",
        "decimal,1000",
        "exact,96.50",
        "float,0.1",
        "fraction,2023-01-05 08:00:00.120000",
        "id,000123456789012345678",
        "interval,-25:00:01",
        "naive,2023-01-05 08:00:00",
        'quoted,"a,""b""',
        'c"',
        "text,",
        "true,true",
        "zoned,2023-01-05 08:00:00",
    ]


def test_the_same_rows_in_any_order_are_the_same_bytes():
    rows = [("b", 1), ("a", 2), ("a", 1), ("a", 1)]
    assert csv_of(*rows) == csv_of(*reversed(rows)) == "a,b\na,1\na,1\na,2\nb,1\n"


def test_what_no_text_stands_for_is_named_by_its_column():
    with pytest.raises(SourceError, match="b 列"):
        csv_of(("a", b"secret"))


def test_an_answer_is_not_held_over_the_limit():
    with pytest.raises(TooLarge):
        csv_of(*[("a", "b")] * 100, limit=50)


def asked(again_days: int, *, first: date, today: date, **datasets: str) -> list[tuple]:
    profile = load_profile("hanzhong")
    query = Query(query="SELECT :start, :end", again_days=again_days)
    source = SqlSettings(kind="sql", url="mysql://u@h/d", queries=dict.fromkeys(datasets, query))
    own = {
        name: profile.datasets[name].model_copy(update={"files": files})
        for name, files in datasets.items()
    }
    profile = profile.model_copy(update={"datasets": own, "source": source})
    found = query_windows(profile, first=first, today=today)
    return [
        (
            each.path,
            each.start.date(),
            each.end.date(),
            datetime.fromtimestamp(each.modified / 1e9, SHANGHAI).date(),
        )
        for each in found
    ]


def test_periods_are_days_months_and_years_that_have_begun():
    first, today = date(2023, 12, 30), date(2024, 1, 2)
    days = asked(1, first=first, today=today, calls="话单_{YYYYMMDD}*")
    assert days == [
        ("话单_20231230.csv", first, date(2023, 12, 31), date(2024, 1, 1)),
        ("话单_20231231.csv", date(2023, 12, 31), date(2024, 1, 1), today),
        ("话单_20240101.csv", date(2024, 1, 1), today, today),
    ]
    assert asked(0, first=first, today=today, staff="staff_{YYYYMM}*") == [
        ("staff_202312.csv", date(2023, 12, 1), date(2024, 1, 1), date(2024, 1, 1)),
        ("staff_202401.csv", date(2024, 1, 1), date(2024, 2, 1), today),
    ]
    assert [each[:3] for each in asked(0, first=first, today=today, survey="s{YYYY}")] == [
        ("s2023.csv", date(2023, 1, 1), date(2024, 1, 1)),
        ("s2024.csv", date(2024, 1, 1), date(2025, 1, 1)),
    ]


def test_a_period_differs_each_night_for_as_long_as_it_is_asked_again():
    def modified(today: date) -> date:
        nightly = asked(2, first=date(2023, 1, 5), today=today, calls="c_{YYYYMMDD}")
        return nightly[0][3]

    nights = [date(2023, 1, day) for day in (6, 7, 8, 9, 10)]
    assert [modified(night).day for night in nights] == [6, 7, 8, 8, 8]


def test_a_folder_that_is_gone_is_said(tmp_path):
    with pytest.raises(SourceError, match="不存在"):
        list(Folder(tmp_path / "nowhere").items())


# --- what a profile may say ---------------------------------------------------------------------


def profile_with(folder: Path, source: str) -> Profile:
    built_in = (BUILT_IN / "hanzhong.toml").read_text(encoding="utf-8")
    (folder / "city.toml").write_text(f"{built_in}\n[source]\n{source}", encoding="utf-8")
    return load_profile(str(folder / "city.toml"))


def refused(folder: Path, source: str) -> str:
    """The sentence for a profile that cannot be."""
    with pytest.raises(HotlineError) as caught:
        profile_with(folder, source)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f'kind = "sftp"\npassword = "{SECRET}"', "HOTLINE_SFTP_PASSWORD"),
        (f'kind = "sftp"\nprivate_key = "{SECRET}"', "HOTLINE_SFTP_KEY_FILE"),
        (f'kind = "s3"\nsecret = "{SECRET}"', "HOTLINE_S3_SECRET"),
        (f'kind = "s3"\naws_access_key_id = "{SECRET}"', "HOTLINE_S3_KEY"),
        (f'kind = "s3"\nendpoint = "https://me:{SECRET}@store"', "HOTLINE_S3_SECRET"),
        (f'kind = "sql"\nurl = "mysql://me:{SECRET}@base/x"', "HOTLINE_SQL_PASSWORD"),
        (f'kind = "sql"\nurl = "mysql://me@base/x?password={SECRET}"', "HOTLINE_SQL_PASSWORD"),
    ],
)
def test_a_secret_in_a_profile_is_refused_and_not_repeated(tmp_path, source, said):
    sentence = refused(tmp_path, source)
    assert said in sentence
    assert "环境变量" in sentence
    assert SECRET not in sentence


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('kind = "ftp"', "kind"),
        ('kind = "sftp"\nhost = "h"\nuser = "u"', "known_hosts"),
        ('kind = "sql"\nurl = "oracle://u@h/d"\nqueries = {}', "url"),
        ('kind = "sql"\nurl = "mysql://u@h:port/d"\nqueries = {}', "url"),
        (
            'kind = "sql"\nurl = "mysql://u@h/d"\n[source.queries.calls]\nquery = "SELECT 1"',
            ":start",
        ),
        (
            'kind = "sql"\nurl = "mysql://u@h/d"\n[source.queries.call]\n'
            'query = "SELECT 1 WHERE :start < :end"',
            "[datasets.call]",
        ),
    ],
)
def test_a_source_that_cannot_be_is_one_sentence(tmp_path, source, said):
    assert said in refused(tmp_path, source)


def test_a_database_may_be_named_with_options(tmp_path):
    url = "postgresql://u@h:5432/d?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    query = 'query = "SELECT 1 WHERE :start < :end"'
    source = f'kind = "sql"\nurl = "{url}"\n[source.queries.calls]\n{query}'
    assert profile_with(tmp_path, source).source.url == url


def test_a_relative_file_of_host_keys_lies_beside_the_profile(tmp_path):
    source = 'kind = "sftp"\nhost = "h"\nuser = "u"\nknown_hosts = "known"\n'
    assert profile_with(tmp_path, source).source.known_hosts == tmp_path / "known"
