"""From the settings of a source to the source; its library is imported here and not before."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from assets.sources.folder import Folder
from assets.sources.request import Request
from assets.sources.settings import FolderSettings, S3Settings, SftpSettings, SourceSettings
from assets.sources.source import Source, SourceError

_MODULES = {"sftp": ("asyncssh",), "s3": ("boto3",), "sql": ("sqlalchemy", "psycopg", "pymysql")}


def open_source(
    settings: SourceSettings,
    *,
    landing: Path,
    requests: Callable[[], Sequence[Request]],
    zone: str,
    limit: int,
    patiently: bool,
) -> Source:
    """Make a source; it connects when it is first asked.

    Args:
        settings: which kind, and where.
        landing: the folder, for a source that is one.
        requests: gives what a database is asked.
        zone: of the times that a database gives.
        limit: size in bytes above which the answer of a database is refused.
        patiently: whether to try again what was interrupted.

    Raises:
        SourceError: its library is not installed.
    """
    if isinstance(settings, FolderSettings):
        return Folder(landing)
    try:
        for name in ("tenacity", *_MODULES[settings.kind]):
            import_module(name)
    except ImportError:
        raise SourceError(
            f"来源类型 {settings.kind} 需要附加组件：请先执行 pip install -e '.[sources]'。"
        ) from None
    from assets.sources.patient import Patient

    source: Source
    if isinstance(settings, SftpSettings):
        from assets.sources.sftp import Sftp

        source = Sftp(settings)
    elif isinstance(settings, S3Settings):
        from assets.sources.s3 import S3

        source = S3(settings)
    else:
        from assets.sources.sql import Database

        source = Database(settings, requests(), zone=zone, limit=limit)
    attempts = settings.attempts if patiently else 1
    return Patient(source, attempts=attempts, delay=settings.retry_seconds)
