"""The result of a check, in the one form that all checks of the house give.

The gate of a release, the questions of `assets.health` and those of `hotline doctor` give it; the
Dagster checks, `hotline status`, `hotline doctor` and notices show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["正常", "注意", "有误"]
GOOD: Level = "正常"
NOTE: Level = "注意"
WRONG: Level = "有误"


@dataclass(frozen=True)
class CheckResult:
    """What a check found.

    Attributes:
        name: id of the check.
        title: what it promises or looks at, in Chinese.
        level: GOOD; NOTE where people have to act (the platform, an operator) and no night stops;
            WRONG where the pipeline or its machine is at fault.
        sentence: what was found; where something is wrong, what.
        remedy: what to do; empty where there is nothing to do or the sentence says it.
        examined: rows, files, days or reports that were looked at.
        rules: rules that were evaluated; 0 where the check is a single question.
        urgent: whether people have to act today: red in the interface although no night stops.
        faults: where it does not hold: names of tables, months, files and days, never values.
    """

    name: str
    title: str
    level: Level
    sentence: str = ""
    remedy: str = ""
    examined: int = 0
    rules: int = 0
    faults: tuple[str, ...] = ()
    urgent: bool = False

    @classmethod
    def of_faults(
        cls, name: str, title: str, faults: Sequence[str], examined: int, rules: int = 1
    ) -> "CheckResult":
        """A result that passes where there is no fault."""
        level = WRONG if faults else GOOD
        return cls(name, title, level, examined=examined, rules=rules, faults=tuple(faults))

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.level == GOOD

    @property
    def good(self) -> bool:
        """The same as `passed`."""
        return self.passed

    @property
    def ours(self) -> bool:
        """Whether the pipeline owes what is missing, and not the platform or an operator."""
        return self.level == WRONG
