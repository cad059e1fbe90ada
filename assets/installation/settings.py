"""Every setting of hotline.toml, declared once: name, type, limits, default and meaning.

A section is a class. The file is read by `pipelines.config`, which has pydantic check it against
these; values that code or tests make are not checked. A refusal is one Chinese sentence and never
quotes an address, which may hold a password.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, time
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    GetPydanticSchema,
    HttpUrl,
    field_validator,
    model_validator,
    with_config,
)
from pydantic_core import PydanticCustomError, core_schema

from assets.core import MEMORY
from schemas.reports import KINDS, ReportKind

# Ids of the events that a channel can be told of, by weight; `assets.notifications` defines them.
EVENT_IDS = (
    "failed",
    "missing",
    "refused",
    "suspect_overdue",
    "suspect",
    "unusual",
    "drift",
    "quarantined",
    "backlog",
    "rising",
    "calendar",
    "held",
    "report_late",
    "knowledge",
    "late",
    "published",
    "report",
    "summary",
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHANNEL_NAME = re.compile(r"[\w-]{1,40}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

_Positive = Annotated[int, Field(ge=1)]
_Text = Annotated[str, Field(min_length=1)]
# A text that is the address of a web page.
_Url = Annotated[
    str,
    GetPydanticSchema(
        lambda _, handler: core_schema.no_info_after_validator_function(
            str, handler.generate_schema(HttpUrl)
        )
    ),
]


def _wrong(sentence: str) -> PydanticCustomError:
    # Braces would be read as fields of a template.
    return PydanticCustomError("setting", sentence.replace("{", "｛").replace("}", "｝"))


def _refuse_unknown(given: dict[str, object], known: Iterable[str]) -> None:
    if unknown := sorted(given.keys() - set(known)):
        raise _wrong(f"没有“{unknown[0]}”这一项，可用的有 {'、'.join(known)}")


@dataclass(frozen=True)
class ReportSettings:
    """The section [reports]: what reports say, from when on and with what they are issued.

    Attributes:
        organisation: who issues the reports, as on their head.
        week_start: weekday on which a week starts, 0 for Monday to 6 for Sunday.
        first_daily: first day that has a daily report.
        first_weekly: the first week is the one that starts on this day or next after it.
        first_monthly: the first month is the one that holds this day.
        first_annual: the first year is the one that holds this day.
        backfilled_after_days: days after its due moment from which on an issue is backfilled.
        templates: folder of the office's own Word templates, `<kind>.docx` each.
        fonts: folder of further fonts for the PDF.
        minimum_ranked: tickets in a month below which a unit is listed, not judged.
        minimum_ranked_week: the same for a week.
        rising_minimum: tickets that a topic needs in a week to count as rising.
        rising_minimum_day: the same for a day.
        topics_shown: rows of the table of hot topics.
        units_shown: rows of the table of overdue tickets by unit in a daily report.
        names_shown: units, regions or subjects that a sentence names.
        focus_shown: rows of the list of followed tickets.
        show_titles: whether that list shows the titles of the tickets, with numbers, addresses and
            names masked as far as they are recognised; titles stand in no release.
    """

    organisation: Annotated[str, Field(min_length=1, max_length=60)] = (
        "12345政务服务便民热线管理中心"
    )
    week_start: Annotated[int, Field(ge=0, le=6)] = 0
    first_daily: date | None = None
    first_weekly: date | None = None
    first_monthly: date | None = None
    first_annual: date | None = None
    backfilled_after_days: Annotated[int, Field(ge=0, le=366)] = 31
    templates: Path | None = None
    fonts: Path | None = None
    minimum_ranked: _Positive = 30
    minimum_ranked_week: _Positive = 10
    rising_minimum: _Positive = 15
    rising_minimum_day: _Positive = 6
    topics_shown: _Positive = 10
    units_shown: _Positive = 4
    names_shown: _Positive = 2
    focus_shown: _Positive = 20
    show_titles: bool = False

    @property
    def first(self) -> dict[ReportKind, date]:
        """First day of each kind of report that does not begin with the installation."""
        days = {kind: getattr(self, f"first_{kind}") for kind in KINDS}
        return {kind: day for kind, day in days.items() if day}


@dataclass(frozen=True)
class Channel:
    """One way to people: [[notify.channels]].

    Attributes:
        name: what it is called in messages of the program.
        url_from: name of the environment variable that holds its address; the address holds
            passwords and is never kept.
        events: ids of the events that it is told of. A summary comes each day whether anything is
            new or not: a channel asks for it by name.
    """

    name: str
    url_from: str
    events: tuple[str, ...] = EVENT_IDS[:-1]

    @model_validator(mode="before")
    @classmethod
    def _is_channel(cls, given: object) -> object:
        if not isinstance(given, dict):
            raise _wrong("每个通道写成 [[notify.channels]] 一节")
        texts = [given.get("url"), given.get("url_from")]
        if "url" in given or any("://" in each for each in texts if isinstance(each, str)):
            raise _wrong(
                "通知地址含有密码，不能写在配置文件里：请把它放进环境变量，url_from 只写变量名"
            )
        for key in ("name", "url_from"):
            if not isinstance(given.get(key), str):
                raise _wrong(f"缺少 {key}（文字）")
        _refuse_unknown(given, [each.name for each in fields(cls)])
        return given

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if not _CHANNEL_NAME.fullmatch(name):
            raise _wrong("名称用1至40个文字、数字、“_”或“-”")
        return name

    @field_validator("url_from")
    @classmethod
    def _is_variable(cls, name: str) -> str:
        if not _VARIABLE.fullmatch(name):
            raise _wrong("这里写环境变量的名称，如 HOTLINE_MAIL_URL")
        return name

    @field_validator("events", mode="before")
    @classmethod
    def _are_events(cls, events: object) -> tuple[str, ...]:
        known = f"可用的有 {'、'.join(EVENT_IDS)}"
        if not isinstance(events, list) or not events:
            raise _wrong(f'写成一列事件，如 ["missing", "failed"]；{known}')
        for each in events:
            if each not in EVENT_IDS:
                raise _wrong(f"没有事件“{each}”，{known}")
        return tuple(dict.fromkeys(events))


@dataclass(frozen=True)
class NoticeSettings:
    """The section [notify]: who is told of what.

    Attributes:
        channels: who is told; nobody unless set.
        missing_after: time of day from which on an export of the day before is missing.
        quarantined_above: share of a file's rows above which quarantined rows are told.
    """

    channels: tuple[Channel, ...] = ()
    missing_after: time = time(8)
    quarantined_above: float = 0.01

    @model_validator(mode="before")
    @classmethod
    def _is_section(cls, given: object) -> object:
        if isinstance(given, dict):
            _refuse_unknown(given, [each.name for each in fields(cls)])
            if not isinstance(given.get("channels", []), list):
                raise _wrong("通道写成 [[notify.channels]]，两层方括号，每个通道一节")
        return given

    @field_validator("channels")
    @classmethod
    def _have_own_names(cls, channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
        if len({each.name for each in channels}) < len(channels):
            raise _wrong("两个通道用了同一个 name")
        return channels

    @field_validator("missing_after", mode="before")
    @classmethod
    def _is_time(cls, text: object) -> time:
        if not _TIME.fullmatch(str(text)):
            raise _wrong('时刻写成 "08:00" 的样子')
        return time.fromisoformat(str(text))

    @field_validator("quarantined_above", mode="before")
    @classmethod
    def _is_share(cls, share: object) -> float:
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise _wrong("这里写0至1的数，如 0.01")
        return share


@dataclass(frozen=True)
class Operations:
    """The section [operations]: sensor, health checks and links.

    Attributes:
        look_every_seconds: seconds between two looks for files that arrive in the day.
        quarantine_days: days after which a quarantined row that nobody has dealt with is named.
        reports_url: address under which the folder of issued reports is served, if it is.
        handbook_url: address under which the handbook is served, if it is.
        log: file to which each event adds a line of JSON, if any; it rotates.
        metrics: file of metrics (OpenMetrics) that is written after each night and look, if any.
    """

    look_every_seconds: Annotated[int, Field(ge=1, le=86400)] = 300
    quarantine_days: Annotated[int, Field(ge=0, le=3660)] = 14
    reports_url: _Url | None = None
    handbook_url: _Url | None = None
    log: Path | None = None
    metrics: Path | None = None


@dataclass(frozen=True)
class Postgres:
    """The section [postgres]: the database that keeps Dagster's record of runs.

    The password comes from the environment.

    Attributes:
        host: name or address of the server.
        port: its port.
        user: role to log in as.
        database: name of the database.
    """

    host: _Text = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 5432
    user: _Text = "hotline"
    database: _Text = "hotline"

    def __str__(self) -> str:
        """As it stands in a sentence."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"


