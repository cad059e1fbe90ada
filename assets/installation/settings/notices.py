"""What an installation decides about notices: whom it tells what, and from when on.

Belongs here: values with their defaults; no reading of hotline.toml (`pipelines.sections.notify`).
"""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Channel:
    """One way to people.

    Attributes:
        name: what it is called in messages of the program.
        url_from: name of the environment variable that holds its address; the address holds
            passwords and is never kept.
        events: ids of the events that it is told of.
    """

    name: str
    url_from: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class NoticeSettings:
    """Settings of notices.

    Attributes:
        channels: who is told; nobody unless set.
        missing_after: time of day from which on an export of the day before is missing.
        quarantined_above: share of a file's rows above which quarantined rows are told.
    """

    channels: tuple[Channel, ...] = ()
    missing_after: time = time(8)
    quarantined_above: float = 0.01
