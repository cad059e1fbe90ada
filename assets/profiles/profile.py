"""How one platform exports, read from a TOML file: file names, headers, codes, formats, limits.

The default profile is `hanzhong.toml` beside this module; another platform is another file and no
code.
"""

import tomllib
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assets.core import HotlineError, error_in_chinese, read_toml, toml_fault
from assets.profiles.absent import check_absent
from assets.profiles.derived import Derivation, check_derivation
from assets.profiles.file_names import FileNames
from assets.profiles.text_format import TextFormat
from assets.profiles.timestamps import check_format
from assets.sources import FolderSettings, SourceSettings, SqlSettings, resolve_paths
from schemas import EXPORTS
from schemas.fields import Kind
from schemas.table import ExportTable
from schemas.wall_clock import EARLIEST_YEAR, TIME_ZONE

BUILT_IN = Path(__file__).parent


class Exclusion(BaseModel):
    """Rows that are left out before they are read, and counted by name.

    Attributes:
        name: what such rows are, for whoever reads the count.
        where: header or column -> texts, one of which the cell must hold; all headers must agree.
            "" stands for an empty cell, a text that ends in "*" for everything that begins so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=50)
    where: dict[str, tuple[str, ...]] = Field(min_length=1)


class DatasetProfile(TextFormat, BaseModel):
    """How one dataset is exported, and how its texts are written.

    Attributes:
        files: file name without its ending, as `FileNames` reads it.
        headers: header in the file -> column, in addition to the titles of the schema.
        ignore: headers that are known and not needed.
        extra_columns: what an unknown header does: "refuse" the file, or be "name"d and left.
        join: column -> headers whose cells are put together, a space between them in a timestamp,
            a "-" in anything else; empty where one of them is.
        derive: column -> ways to make it of other cells; the first that gives a text counts.
        constants: column -> text for the rows of a file that lacks the column.
        absent: columns that the platform does not have: whatever needs them is missing by name.
        row_key: the ids of the export identify nothing: each row is known by its file and line, so
            that rows are counted by row and none is taken for another version of another.
        closed_at_when_closed: the platform keeps or foresees `closed_at` in open states: it counts
            only in 已办结 and 已并单.
        same_id: what rows of one id in one file are: "versions", of which the latest stands, or
            "legs" of one call. Unless it is said, more than a few refuse the file.
        codes: column -> (value in the file -> canonical value).
        fallback: column -> canonical value of every code that is in no list.
        exclude: rows to leave out.
        sheet: name of the worksheet; the first one with a known header row where it is empty.
        quarantine_share: share of quarantined rows above which the file is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str
    headers: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    extra_columns: Literal["refuse", "name"] = "refuse"
    join: dict[str, tuple[str, ...]] = {}
    derive: dict[str, tuple[Derivation, ...]] = {}
    constants: dict[str, str] = {}
    absent: tuple[str, ...] = ()
    row_key: bool = False
    closed_at_when_closed: bool = False
    same_id: Literal["", "versions", "legs"] = ""
    codes: dict[str, dict[str, str]] = {}
    fallback: dict[str, str] = {}
    exclude: tuple[Exclusion, ...] = ()
    sheet: str = ""
    quarantine_share: float = Field(default=0.05, ge=0, le=1)

    @cached_property
    def names(self) -> FileNames:
        """The names of its files."""
        return FileNames(self.files)

    @cached_property
    def made(self) -> dict[str, tuple[Derivation, ...]]:
        """Column -> ways to make it, of `join` and `derive`, in the order in which they are made.

        What is derived may be made of what is joined, and of what was derived before it.
        """
        joined = {column: (Derivation(of=headers),) for column, headers in self.join.items()}
        return joined | self.derive

    @field_validator("derive", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {
            column: [ways] if isinstance(ways, dict) else ways for column, ways in given.items()
        }

    @field_validator("files")
    @classmethod
    def _names_a_date(cls, files: str) -> str:
        FileNames(files)
        return files


class Profile(BaseModel):
    """How one platform exports.

    Attributes:
        name: name of the profile.
        timestamp_formats: tried in this order; "excel" stands for Excel serial days, "epoch_s"
            and "epoch_ms" for seconds and milliseconds since 1970 in UTC. "%p" is AM, PM, 上午 or
            下午.
        date_only: which end of its day a date alone means, where a format of `timestamp_formats`
            names no clock: "start", "end", or "" where it is no time. In `extended_to` it is always
            the end.
        time_zone: zone of the times of the export, and of the installation's days.
        earliest_year: year before which no timestamp may lie.
        nulls: texts that mean "nothing" in any column.
        timestamp_nulls: texts that mean "no time" in a column that may be empty.
        unknown_callers: further texts that stand for a caller who is not known. What holds no digit
            or was never a number is one anyway.
        settle_seconds: a file younger than this is left for the next run.
        max_file_bytes: larger files are refused before they are read.
        max_unpacked_bytes: the same for what they unpack to.
        refuse_above_rows: a file with no more quarantined rows than this is never refused for
            their share: one bad line must not cost a file of four.
        source: where the exports lie.
        datasets: dataset -> how it is exported.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    timestamp_formats: tuple[str, ...] = Field(min_length=1)
    date_only: Literal["", "start", "end"] = ""
    time_zone: str = TIME_ZONE
    earliest_year: int = Field(default=EARLIEST_YEAR, ge=2000, le=2100)
    nulls: tuple[str, ...] = ()
    timestamp_nulls: tuple[str, ...] = ()
    unknown_callers: tuple[str, ...] = ()
    settle_seconds: int = Field(default=0, ge=0)
    max_file_bytes: int = Field(default=2 << 30, gt=0)
    max_unpacked_bytes: int = Field(default=4 << 30, gt=0)
    refuse_above_rows: int = Field(default=2, ge=0)
    source: SourceSettings = FolderSettings()
    datasets: dict[str, DatasetProfile]

    @model_validator(mode="after")
    def _is_possible(self) -> "Profile":
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"time_zone：没有名为 {self.time_zone} 的时区") from None
        for form in self.timestamp_formats:
            check_format(form)
        for name, dataset in self.datasets.items():
            if name not in EXPORTS:
                raise ValueError(f"datasets.{name}：没有这个数据集，可用的有 {'、'.join(EXPORTS)}")
            _check_statements(f"datasets.{name}", dataset, EXPORTS[name])
        if isinstance(self.source, SqlSettings):
            for name in self.source.queries.keys() - self.datasets.keys():
                raise ValueError(f"source.queries.{name}：先要有 [datasets.{name}]")
            for name in self.source.queries:
                if "/" in self.datasets[name].files:
                    raise ValueError(f"datasets.{name}.files：数据库没有文件夹，不能写 /")
        return self


def load_profile(name_or_path: str) -> Profile:
    """Read a profile by the name of a built-in one, or by path.

    Raises:
        HotlineError: it is not there, is no TOML, or says something impossible.
    """
    built_in = BUILT_IN / f"{name_or_path}.toml"
    path = built_in if built_in.is_file() else Path(name_or_path)
    try:
        content = read_toml(path)
    except FileNotFoundError:
        known = "、".join(sorted(each.stem for each in BUILT_IN.glob("*.toml")))
        raise HotlineError(
            f"找不到来源配置 {name_or_path}：请填写内置名称（{known}）或 TOML 文件的路径。"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise HotlineError(f"来源配置 {path} 无法读取（{type(error).__name__}）。") from None
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"来源配置 {path} 不是有效的 TOML：{toml_fault(error)}。") from None
    resolve_paths(content.get("source"), path.parent)
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        parts = [str(part) for part in first["loc"]]
        if parts[:1] == ["source"]:
            del parts[1:2]  # the kind, which is no key of the file
        where = ".".join(parts) or "（整个文件）"
        said = error_in_chinese(first).rstrip("。")
        raise HotlineError(f"来源配置 {path} 的 {where} 有误：{said}。") from None


def period_end(digits: str) -> date | None:
    """Export date of the digits in a file name: the day, or the last day of month or year.

    Returns:
        None where the digits are no date.
    """
    try:
        if len(digits) == 8:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if len(digits) == 4:
            return date(int(digits), 12, 31)
        year, month = int(digits[:4]), int(digits[4:])
        following = date(year, month, 1).replace(day=28) + timedelta(days=4)
        following = following.replace(day=1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def _check_statements(where: str, dataset: DatasetProfile, table: ExportTable) -> None:
    """Check what the profile says of a dataset against its columns.

    Raises:
        ValueError: a statement is impossible; a Chinese sentence says which and why.
    """
    columns = table.by_name
    named = {
        "headers": dataset.headers.values(),
        "join": dataset.join,
        "derive": dataset.derive,
        "constants": dataset.constants,
        "codes": dataset.codes,
        "fallback": dataset.fallback,
    }
    for statement, names in named.items():
        for column in names:
            if column not in columns:
                raise ValueError(f"{where}.{statement}：数据集里没有 {column} 这一列")
            if statement in ("codes", "fallback") and not columns[column].codes:
                raise ValueError(f"{where}.{statement}.{column}：这一列没有代码表")
    _check_made(where, dataset, table)
    fed = {*dataset.headers.values(), *dataset.made, *dataset.constants}
    check_absent(f"{where}.absent", dataset.absent, fed, table)
    for column in dataset.constants:
        _check_constant(f"{where}.constants.{column}", column, dataset, table)
    if dataset.row_key and table.key[0] in dataset.made:
        raise ValueError(f"{where}.row_key：{table.key[0]} 已由其他列得出，两者只能选一")
    _check_codes(where, dataset, table)
    _check_exclusions(f"{where}.exclude", dataset)


def _check_made(where: str, dataset: DatasetProfile, table: ExportTable) -> None:
    for column, headers in dataset.join.items():
        if not headers:
            raise ValueError(f"{where}.join.{column}：至少要有一个列名")
        if column in dataset.derive:
            raise ValueError(f"{where}.derive.{column}：已由 join 拼成，两者只能选一")
    if dataset.closed_at_when_closed and "closed_at" not in table.by_name:
        raise ValueError(f"{where}.closed_at_when_closed：这种导出没有 closed_at 这一列")
    if dataset.same_id and dataset.row_key:
        raise ValueError(f"{where}.same_id：row_key 已说编号不能用，两者只能选一")
    if dataset.same_id == "legs" and table.name != "calls":
        raise ValueError(f"{where}.same_id：只有话务（calls）的一通电话可以分成几段（legs）")
    for column, ways in dataset.derive.items():
        check_derivation(f"{where}.derive.{column}", column, ways, table, dataset.names.grain)
        if column in dataset.headers.values():
            raise ValueError(f"{where}.derive.{column}：已有列名对应，不能又由其他列得出")


def _check_constant(where: str, column: str, dataset: DatasetProfile, table: ExportTable) -> None:
    identifies = (*table.key, table.version, table.fixed, table.period)
    if column in identifies or table.by_name[column].kind is Kind.TIMESTAMP:
        raise ValueError(f"{where}：编号和时间不能是固定值")
    if column in dataset.made or column in dataset.headers.values():
        raise ValueError(f"{where}：已有列名对应，不能又是固定值")


def _check_exclusions(where: str, dataset: DatasetProfile) -> None:
    names = [rule.name for rule in dataset.exclude]
    for rule in dataset.exclude:
        if names.count(rule.name) > 1:
            raise ValueError(f"{where}：“{rule.name}”出现两次，名称不能相同")
        if not all(rule.where.values()):
            raise ValueError(f"{where}：“{rule.name}”有一列没有写取值")


def _check_codes(where: str, dataset: DatasetProfile, table: ExportTable) -> None:
    meant = [
        *(("codes", c, value) for c, each in dataset.codes.items() for value in each.values()),
        *(("fallback", column, value) for column, value in dataset.fallback.items()),
        *(
            ("constants", column, dataset.codes.get(column, {}).get(value, value))
            for column, value in dataset.constants.items()
            if table.by_name[column].codes
        ),
        *(
            ("derive", column, dataset.codes.get(column, {}).get(way.value, way.value))
            for column, ways in dataset.derive.items()
            for way in ways
            if way.value is not None and table.by_name[column].codes
        ),
    ]
    for statement, column, value in meant:
        if value not in table.by_name[column].codes:
            raise ValueError(f"{where}.{statement}.{column}：“{value}”不在代码表中")
