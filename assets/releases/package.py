"""`datapackage.json`: what a release holds, for readers and for its own identity (Frictionless).

Belongs here: the description of a set of fact files. Its bytes depend on the data alone; the
SHA-256 of these bytes is the identity of the release.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from assets.facts import Built
from schemas import PUBLISHED
from schemas.table import table_schema

CONTRACT = "1.1"


def published_path(built: Built) -> str:
    """Path of a built file below the release."""
    return PUBLISHED[built.table].published_path(built.month)


def _resource(built: Built) -> dict[str, Any]:
    table = PUBLISHED[built.table]
    return {
        "name": f"{built.table}-{built.month}".rstrip("-").replace("_", "-"),
        "path": published_path(built),
        "title": table.title,
        "description": table.description,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": built.size,
        "hash": f"sha256:{built.sha256}",
        "rows": built.rows,
        "contract": table.version,
        "table": built.table,
        "month": built.month,
        "schema": table_schema(table),
    }


def datapackage(
    built: Sequence[Built], *, cutoff: str, code: str, about: Mapping[str, Any] | None = None
) -> bytes:
    """The package descriptor.

    Args:
        built: all files of the release.
        cutoff: end of the last day for which exports were taken, ISO.
        code: version of the code that made the facts.
        about: what is said of the package itself, where it is not that of one city.

    Returns:
        UTF-8 JSON, keys sorted.
    """
    content = {
        "profile": "data-package",
        "name": "hotline-12345",
        "title": "12345政务服务热线月度事实",
        "version": CONTRACT,
        "cutoff": cutoff,
        "code": code,
        "resources": [_resource(each) for each in built],
        **(about or {}),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def release_id(package: bytes, cutoff: str) -> str:
    """Id of the release that a descriptor describes: day of the cutoff and its own SHA-256."""
    return f"{cutoff[:10].replace('-', '')}-{_digest(package)}"


def is_id_of(name: str, package: bytes) -> bool:
    """Whether an id is that of a descriptor."""
    return name.rpartition("-")[2] == _digest(package)


def _digest(package: bytes) -> str:
    return hashlib.sha256(package).hexdigest()[:12]
