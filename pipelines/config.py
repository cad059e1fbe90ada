"""hotline.toml: where things are on this machine.

Belongs here: reading the file, the environment that overrides it, and what is wrong with either in
one sentence. How a platform exports is not here but in its profile.
"""

import os
import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assets.core import MEMORY, HotlineError, check_layout
from assets.installation import Installation
from pipelines.cities import (
    PROVINCE,
    check_choice,
    chosen_city,
    city_tables,
    settings_of,
)
from pipelines.sections.cluster import ClusterConfig
from pipelines.sections.notify import NotifyConfig
from pipelines.sections.operations import OperationsConfig
from pipelines.sections.postgres import PostgresConfig
from pipelines.sections.reports import ReportsConfig

FILE_NAME = "hotline.toml"
FILE_VARIABLE = "HOTLINE_CONFIG"
_OVERRIDES = {
    "HOTLINE_LANDING": "landing",
    "HOTLINE_WAREHOUSE": "warehouse",
    "HOTLINE_PROFILE": "profile",
}
_PATHS = ("landing", "warehouse", "calendar", "deadlines")
_REPORT_PATHS = ("templates", "fonts")


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
        memory: MiB that rows may take while they are worked on.
        warn_change: share by which a past month may move before a person is asked.
        reports: the section [reports].
        postgres: the section [postgres].
        operations: the section [operations].
        notify: the section [notify].
        cluster: the section [cluster].
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
    memory: int = Field(default=MEMORY >> 20, ge=64)
    warn_change: float = Field(default=0.05, ge=0)
    reports: ReportsConfig = ReportsConfig()
    postgres: PostgresConfig | None = None
    operations: OperationsConfig = OperationsConfig()
    notify: NotifyConfig = NotifyConfig()
    cluster: ClusterConfig | None = None


class CityConfig(Config):
    """A table [cities.<name>], over the settings above it.

    Attributes:
        title: name of the city for people.
    """

    title: str = Field("", max_length=60)


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


def _resolve(content: dict[str, object], names: tuple[str, ...], folder: Path) -> None:
    """Make relative paths relative to the folder of the file."""
    for name in names:
        if isinstance(value := content.get(name), str):
            content[name] = folder / value


def load_config(city: str = "") -> Config:
    """Read the configuration; relative paths in it, and those left out, are relative to its folder.

    Args:
        city: the city whose settings are wanted; empty for those of the installation.

    Raises:
        HotlineError: the file is no TOML or says something impossible.
    """
    path = config_path()
    read = _read(path)
    tables = city_tables(read)
    # The folders that are not said, too, lie beside the file: whoever starts the program somewhere
    # else must not get a second warehouse.
    folders = {name: str(Config.model_fields[name].default) for name in ("landing", "warehouse")}
    content = folders | settings_of(read, tables.get(city, {}))
    _resolve(content, _PATHS, path.parent)
    if isinstance(section := content.get("reports"), dict):
        _resolve(section, _REPORT_PATHS, path.parent)
    if str(content.get("profile", "")).endswith(".toml"):
        content["profile"] = str(path.parent / str(content["profile"]))
    for variable, name in _OVERRIDES.items():
        if value := os.environ.get(variable):
            if tables and name != "warehouse":
                raise HotlineError(
                    f"有 [cities] 时不能用环境变量 {variable}：请在各城市的一节中设置。"
                )
            content[name] = value
    if "cluster" in content and not tables:
        raise HotlineError("hotline.toml 的 [cluster] 只用于有 [cities] 的安装：请给城市写一节。")
    try:
        return (CityConfig if city else Config).model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (*(("cities", city) if city else ()), *first["loc"]))
        raise HotlineError(f"配置文件 {path} 的 {where} 有误：{first['msg']}。") from None


def city_names() -> tuple[str, ...]:
    """The cities of the installation; none where it is one site without a name."""
    return tuple(city_tables(_read(config_path())))


def load_installation(city: str | None = None) -> Installation:
    """The installation that the configuration describes, or one of its cities.

    Args:
        city: the city; unless given, the chosen one.
    """
    name = chosen_city() if city is None else city
    check_choice(dict.fromkeys(city_names()), name)
    return _installation(load_config(name), name)


def load_cities() -> list[Installation]:
    """Every city of the installation, in the order of hotline.toml."""
    return [_installation(load_config(name), name) for name in city_names()]


def load_top_level() -> Installation:
    """The installation as a whole: where its cities meet. Its warehouse holds theirs."""
    return _installation(load_config(), "")


def load_province() -> Installation:
    """The roll-up of all cities: a warehouse beside theirs, without a landing folder in use."""
    return _installation(load_config(), PROVINCE)


def load_publisher() -> Installation:
    """Whose releases are meant: a site as `load_installation` gives it, or the roll-up."""
    return load_province() if city_names() and chosen_city() == PROVINCE else load_installation()


def _installation(config: Config, name: str) -> Installation:
    installation = Installation(
        landing=config.landing.absolute(),
        root=config.warehouse.absolute() / name,
        profile_name=config.profile,
        start=config.start,
        calendar_path=config.calendar,
        deadlines_path=config.deadlines,
        keep_releases=config.keep_releases,
        lock_timeout=config.lock_timeout,
        memory=config.memory << 20,
        warn_change=config.warn_change,
        reports=config.reports.content(),
        issuing=config.reports.issuing(),
        # The cities of an installation record their own runs in their own folders: one database
        # would take the assets of one for those of another.
        postgres=config.postgres.server() if config.postgres and not name else None,
        name=name,
        title=config.title if isinstance(config, CityConfig) else "",
        operations=config.operations.operations(),
        notices=config.notify.settings(),
        cluster=config.cluster.settings() if config.cluster else None,
    )
    check_layout(installation.warehouse)
    return installation
