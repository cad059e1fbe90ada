"""问卷: one row per response and question of the yearly survey (DATA.md, section 2)."""

from schemas.fields import Moment, identifier, integer, text, timestamp
from schemas.table import Export


class Survey(
    Export,
    name="survey",
    title="问卷",
    description="Answers to the yearly survey.",
    cadence="yearly",
    key=("response_id", "question"),
    period="submitted_at",
):
    """年度问卷的每一份答卷、每一道题。"""

    response_id: str = identifier("答卷编号", "Response id.")
    # The survey about a year is held after it has ended.
    submitted_at: Moment = timestamp("提交时间", "When it was handed in.", horizon_days=366)
    question: int = integer("题号", "Number of the question.", minimum=1, maximum=9)
    answer: str = text("选项", "Option that was chosen.")
