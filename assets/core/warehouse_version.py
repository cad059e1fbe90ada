"""The number of the warehouse's layout: which versions of the program may work on it.

Belongs here: the number, reading it and writing it. It is about what cannot be computed again
(archive, journal, ledgers of reports and of discarded rows): everything else carries the
fingerprint of the code that made it, and is made again where that differs. Raised whenever an older
program would misread or spoil what a newer one has written.
"""

from assets.core.errors import HotlineError
from assets.core.files import write_bytes
from assets.core.warehouse import Warehouse

# 1: the first numbered one. Warehouses of version 0.1.0 bear no number and are laid out the same.
LAYOUT = 1


def check_layout(warehouse: Warehouse) -> None:
    """Refuse a warehouse that a newer program has written.

    Raises:
        HotlineError: it was, or its number cannot be read.
    """
    path = warehouse.layout
    if not path.exists():
        return
    text = path.read_bytes().strip()
    if not text.isdigit():
        raise HotlineError(f"{path} 已损坏：请从备份恢复它，或联系维护人员。")
    if int(text) > LAYOUT:
        raise HotlineError(
            f"数据仓库 {warehouse.root} 由更新版本的程序写过（格式 {int(text)}，本程序只认识到 "
            f"{LAYOUT}）：请换回新版本的程序，或用 hotline restore 恢复升级以前的备份。"
        )


def mark_layout(warehouse: Warehouse) -> None:
    """Number the warehouse; only the holder of the lock may do it.

    Raises:
        HotlineError: a newer program has written it.
    """
    check_layout(warehouse)
    if not warehouse.layout.exists():
        write_bytes(warehouse.layout, f"{LAYOUT}\n".encode())
