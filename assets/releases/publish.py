"""Publish the built facts as one release, or say why not.

Belongs here: the order of publication. Files are linked into a folder with a temporary name,
checked, made durable, renamed to their id, and only then does the link `current` move: a reader
that resolves it once sees one release, whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.core import HotlineError, Warehouse, code_version, point_symlink, sync_folder
from assets.facts import MONTHLY, FactsPlan, records
from assets.indicators import YEARLY
from assets.releases.draft import Candidate, as_described, write_release
from assets.releases.folder import DESCRIPTOR, described, is_sound
from assets.releases.gate import Verdict, conservation, contents, verdict
from assets.releases.hold import Held, held_release, hold, hold_nothing, pinned_because
from assets.releases.journal import Entry, append, latest
from assets.releases.moves import moves
from assets.releases.package import datapackage, is_id_of
from assets.releases.retention import surplus
from assets.releases.staleness import stale_tables

# Everything that a figure can depend on; a change elsewhere does not make a new release.
FACT_CODE = (
    "schemas",
    "assets.masking",
    "assets.profiles",
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
    candidate = _candidate(warehouse, plan.inputs.cutoff.isoformat())
    verdicts = [_freshness(warehouse, plan, stale), conservation(plan.inputs.files)]
    return offer(warehouse, candidate, verdicts, now=now, why=why, limit=limit)


def offer(
    warehouse: Warehouse,
    candidate: Candidate,
    before: Sequence[Verdict],
    *,
    now: datetime,
    why: str,
    limit: float | None = None,
) -> Release:
    """Make a candidate the current release if it differs from it and passes the gate.

    One that passes and that a person should look at first is written whole and held.

    Args:
        warehouse: where everything lies.
        candidate: what may be published.
        before: what is to be said of it apart from its contents.
        now: time of the switch, for the journal only.
        why: what led to it, for the journal only.
        limit: share by which a past month may move without a person; None for any.

    Raises:
        GateClosed: a check failed; nothing was published.
    """
    name, built, cutoff = candidate.id, candidate.built, candidate.cutoff
    verdicts = [*before, *contents(as_described(warehouse, built))]
    if not all(each.passed for each in verdicts):
        raise GateClosed(verdicts)
    write_release(warehouse, candidate)
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


def _candidate(warehouse: Warehouse, cutoff: str) -> Candidate:
    built = [each for table in (*MONTHLY, *YEARLY, "files") for each in records(warehouse, table)]
    package = datapackage(built, cutoff=cutoff, code=code_version(*FACT_CODE))
    return Candidate(built, package, cutoff)


def upcoming_release(warehouse: Warehouse, plan: FactsPlan) -> str | None:
    """Id of the release that the present state calls for; None where it is not built yet."""
    if plan.inputs.cutoff is None or not plan.files_built():
        return None
    return _candidate(warehouse, plan.inputs.cutoff.isoformat()).id


def needs_publishing(warehouse: Warehouse, plan: FactsPlan, keep: int) -> bool:
    """Whether publication has anything to do.

    That is: another release is called for or waits, the current one is damaged, or a run died
    before the journal was written or old releases were removed.

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
        keep: how many releases to keep.
    """
    return is_to_publish(warehouse, upcoming_release(warehouse, plan), keep)


def is_to_publish(warehouse: Warehouse, name: str | None, keep: int) -> bool:
    """The same for the release that is called for; None where it is not built yet."""
    return (
        name is None
        or name != current_release(warehouse)
        or not _is_told(warehouse, name)
        or held_release(warehouse) is not None
        or bool(surplus(warehouse, keep))
        or not is_sound(warehouse.releases / name)
    )


def _freshness(warehouse: Warehouse, plan: FactsPlan, details: Sequence[str]) -> Verdict:
    stale = [*details, *stale_tables(warehouse, plan)]
    if not plan.files_built():
        stale.append("files")
    months = sum(len(plan.months(table)) for table in MONTHLY)
    return verdict("freshness", "各月事实均由当前数据生成", stale, months)


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
