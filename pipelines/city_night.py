"""The night of one city of several, as a step of the installation's night.

Belongs here: running it without a terminal, and what came of it in a form that is recorded. What
happens in it is `pipelines.night`.
"""

from dataclasses import dataclass, field

from assets.core import HotlineError, disk_sentence, writing
from assets.installation import Installation
from assets.notifications import notify_on_exit
from assets.releases import current_release
from assets.sync import Superseded
from pipelines.cluster.copies import at_hand
from pipelines.instance import prepare_home
from pipelines.layers import layers_of
from pipelines.night import Night
from pipelines.outcome import Outcome
from pipelines.record import recording


@dataclass
class Problems:
    """A listener that keeps what went wrong."""

    sentences: list[str] = field(default_factory=list)

    def advance(self, step: str, count: int) -> None:
        """Nothing: nobody watches a step."""

    def problem(self, where: str, sentence: str) -> None:
        """Something did not work; each sentence is kept once."""
        said = f"{where}：{sentence}" if where else sentence
        if said not in self.sentences:
            self.sentences.append(said)


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
    heard = Problems()
    installation.listener = heard
    outcome = Outcome()
    started = installation.now().isoformat(timespec="seconds")
    try:
        with (
            writing(
                installation.warehouse, timeout=installation.lock_timeout, now=installation.now
            ),
            at_hand(installation),
            notify_on_exit(
                installation, started, "夜间任务", lambda said: heard.problem("", said)
            ) as left,
            recording(prepare_home(installation), installation.postgres) as instance,
        ):
            layers = layers_of(installation, instance, why=why)
            outcome = Night(installation, lambda: layers).bring_up_to_date()
            if outcome.undone:
                left(outcome.undone)
    except Superseded as lost:
        return CityNight(outcome, (*heard.sentences, str(lost)), superseded=True)
    except (HotlineError, OSError) as error:
        sentence = str(error) if isinstance(error, HotlineError) else disk_sentence(error)
        outcome.release = current_release(installation.warehouse)
        return CityNight(outcome, (*heard.sentences, sentence), failed=True)
    return CityNight(outcome, tuple(heard.sentences))
