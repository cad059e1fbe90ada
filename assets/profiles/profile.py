"""How one platform exports, read from a TOML file: names of files, headers, codes, formats, limits.

Belongs here: what a profile says of the platform as a whole. What it says of one dataset is in
`dataset_profile.py`. The default profile is
`hanzhong.toml` beside it; another platform is another file and no code.
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assets.core import HotlineError
from assets.profiles.dataset_profile import DatasetProfile, check_statements
from assets.profiles.timestamps import check_format
from assets.sources import FolderSettings, SourceSettings, SqlSettings, resolve_paths
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE

__all__ = ["DatasetProfile", "Profile", "load_profile", "period_end"]
BUILT_IN = Path(__file__).parent
_SAID = {"missing": "必须填写", "extra_forbidden": "没有这一项"}


class Profile(BaseModel):
    """How one platform exports.

    Attributes:
        name: name of the profile.
        timestamp_formats: tried in this order; "excel" stands for Excel serial days, "epoch_s"
            and "epoch_ms" for seconds and milliseconds since 1970 in UTC. "%p" is AM, PM, 上午 or
            下午.
        time_zone: zone of the times of the export.
        nulls: texts that mean "nothing" in any column.
        timestamp_nulls: texts that mean "no time" in a column that may be empty.
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
    time_zone: str = TIME_ZONE
    nulls: tuple[str, ...] = ()
    timestamp_nulls: tuple[str, ...] = ()
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
                raise ValueError(f"datasets.{name}：没有这个数据集")
            check_statements(f"datasets.{name}", dataset, EXPORTS[name])
        if isinstance(self.source, SqlSettings):
            for name in self.source.queries.keys() - self.datasets.keys():
                raise ValueError(f"source.queries.{name}：先要有 [datasets.{name}]")
        return self


def load_profile(name_or_path: str) -> Profile:
    """Read a profile by the name of a built-in one, or by path.

    Raises:
        HotlineError: it is not there, is no TOML, or says something impossible.
    """
    built_in = BUILT_IN / f"{name_or_path}.toml"
    path = built_in if built_in.is_file() else Path(name_or_path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = "、".join(sorted(each.stem for each in BUILT_IN.glob("*.toml")))
        raise HotlineError(
            f"找不到来源配置 {name_or_path}：请填写内置名称（{known}）或 TOML 文件的路径。"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise HotlineError(f"来源配置 {path} 无法读取（{type(error).__name__}）。") from None
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"来源配置 {path} 不是有效的 TOML：{error}。") from None
    resolve_paths(content.get("source"), path.parent)
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        parts = [str(part) for part in first["loc"]]
        if parts[:1] == ["source"]:
            del parts[1:2]  # the kind, which is no key of the file
        where = ".".join(parts) or "（整个文件）"
        said = _SAID.get(first["type"], str(first["msg"]).removeprefix("Value error, "))
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
