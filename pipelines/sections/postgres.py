"""The section [postgres]: the database that keeps Dagster's record of runs."""

from pydantic import BaseModel, ConfigDict, Field

from assets.installation import Postgres


class PostgresConfig(BaseModel):
    """The section [postgres] of hotline.toml.

    Attributes:
        host: name or address of the server.
        port: its port.
        user: role to log in as.
        database: name of the database.
    """

    model_config = ConfigDict(extra="forbid")

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(5432, ge=1, le=65535)
    user: str = Field("hotline", min_length=1)
    database: str = Field("hotline", min_length=1)

    def server(self) -> Postgres:
        """The database that it names."""
        return Postgres(self.host, self.port, self.user, self.database)
