"""The records of a warehouse that cannot be computed again, and whether they are whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assets.core import HotlineError, Warehouse, read_reports
from assets.exports import archive_faults, catalogue, check_caller_key, erasures
from assets.quarantine import read_discarded, read_history
from assets.releases import check_history
from schemas import EXPORTS

_FEW = 5


@dataclass(frozen=True)
class KeptRecord:
    """A record.

    Attributes:
        title: what it is, in Chinese.
        path: where it lies.
        check: says by HotlineError what is wrong with it, and what to do.
    """

    title: str
    path: Path
    check: Callable[[], object]


def kept_records(warehouse: Warehouse) -> Iterator[KeptRecord]:
    """Journals, ledgers, catalogues and the key."""
    yield KeptRecord("发布日志", warehouse.journal, partial(check_history, warehouse))
    yield KeptRecord("报告台账", warehouse.reports_ledger, partial(read_reports, warehouse))
    path = warehouse.root / "ledger" / "erasures.jsonl"
    yield KeptRecord("个人信息删除记录", path, partial(erasures, warehouse))
    yield KeptRecord("来电人密钥", warehouse.caller_key, partial(check_caller_key, warehouse))
    for dataset in EXPORTS:
        path = warehouse.archive / f"{dataset}.parquet"
        yield KeptRecord("存档目录", path, partial(catalogue, warehouse, dataset))
        for path, read in (
            (warehouse.discarded(dataset), read_discarded),
            (warehouse.quarantine_history(dataset), read_history),
        ):
            yield KeptRecord("隔离记录", path, partial(read, warehouse, dataset))


def check_complete(warehouse: Warehouse) -> None:
    """All records are whole, and the archive holds what its catalogues name.

    Raises:
        HotlineError: the first that is not.
    """
    for record in kept_records(warehouse):
        record.check()
    if missing := archive_faults(warehouse):
        raise HotlineError(
            f"存档缺少 {len(missing)} 个登记过的文件（{'、'.join(missing[:_FEW])}）："
            "请运行 hotline scrub，并照它说的恢复。"
        )
