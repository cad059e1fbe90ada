"""Publish the built facts as one release, or say why not; remove the releases that need not stay.

Files are linked into a folder with a temporary name, made durable, the folder is renamed to its id,
and only then does the link `current` move: a reader that resolves it once sees one release, whole.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.core import (
    TEMPORARY,
    CheckResult,
    HotlineError,
    Warehouse,
    code_version,
    link_or_copy,
    make_folder,
    releases_referred_to,
    remove_folder,
    rename_folder,
    sync_folder,
    write_bytes,
)
from assets.facts import MONTHLY, WHOLE, FactsPlan, built_path, records
from assets.indicators import YEARLY
from assets.releases.approval import (
    PendingApproval,
    clear_approval,
    pending_approval,
    pinned_because,
    request_approval,
)
from assets.releases.checks import conservation, contents, freshness
from assets.releases.compare import large_changes
from assets.releases.history import (
    check_current,
    is_switched,
    journal_entries,
    switch,
)
from assets.releases.package import (
    DESCRIPTOR,
    Candidate,
    Release,
    current_release,
    datapackage,
    is_sound,
    linked_release,
    published_path,
    release_ids,
)

# Everything that a figure can depend on; a change elsewhere does not make a new release.
FACT_CODE = (
    "schemas",
    "assets.masking",
    "assets.profiles",
    "assets.exports",
    "assets.deadlines",
    "assets.details",
    "assets.expectations",
    "assets.facts",
    "assets.indicators",
)


@dataclass(frozen=True)
class PublishResult:
    """What came of an attempt to publish.

    Attributes:
        id: id of the release.
        new: whether readers see it from now on and did not before.
        cutoff: data cutoff, ISO.
        files: number of fact files.
        verdicts: results of the checks.
        held: why readers do not see it yet.
    """

    id: str
    new: bool
    cutoff: str
    files: int
    verdicts: tuple[CheckResult, ...]
    held: PendingApproval | None = None


class ChecksFailed(HotlineError):
    """A check refused a release; the last one stays.

    Attributes:
        verdicts: results of all checks.
    """

    def __init__(self, verdicts: Iterable[CheckResult]) -> None:
        self.verdicts = tuple(verdicts)
        failed = [each for each in self.verdicts if not each.passed]
        what = "；".join(f"{each.title}：{'、'.join(each.faults[:5])}" for each in failed)
        super().__init__(
            f"发布前检查未通过，保留上一版。未通过的检查——{what}。请运行 hotline status 查看。"
        )


def publish(
    warehouse: Warehouse,
    plan: FactsPlan,
    stale: Sequence[str],
    *,
    now: datetime,
    why: str,
    limit: float | None = None,
) -> PublishResult:
    """Make the built facts the current release if they differ from it and pass the checks.

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
        stale: details that are not built from what they should be; refuses the release.
        now: as for `publish_candidate`, like the rest.
        why: likewise.
        limit: likewise.

    Raises:
        GateClosed: a check failed; nothing was published.
        HotlineError: there is nothing to publish yet.
    """
    if plan.inputs.cutoff is None:
        raise HotlineError(
            "还没有任何可用的日报数据，没有可以发布的内容：请检查接收目录和被拒收的文件。"
        )
    candidate = _candidate(warehouse, plan.inputs.cutoff.isoformat())
    before = [freshness(warehouse, plan, stale), conservation(plan.inputs.files)]
    return publish_candidate(warehouse, candidate, before, now=now, why=why, limit=limit)


def publish_candidate(
    warehouse: Warehouse,
    candidate: Candidate,
    before: Sequence[CheckResult],
    *,
    now: datetime,
    why: str,
    limit: float | None = None,
) -> PublishResult:
    """Make a candidate the current release if it differs from it and passes the checks.

    One that passes and that a person should look at first is written whole and waits.

    Args:
        warehouse: where everything lies.
        candidate: what may be published.
        before: what was checked of it apart from its contents.
        now: time of the switch, for the journal only.
        why: what led to it, for the journal only.
        limit: share by which a past month may change without a person; None for any.

    Raises:
        GateClosed: a check failed; nothing was published.
    """
    check_current(warehouse)
    verdicts = (*before, *contents(candidate.files(warehouse)))
    if not all(each.passed for each in verdicts):
        raise ChecksFailed(verdicts)
    _write(warehouse, candidate)
    name, cutoff, files = candidate.id, candidate.cutoff, len(candidate.built)
    current = current_release(warehouse)
    held = None if name == current else _needed_approval(warehouse, current, name, limit)
    if held:
        request_approval(warehouse, held)
        return PublishResult(name, False, cutoff, files, verdicts, held)
    clear_approval(warehouse)
    if name != current:
        switch(warehouse, name, cutoff=cutoff, now=now, why=why)
    return PublishResult(name, name != current, cutoff, files, verdicts)


def _write(warehouse: Warehouse, candidate: Candidate) -> None:
    """Write the folder of a candidate, unless a sound one is there."""
    final = warehouse.releases / candidate.id
    if is_sound(final) and Release.open(final).package == candidate.package:
        return
    make_folder(warehouse.releases)
    draft = warehouse.releases / f"{TEMPORARY}{candidate.id}"
    remove_folder(draft)
    for each in candidate.built:
        link_or_copy(built_path(warehouse, each), draft / published_path(each))
    write_bytes(draft / DESCRIPTOR, candidate.package)
    for folder, _, _ in os.walk(draft):
        sync_folder(warehouse.root / folder)
    # One of this name is damaged, or it would have been found sound above.
    remove_folder(final)
    rename_folder(draft, final)


def _needed_approval(
    warehouse: Warehouse, current: str | None, name: str, limit: float | None
) -> PendingApproval | None:
    """Why a release should wait for a person; None where it need not."""
    pinned = pinned_because(warehouse)
    if pinned:
        return PendingApproval(name, True, (pinned,))
    if current is None or limit is None:
        return None
    old, new = (Release.open(warehouse.releases / each) for each in (current, name))
    found = large_changes(old, new, limit)
    return PendingApproval(name, False, tuple(found)) if found else None


def _candidate(warehouse: Warehouse, cutoff: str) -> Candidate:
    built = [each for table in (*MONTHLY, *YEARLY, *WHOLE) for each in records(warehouse, table)]
    package = datapackage(built, cutoff=cutoff, code=code_version(*FACT_CODE))
    return Candidate(built, package, cutoff)


# --- whether there is anything to do --------------------------------------------------------------


def upcoming_release(warehouse: Warehouse, plan: FactsPlan) -> str | None:
    """Id of the release that the present state calls for; None where it is not built yet."""
    if plan.inputs.cutoff is None or plan.stale_whole():
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
    return is_publication_due(warehouse, upcoming_release(warehouse, plan), keep)


def is_publication_due(warehouse: Warehouse, name: str | None, keep: int) -> bool:
    """The same for the release that is called for; None where it is not built yet."""
    return (
        name is None
        or name != current_release(warehouse)
        or not is_switched(warehouse)
        or pending_approval(warehouse) is not None
        or bool(surplus(warehouse, keep))
        or not is_sound(warehouse.releases / name)
    )


# --- retention ------------------------------------------------------------------------------------


def surplus(warehouse: Warehouse, keep: int) -> list[str]:
    """Ids of the releases that need not stay.

    The newest stay, and those that something refers to: `current`, the one that waits for a person,
    the reports that were issued from one.

    Args:
        warehouse: where everything lies.
        keep: how many of those that were last made current to keep.
    """
    recent = list(dict.fromkeys(each.release for each in reversed(journal_entries(warehouse))))
    kept = {*recent[:keep], *releases_referred_to(warehouse)}
    if current := linked_release(warehouse):
        kept.add(current)
    if held := pending_approval(warehouse):
        kept.add(held.release)
    return [each for each in release_ids(warehouse) if each not in kept]


def remove_old_releases(warehouse: Warehouse, keep: int) -> list[str]:
    """Remove drafts and the releases that need not stay.

    Returns:
        Names of what was removed; arguments are those of `surplus`.
    """
    if not warehouse.releases.is_dir():
        return []
    drafts = [each.name for each in warehouse.releases.iterdir() if each.name.startswith(TEMPORARY)]
    removed = sorted([*drafts, *surplus(warehouse, keep)])
    for name in removed:
        remove_folder(warehouse.releases / name)
    return removed
