"""The one kind of error that a user may see: a sentence that says what, where and what to do."""

import errno
from pathlib import Path

from assets.masking import masked_path


class HotlineError(Exception):
    """A mistake or a state that the operator can mend; its text is shown as it stands.

    The text never holds a personal datum: counts, file names (masked), line numbers, rule ids.
    """


class DamagedFile(HotlineError):
    """A file that can be computed again is damaged or gone.

    Attributes:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} 缺失或已损坏：它能由存档重新算出，请运行 hotline run；"
            "仍不行请运行 hotline scrub，并检查硬盘。"
        )


class DamagedRecord(HotlineError):
    """A record that cannot be computed again is damaged, incomplete or gone."""


_DISK = {
    errno.ENOSPC: "磁盘已满，请腾出空间后再运行一次；上一版发布未受影响",
    errno.EDQUOT: "磁盘配额已满，请联系机房扩容后再运行一次；上一版发布未受影响",
    errno.EACCES: "没有权限，请检查目录的所有者和读写权限",
    errno.EPERM: "没有权限，请检查目录的所有者和读写权限",
    errno.EROFS: "磁盘是只读的，请以可写方式重新挂载",
    errno.EIO: "磁盘读写出错，请检查硬盘后再运行一次；上一版发布未受影响",
    errno.EISDIR: "这里应是文件，却是目录：请移开它，再运行一次；仍不行请运行 hotline scrub",
    errno.ENOTDIR: "路径中间应是目录，却是文件：请移开它，再运行一次",
    errno.EMFILE: "打开的文件过多，请提高系统的打开文件数上限（ulimit -n）",
}


def error_sentence(error: HotlineError | OSError) -> str:
    """What the operator is told of an error that work can end with."""
    return disk_sentence(error) if isinstance(error, OSError) else str(error)


def disk_cause(error: OSError) -> str:
    """What an operating system error means for the operator."""
    return _DISK.get(error.errno or 0, f"操作系统报告 {errno.errorcode.get(error.errno or 0, '?')}")


def disk_sentence(error: OSError) -> str:
    """What an operating system error means for the operator, and where it happened."""
    where = masked_path(str(error.filename)) if error.filename else "（位置不明）"
    return f"{where}：{disk_cause(error)}。"
