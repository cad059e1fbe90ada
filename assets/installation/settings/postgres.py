"""Which PostgreSQL server keeps Dagster's record of runs, where one does.

Belongs here: its address. Nothing of ours is stored in it, and the password is never in a setting.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Postgres:
    """A database.

    Attributes:
        host: name or address of the server.
        port: its port.
        user: role to log in as.
        database: name of the database.
    """

    host: str
    port: int
    user: str
    database: str

    def __str__(self) -> str:
        """As it stands in a sentence."""
        return f"{self.user}@{self.host}:{self.port}/{self.database}"
