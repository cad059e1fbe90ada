"""The state of every delivery: a function of the deliveries, their order and people's decisions.

A *name* is a file name without folders; its deliveries for a date form a chain, in the order of
their arrival, of which the last plausible one is in force. Of deliveries in force with one content
the first is, and the others repeat it. Nothing here looks at the clock or at the disk.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

import polars as pl

from assets.exports.decisions import Place, Verdict


class State:
    """What a delivery is to the warehouse; only rows of one in force enter facts.

    IN_FORCE: its rows count.
    REPLACED: a later delivery of its name has taken its place; its rows count as superseded.
    REPEAT: it has the content of another delivery for its date; nothing of it is counted.
    HELD: implausible; nothing of it counts until a person decides or a corrected file replaces it.
    REFUSED: a file rule failed.
    REJECTED: a person decided that it does not count.
    """

    IN_FORCE: Final = "taken"
    REPLACED: Final = "replaced"
    REPEAT: Final = "repeat"
    HELD: Final = "held"
    REFUSED: Final = "refused"
    REJECTED: Final = "rejected"


TAKEN: Final = State.IN_FORCE
REFUSED: Final = State.REFUSED

STATES: dict[str, pl.DataType | type[pl.DataType]] = {
    "state": pl.String,
    # Delivery that it repeats or was replaced by.
    "other": pl.String,
    # Decides the order of the files of a date: the least name that its content has.
    "order_name": pl.String,
}
# What others found implausible (`deliveries.enter_findings`); `hold` or only a notice.
FINDINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "export_date": pl.Date,
    "content": pl.String,
    "rule": pl.String,
    "hold": pl.Boolean,
    "expected": pl.String,
    "found": pl.String,
}


class Hold(NamedTuple):
    """Why a delivery is held: a rule of `FINDING_RULES`, what was expected and what was found."""

    rule: str
    expected: str
    found: str


@dataclass
class _Outcome:
    """A row of the ledger on its way to its state."""

    position: int
    delivery: str
    export_date: date
    name: str
    content: str
    read: int
    refused: bool
    state: str = State.REFUSED
    other: str = ""
    hold: Hold | None = None
    order_name: str = ""

    def __post_init__(self) -> None:
        self.order_name = self.name

    @property
    def place(self) -> Place:
        return self.export_date, self.content


@dataclass
class _Known:
    """What the walk through the dates has come to."""

    verdicts: Mapping[Place, Verdict]
    holds: Mapping[Place, Hold]
    # Content with rows -> first date on which it is in force.
    in_force: dict[str, date] = field(default_factory=dict)

    def why_held(self, each: _Outcome, before: _Outcome | None) -> Hold | None:
        """Why a delivery should not be in force, in place of `before`; None where it may be."""
        if self.verdicts.get(each.place) == Verdict.RELEASED:
            return None
        if each.read and (day := self.in_force.get(each.content)):
            return Hold("same_content", day.isoformat(), each.export_date.isoformat())
        if before and 2 * each.read < before.read:
            return Hold("fewer_rows", str(before.read), str(each.read))
        return self.holds.get(each.place)


def with_states(
    outcomes: pl.DataFrame, verdicts: Mapping[Place, Verdict], findings: pl.DataFrame
) -> pl.DataFrame:
    """The rows of a dataset's ledger with the columns of `STATES`.

    Of a delivery that is held, `rule` and `detail` say why.

    Args:
        outcomes: what ingestion made of every delivery, as in `LEDGER`.
        verdicts: what people decided.
        findings: what else was found implausible, as in `FINDINGS`.
    """
    holds = {
        (row["export_date"], row["content"]): Hold(row["rule"], row["expected"], row["found"])
        for row in findings.filter("hold").reverse().iter_rows(named=True)
    }
    known = _Known(verdicts, holds)
    walked = _in_order(outcomes)
    for day, own in groupby(walked, key=lambda each: each.export_date):
        for each in _settle_date(list(own), known):
            if each.read:
                known.in_force.setdefault(each.content, day)
    states = pl.DataFrame(
        [[each.delivery, *_columns(each)] for each in walked],
        schema={"delivery": pl.String} | STATES | {"__rule": pl.String, "__detail": pl.String},
        orient="row",
    )
    return outcomes.join(states, on="delivery", how="left", maintain_order="left").select(
        *(name for name in outcomes.columns if name not in ("rule", "detail")),
        *STATES,
        rule=pl.coalesce("__rule", "rule"),
        detail=pl.coalesce("__detail", "detail"),
    )


def _in_order(outcomes: pl.DataFrame) -> list[_Outcome]:
    """Deliveries by export date, then in the order of their arrival."""
    columns = ("delivery", "export_date", "path", "content", "read", "rule")
    ordered = outcomes.sort("export_date", "generation", "path").select(columns)
    return [
        _Outcome(position, delivery, day, path.rpartition("/")[2], content, read, bool(rule))
        for position, (delivery, day, path, content, read, rule) in enumerate(ordered.iter_rows())
    ]


@dataclass(frozen=True)
class Candidate:
    """Deliveries of a date that would be in force together.

    Attributes:
        deliveries: their ids, in the order of their arrival.
        content: of the last of them, which is held where they are implausible.
        released: whether a person let it pass.
    """

    deliveries: tuple[str, ...]
    content: str
    released: bool


def candidates(
    outcomes: pl.DataFrame, verdicts: Mapping[Place, Verdict]
) -> dict[date, list[Candidate]]:
    """What could be in force on each date of a dataset, whatever is found implausible.

    First all that arrived, then without the last delivery of these, and so on: who judges takes the
    first that is plausible, and enters a finding for the content of each before it.

    Args:
        outcomes: what ingestion made of every delivery, as in `LEDGER`.
        verdicts: what people decided.
    """
    by_date = groupby(_in_order(outcomes), key=lambda each: each.export_date)
    return {day: list(_candidates(list(own), verdicts)) for day, own in by_date}


def _candidates(
    deliveries: list[_Outcome], verdicts: Mapping[Place, Verdict]
) -> Iterator[Candidate]:
    holds: dict[Place, Hold] = {}
    # No more rounds than deliveries: each holds one more.
    while len(holds) < len(deliveries):
        in_force = _settle_date([replace(each) for each in deliveries], _Known(verdicts, holds))
        if not in_force:
            return
        last = max(in_force, key=lambda each: each.position)
        released = verdicts.get(last.place) == Verdict.RELEASED
        ids = sorted(in_force, key=lambda each: each.position)
        yield Candidate(tuple(each.delivery for each in ids), last.content, released)
        if released:
            return
        holds[last.place] = Hold("", "", "")


def _columns(each: _Outcome) -> tuple[Any, ...]:
    why = detail = None
    if each.hold:
        why, *facts = each.hold
        detail = json.dumps(dict(zip(("expected", "found"), facts, strict=True)))
    return each.state, each.other, each.order_name, why, detail


def _settle_date(deliveries: list[_Outcome], known: _Known) -> list[_Outcome]:
    """Give the deliveries of one date their states; return those in force."""
    chains: dict[str, list[_Outcome]] = defaultdict(list)
    for each in deliveries:
        if each.refused:
            continue
        if known.verdicts.get(each.place) == Verdict.REJECTED:
            each.state = State.REJECTED
            continue
        chains[each.name].append(each)
    last = [end for chain in chains.values() if (end := _settle_name(chain, known))]
    return _first_of_each_content(last, chains)


def _settle_name(chain: Iterable[_Outcome], known: _Known) -> _Outcome | None:
    """Give the deliveries of one name their states; return the one in force."""
    current: _Outcome | None = None
    held: list[_Outcome] = []
    for each in chain:
        if current and each.content == current.content:
            each.state, each.other = State.REPEAT, current.delivery
            continue
        if hold := known.why_held(each, current):
            each.state, each.hold = State.HELD, hold
            held.append(each)
            continue
        for old in [*held, *([current] if current else [])]:
            old.state, old.other, old.hold = State.REPLACED, each.delivery, None
        current, held = each, []
        each.state = State.IN_FORCE
    return current


def _first_of_each_content(
    last: Iterable[_Outcome], chains: Mapping[str, list[_Outcome]]
) -> list[_Outcome]:
    """Of the last deliveries of all names, let the first of each content stay in force.

    A copy of a file that was corrected since under its own name repeats it, whichever came first:
    it must not bring back what was corrected. Two names that exchange their contents do not.
    """
    every = [each for chain in chains.values() for each in chain]
    replaced_by = {each.content: each.other for each in every if each.state == State.REPLACED}
    first: dict[str, _Outcome] = {}
    for each in sorted(last, key=lambda each: each.position):
        had = {own.content for own in chains[each.name] if own.state != State.HELD}
        if had == {each.content} and each.content in replaced_by:
            each.state, each.other = State.REPEAT, replaced_by[each.content]
        elif (same := first.setdefault(each.content, each)) is not each:
            each.state, each.other = State.REPEAT, same.delivery
    for each in every:
        known = first.get(each.content)
        if known is None or each.state == State.REPLACED:
            continue
        if each is not known:
            each.state, each.other, each.hold = State.REPEAT, known.delivery, None
        known.order_name = min(known.order_name, each.name)
    return list(first.values())
