"""What an installation decides about its watching: when a check turns yellow, where links lead.

Belongs here: values with their defaults; hotline.toml is read by `pipelines.sections`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operations:
    """Settings of sensor, standing checks and links.

    Attributes:
        look_every_seconds: seconds between two looks for files that arrive in the day.
        quarantine_days: days after which a quarantined row that nobody has dealt with is named.
        reports_url: address of the folder of issued reports; None where it is not served.
        handbook_url: address of the operator's handbook; None where it is not served.
    """

    look_every_seconds: int = 300
    quarantine_days: int = 14
    reports_url: str | None = None
    handbook_url: str | None = None
