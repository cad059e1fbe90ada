"""The yearly form: write the blank one, and check a filled-in one before it is handed in."""

from datetime import datetime
from pathlib import Path

import polars as pl

from assets.core import HotlineError, write_bytes
from assets.facts import Inputs, built_path, read_record
from assets.indicators import (
    Scheme,
    YearInputs,
    annual_form,
    check_form,
    missing_entries,
    scheme_of,
)
from assets.installation import Installation
from pipelines.cli.console import err, out
from schemas import FACTS


def _scheme(year: int) -> Scheme:
    scheme = scheme_of(year)
    if scheme is None:
        raise HotlineError(f"{year} 年还没有指标体系：见 assets/indicators/schemes。")
    return scheme


def _computed(installation: Installation, year: int) -> pl.DataFrame:
    built = read_record(installation.warehouse, "indicators", str(year))
    if built is None:
        columns = FACTS["indicators"].columns
        return pl.DataFrame(schema={each.name: each.polars_type for each in columns})
    rows = pl.read_parquet(built_path(installation.warehouse, built))
    return rows.filter(kind="computed").sort("position")


def write_form(installation: Installation, year: int, target: Path) -> int:
    """Write the form of a year with what is still missing.

    Returns:
        Exit status 0.
    """
    scheme = _scheme(year)
    if target.exists():
        raise HotlineError(f"{target} 已存在，未覆盖：请先改名或移走。")
    inputs = Inputs(installation.warehouse)
    now, before = (
        YearInputs(installation.warehouse, inputs, each).form for each in (year, year - 1)
    )
    wanted = missing_entries(scheme, now)
    if not wanted:
        out.print(f"{year} 年的填报项都已齐全，不需要填报表。")
        return 0
    created = datetime.combine(installation.today, datetime.min.time())
    write_bytes(
        target, annual_form(year, wanted, before, _computed(installation, year), created=created)
    )
    out.print(f"填报表：{target}（{len(wanted)} 项）。填好后先用 --check 核对，再放入接收目录。")
    return 0


def show_check(installation: Installation, year: int, path: Path) -> int:
    """Print what is wrong in a filled-in form, cell by cell.

    Returns:
        Exit status: 0 where nothing is.
    """
    if "annual" not in installation.profile.datasets:
        raise HotlineError("来源配置里没有年度填报（annual），无法接收填报表：请在配置里加上。")
    found = list(check_form(path, year, _scheme(year), installation.profile))
    for sentence in found:
        err.print(sentence, style="red", markup=False)
    if not found:
        out.print(f"{path.name} 没有问题，可以放入接收目录。")
    return 1 if found else 0
