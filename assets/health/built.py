"""Whether everything is built from what it should be.

Belongs here: the sentence. What is stale, each layer answers (`assets.releases.staleness`).
"""

from assets.facts import MONTHLY, FactsPlan
from assets.health.finding import Finding
from assets.installation import Installation
from assets.releases import stale

_SHOWN = 5


def nothing_stale(installation: Installation) -> Finding:
    """Whether no month or year is out of date or could not be built."""
    plan = FactsPlan(installation.warehouse)
    left = stale(installation, plan)
    examined = sum(len(plan.months(table)) for table in MONTHLY)
    if not left:
        return Finding(True, examined, "各期都是按现有数据算出的。", ours=True)
    shown = "、".join(left[:_SHOWN]) + ("……" if left[_SHOWN:] else "")
    return Finding(
        False,
        examined,
        f"有 {len(left)} 项没有按现有数据算出（{shown}）："
        "请运行 hotline run，仍不行就看它给出的原因。",
        ours=True,
    )
