"""The tables [cities.<name>] of hotline.toml: what an installation of several cities says.

Belongs here: which cities there are, which one is meant, and its settings over those of the
installation. What a setting means is in `pipelines.config`.
"""

import os
import re
from collections.abc import Mapping
from typing import Any

from assets.core import HotlineError

VARIABLE = "HOTLINE_CITY"
PROVINCE = "province"
_TABLES = "cities"
# Settings that are the installation's, never a city's.
_SHARED = {"warehouse", "cluster"}
# A name is part of paths, of names in Dagster and of keys in an object store.
_NAME = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)


def city_tables(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """City -> its table, in the order of the file; empty for an installation of one city.

    Raises:
        HotlineError: a name cannot be one, or a table lacks a landing folder of its own.
    """
    tables = content.get(_TABLES, {})
    if not isinstance(tables, dict) or not all(isinstance(each, dict) for each in tables.values()):
        raise HotlineError("hotline.toml 的 cities 有误：每个城市写成一节，如 [cities.hanzhong]。")
    landings: dict[str, str] = {}
    for name, table in tables.items():
        if not _NAME.fullmatch(name) or name == PROVINCE:
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


def chosen_city() -> str:
    """The city that the operator or the surroundings name; empty where none is named."""
    return os.environ.get(VARIABLE, "")


def check_choice(tables: Mapping[str, Any], name: str) -> None:
    """See that a name says which city is meant.

    Raises:
        HotlineError: there is no such city, or it is not said which of several.
    """
    known = "、".join(tables)
    if name and not tables:
        raise HotlineError(f"hotline.toml 中没有 [cities]：请去掉 --city（或 {VARIABLE}）。")
    if name == PROVINCE:
        raise HotlineError(
            f"{PROVINCE} 是各城市的汇总，这个命令只用于单个城市：请用 --city 指明一个（{known}）。"
        )
    if name and name not in tables:
        raise HotlineError(f"没有城市“{name}”：现有 {known}。")
    if tables and not name:
        raise HotlineError(f"本安装有几个城市：请用 --city 指明是哪一个（{known}）。")


def settings_of(content: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a city: its own over those of the installation, section by section.

    Args:
        content: hotline.toml.
        table: the city's table; empty for the installation itself.
    """
    merged = {name: value for name, value in content.items() if name != _TABLES}
    for name, value in table.items():
        above = merged.get(name)
        both = isinstance(value, dict) and isinstance(above, dict)
        merged[name] = {**above, **value} if both and above is not None else value
    return merged
