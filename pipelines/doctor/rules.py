"""Whether what the operator has written can be used: profile, deadlines, calendar, templates."""

from datetime import timedelta

from assets.installation import Installation
from assets.reports.render import DOCUMENT, Package, faces
from pipelines.doctor.finding import GOOD, NOTE, WRONG, Finding
from schemas.reports import KINDS

# The notice of the State Council comes in November; tickets of the last weeks are due next year.
_SOON = timedelta(days=45)
_LATE = timedelta(days=14)


def check_settings(installation: Installation) -> list[Finding]:
    """The profile and the deadline rules can be read; hotline.toml has been."""
    rules = installation.deadlines_path or "内置"
    datasets = len(installation.profile.datasets)
    seen = f"来源配置 {installation.profile.name}，数据集 {datasets} 种，时限规则 {rules}"
    return [Finding("配置", GOOD, seen)]


def check_calendar(installation: Installation) -> list[Finding]:
    """The working days are known for as long as tickets of these weeks may run."""
    last = installation.deadlines.calendar.last
    seen, left = f"工作日历到 {last}", last - installation.today
    remedy = f"请按手册“11.”补上 {last.year + 1} 年的节假日和调休。"
    if left < _LATE:
        return [Finding("工作日历", WRONG, f"{seen}，时限已算到下一年", remedy)]
    if left < _SOON:
        return [Finding("工作日历", NOTE, f"{seen}，还有 {left.days} 天", remedy)]
    return [Finding("工作日历", GOOD, seen)]


def check_reports(installation: Installation) -> list[Finding]:
    """The office's templates and fonts, where it has its own, can be used."""
    found = []
    for title, folder in (
        ("模板", installation.issuing.templates),
        ("字体", installation.issuing.fonts),
    ):
        if folder is not None and not folder.is_dir():
            seen = f"{title}目录 {folder} 不存在"
            found.append(Finding("报告", WRONG, seen, "请核对 hotline.toml 的 [reports]。"))
    own = []
    if installation.issuing.templates is not None:
        own = [installation.issuing.templates / f"{kind}.docx" for kind in KINDS]
    own = [each for each in own if each.exists()]
    for each in own:
        Package(each.read_bytes(), each.name).xml(DOCUMENT)
    families = faces(installation.issuing.fonts)
    seen = f"自备模板 {len(own)} 个，正文字体 {families.text[0]}"
    return found or [Finding("报告", GOOD, seen)]
