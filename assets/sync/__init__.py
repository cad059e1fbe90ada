"""Copies of a warehouse: backup and restore on disk, and one warehouse that several machines share.

Both list a warehouse in the same way (`tree.scan`), and make a folder what a list says in the same
way (`tree.apply_items`). They differ in where contents lie: in the backup's folder, durable and
with permissions (`backup`), or in an object store behind one pointer (`s3`, `pull`, `push`).
`rebuild` removes what can be computed again from the archive. Entry points: `back_up`, `restore`,
`checkout`.
"""

from assets.sync.backup import MANIFEST, back_up, object_path, read_manifest, restore, restore_files
from assets.sync.pull import pull_release
from assets.sync.push import Superseded, checkout
from assets.sync.rebuild import check_archive, forget_computed
from assets.sync.records import check_complete, kept_records
from assets.sync.s3 import S3

__all__ = [
    "MANIFEST",
    "S3",
    "Superseded",
    "back_up",
    "check_archive",
    "check_complete",
    "checkout",
    "forget_computed",
    "kept_records",
    "object_path",
    "pull_release",
    "read_manifest",
    "restore",
    "restore_files",
]
