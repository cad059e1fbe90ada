"""knowledge: changes of the knowledge base (FACTS.md, section 2)."""

from schemas.fields import Day, count, day, label, month
from schemas.table import Fact


class Knowledge(
    Fact,
    name="knowledge",
    title="知识库月度事实",
    description="Changes of articles by day and unit.",
    grain=("month", "date", "unit"),
):
    """按日期和报送单位统计的知识库新增、修改、作废。"""

    month: str = month()
    date: Day = day("日期", "Day of the change.")
    unit: str = label("报送单位", "Unit that sent the article.")
    added: int = count("新增", "条", "Articles added.")
    revised: int = count("修改", "条", "Articles revised.")
    retired: int = count("作废", "条", "Articles retired.")
