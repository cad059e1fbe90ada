"""Remove everything that was computed, so that it is computed again from the raw archive alone.

Releases stay: readers keep what they see until the same, or another, has been computed.
"""

from assets.core import HotlineError, Warehouse, holds, remove_folder
from assets.exports import catalogue
from assets.masking import masked_path
from schemas import EXPORTS


def check_archive(warehouse: Warehouse) -> int:
    """Check every raw file of the catalogues against its SHA-256.

    Returns:
        Number of files.

    Raises:
        HotlineError: there is none, or one is missing or damaged.
    """
    files = {
        each.sha256: each.path
        for dataset in EXPORTS
        for each in catalogue(warehouse, dataset)
        if each.sha256
    }
    if not files:
        raise HotlineError(f"{warehouse.archive} 里没有任何文件，无法重建：请先恢复备份。")
    damaged = [
        masked_path(path)
        for sha256, path in sorted(files.items())
        if not holds(warehouse.archived(sha256), sha256)
    ]
    if damaged:
        few = "、".join(damaged[:5])
        raise HotlineError(
            f"存档中有 {len(damaged)} 个文件缺失或已损坏（{few}），没有重建："
            "请从备份恢复存档，或请平台重新导出这些文件。"
        )
    return len(files)


def forget_computed(warehouse: Warehouse) -> None:
    """Remove what can be computed from the archive; a run that is interrupted is continued."""
    for folder in (
        warehouse.ledgers,
        warehouse.staged("", ""),
        warehouse.quarantine(""),
        warehouse.details(""),
        warehouse.built(""),
    ):
        remove_folder(folder)
