"""Where exports lie: a folder, an SFTP server, an object store, a database.

`open_source` makes of a profile's `[source]` (`settings`) one of four sources (`folder`, `sftp`,
`s3`, `sql`), which all list items and hand on their bytes (`source`). What an item is of, and what
becomes of its bytes, is decided elsewhere. This is the only room that tries anything again.
"""

from assets.sources.folder import Folder
from assets.sources.opening import open_source
from assets.sources.settings import FolderSettings, SourceSettings, SqlSettings, resolve_paths
from assets.sources.source import (
    Forbidden,
    Item,
    Request,
    Source,
    SourceError,
    TooLarge,
    Vanished,
    is_unsafe_name,
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
    "is_unsafe_name",
    "limited",
    "open_source",
    "printable",
    "resolve_paths",
]
