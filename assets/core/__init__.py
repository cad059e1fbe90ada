"""What every room needs: durable files, the lock, warehouse folders, errors, fingerprints.

Whoever writes holds the lock (`write_lock`) and writes by the functions of `files` alone: data is
complete and on the disk under a temporary name before it gets its final one.
"""

from assets.core.builds import Builds, Record
from assets.core.check_result import GOOD, NOTE, WRONG, CheckResult, Level
from assets.core.concurrency import map_in_order, polars_threads
from assets.core.errors import (
    DamagedFile,
    DamagedRecord,
    HotlineError,
    disk_cause,
    disk_sentence,
    error_sentence,
)
from assets.core.files import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    PUBLIC_FILE,
    READ_ONLY_FILE,
    TEMPORARY,
    copy_hashing,
    holds,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_file,
    remove_folder,
    rename_file,
    rename_folder,
    set_mode,
    sha256_of,
    sync_folder,
    write_atomically,
    write_bytes,
    write_folder,
    write_hashing,
)
from assets.core.fingerprints import code_version, fingerprint
from assets.core.journal import Journal
from assets.core.lock import lock_holder, remove_temporary, write_lock
from assets.core.memory import MEMORY, file_budget, memory_limit, passes
from assets.core.report_ledger import (
    REPORT_LEDGER_SCHEMA,
    read_reports,
    releases_referred_to,
    write_reports_head,
)
from assets.core.sealed import (
    SEAL,
    is_whole,
    open_json,
    present_sha256,
    read_record,
    read_whole,
    scan_whole,
    sealed_json,
    whole,
    write_rows,
    write_sealed,
)
from assets.core.suggest import did_you_mean
from assets.core.toml import error_in_chinese, read_toml, toml_fault
from assets.core.warehouse import Warehouse, check_warehouse_version

__all__ = [
    "GOOD",
    "MEMORY",
    "NOTE",
    "PRIVATE_FILE",
    "PRIVATE_FOLDER",
    "PUBLIC_FILE",
    "READ_ONLY_FILE",
    "REPORT_LEDGER_SCHEMA",
    "SEAL",
    "TEMPORARY",
    "WRONG",
    "Builds",
    "CheckResult",
    "DamagedFile",
    "DamagedRecord",
    "HotlineError",
    "Journal",
    "Level",
    "Record",
    "Warehouse",
    "check_warehouse_version",
    "code_version",
    "copy_hashing",
    "did_you_mean",
    "disk_cause",
    "disk_sentence",
    "error_in_chinese",
    "error_sentence",
    "file_budget",
    "fingerprint",
    "holds",
    "is_whole",
    "link_or_copy",
    "lock_holder",
    "make_folder",
    "map_in_order",
    "memory_limit",
    "open_json",
    "passes",
    "point_symlink",
    "polars_threads",
    "present_sha256",
    "read_record",
    "read_reports",
    "read_toml",
    "read_whole",
    "releases_referred_to",
    "remove_file",
    "remove_folder",
    "remove_temporary",
    "rename_file",
    "rename_folder",
    "scan_whole",
    "sealed_json",
    "set_mode",
    "sha256_of",
    "sync_folder",
    "toml_fault",
    "whole",
    "write_atomically",
    "write_bytes",
    "write_folder",
    "write_hashing",
    "write_lock",
    "write_reports_head",
    "write_rows",
    "write_sealed",
]
