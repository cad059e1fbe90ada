"""What needs somebody this morning, most urgent first, each with the command that mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from assets.core import CheckResult
from assets.exports import State as DeliveryState
from assets.health import (
    check_calendar,
    check_expected_days,
    check_held,
)
from assets.installation import Installation
from assets.masking import masked_path
from assets.releases import pending_approval, pinned_because
from pipelines.cli.state import State

_FEW = 5


@dataclass(frozen=True)
class Todo:
    """Something that needs somebody.

    Attributes:
        sentence: what, and what to do.
        command: the command that mends it, or that shows more; empty where no command does.
        urgent: whether it has to be seen to today.
    """

    sentence: str
    command: str = ""
    urgent: bool = False


def things_to_do(installation: Installation, now: State) -> list[Todo]:
    """What needs somebody, most urgent first."""
    days = {each.sentence: each for each in check_expected_days(installation).values()}
    urgent = [each for each in days.values() if each.urgent]
    return [
        *_left_undone(now),
        *(Todo(each.sentence, "hotline run", urgent=True) for each in urgent),
        *_decisions(installation, now),
        *_refusals(now),
        *_unknown(now),
        *_unhealthy(installation, now),
        *([] if urgent else _older_gaps(now)),
    ]


def _left_undone(now: State) -> Iterator[Todo]:
    """What the night should have done."""
    if now.waiting.unreachable:
        yield Todo(now.waiting.unreachable, "hotline doctor", urgent=True)
    for check in (now.up_to_date, *now.reports):
        if not check.passed:
            yield Todo(check.sentence, "hotline run", urgent=True)


def _decisions(installation: Installation, now: State) -> Iterator[Todo]:
    """What waits for a person to decide."""
    warehouse = installation.warehouse
    if waits := pending_approval(warehouse):
        yield Todo(waits.sentence(now.release), f"hotline diff current {waits.release}")
    elif pinned := pinned_because(warehouse):
        sentence = f"已固定：{pinned}。新算出的发布会等待确认。"
        yield Todo(sentence, "hotline accept current --by 姓名 --why 原因")
    for held in check_held(installation).values():
        if not held.passed:
            yield Todo(held.sentence, "hotline deliveries", urgent=held.urgent)


def _refusals(now: State) -> list[Todo]:
    """Refused files of days of which nothing else was taken; what was put right needs nobody."""
    found = [
        Todo(f"{name} 被拒收：{sentence}", "hotline run")
        for row, (name, sentence) in zip(now.refused_rows, now.refusals, strict=True)
        if row["state"] == DeliveryState.REFUSED
        and row["export_date"] in now.datasets[row["dataset"]].not_taken
    ]
    if more := len(found[:-_FEW]):
        return [*found[-_FEW:], Todo(f"另有 {more} 个文件被拒收。", "hotline status --full")]
    return found


def _unknown(now: State) -> Iterator[Todo]:
    if unknown := now.waiting.landing.unknown:
        few = "、".join(map(masked_path, unknown[:_FEW])) + ("……" if unknown[_FEW:] else "")
        yield Todo(
            f"接收目录里有 {len(unknown)} 个文件认不出是哪种导出（{few}）："
            "请核对文件名，不需要的请移走。"
        )


def _unhealthy(installation: Installation, now: State) -> Iterator[Todo]:
    """What can wait, but not for good."""
    for name, check in now.quarantine.items():
        if not check.passed:
            yield Todo(check.sentence, f"hotline quarantine list --dataset {name}")
    for name, each in now.datasets.items():
        for sentence in each.drift:
            yield Todo(f"{each.title}：{sentence}", f"hotline status {name}")
    if now.release:
        for check in (now.knowledge, *check_calendar(installation)):
            if not check.passed:
                yield Todo(_whole(check))


def _older_gaps(now: State) -> Iterator[Todo]:
    """Days that have been missing for longer: one line for all datasets."""
    missing = {each.title: len(each.missing) for each in now.datasets.values() if each.missing}
    if missing:
        counts = "、".join(f"{title} {count} 天" for title, count in missing.items())
        yield Todo(
            f"一直缺导出的日子：{counts}。请平台补交；当天确实没有数据，请交只有表头的文件。",
            "hotline status --full",
        )


def _whole(check: CheckResult) -> str:
    return f"{check.sentence}：{check.remedy}" if check.remedy else check.sentence
