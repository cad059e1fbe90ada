"""One installation, which every step is given: its settings, folders, profile, deadlines and clock.

`settings` declares what hotline.toml may say; `Installation` adds what is known only while the
program runs. Nothing here reads the file: that is `pipelines.config`.
"""

from assets.installation.installation import Installation, Progress, local_now
from assets.installation.settings import (
    Channel,
    CitySettings,
    ClusterSettings,
    NoticeSettings,
    Operations,
    Postgres,
    ReportSettings,
    Settings,
    setting_names,
)

__all__ = [
    "Channel",
    "CitySettings",
    "ClusterSettings",
    "Installation",
    "NoticeSettings",
    "Operations",
    "Postgres",
    "Progress",
    "ReportSettings",
    "Settings",
    "local_now",
    "setting_names",
]