@dataclass(frozen=True)
class ClusterSettings:
    """The section [cluster]: how several machines share the cities of an installation.

    Addresses with a password in them, and keys, come from the environment.

    Attributes:
        store: s3://bucket/folder of all warehouses.
        endpoint: address of a store that is not Amazon's.
        region: of the bucket.
        visibility_timeout: seconds after which a step that nobody has finished is given to
            another worker; longer than any night of a city.
    """

    store: Annotated[str, Field(pattern=r"^s3://[^/\s]+(/[^\s]*)?$")]
    endpoint: Annotated[str, Field(pattern=r"^https?://[^\s@]+$")] = ""
    region: str = "us-east-1"
    visibility_timeout: _Positive = 6 * 3600


@with_config(extra="forbid")
@dataclass(frozen=True)
class Settings:
    """hotline.toml. A key that is named otherwise in the file stands beside its type.

    Attributes:
        landing: folder that the platform drops exports into, unless the profile names another
            source.
        root: `warehouse`, the folder of everything that is kept.
        profile_name: `profile`, name of a built-in profile or path of one.
        start: first day for which exports are expected.
        calendar_path: `calendar`, further working days (CSV), for years that the built-in list
            lacks.
        deadlines_path: `deadlines`, deadline rules (TOML) in place of the built-in ones.
        keep_releases: how many releases stay.
        lock_timeout: seconds to wait for another process.
        memory: bytes that rows may take while they are worked on; MiB in the file.
        warn_change: share by which a past month may move before a person is asked.
        reports: what reports say and how they are issued.
        postgres: where Dagster records runs, in place of files in the warehouse.
        operations: how it is watched.
        notices: `notify`, who is told what.
        cluster: where the warehouse is shared with other machines.
    """

    landing: Path = Path("landing")
    root: Annotated[Path, Field(validation_alias="warehouse")] = Path("warehouse")
    profile_name: Annotated[str, Field(validation_alias="profile")] = "hanzhong"
    start: date = date(2023, 1, 1)
    calendar_path: Annotated[Path | None, Field(validation_alias="calendar")] = None
    deadlines_path: Annotated[Path | None, Field(validation_alias="deadlines")] = None
    keep_releases: _Positive = 30
    lock_timeout: Annotated[float, Field(ge=0)] = 600
    memory: Annotated[int, Field(ge=64), AfterValidator(lambda size: size << 20)] = MEMORY
    warn_change: Annotated[float, Field(ge=0, le=1)] = 0.05
    reports: ReportSettings = ReportSettings()
    postgres: Postgres | None = None
    operations: Operations = Operations()
    notices: Annotated[NoticeSettings, Field(validation_alias="notify")] = NoticeSettings()
    cluster: ClusterSettings | None = None


@with_config(extra="forbid")
@dataclass(frozen=True)
class CitySettings(Settings):
    """A table [cities.<name>], over the settings above it.

    Attributes:
        title: name of the city for people.
    """

    title: Annotated[str, Field(max_length=60)] = ""


def setting_names(declared: type[Settings]) -> list[str]:
    """Names of all settings as they stand in the file, sections and their keys alike."""
    aliases = {"root": "warehouse", "profile_name": "profile", "notices": "notify"}
    sections = (ReportSettings, NoticeSettings, Operations, Postgres, ClusterSettings)
    names = [aliases.get(each.name, each.name.removesuffix("_path")) for each in fields(declared)]
    return [*names, *(key.name for section in sections for key in fields(section))]
