"""What a warehouse holds, for comparing it byte for byte with one that nothing happened to."""

import hashlib
import json
import os
from pathlib import Path

# Dagster's own record of what happened when, the lock itself, and reports: an issue bears its
# time, so two nights never issue the same bytes (`tests/reports/issue` kills those); when
# a row came into quarantine is a time, too.
_APART = ("dagster", ".lock", ".lock.holder", "reports")
_TIMED = ("ledger/reports.parquet", "ledger/quarantine/", "heads/releases.json")


def contents(root: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file of a warehouse, target of every link, mark of every folder.

    The journal is compared without its times, and with the lines that a crash cut off left out.
    """
    found: dict[str, str] = {}
    for folder, folders, names in os.walk(root):
        below = Path(folder).relative_to(root)
        if not below.parts:
            folders[:] = [each for each in folders if each not in _APART]
            names[:] = [each for each in names if each not in _APART]
        for name in [*names, *(each for each in folders if Path(folder, each).is_symlink())]:
            path = Path(folder, name)
            key = (below / name).as_posix()
            if key.startswith(_TIMED):
                continue
            if path.is_symlink():
                found[key] = f"-> {path.readlink()}"
            elif key == "ledger/releases.jsonl":
                found[key] = "\n".join(journal(path))
            else:
                found[key] = hashlib.sha256(path.read_bytes()).hexdigest()
        for name in folders:
            found[f"{(below / name).as_posix()}/"] = "folder"
    return found


def journal(path: Path) -> list[str]:
    """The switches without their times."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [json.dumps(line | {"at": "", "previous": ""}, sort_keys=True) for line in lines]


def temporary(root: Path) -> list[str]:
    """Temporary names anywhere in a warehouse, apart from Dagster's."""
    return [name for name in contents(root) if "/.tmp-" in f"/{name}"]


def difference(root: Path, expected: dict[str, str]) -> list[str]:
    """Names whose content is not as expected."""
    found = contents(root)
    return sorted(
        name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
    )
