"""knowledge: changes of the knowledge base (FACTS.md, section 2)."""

from schemas.facts.shared import MONTH, count, date, label
from schemas.tables import FactTable

knowledge = FactTable(
    name="knowledge",
    title="知识库月度事实",
    zh="按日期和报送单位统计的知识库新增、修改、作废。",
    description="Changes of articles by day and unit.",
    grain=("month", "date", "unit"),
    columns=(
        MONTH,
        date("Day of the change."),
        label("unit", "报送单位", "Unit that sent the article."),
        count("added", "新增", "条", "Articles added."),
        count("revised", "修改", "条", "Articles revised."),
        count("retired", "作废", "条", "Articles retired."),
    ),
)
