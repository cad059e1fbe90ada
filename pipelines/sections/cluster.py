"""The section [cluster] of hotline.toml, and what comes from the environment instead."""

from pydantic import BaseModel, ConfigDict, Field

from assets.installation import ClusterSettings

# Its address holds a password, so it is no setting of a file.
BROKER = "HOTLINE_BROKER"


class ClusterConfig(BaseModel):
    """How several machines share the cities of an installation.

    Attributes:
        store: s3://bucket/folder that holds all warehouses.
        endpoint: address of a store that is not Amazon's.
        region: of the bucket.
        visibility_timeout: seconds until an unfinished step is given to another worker.
    """

    model_config = ConfigDict(extra="forbid")

    store: str = Field(pattern=r"^s3://[^/\s]+(/[^\s]*)?$")
    endpoint: str | None = Field(None, pattern=r"^https?://[^\s@]+$")
    region: str = ClusterSettings.region
    visibility_timeout: int = Field(ClusterSettings.visibility_timeout, ge=1)

    def settings(self) -> ClusterSettings:
        """As the code uses them."""
        return ClusterSettings(**self.model_dump(exclude_none=True))
