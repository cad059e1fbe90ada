"""Verify the current release as a stranger would, from its own files alone.

Belongs here: what needs nothing but the release folder: that its id is that of its content, that
no file is there which it does not describe, and the checks that the gate made, once more.
"""

import json

from assets.errors import HotlineError
from assets.releases.datapackage import is_id_of
from assets.releases.gate import FactFile, Verdict, contents, verdict
from assets.releases.publish import DESCRIPTOR
from assets.warehouse import Warehouse


def verify(warehouse: Warehouse) -> list[Verdict]:
    """Check the current release.

    Raises:
        HotlineError: there is no release, or its descriptor cannot be read.
    """
    if not warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    name = warehouse.current.readlink().name
    folder = warehouse.releases / name
    try:
        package = (folder / DESCRIPTOR).read_bytes()
        described = [
            FactFile(each["path"], folder / each["path"], each["table"], each["hash"][7:])
            for each in json.loads(package)["resources"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HotlineError(
            f"当前发布 {name} 的 {DESCRIPTOR} 无法读取（{type(error).__name__}）："
            "请运行 hotline run 重新发布。"
        ) from None
    genuine = is_id_of(name, package)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    extra = sorted(found - {each.name for each in described})
    return [
        verdict("identity", "发布编号与内容一致", [] if genuine else [name], 1),
        verdict("nothing_else", "没有多余的文件", extra, len(found)),
        *contents(described),
    ]
