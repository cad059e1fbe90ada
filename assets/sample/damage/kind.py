"""What a kind of damage is, and the trace that it leaves in a file."""

from dataclasses import dataclass
from enum import StrEnum

Row = dict[str, str | None]


class Outcome(StrEnum):
    """What must become of the rows concerned."""

    QUARANTINED = "quarantined"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    HARMLESS = "harmless"


@dataclass(frozen=True)
class Trace:
    """A kind of damage at work in one file.

    Attributes:
        kind: name of the kind.
        dataset: dataset of the file.
        path: the file, or empty where the rows are spread over many.
        outcome: what must become of the rows.
        rule: id of a rule that must be among the reasons, where one is.
        rows: how many lines are concerned.
    """

    kind: str
    dataset: str
    path: str
    outcome: Outcome
    rule: str
    rows: int


@dataclass(frozen=True)
class Kind:
    """A kind of damage.

    Attributes:
        name: name of its function.
        outcome: what must become of the rows concerned.
        rule: id of the rule that must be among the reasons, where one is.
        description: first line of its docstring.
    """

    name: str
    outcome: Outcome
    rule: str
    description: str
