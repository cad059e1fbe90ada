"""The section [operations] of hotline.toml: sensor, standing checks, links.

Belongs here: reading it, and what is wrong with it.
"""

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from assets.installation import Operations


class OperationsConfig(BaseModel):
    """The section [operations] of hotline.toml.

    Attributes:
        look_every_seconds: seconds between two looks for files that arrive in the day.
        quarantine_days: days after which a quarantined row that nobody has dealt with is named.
        reports_url: address under which the folder of issued reports is served.
        handbook_url: address under which the handbook is served.
    """

    model_config = ConfigDict(extra="forbid")

    look_every_seconds: int = Field(Operations.look_every_seconds, ge=1, le=86400)
    quarantine_days: int = Field(Operations.quarantine_days, ge=0, le=3660)
    reports_url: HttpUrl | None = None
    handbook_url: HttpUrl | None = None

    def operations(self) -> Operations:
        """The same, as the rest of the program takes it."""
        reports, handbook = (
            str(url) if url else None for url in (self.reports_url, self.handbook_url)
        )
        return Operations(self.look_every_seconds, self.quarantine_days, reports, handbook)
