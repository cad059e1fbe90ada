"""Publish the built facts as one release, or say why not.

Belongs here: the order of publication. Files are linked into a folder with a temporary name,
checked, made durable, renamed to their id, and only then does the link `current` move: a reader
that resolves it once sees one release, whole.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assets.errors import HotlineError
from assets.facts.build import MONTHLY, FactsPlan
from assets.facts.store import Built, built_path, records
from assets.files import (
    TEMPORARY,
    link_or_copy,
    make_folder,
    point_symlink,
    remove_folder,
    rename_folder,
    sync_folder,
    write_bytes,
)
from assets.fingerprint import code_version
from assets.indicators.plan import YEARLY
from assets.releases.datapackage import datapackage, is_id_of, published_path, release_id
from assets.releases.folder import DESCRIPTOR, described, is_sound
from assets.releases.gate import FactFile, Verdict, conservation, contents, verdict
from assets.releases.hold import Held, held_release, hold, hold_nothing, pinned_because
from assets.releases.journal import Entry, append, latest
from assets.releases.moves import moves
from assets.releases.retention import surplus
from assets.releases.stale import stale_tables
from assets.warehouse import Warehouse

# Everything that a figure can depend on; a change elsewhere does not make a new release.
FACT_CODE = (
    "schemas",
    "assets.masking",
    "assets.exports",
    "assets.deadlines",
    "assets.details",
    "assets.facts",
    "assets.indicators",
)


@dataclass(frozen=True)
class Release:
    """What came of an attempt to publish.

    Attributes:
        id: id of the release.
        new: whether readers see it from now on and did not before.
        cutoff: data cutoff, ISO.
        files: number of fact files.
        verdicts: what the gate decided.
        held: why readers do not see it yet.
    """

    id: str
    new: bool
    cutoff: str
    files: int
    verdicts: tuple[Verdict, ...]
    held: Held | None = None


class GateClosed(HotlineError):
    """The gate refused a release; the last one stays.

    Attributes:
        verdicts: what the gate decided.
    """

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self.verdicts = tuple(verdicts)
        failed = [each for each in self.verdicts if not each.passed]
        what = "；".join(f"{each.title}：{'、'.join(each.faults[:5])}" for each in failed)
        super().__init__(
            f"发布前检查未通过，保留上一版。未通过的检查——{what}。请运行 hotline status 查看。"
        )


def current_release(warehouse: Warehouse) -> str | None:
    """Id of the release that readers see; None where there is none or its descriptor is wrong."""
    try:
        name = warehouse.current.readlink().name
        package = (warehouse.releases / name / DESCRIPTOR).read_bytes()
    except FileNotFoundError:
        return None
    return name if is_id_of(name, package) else None


def publish(
    warehouse: Warehouse,
    plan: FactsPlan,
    stale: Sequence[str],
    *,
    now: datetime,
    why: str,
    limit: float | None = None,
) -> Release:
    """Make the built facts the current release if they differ from it and pass the gate.

    A release that passes and that a person should look at first is written whole and held.

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
        stale: details that are not built from what they should be; closes the gate.
        now: time of the switch, for the journal only.
        why: what led to it, for the journal only.
        limit: share by which a past month may move without a person; None for any.

    Raises:
        GateClosed: a check failed; nothing was published.
        HotlineError: there is nothing to publish yet.
    """
    if plan.inputs.cutoff is None:
        raise HotlineError(
            "还没有任何可用的日报数据，没有可以发布的内容：请检查接收目录和被拒收的文件。"
        )
    cutoff = plan.inputs.cutoff.isoformat()
    built, package = _describe(warehouse, cutoff)
    name = release_id(package, cutoff)
    verdicts = [
        _freshness(warehouse, plan, stale),
        conservation(plan.inputs.files),
        *contents(_as_described(warehouse, built)),
    ]
    if not all(each.passed for each in verdicts):
        raise GateClosed(verdicts)
    _write(warehouse, name, package, built)
    current = current_release(warehouse)
    held = None if name == current else _reasons(warehouse, current, name, limit)
    if held:
        hold(warehouse, held)
        return Release(name, False, cutoff, len(built), tuple(verdicts), held)
    hold_nothing(warehouse)
    if name != current or not _is_told(warehouse, name):
        switch(warehouse, name, cutoff=cutoff, now=now, why=why)
    return Release(name, name != current, cutoff, len(built), tuple(verdicts))


def _is_told(warehouse: Warehouse, name: str) -> bool:
    """Whether the journal knows that a release is current: a crash can come before it does."""
    last = latest(warehouse)
    return last is not None and last.release == name


def _reasons(
    warehouse: Warehouse, current: str | None, name: str, limit: float | None
) -> Held | None:
    """Why a release should wait for a person."""
    pinned = pinned_because(warehouse)
    if pinned:
        return Held(name, True, (pinned,))
    if current is None or limit is None:
        return None
    found = moves(
        described(warehouse.releases / current), described(warehouse.releases / name), limit
    )
    return Held(name, False, tuple(found)) if found else None


def _describe(warehouse: Warehouse, cutoff: str) -> tuple[list[Built], bytes]:
    built = [each for table in (*MONTHLY, *YEARLY, "files") for each in records(warehouse, table)]
    return built, datapackage(built, cutoff=cutoff, code=code_version(*FACT_CODE))


def upcoming_release(warehouse: Warehouse, plan: FactsPlan) -> str | None:
    """Id of the release that the present state calls for; None where it is not built yet."""
    if plan.inputs.cutoff is None or not plan.files_built():
        return None
    cutoff = plan.inputs.cutoff.isoformat()
    return release_id(_describe(warehouse, cutoff)[1], cutoff)


def needs_publishing(warehouse: Warehouse, plan: FactsPlan, keep: int) -> bool:
    """Whether publication has anything to do.

    That is: another release is called for or waits, the current one is damaged, or a run died
    before the journal was written or old releases were removed.

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
        keep: how many releases to keep.
    """
    name = upcoming_release(warehouse, plan)
    return (
        name is None
        or name != current_release(warehouse)
        or not _is_told(warehouse, name)
        or held_release(warehouse) is not None
        or bool(surplus(warehouse, keep))
        or not is_sound(warehouse.releases / name)
    )


def _as_described(warehouse: Warehouse, built: list[Built]) -> list[FactFile]:
    return [
        FactFile(
            published_path(each),
            built_path(warehouse, each),
            each.table,
            each.sha256,
        )
        for each in built
    ]


def _as_published(folder: Path, built: list[Built]) -> list[FactFile]:
    return [
        FactFile(published_path(each), folder / published_path(each), each.table, each.sha256)
        for each in built
    ]


def _freshness(warehouse: Warehouse, plan: FactsPlan, details: Sequence[str]) -> Verdict:
    stale = [*details, *stale_tables(warehouse, plan)]
    if not plan.files_built():
        stale.append("files")
    months = sum(len(plan.months(table)) for table in MONTHLY)
    return verdict("freshness", "各月事实均由当前数据生成", stale, months)


def _write(warehouse: Warehouse, name: str, package: bytes, built: list[Built]) -> None:
    final = warehouse.releases / name
    if final.exists():
        descriptor = final / DESCRIPTOR
        genuine = descriptor.exists() and descriptor.read_bytes() == package
        if genuine and all(each.passed for each in contents(_as_published(final, built))):
            return
    make_folder(warehouse.releases)
    draft = warehouse.releases / f"{TEMPORARY}{name}"
    remove_folder(draft)
    for each in built:
        link_or_copy(built_path(warehouse, each), draft / published_path(each))
    write_bytes(draft / DESCRIPTOR, package)
    for folder, _, _ in os.walk(draft):
        sync_folder(warehouse.root / folder)
    # One of this name is damaged, or it would have been found genuine above.
    remove_folder(final)
    rename_folder(draft, final)


def switch(
    warehouse: Warehouse,
    name: str,
    *,
    cutoff: str,
    now: datetime,
    why: str,
    by: str = "",
    pinned: bool = False,
) -> None:
    """Let `current` name another release, and write it down."""
    if warehouse.current.is_symlink() and warehouse.current.readlink().name == name:
        sync_folder(warehouse.root)
    else:
        point_symlink(warehouse.current, f"releases/{name}")
    at = now.isoformat(timespec="seconds")
    append(warehouse, Entry(name, at, why, cutoff, by, pinned))
