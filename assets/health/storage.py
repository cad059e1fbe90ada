"""Whether what cannot be computed again is there: records, and the raw files that they name."""

from assets.core import GOOD, WRONG, CheckResult, HotlineError
from assets.exports import archive_faults, catalogue
from assets.installation import Installation
from assets.sync import kept_records
from schemas import EXPORTS

_FEW = 3


def check_storage(installation: Installation) -> list[CheckResult]:
    """Records are whole, and the archive holds every file that its catalogues name, by its size."""
    warehouse, found, examined = installation.warehouse, [], 0
    for record in kept_records(warehouse):
        examined += 1
        try:
            record.check()
        except HotlineError as error:
            name = str(record.path.relative_to(warehouse.root))
            found.append(CheckResult("records", record.title, WRONG, str(error), faults=(name,)))
    if found:
        return found
    missing = archive_faults(warehouse)
    files = sum(bool(each.sha256) for name in EXPORTS for each in catalogue(warehouse, name))
    if missing:
        few = "、".join(missing[:_FEW]) + ("……" if missing[_FEW:] else "")
        seen = f"存档缺少 {len(missing)} 个登记过的文件：{few}"
        remedy = "请运行 hotline scrub，并照它说的恢复；备份在此之前不会更新。"
        return [CheckResult("archive", "存档", WRONG, seen, remedy, files, faults=tuple(missing))]
    seen = f"{files} 个原始文件和 {examined} 项记录都在"
    return [CheckResult("archive", "存档和记录", GOOD, seen, examined=files, rules=1)]
