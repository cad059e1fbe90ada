"""indicators: a year's third-level indicators with all a scorecard needs (FACTS.md, section 4)."""

from schemas.columns import Column, Kind
from schemas.facts.shared import label
from schemas.tables import FactTable

YEAR = Column(name="year", title="年度", kind=Kind.INTEGER, description="Year.")


def number(name: str, title: str, description: str, *, required: bool = False) -> Column:
    """A number, as a rule one that may be missing."""
    return Column(
        name=name, title=title, kind=Kind.NUMBER, description=description, required=required
    )


NUMERATOR = number("numerator", "分子", "What is counted or divided.")
DENOMINATOR = number("denominator", "分母", "What it is divided by; empty for counts.")
VALUE = number("value", "数值", "In the unit of the indicator, not rounded; empty where missing.")

indicators = FactTable(
    name="indicators",
    title="年度绩效指标",
    zh="年终绩效评价的各项三级指标，一项一行，附依据。",
    description="Inputs of the year-end evaluation, a row for each third-level indicator.",
    path="{table}/{period}.parquet",
    grain=("year", "indicator"),
    columns=(
        YEAR,
        label("indicator", "指标编号", "Id in the scheme."),
        Column(
            name="position",
            title="序号",
            kind=Kind.INTEGER,
            description="Place in the scheme, from 1.",
        ),
        label("level1", "一级指标", "First level."),
        label("level2", "二级指标", "Second level."),
        label("level3", "三级指标", "Third level."),
        number(
            "weight", "权重", "Full marks by the scheme; 0 where it is not in it.", required=True
        ),
        number(
            "alternative_weight",
            "另一套权重",
            "Full marks by the scheme's second set of weights; empty where there is none.",
        ),
        label("kind", "类别", "computed, declared or judged."),
        NUMERATOR,
        DENOMINATOR,
        VALUE,
        label("unit", "单位", "Unit of value and target."),
        label("display", "显示值", "As printed, by the display rule."),
        number("target", "目标值", "At least this; empty where there is none."),
        Column(
            name="met",
            title="是否达标",
            kind=Kind.FLAG,
            description="Whether the target is reached, unrounded; empty without target or value.",
            required=False,
        ),
        Column(
            name="months_below_target",
            title="未达标月数",
            kind=Kind.INTEGER,
            description="Months below the target; empty where months have no target.",
            unit="个月",
            required=False,
        ),
        Column(
            name="monthly",
            title="逐月数据",
            kind=Kind.LIST,
            description="The months, where the indicator has any.",
            items=(label("month", "月份", "YYYY-MM."), NUMERATOR, DENOMINATOR, VALUE),
        ),
        Column(
            name="parts",
            title="分项",
            kind=Kind.LIST,
            description="The parts that are scored apart, where the rule has any.",
            items=(
                label("part", "分项", "Its name."),
                number("weight", "权重", "Full marks of the part; empty where it has no own."),
                number("step", "每件扣分", "Marks off for each case; empty where all or nothing."),
                NUMERATOR,
                DENOMINATOR,
            ),
        ),
        label("rule", "评分规则", "linear, months, bands, each, share, whole or judged."),
        number("step", "扣分", "Marks off for each step below the target, or each month or case."),
        number("per", "每低", "How far below the target a step is."),
        Column(
            name="bands",
            title="分档",
            kind=Kind.LIST,
            description="Marks by lower bound, highest first, where the rule has bands.",
            items=(
                number("at_least", "不低于", "Lower bound of the value."),
                number("score", "得分", "Marks."),
            ),
        ),
        number("printed_score", "公布得分", "Score that the evaluation printed; empty before it."),
        number("printed_annex_score", "附件公布得分", "The same in its annex, where that differs."),
        label("note", "说明", "Where the evaluation contradicts itself; mostly empty."),
        label("evidence", "依据", "Tables, months, basis and rule; or the form's own words."),
        label("status", "状态", "complete, partial or missing."),
        Column(
            name="cutoff",
            title="数据截至",
            kind=Kind.TIMESTAMP,
            description="Data cutoff of the year's figures.",
        ),
    ),
)
