"""The figures that sample files would give: the steps of the run, in a warehouse thrown away.

What lies there is as personal as the files: only the user can read it, and it goes when the
command ends.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from assets.core import PRIVATE_FOLDER, make_folder
from assets.details import details_plans
from assets.exports import ingest_dataset, recognise_file
from assets.facts import MONTHLY, FactsPlan
from assets.installation import Installation, Progress


def monthly_figures(files: Sequence[Path], installation: Installation) -> pl.DataFrame:
    """The KPIs of every month that some files have rows of.

    Args:
        files: what a platform has exported.
        installation: whose profile, calendar and deadline rules count; nothing of it is changed.

    Returns:
        Rows of `kpi_monthly`, those that can be formed and those that are missing.

    Raises:
        HotlineError: a name belongs to no dataset, or the calendar lacks a year.
    """
    dated = {path: recognise_file(path, installation.profile) for path in files}
    last = max(day for _, day in dated.values())
    with TemporaryDirectory(prefix="hotline-check-") as folder:
        landing = Path(folder) / "landing"
        for path in files:
            target = landing / path.resolve().relative_to(path.resolve().anchor)
            make_folder(target.parent, PRIVATE_FOLDER)
            shutil.copy(path, target)
        rehearsal = replace(
            installation,
            landing=landing,
            stand_in=landing,
            root=Path(folder) / "warehouse",
            start=min(day for _, day in dated.values()).replace(month=1, day=1),
            # After the last file, and late enough that none is still settling.
            now=lambda: datetime.combine(last + timedelta(days=400), time(2), installation.zone),
            progress=Progress(),
        )
        make_folder(rehearsal.root, PRIVATE_FOLDER)
        for dataset in {name for name, _ in dated.values()}:
            ingest_dataset(rehearsal, dataset, lambda _: True)
        for plan in details_plans(rehearsal).values():
            for period in plan.stale():
                plan.build(period)
        facts = FactsPlan(rehearsal)
        for table in MONTHLY:
            for month in facts.stale(table):
                facts.build(table, month)
        found = [facts.tables["kpi_monthly"].read(month) for month in facts.months("kpi_monthly")]
        return pl.concat([each for each in found if each is not None], how="vertical")
