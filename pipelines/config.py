"""hotline.toml: the file, the environment that overrides it, its cities, and the Installation.

What may stand in it is declared in `assets.installation`; how a platform exports stands in its
profile.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assets.core import (
    HotlineError,
    check_warehouse_version,
    did_you_mean,
    error_in_chinese,
    read_toml,
    toml_fault,
)
from assets.installation import CitySettings, Installation, Settings, setting_names

FILE_NAME = "hotline.toml"
FILE_VARIABLE = "HOTLINE_CONFIG"
CITY_VARIABLE = "HOTLINE_CITY"
# Their values hold passwords, so they are no settings of a file.
BROKER = "HOTLINE_BROKER"
POSTGRES_PASSWORD = "HOTLINE_POSTGRES_PASSWORD"  # noqa: S105 The variable's name.
# The roll-up of all cities, where a city is named.
PROVINCE = "province"
OVERRIDES = {
    "HOTLINE_LANDING": "landing",
    "HOTLINE_WAREHOUSE": "warehouse",
    "HOTLINE_PROFILE": "profile",
}
_PATHS = ("landing", "warehouse", "calendar", "deadlines")
_SECTION_PATHS = {"reports": ("templates", "fonts"), "operations": ("log", "metrics")}
_CITIES = "cities"
# Settings that are the installation's, never a city's.
_SHARED = {"warehouse", "cluster"}
# A name is part of paths, of names in Dagster and of keys in an object store.
_CITY_NAME = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)


def load_installation(city: str | None = None) -> Installation:
    """The installation that the configuration describes, or one of its cities.

    Args:
        city: the city; unless given, the chosen one.

    Raises:
        HotlineError: the file is wrong, there is no such city, or none is named of several.
    """
    name = chosen_city() if city is None else city
    _check_choice(city_names(), name)
    return _load(name)


def load_cities() -> list[Installation]:
    """Every city of the installation, in the order of hotline.toml.

    Raises:
        HotlineError: the profiles of two have different zones.
    """
    cities = [_load(name) for name in city_names()]
    zones = sorted({each.profile.time_zone for each in cities})
    if len(zones) > 1:
        raise HotlineError(
            f"各城市的来源配置用了不同的时区（{'、'.join(zones)}）：一套系统只能有一个时区，"
            "请统一 time_zone，或分开安装。"
        )
    return cities


def load_top_level() -> Installation:
    """The installation as a whole: where its cities meet. Its warehouse holds theirs."""
    return _load("")


def load_province() -> Installation:
    """The roll-up of all cities: a warehouse beside theirs, without a landing folder in use."""
    return _load(PROVINCE)


def load_publisher() -> Installation:
    """Whose releases are meant: an installation as `load_installation` gives it, or the roll-up."""
    return load_province() if city_names() and chosen_city() == PROVINCE else load_installation()


def chosen_city() -> str:
    """The city that the operator or the environment names; empty where none is named."""
    return os.environ.get(CITY_VARIABLE, "")


def city_names() -> tuple[str, ...]:
    """The cities of the installation; none where it is one without a name."""
    return tuple(_city_tables(_read(config_path())))


def config_path() -> Path:
    """The configuration file: from the environment, or hotline.toml in the working folder."""
    return Path(os.environ.get(FILE_VARIABLE, FILE_NAME)).absolute()


def _load(name: str) -> Installation:
    """The installation as a whole, the roll-up, or a city; its settings and its own folder."""
    settings = _settings(name if name != PROVINCE else "")
    installation = Installation(**vars(settings), name=name)
    installation = replace(
        installation,
        landing=settings.landing.absolute(),
        root=settings.root.absolute() / name,
        # The cities of an installation record their own runs in their own folders: one database
        # would take the assets of one for those of another.
        postgres=None if name else settings.postgres,
    )
    check_warehouse_version(installation.warehouse)
    return installation


def _settings(city: str) -> Settings:
    """Read the settings; relative paths in the file, and those left out, are relative to it.

    Args:
        city: the city whose settings are wanted; empty for those of the installation.

    Raises:
        HotlineError: the file is no TOML or says something impossible.
    """
    path = config_path()
    read = _read(path)
    tables = _city_tables(read)
    # The folders that are not said, too, lie beside the file: whoever starts the program somewhere
    # else must not get a second warehouse.
    folders = {"landing": str(Settings.landing), "warehouse": str(Settings.root)}
    content = folders | _merged(read, tables.get(city, {}))
    _resolve(content, _PATHS, path.parent)
    for name, keys in _SECTION_PATHS.items():
        if isinstance(section := content.get(name), dict):
            _resolve(section, keys, path.parent)
    if str(content.get("profile", "")).endswith(".toml"):
        content["profile"] = str(path.parent / str(content["profile"]))
    for variable, name in OVERRIDES.items():
        if value := os.environ.get(variable):
            if tables and name != "warehouse":
                raise HotlineError(
                    f"有 [cities] 时不能用环境变量 {variable}：请在各城市的一节中设置。"
                )
            content[name] = value
    if "cluster" in content and not tables:
        raise HotlineError("hotline.toml 的 [cluster] 只用于有 [cities] 的安装：请给城市写一节。")
    declared: type[Settings] = CitySettings if city else Settings
    try:
        return TypeAdapter(declared).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in (*((_CITIES, city) if city else ()), *first["loc"]))
        said = error_in_chinese(first)
        if first["type"] == "unexpected_keyword_argument":
            said += did_you_mean(str(first["loc"][-1]), setting_names(declared))
        raise HotlineError(f"配置文件 {path} 的 {where} 有误：{said.rstrip('。')}。") from None


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        if FILE_VARIABLE in os.environ:
            raise HotlineError(f"找不到配置文件 {path}：请核对环境变量 {FILE_VARIABLE}。")
        return {}
    try:
        return read_toml(path)
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"配置文件 {path} 不是有效的 TOML：{toml_fault(error)}。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise HotlineError(f"配置文件 {path} 无法读取（{type(error).__name__}）。") from None


def _resolve(content: dict[str, Any], names: tuple[str, ...], folder: Path) -> None:
    """Make relative paths relative to the folder of the file."""
    for name in names:
        if isinstance(value := content.get(name), str):
            content[name] = folder / value


def _merged(content: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """A city's settings over those of the installation, section by section."""
    merged = {name: value for name, value in content.items() if name != _CITIES}
    for name, value in table.items():
        above = merged.get(name)
        both = isinstance(value, dict) and isinstance(above, dict)
        merged[name] = {**above, **value} if both and above is not None else value
    return merged


