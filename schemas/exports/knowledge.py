"""知识库: one row per change of an article (DATA.md, section 2)."""

from typing import Final

from schemas.columns import TITLE_LENGTH
from schemas.exports.shared import code, free_text, identifier, text, timestamp
from schemas.tables import ExportTable

ADDED: Final = "新增"
REVISED: Final = "修改"
RETIRED: Final = "作废"

knowledge = ExportTable(
    name="knowledge",
    title="知识库",
    zh="知识库条目的每一次新增、修改和作废。",
    description="Changes of the knowledge base.",
    cadence="daily",
    key=("article_id", "updated_at"),
    period="updated_at",
    columns=(
        identifier("article_id", "知识编号", "Article id."),
        timestamp("updated_at", "更新时间", "When it was changed; decides its month."),
        code("action", "更新类型", "What was done.", (ADDED, REVISED, RETIRED)),
        text("unit", "报送单位", "Unit that sent the article.", is_name=True),
        free_text("title", "标题", "Title of the article.", max_length=TITLE_LENGTH),
    ),
)
