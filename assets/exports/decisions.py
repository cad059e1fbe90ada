"""What people decided on deliveries, in the journal `ledger/decisions.jsonl`.

A decision is about a content for a date, so it holds for each copy of it, under whatever name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from assets.core import HotlineError, Journal, Warehouse
from assets.masking import mask

# What a decision is about: export date and content.
Place = tuple[date, str]
_LONGEST_REASON = 200


class Verdict(StrEnum):
    """What a person can say of a delivery."""

    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Decision:
    """One decision.

    Attributes:
        dataset: name of the dataset.
        export_date: of the delivery, ISO.
        content: of the delivery (`Delivery.content`).
        verdict: what was decided.
        by: who decided.
        why: the reason, numbers of people in it masked.
        at: when, ISO.
    """

    dataset: str
    export_date: str
    content: str
    verdict: Verdict
    by: str
    why: str
    at: str

    @property
    def place(self) -> Place:
        """What it is about."""
        return date.fromisoformat(self.export_date), self.content


def read_decisions(warehouse: Warehouse) -> list[Decision]:
    """All decisions, oldest first.

    Raises:
        DamagedRecord: some are missing or were altered.
    """
    return [Decision(**each) for each in _journal(warehouse).entries()]


def _journal(warehouse: Warehouse) -> Journal:
    return Journal(warehouse, warehouse.decisions.stem, "投递处理记录")


def verdicts(warehouse: Warehouse, dataset: str) -> Mapping[Place, Verdict]:
    """The last verdict on each delivery of a dataset that anybody decided on."""
    return {
        each.place: Verdict(each.verdict)
        for each in read_decisions(warehouse)
        if each.dataset == dataset
    }


def signed(by: str, why: str) -> tuple[str, str]:
    """Who answers for something and the reason, on one line each, numbers in the reason masked.

    Raises:
        HotlineError: nobody answers for it, or there is no reason, or one that is a text.
    """
    by, why = " ".join(by.split()), " ".join(why.split())
    if not (by and why):
        raise HotlineError("请写明是谁（--by）和为什么（--why）：两项都会记录下来。")
    if len(why) > _LONGEST_REASON:
        raise HotlineError(f"原因超过 {_LONGEST_REASON} 个字，请写短些。")
    return by, mask(why)


def decide(
    warehouse: Warehouse,
    places: Iterable[tuple[str, Place]],
    verdict: Verdict,
    *,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Enter a decision on some deliveries.

    Args:
        warehouse: held for writing.
        places: dataset, export date and content of each.
        verdict: what is decided.
        by: who decides.
        why: the reason.
        at: now.

    Raises:
        HotlineError: nobody answers for it, or there is no reason, or one that is a text.
    """
    by, said = signed(by, why)
    moment = at.isoformat(timespec="seconds")
    for dataset, (day, content) in places:
        entry = Decision(dataset, day.isoformat(), content, verdict, by, said, moment)
        _journal(warehouse).append(asdict(entry))
