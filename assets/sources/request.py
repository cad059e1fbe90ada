"""What a database is asked: a question about a period, and the file that its answer becomes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Request:
    """A question about a period.

    Attributes:
        dataset: name of the dataset.
        path: name of the file that the answer becomes.
        start: midnight at the beginning of the period, without a zone.
        end: midnight after it.
        modified: when it was last worth asking, in nanoseconds since the epoch.
    """

    dataset: str
    path: str
    start: datetime
    end: datetime
    modified: int
