"""What there should be in a warehouse, file by file, and what to do where it is not so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import polars as pl

from assets.core import DamagedFile, HotlineError, Warehouse, holds, is_whole, remove_file
from assets.details import CROSS_FILE_PREFIX, read_details
from assets.exports import (
    TAKEN,
    catalogue,
    forget_batches,
    forget_ledger,
    read_ledger,
)
from assets.facts import built_path, read_record
from assets.masking import masked_path
from assets.releases import is_sound, linked_release, release_ids
from assets.reports.issue import CONTENT_FILE, Ledger
from assets.sync import kept_records, object_path, read_manifest
from schemas import EXPORTS

_RUN = "已移开；运行 hotline run 会由存档重新算出。"


@dataclass(frozen=True)
class Check:
    """A file that should be there as it was written.

    Attributes:
        title: what it is, in Chinese.
        path: where it lies.
        holds: whether it is; may say why not by raising HotlineError.
        remedy: what to do where it is not.
        forget: lets it be made again; None for what cannot be.
    """

    title: str
    path: Path
    holds: Callable[[], bool]
    remedy: str = ""
    forget: Callable[[], None] | None = None

    @property
    def size(self) -> int:
        """Bytes that are read for it."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def computed(warehouse: Warehouse) -> Iterator[Check]:
    """What is computed from the archive: it is forgotten where it is damaged."""
    for dataset in EXPORTS:
        forget = partial(forget_ledger, warehouse, dataset)
        try:
            ledger = read_ledger(warehouse, dataset)
        except DamagedFile as error:
            yield Check("接收台账", error.path, lambda: False, _RUN, forget)
            continue
        yield from _staged(warehouse, dataset, ledger.filter(state=TAKEN))
        yield from _details(warehouse, dataset)
    for record in sorted(warehouse.built("").glob("*/*.json")):
        table, month = record.parent.name, record.stem
        built = read_record(warehouse, table, "" if month == "all" else month)
        if built is None:
            yield Check("事实的记录", record, lambda: False, _RUN, partial(remove_file, record))
        else:
            path = built_path(warehouse, built)
            yield Check(
                "事实", path, partial(holds, path, built.sha256), _RUN, partial(remove_file, record)
            )


def _staged(warehouse: Warehouse, dataset: str, ledger: pl.DataFrame) -> Iterator[Check]:
    batches = ledger.group_by("batch", maintain_order=True).agg(
        pl.col("periods").explode().drop_nulls().unique().sort(), pl.col("quarantined").sum()
    )
    for batch, periods, quarantined in batches.rows():
        forget = partial(forget_batches, warehouse, dataset, [batch])
        named = [warehouse.staged(dataset, each) for each in periods]
        others = [warehouse.quarantine(dataset), warehouse.corrections(dataset)]
        for folder in chain(named, others):
            path = folder / f"{batch}.parquet"
            expected = folder in named or (folder == others[0] and quarantined)
            if expected or path.exists():
                yield Check("接收的行", path, partial(is_whole, path), _RUN, forget)


def _details(warehouse: Warehouse, dataset: str) -> Iterator[Check]:
    for path in sorted(warehouse.details(dataset).glob("*.parquet")):
        forget = partial(remove_file, path)
        yield Check("明细", path, partial(is_whole, path), _RUN, forget)
        summary = read_details(warehouse, dataset, path.stem)
        across = warehouse.quarantine(dataset) / f"{CROSS_FILE_PREFIX}{path.stem}.parquet"
        if across.exists() or (summary and summary.quarantined):
            yield Check("隔离的行", across, partial(is_whole, across), _RUN, forget)


def archived(warehouse: Warehouse) -> Iterator[Check]:
    """The raw files that the catalogues name."""
    for dataset in EXPORTS:
        for each in catalogue(warehouse, dataset):
            if each.sha256:
                path = warehouse.archived(each.sha256)
                yield Check(
                    f"存档：{dataset} {each.export_date} {masked_path(each.path)}",
                    path,
                    partial(holds, path, each.sha256),
                    "请从备份恢复：hotline restore 备份目录 --file "
                    f"{path.relative_to(warehouse.root)}；没有备份时请平台重新导出这个文件。",
                )


def records(warehouse: Warehouse) -> Iterator[Check]:
    """Journals, ledgers and keys, which say themselves what is wrong with them."""
    for each in kept_records(warehouse):

        def holds(check: Callable[[], object] = each.check) -> bool:
            check()
            return True

        yield Check(each.title, each.path, holds)


def releases(warehouse: Warehouse) -> Iterator[Check]:
    """All releases that are kept."""
    current = linked_release(warehouse)
    for name in release_ids(warehouse):
        remedy = "不是当前发布，读者不受影响；还需要它时请从备份恢复。"
        if name == current:
            remedy = "运行 hotline run 会重新写出；已固定在它上面时，请从备份恢复或换一版。"
        folder = warehouse.releases / name
        yield Check("发布", folder, partial(is_sound, folder), remedy)


def issued(warehouse: Warehouse) -> Iterator[Check]:
    """Every file of every revision of every report."""
    try:
        entries = Ledger(warehouse).entries
    except HotlineError:
        return  # `records` says it.
    for each in entries:
        files = {path: getattr(each, form) for form, path in each.files.items()}
        for name, sha256 in {**files, f"{each.path}/{CONTENT_FILE}": each.content}.items():
            path = warehouse.root / name
            yield Check(
                "已印发的报告",
                path,
                partial(holds, path, sha256),
                f"请从备份恢复（hotline restore 备份目录 --file {name}），"
                f"或运行 hotline report {each.kind} {each.period} 印发新的一版。",
            )


def backup(folder: Path) -> Iterator[Check]:
    """Every content of a backup."""
    for sha256 in sorted({each.sha256 for each in read_manifest(folder).files}):
        path = object_path(folder, sha256)
        remedy = f"原数据仓库完好时，再运行一次 hotline backup {folder} 会补齐。"
        yield Check("备份", path, partial(holds, path, sha256), remedy)
