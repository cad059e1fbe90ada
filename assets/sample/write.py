"""Write the sample into a landing folder, so that a crash leaves no half file under a final name.

Belongs here: the order of effects on the disk. The marker, which says that the sample is
complete, is removed first and written last; it also tells what was done to which file.
"""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from assets.core import make_folder, remove_file, write_bytes
from assets.sample.damage import damage_year
from assets.sample.damage.kind import Trace
from assets.sample.sheets import Form, Sheet, csv_bytes, cut_into_sheets
from assets.sample.volumes import load_volumes
from assets.sample.workbook import workbook_bytes
from assets.sample.year import make_year

MARKER = ".sample.json"
_TRACES = {
    "kind": pl.String,
    "dataset": pl.String,
    "path": pl.String,
    "outcome": pl.String,
    "rule": pl.String,
    "rows": pl.Int64,
}


def _put(path: Path, content: bytes) -> None:
    make_folder(path.parent)
    write_bytes(path, content, durable=False)


def _write_sheet(landing: Path, sheet: Sheet) -> list[str]:
    """Write a sheet and its copies; returns their paths."""
    if sheet.content is not None:
        _put(landing / sheet.path, sheet.content)
        return [sheet.path]
    if sheet.form is Form.EXCEL:
        _put(landing / sheet.path, workbook_bytes(sheet))
        return [sheet.path]
    _put(landing / sheet.path, csv_bytes(sheet, sheet.encoding))
    for path, encoding in sheet.copies:
        _put(landing / path, csv_bytes(sheet, encoding))
    return [sheet.path, *(path for path, _ in sheet.copies)]


def _clear(landing: Path) -> None:
    """Remove the files of an earlier sample: one of another seed must not mix with this one."""
    marker = landing / MARKER
    if marker.exists():
        earlier = json.loads(marker.read_text(encoding="utf-8"))
        remove_file(marker)
        for path in earlier["files"]:
            remove_file(landing / path)


def write_exports(
    landing: Path,
    *,
    seed: int = 2023,
    damaged: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write the sample exports of 2023.

    Args:
        landing: folder to write to; made where it is missing. Files of an earlier complete sample
            in it are removed, other files are left alone.
        seed: the same seed gives the same bytes.
        damaged: False for plain UTF-8 CSV, one file a dataset and period. Both hold the same facts.
        progress: called with the number of files written and of all files.

    Returns:
        Number of files written, without the marker.
    """
    make_folder(landing)
    _clear(landing)
    volumes = load_volumes()
    year = make_year(seed, volumes)
    if damaged:
        sheets, traces = damage_year(year, volumes)
    else:
        sheets, traces = cut_into_sheets(year, volumes), []
    total = sum(1 + len(sheet.copies) for sheet in sheets)
    paths: list[str] = []
    for sheet in sheets:
        paths += _write_sheet(landing, sheet)
        if progress:
            progress(len(paths), total)
    _put(landing / MARKER, _marker(seed, damaged, paths, traces))
    return len(paths)


def _marker(seed: int, damaged: bool, paths: list[str], traces: list[Trace]) -> bytes:
    content = {
        "seed": seed,
        "damaged": damaged,
        "files": sorted(paths),
        "traces": [[getattr(trace, name) for name in _TRACES] for trace in traces],
    }
    return (json.dumps(content, ensure_ascii=False, indent=0) + "\n").encode()


def is_complete(landing: Path) -> bool:
    """Whether the folder holds a sample that was written to its end and is all there still."""
    marker = landing / MARKER
    if not marker.is_file():
        return False
    content = json.loads(marker.read_text(encoding="utf-8"))
    return all((landing / path).is_file() for path in content["files"])


def traces(landing: Path) -> pl.DataFrame:
    """What was done to which file of a sample, and what must become of it.

    Returns:
        `kind` (of the registry), `dataset`, `path` (empty where it is spread over files), `outcome`
        (quarantined, duplicate, superseded, refused, harmless), `rule` (id of the rule that must
        be among the reasons, empty where there is none), `rows` (lines concerned).
    """
    content = json.loads((landing / MARKER).read_text(encoding="utf-8"))
    return pl.DataFrame(content["traces"], schema=_TRACES, orient="row")
