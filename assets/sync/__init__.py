"""Copies of a warehouse: backup and restore on disk, a shared warehouse in an object store."""

from assets.sync.latest import bring_release, brought
from assets.sync.make import Backup
from assets.sync.manifest import MANIFEST, read_manifest
from assets.sync.put import Superseded
from assets.sync.rebuild import check_archive, forget_computed
from assets.sync.restoring import restore
from assets.sync.s3 import S3
from assets.sync.store import Store

__all__ = [
    "MANIFEST",
    "S3",
    "Backup",
    "Store",
    "Superseded",
    "bring_release",
    "brought",
    "check_archive",
    "forget_computed",
    "read_manifest",
    "restore",
]
