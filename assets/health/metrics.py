"""What other programs watch: a line of JSON for each event, and a text file of OpenMetrics.

Both are written only where hotline.toml says where to. What is not known is left out, never 0.
"""

import json
import logging
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from assets.core import Warehouse, make_folder, write_bytes
from assets.exports import TAKEN, State, read_ledger
from assets.health.exports import expected_days, files_in
from assets.health.machine import size_of
from assets.health.results import check_stale
from assets.installation import Installation
from assets.quarantine import OPEN, totals
from assets.releases import journal_entries
from schemas import EXPORTS

# Of the log: ten megabytes a file, five files of the past.
_LOG_SIZE, _LOGS_KEPT = 10 << 20, 5
_DAY = 86400
_HELP = {
    "hotline_release_age_hours": "Hours since the current release was published.",
    "hotline_missing_days": "Days for which an export is owed and none was taken.",
    "hotline_held_deliveries": "Files that wait for a person to release or reject them.",
    "hotline_quarantine_open_rows": "Rows in quarantine that nobody has dealt with.",
    "hotline_stale_items": "Tables of months that are not built from the present data.",
    "hotline_last_night_seconds": "Seconds that the last night took.",
    "hotline_last_night_timestamp_seconds": "When the last night ended, Unix time.",
    "hotline_last_night_in_order": "1 where the last night left nothing undone, else 0.",
    "hotline_disk_days_left": "Days until the disk is full, at the pace of the archive so far.",
}
# What only a night knows: kept from one look to the next.
_OF_NIGHT = re.compile(r"^(hotline_last_night_\w+)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)


def log_events(installation: Installation, events: list[Mapping[str, Any]]) -> None:
    """Add a line of JSON for each event to the log, which rotates."""
    path = _own(installation, installation.operations.log)
    if path is None or not events:
        return
    make_folder(path.parent)
    at = installation.now().isoformat(timespec="seconds")
    handler = RotatingFileHandler(
        path, maxBytes=_LOG_SIZE, backupCount=_LOGS_KEPT, encoding="utf-8"
    )
    try:
        for event in events:
            line = json.dumps({"at": at, **event}, ensure_ascii=False, default=str)
            handler.emit(logging.makeLogRecord({"msg": line, "args": None}))
    finally:
        handler.close()


def write_metrics(installation: Installation, night: Mapping[str, float] | None = None) -> None:
    """Write the metrics of this moment.

    Args:
        installation: the installation.
        night: `seconds` and `in_order` of the night that has just ended; what the file says of the
            last one stays, unless given.
    """
    path = _own(installation, installation.operations.metrics)
    if path is None:
        return
    found: dict[str, float] = {}
    if night is not None:
        found["hotline_last_night_seconds"] = night["seconds"]
        found["hotline_last_night_in_order"] = night["in_order"]
        found["hotline_last_night_timestamp_seconds"] = installation.now().timestamp()
    elif path.exists():
        before = _OF_NIGHT.findall(path.read_text(encoding="utf-8"))
        found |= {name: float(value) for name, value in before}
    lines = []
    for name, value in (found | _present(installation)).items():
        lines += [*_head(name), f"{name}{_labels(installation)} {value:g}"]
    lines += _head("hotline_missing_days")
    for dataset, days in expected_days(installation).items():
        if days.first is not None:
            labels = _labels(installation, dataset=dataset)
            lines.append(f"hotline_missing_days{labels} {len(days.missing)}")
    make_folder(path.parent)
    write_bytes(path, "\n".join([*lines, "# EOF", ""]).encode(), mode=0o644)


def _present(installation: Installation) -> dict[str, float]:
    """The figures that are known at any moment."""
    warehouse = installation.warehouse
    found: dict[str, float] = {
        "hotline_held_deliveries": len(files_in(installation, State.HELD)),
        "hotline_quarantine_open_rows": totals(warehouse)[OPEN],
        "hotline_stale_items": len(check_stale(installation).faults),
    }
    if entries := journal_entries(warehouse):
        age = installation.now() - datetime.fromisoformat(entries[-1].at)
        found["hotline_release_age_hours"] = age.total_seconds() / 3600
    left = _disk_days(warehouse)
    return found if left is None else found | {"hotline_disk_days_left": left}


def _disk_days(warehouse: Warehouse) -> float | None:
    days = {
        day
        for name in EXPORTS
        for day in read_ledger(warehouse, name).filter(state=TAKEN)["export_date"]
    }
    size = size_of(warehouse.root) if days else 0
    return shutil.disk_usage(warehouse.root).free / (size / len(days)) if size else None


def _head(name: str) -> list[str]:
    return [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} gauge"]


def _labels(installation: Installation, **labels: str) -> str:
    if installation.name:
        labels["city"] = installation.name
    return (
        "{" + ",".join(f'{name}="{text}"' for name, text in labels.items()) + "}" if labels else ""
    )


def _own(installation: Installation, path: Path | None) -> Path | None:
    """The file of an installation: each city has its own beside the others."""
    if path is None or not installation.name:
        return path
    return path.with_name(f"{path.stem}_{installation.name}{path.suffix}")
