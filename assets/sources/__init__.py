"""Where exports lie: a folder, SFTP, an object store, a database. The only place that retries."""

from assets.sources.folder import Folder
from assets.sources.opening import open_source
from assets.sources.request import Request
from assets.sources.settings import FolderSettings, SourceSettings, SqlSettings, resolve_paths
from assets.sources.source import (
    Forbidden,
    Item,
    Source,
    SourceError,
    TooLarge,
    Vanished,
    is_hostile,
    limited,
    printable,
)

__all__ = [
    "Folder",
    "FolderSettings",
    "Forbidden",
    "Item",
    "Request",
    "Source",
    "SourceError",
    "SourceSettings",
    "SqlSettings",
    "TooLarge",
    "Vanished",
    "is_hostile",
    "limited",
    "open_source",
    "printable",
    "resolve_paths",
]
