"""Whether Dagster can record a night: its settings, its storage, the shape of its tables."""

import os
from pathlib import Path

from assets.installation import Installation
from pipelines.dagster_instance import FILE_NAME, home_of, is_ours, settings_of
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding

_TOPIC = "运行记录"


def check_record(installation: Installation) -> list[Finding]:
    """DAGSTER_HOME is usable, its settings are of this version, its storage answers."""
    home = home_of(installation)
    if not home.is_absolute():
        seen = f"环境变量 DAGSTER_HOME 是相对路径 {home}"
        return [Finding(_TOPIC, WRONG, seen, "请改成绝对路径，或不设置它。")]
    if not (home / FILE_NAME).exists():
        from pipelines.dagster_instance import reach

        if installation.postgres:
            reach(installation.postgres)
        return [Finding(_TOPIC, NOTE, f"{home} 还没有", "首次运行 hotline run 时会建立。")]
    return [*_settings(installation, home), *_storage(installation, home)]


def _settings(installation: Installation, home: Path) -> list[Finding]:
    path = home / FILE_NAME
    text = path.read_text(encoding="utf-8")
    if is_ours(text) or text == settings_of(installation, home):
        return []
    return [
        Finding(
            _TOPIC,
            NOTE,
            f"{path} 是改过的，或由旧版本写成",
            "不需要保留改动时移走它，程序会按现在的设置另写一份；要保留就不用管。",
        )
    ]


def _storage(installation: Installation, home: Path) -> list[Finding]:
    from pipelines.dagster_instance import recording

    where = str(installation.postgres or home)
    if installation.postgres is None and not (home / "history" / "runs.db").exists():
        return [Finding(_TOPIC, GOOD, f"{where}，还没有运行过")]
    os.environ["DAGSTER_HOME"] = str(home)
    with recording(home, installation.postgres) as instance:
        storages = (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
        versions = [each.alembic_version() for each in storages if each is not None]
        runs = instance.get_runs_count()
    if any(found and found[0] != found[1] for found in versions):
        return [
            Finding(
                _TOPIC,
                WRONG,
                f"{where} 的表结构是旧版 Dagster 的",
                "请停止网页和后台进程，执行 "
                f"DAGSTER_HOME={home} .venv/bin/dagster instance migrate。",
            )
        ]
    return [Finding(_TOPIC, GOOD, f"{where}，运行 {runs} 次")]
