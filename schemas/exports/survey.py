"""问卷: one row per response and question of the yearly survey (DATA.md, section 2)."""

from schemas.columns import Column, Kind
from schemas.exports.shared import identifier, text, timestamp
from schemas.tables import ExportTable

survey = ExportTable(
    name="survey",
    title="问卷",
    zh="年度问卷的每一份答卷、每一道题。",
    description="Answers to the yearly survey.",
    cadence="yearly",
    key=("response_id", "question"),
    period="submitted_at",
    columns=(
        identifier("response_id", "答卷编号", "Response id."),
        # The survey about a year is held after it has ended.
        timestamp("submitted_at", "提交时间", "When it was handed in.", horizon_days=366),
        Column(
            name="question",
            title="题号",
            kind=Kind.INTEGER,
            description="Number of the question.",
            minimum=1,
            maximum=9,
        ),
        text("answer", "选项", "Option that was chosen."),
    ),
)
