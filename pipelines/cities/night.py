"""The night of one city of several and the roll-up of all, each a step of the night of all cities.

Nobody watches a terminal: what came of a step is a value, and is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.core import HotlineError, error_sentence
from assets.installation import Installation, Progress
from assets.province import (
    CityRelease,
    ProvinceOutcome,
    bring_province_up_to_date,
    current_releases,
)
from assets.releases import current_release
from assets.sync import Superseded
from pipelines.cluster import at_hand, released
from pipelines.night import NightRequest
from pipelines.outcome import Outcome
from pipelines.recorded_run import run_night


@dataclass(frozen=True)
class CityNight:
    """What came of the night of a city.

    Attributes:
        outcome: what was done.
        problems: a sentence for each thing that went wrong.
        failed: whether the night could not be carried out as a whole.
        superseded: whether another machine did it in the meantime, and this one for nothing.
    """

    outcome: Outcome
    problems: tuple[str, ...] = ()
    failed: bool = False
    superseded: bool = False

    @property
    def good(self) -> bool:
        """Whether the city is up to date, as far as this machine knows."""
        return self.superseded or (not self.failed and self.outcome.good)


def run_city(installation: Installation, *, why: str) -> CityNight:
    """Run the night of a city; a mistake or a full disk is a sentence, never an exception.

    Args:
        installation: the city.
        why: what led to it, for the journal.
    """
    progress = Progress()
    installation = replace(installation, progress=progress)
    outcome, lost, failed = Outcome(), False, False
    try:
        with installation.held(), at_hand(installation):
            outcome = run_night(installation, NightRequest(), why=why)
    except Superseded as error:
        progress.problem("", str(error))
        lost = True
    except (HotlineError, OSError) as error:
        progress.problem("", error_sentence(error))
        outcome = replace(outcome, release=current_release(installation.warehouse))
        failed = True
    problems = (f"{where}：{said}" if where else said for where, said in progress.problems)
    return CityNight(outcome, tuple(dict.fromkeys(problems)), failed, lost)


def roll_up(
    province: Installation, installations: Sequence[Installation], *, why: str
) -> tuple[list[CityRelease], ProvinceOutcome]:
    """Bring the province up to date with the current releases of its cities.

    Args:
        province: the roll-up's own place; hold its warehouse, and have it at hand.
        installations: the cities.
        why: what led to it, for the journal.

    Returns:
        The releases that it is made of, and what was done.

    Raises:
        HotlineError: no city has published anything, or a release is damaged.
    """
    cities = current_releases(released(installations, province))
    return cities, bring_province_up_to_date(province, cities, why=why)
