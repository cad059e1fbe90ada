"""How one platform exports, read from a TOML file: names of files, headers, codes, formats, limits.

Belongs here: the shape of a profile and its checks. The default profile is
`profiles/hanzhong.toml`; another platform is another file and no code.
"""

import re
import tomllib
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assets.errors import HotlineError
from schemas import EXPORTS

BUILT_IN = Path(__file__).parent / "profiles"
_DATE_TOKENS = {
    "{YYYYMMDD}": r"(?P<date>[0-9]{8})(?![0-9])",
    "{YYYYMM}": r"(?P<date>[0-9]{6})(?![0-9])",
    "{YYYY}": r"(?P<date>[0-9]{4})(?![0-9])",
}


class DatasetProfile(BaseModel):
    """How one dataset is exported.

    Attributes:
        files: file name without its ending; a date token in braces, `*` for anything.
        headers: header in the file -> column, in addition to the titles of the schema.
        ignore: headers that are known and not needed.
        codes: column -> (value in the file -> canonical value).
        quarantine_share: share of quarantined rows above which the file is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str
    headers: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    codes: dict[str, dict[str, str]] = {}
    quarantine_share: float = Field(default=0.05, ge=0, le=1)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The file name pattern, its date in the group "date"."""
        escaped = re.escape(self.files).replace(r"\*", ".*")
        for token, regex in _DATE_TOKENS.items():
            escaped = escaped.replace(re.escape(token), regex)
        return re.compile(f"{escaped}$")

    @model_validator(mode="after")
    def _names_a_date(self) -> "DatasetProfile":
        if sum(token in self.files for token in _DATE_TOKENS) != 1:
            raise ValueError(f"files needs one of {', '.join(_DATE_TOKENS)}")
        return self


class Profile(BaseModel):
    """How one platform exports.

    Attributes:
        name: name of the profile.
        timestamp_formats: tried in this order; "excel" stands for Excel serial days.
        nulls: texts that mean "nothing" in any column.
        timestamp_nulls: texts that mean "no time" in a column that may be empty.
        settle_seconds: a file younger than this is left for the next run.
        max_file_bytes: larger files are refused before they are read.
        max_unpacked_bytes: the same for what they unpack to.
        refuse_above_rows: a file with no more quarantined rows than this is never refused for
            their share: one bad line must not cost a file of four.
        datasets: dataset -> how it is exported.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    timestamp_formats: tuple[str, ...] = Field(min_length=1)
    nulls: tuple[str, ...] = ()
    timestamp_nulls: tuple[str, ...] = ()
    settle_seconds: int = Field(default=0, ge=0)
    max_file_bytes: int = Field(default=2 << 30, gt=0)
    max_unpacked_bytes: int = Field(default=4 << 30, gt=0)
    refuse_above_rows: int = Field(default=2, ge=0)
    datasets: dict[str, DatasetProfile]

    @model_validator(mode="after")
    def _names_exist(self) -> "Profile":
        for name, dataset in self.datasets.items():
            if name not in EXPORTS:
                raise ValueError(f"datasets.{name} is no dataset")
            columns = EXPORTS[name].by_name
            for header, column in dataset.headers.items():
                if column not in columns:
                    raise ValueError(f"datasets.{name}.headers.{header}: no column {column}")
            for column, mapping in dataset.codes.items():
                if column not in columns or not columns[column].codes:
                    raise ValueError(f"datasets.{name}.codes.{column} is no code column")
                if unknown := set(mapping.values()) - set(columns[column].codes):
                    raise ValueError(
                        f"datasets.{name}.codes.{column}: {sorted(unknown)[0]} is not in the list"
                    )
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
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "（整个文件）"
        raise HotlineError(f"来源配置 {path} 的 {where} 有误：{first['msg']}。") from None


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
