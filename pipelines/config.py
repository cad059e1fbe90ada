"""hotline.toml: where things are on this machine.

Belongs here: reading the file, the environment that overrides it, and what is wrong with either in
one sentence. How a platform exports is not here but in its profile.
"""

import os
import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assets.errors import HotlineError
from assets.site import Site

FILE_NAME = "hotline.toml"
FILE_VARIABLE = "HOTLINE_CONFIG"
_OVERRIDES = {
    "HOTLINE_LANDING": "landing",
    "HOTLINE_WAREHOUSE": "warehouse",
    "HOTLINE_PROFILE": "profile",
}
_PATHS = ("landing", "warehouse", "calendar", "deadlines")


class Config(BaseModel):
    """The settings of hotline.toml.

    Attributes:
        landing: folder that the platform drops exports into.
        warehouse: folder of everything that is kept.
        profile: name of a built-in profile, or path of one.
        start: first day for which exports are expected.
        calendar: further working days (CSV), for years that the built-in list lacks.
        deadlines: deadline rules (TOML) in place of the built-in ones.
        keep_releases: how many releases stay.
        lock_timeout: seconds to wait for another process.
        warn_change: share by which a past month may move before a person is asked.
    """

    model_config = ConfigDict(extra="forbid")

    landing: Path = Path("landing")
    warehouse: Path = Path("warehouse")
    profile: str = "hanzhong"
    start: date = date(2023, 1, 1)
    calendar: Path | None = None
    deadlines: Path | None = None
    keep_releases: int = Field(default=30, ge=1)
    lock_timeout: float = Field(default=600, ge=0)
    warn_change: float = Field(default=0.05, ge=0)


def config_path() -> Path:
    """The configuration file: from the environment, or hotline.toml in the working folder."""
    return Path(os.environ.get(FILE_VARIABLE, FILE_NAME)).absolute()


def _read(path: Path) -> dict[str, object]:
    if not path.exists():
        if FILE_VARIABLE in os.environ:
            raise HotlineError(f"找不到配置文件 {path}：请核对环境变量 {FILE_VARIABLE}。")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"配置文件 {path} 不是有效的 TOML：{error}。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise HotlineError(f"配置文件 {path} 无法读取（{type(error).__name__}）。") from None


def load_config() -> Config:
    """Read the configuration; relative paths in it are relative to its folder.

    Raises:
        HotlineError: the file is no TOML or says something impossible.
    """
    path = config_path()
    content = _read(path)
    for name in _PATHS:
        if isinstance(value := content.get(name), str):
            content[name] = path.parent / value
    if str(content.get("profile", "")).endswith(".toml"):
        content["profile"] = str(path.parent / str(content["profile"]))
    for variable, name in _OVERRIDES.items():
        if value := os.environ.get(variable):
            content[name] = value
    try:
        return Config.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise HotlineError(f"配置文件 {path} 的 {where} 有误：{first['msg']}。") from None


def load_site() -> Site:
    """The installation that the configuration describes."""
    config = load_config()
    return Site(
        landing=config.landing.absolute(),
        root=config.warehouse.absolute(),
        profile_name=config.profile,
        start=config.start,
        calendar_path=config.calendar,
        deadlines_path=config.deadlines,
        keep_releases=config.keep_releases,
        lock_timeout=config.lock_timeout,
        warn_change=config.warn_change,
    )
