"""What is wrong now: each question is asked here once, and answered by a `CheckResult`.

`exports` asks what is owed of the exports, `results` what is owed of months and reports: asset
checks (`definitions`), `hotline status`, `hotline doctor` and notices show the same answers.
`setup` and `machine` ask whether this machine can do a night. Nothing here changes anything.
"""

from assets.health.exports import (
    DAILY,
    NO_LONGER_FED,
    check_expected_days,
    check_held,
    check_quarantine,
    expected_days,
    files_in,
    old_rows,
    refused_files,
)
from assets.health.machine import check_backup, check_clock, check_disk, check_packages
from assets.health.metrics import log_events, write_metrics
from assets.health.names import similar_name_sentences
from assets.health.results import (
    ENOUGH,
    check_deadlines,
    check_knowledge,
    check_reports,
    check_stale,
    late_reports,
    pace,
)
from assets.health.setup import (
    check_calendar,
    check_landing,
    check_lock,
    check_permissions,
    check_secrets,
    check_settings,
    check_templates,
)
from assets.health.storage import check_storage
from assets.health.trial import check_guards, check_memory, check_writing

__all__ = [
    "DAILY",
    "ENOUGH",
    "NO_LONGER_FED",
    "check_backup",
    "check_calendar",
    "check_clock",
    "check_deadlines",
    "check_disk",
    "check_expected_days",
    "check_guards",
    "check_held",
    "check_knowledge",
    "check_landing",
    "check_lock",
    "check_memory",
    "check_packages",
    "check_permissions",
    "check_quarantine",
    "check_reports",
    "check_secrets",
    "check_settings",
    "check_stale",
    "check_storage",
    "check_templates",
    "check_writing",
    "expected_days",
    "files_in",
    "late_reports",
    "log_events",
    "old_rows",
    "pace",
    "refused_files",
    "similar_name_sentences",
    "write_metrics",
]
