"""Verify the current release as a stranger would, from its own files alone.

Belongs here: what needs nothing but the release folder: that its id is that of its content, that
no file is there which it does not describe, and the checks that the gate made, once more.
"""

from assets.core import HotlineError, Warehouse
from assets.releases.folder import described
from assets.releases.gate import Verdict, contents, verdict
from assets.releases.package import is_id_of


def verify(warehouse: Warehouse) -> list[Verdict]:
    """Check the current release.

    Raises:
        HotlineError: there is no release, or its descriptor cannot be read.
    """
    if not warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    name = warehouse.current.readlink().name
    folder = warehouse.releases / name
    release = described(folder)
    files = release.files
    genuine = is_id_of(name, release.package)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    extra = sorted(found - {each.name for each in files})
    return [
        verdict("identity", "发布编号与内容一致", [] if genuine else [name], 1),
        verdict("nothing_else", "没有多余的文件", extra, len(found)),
        *contents(files),
    ]
