"""The answer to a standing question.

Belongs here: its shape, and who owes what is missing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The answer to a standing question.

    Attributes:
        good: whether nothing is wrong.
        examined: how many days, rows, months or reports were looked at.
        sentence: what is wrong and what to do; where nothing is, what was found.
        ours: whether the pipeline owes what is missing. If not, people do: the platform, or whoever
            decides.
    """

    good: bool
    examined: int
    sentence: str
    ours: bool = False
