"""One installation: its folders, settings, profile, deadlines and clock."""

from assets.installation.installation import Installation
from assets.installation.settings.cluster import ClusterSettings
from assets.installation.settings.notices import Channel, NoticeSettings
from assets.installation.settings.operations import Operations
from assets.installation.settings.postgres import Postgres
from assets.installation.settings.reports import IssueSettings, ReportSettings

__all__ = [
    "Channel",
    "ClusterSettings",
    "Installation",
    "IssueSettings",
    "NoticeSettings",
    "Operations",
    "Postgres",
    "ReportSettings",
]
