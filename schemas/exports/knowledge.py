"""知识库: one row per change of an article (DATA.md, section 2)."""

from typing import Final

from schemas.fields import TITLE_LENGTH, Moment, code, free_text, identifier, name, timestamp
from schemas.table import Export

ADDED: Final = "新增"
REVISED: Final = "修改"
RETIRED: Final = "作废"


class Knowledge(
    Export,
    name="knowledge",
    title="知识库",
    description="Changes of the knowledge base.",
    cadence="daily",
    key=("article_id", "updated_at"),
    period="updated_at",
):
    """知识库条目的每一次新增、修改和作废。"""

    article_id: str = identifier("知识编号", "Article id.")
    updated_at: Moment = timestamp("更新时间", "When it was changed; decides its month.")
    action: str = code("更新类型", "What was done.", (ADDED, REVISED, RETIRED))
    unit: str = name("报送单位", "Unit that sent the article.")
    title: str = free_text("标题", "Title of the article.", max_length=TITLE_LENGTH)
