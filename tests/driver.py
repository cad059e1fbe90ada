"""The path from landing folder to release without Dagster, and what tests look at afterwards."""

import gzip
import hashlib
import itertools
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from assets.core.files import make_folder
from assets.details import DetailsPlan, details_plans, stale_details
from assets.exports.deliveries import read_ledger
from assets.exports.sentences import refusal_sentence
from assets.exports.stage import ingest_dataset
from assets.facts import MONTHLY, FactsPlan
from assets.indicators import YEARLY, IndicatorsPlan
from assets.installation.installation import Installation
from assets.profiles.profile import Profile, load_profile
from assets.releases.publish import PublishResult, publish
from schemas import EXPORTS, PUBLISHED
from schemas.table import FactTable
from tests.samples import csv_text

NIGHT = datetime(2024, 3, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
# Files are older than the night, and none has the time of another: as on a real disk.
_FIRST_MODIFIED = int(datetime(2024, 2, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())
_ticks = itertools.count()


def make_installation(folder: Path, *, now: datetime = NIGHT, **settings: Any) -> Installation:
    """A fresh installation below a folder, its clock standing still."""
    (folder / "landing").mkdir(parents=True)
    return existing_installation(folder, now=now, **settings)


def existing_installation(folder: Path, *, now: datetime = NIGHT, **settings: Any) -> Installation:
    """The installation below a folder that `make_installation` has made."""
    return Installation(
        landing=folder / "landing", root=folder / "warehouse", now=lambda: now, **settings
    )


def change(installation: Installation, **values: Any) -> None:
    """Change an installation that fixtures and helpers share, frozen as it is."""
    for name, value in values.items():
        assert name in {each.name for each in fields(installation)}, name
        object.__setattr__(installation, name, value)


def set_profile(installation: Installation, **changes: Any) -> Profile:
    """Change settings of the installation's profile."""
    installation.__dict__["profile"] = load_profile("hanzhong").model_copy(update=changes)
    return installation.profile


def deliver(
    installation: Installation,
    name: str,
    content: bytes | str | list[dict[str, Any]],
    *,
    modified: int | None = None,
) -> Path:
    """Put a file into the landing folder; rows become CSV as the default profile's platform's."""
    if isinstance(content, list):
        content = csv_text(name.rpartition("/")[2].split("_")[0], content)
    if isinstance(content, str):
        content = content.encode()
        if name.endswith(".gz"):
            content = gzip.compress(content, mtime=0)
    path = installation.landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    moment = modified if modified is not None else (_FIRST_MODIFIED + next(_ticks)) * 10**9
    os.utime(path, ns=(moment, moment))
    return path


def take_all(installation: Installation, wanted: Callable[[date], bool] = lambda _: True) -> None:
    """Archive, check and stage what is new or stale of every dataset."""
    make_folder(installation.root)
    for name in EXPORTS:
        assert ingest_dataset(installation, name, wanted).broken is None


def build_details(installation: Installation) -> None:
    """Build the details that are stale."""
    for name in EXPORTS:
        plan = DetailsPlan(installation.warehouse, name, installation.deadlines)
        plan.delete_orphans()
        for period in plan.stale():
            plan.build(period)


def build_facts(installation: Installation) -> FactsPlan:
    """Build the facts that are stale; one pass in the order of MONTHLY must be enough."""
    plan = FactsPlan(installation)
    for table in MONTHLY:
        plan.delete_orphans(table)
        for month in plan.stale(table):
            plan.build(table, month)
    assert [(table, month) for table in MONTHLY for month in plan.stale(table)] == []
    years = IndicatorsPlan(installation.warehouse, plan)
    for table in YEARLY:
        years.delete_orphans(table)
        for year in years.stale(table):
            years.build(table, year)
    plan.build_whole()
    return plan


def publish_built(installation: Installation, *, why: str = "test") -> PublishResult:
    """Publish what has been built."""
    plan, stale = FactsPlan(installation), stale_details(details_plans(installation))
    return publish(installation.warehouse, plan, stale, now=installation.now(), why=why)


def bring_up_to_date(
    installation: Installation, wanted: Callable[[date], bool] = lambda _: True
) -> PublishResult:
    """Do everything that is missing or stale, then publish."""
    take_all(installation, wanted)
    build_details(installation)
    build_facts(installation)
    return publish_built(installation)


def ledger(installation: Installation, dataset: str) -> pl.DataFrame:
    """What became of the files of a dataset."""
    return read_ledger(installation.warehouse, dataset)


def sentences(installation: Installation) -> list[str]:
    """What is said about every refused file, name first."""
    rows = [row for name in EXPORTS for row in ledger(installation, name).iter_rows(named=True)]
    return [" ".join(refusal_sentence(row)) for row in rows if row["rule"]]


def account(installation: Installation) -> pl.DataFrame:
    """The published account of every file, by the name that it was delivered under."""
    found = pl.read_parquet(installation.warehouse.current / "files.parquet")
    names = pl.concat([ledger(installation, name) for name in EXPORTS]).select(
        "delivery", name=pl.col("path").str.split("/").list.last()
    )
    return (
        found.join(names, on="delivery", how="left")
        .with_columns(file="name")
        .drop("name")
        .sort(pl.all())
    )


def facts(installation: Installation, table: str, month: str) -> pl.DataFrame:
    """A published fact file."""
    return pl.read_parquet(installation.warehouse.current / PUBLISHED[table].published_path(month))


def details(installation: Installation, dataset: str, period: str) -> pl.DataFrame:
    """Detail rows as they now stand."""
    return pl.read_parquet(installation.warehouse.details(dataset) / f"{period}.parquet")


def tables_of(release: Path) -> dict[Path, FactTable]:
    """The published table of every Parquet file of a release, by its own descriptor."""
    package = json.loads((release / "datapackage.json").read_bytes())
    return {
        (release / each["path"]).resolve(): PUBLISHED[each["table"]]
        for each in package["resources"]
    }


def digests(installation: Installation, *, without: Iterable[str] = ()) -> dict[str, str]:
    """Path -> SHA-256 of every published fact file, apart from some tables."""
    root = installation.warehouse.current / "facts"
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*.parquet"))
        if path.parent.name not in set(without)
    }