def _city_tables(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """City -> its table, in the order of the file; empty for an installation of one city.

    Raises:
        HotlineError: a name cannot be one, or a table lacks a landing folder of its own.
    """
    tables = content.get(_CITIES, {})
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        raise HotlineError("hotline.toml 的 cities 有误：每个城市写成一节，如 [cities.hanzhong]。")
    landings: dict[str, str] = {}
    for name, table in tables.items():
        if not _CITY_NAME.fullmatch(name) or name == PROVINCE:
            raise HotlineError(
                f"城市名“{name}”不能用：只可用小写字母、数字和下划线，且不能是 {PROVINCE}。"
            )
        if wrong := sorted(_SHARED & table.keys()):
            raise HotlineError(
                f"hotline.toml 的 cities.{name}.{wrong[0]} 不能另设：它是整个安装共有的。"
            )
        landing = str(table.get("landing", ""))
        if not landing:
            raise HotlineError(f"hotline.toml 的 cities.{name} 缺少 landing：请写明它的接收目录。")
        if other := landings.get(landing):
            raise HotlineError(
                f"城市 {other} 和 {name} 的接收目录相同（{landing}）：每个城市要有自己的目录。"
            )
        landings[landing] = name
    return tables


def _check_choice(names: tuple[str, ...], name: str) -> None:
    """See that a name says which city is meant.

    Raises:
        HotlineError: there is no such city, or it is not said which of several.
    """
    known = "、".join(names)
    if name and not names:
        raise HotlineError(f"hotline.toml 中没有 [cities]：请去掉 --city（或 {CITY_VARIABLE}）。")
    if name == PROVINCE:
        raise HotlineError(
            f"{PROVINCE} 是各城市的汇总，这个命令只用于单个城市：请用 --city 指明一个（{known}）。"
        )
    if name and name not in names:
        raise HotlineError(f"没有城市“{name}”：现有 {known}。")
    if names and not name:
        raise HotlineError(f"本安装有几个城市：请用 --city 指明是哪一个（{known}）。")
