"""The year-end evaluation: its indicators and the reconciliation (FACTS.md, sections 4 and 5)."""

import pandera.polars as pa

from schemas.fields import Moment, Records, flag, integer, label, moment, number, period, records
from schemas.table import Fact

_NUMERATOR = number("分子", "What is counted or divided.", required=False)
_DENOMINATOR = number("分母", "What it is divided by; empty for counts.", required=False)
_VALUE = number(
    "数值", "In the unit of the indicator, not rounded; empty where missing.", required=False
)


class _Month(pa.DataFrameModel):
    month: str = label("月份", "YYYY-MM.")
    numerator: float = _NUMERATOR
    denominator: float = _DENOMINATOR
    value: float = _VALUE


class _Part(pa.DataFrameModel):
    part: str = label("分项", "Its name.")
    weight: float = number(
        "权重", "Full marks of the part; empty where it has no own.", required=False
    )
    step: float = number(
        "每件扣分", "Marks off for each case; empty where all or nothing.", required=False
    )
    numerator: float = _NUMERATOR
    denominator: float = _DENOMINATOR


class _Band(pa.DataFrameModel):
    at_least: float = number("不低于", "Lower bound of the value.", required=False)
    score: float = number("得分", "Marks.", required=False)


class Indicators(
    Fact,
    name="indicators",
    title="年度绩效指标",
    description="Inputs of the year-end evaluation, a row for each third-level indicator.",
    grain=("year", "indicator"),
    path="{table}/{period}.parquet",
):
    """年终绩效评价的各项三级指标，一项一行，附依据。"""

    year: int = integer("年度", "Year.")
    indicator: str = label("指标编号", "Id in the scheme.")
    position: int = integer("序号", "Place in the scheme, from 1.")
    level1: str = label("一级指标", "First level.")
    level2: str = label("二级指标", "Second level.")
    level3: str = label("三级指标", "Third level.")
    weight: float = number("权重", "Full marks by the scheme; 0 where it is not in it.")
    alternative_weight: float = number(
        "另一套权重",
        "Full marks by the scheme's second set of weights; empty where there is none.",
        required=False,
    )
    kind: str = label("类别", "computed, declared or judged.")
    numerator: float = _NUMERATOR
    denominator: float = _DENOMINATOR
    value: float = _VALUE
    unit: str = label("单位", "Unit of value and target.")
    display: str = label("显示值", "As printed, by the display rule.")
    target: float = number("目标值", "At least this; empty where there is none.", required=False)
    met: bool = flag(
        "是否达标",
        "Whether the target is reached, unrounded; empty without target or value.",
        required=False,
    )
    months_below_target: int = integer(
        "未达标月数",
        "Months below the target; empty where months have no target.",
        unit="个月",
        required=False,
    )
    monthly: Records = records("逐月数据", "The months, where the indicator has any.", _Month)
    parts: Records = records(
        "分项", "The parts that are scored apart, where the rule has any.", _Part
    )
    rule: str = label("评分规则", "linear, months, bands, each, share, whole or judged.")
    step: float = number(
        "扣分", "Marks off for each step below the target, or each month or case.", required=False
    )
    per: float = number("每低", "How far below the target a step is.", required=False)
    bands: Records = records(
        "分档", "Marks by lower bound, highest first, where the rule has bands.", _Band
    )
    printed_score: float = number(
        "公布得分", "Score that the evaluation printed; empty before it.", required=False
    )
    printed_annex_score: float = number(
        "附件公布得分", "The same in its annex, where that differs.", required=False
    )
    note: str = label("说明", "Where the evaluation contradicts itself; mostly empty.")
    evidence: str = label("依据", "Tables, months, basis and rule; or the form's own words.")
    status: str = label("状态", "complete, partial or missing.")
    cutoff: Moment = moment("数据截至", "Data cutoff of the year's figures.")


class Reconciliation(
    Fact,
    name="reconciliation",
    title="对账",
    description="Declared figures, the computed ones that are published, and what lies between.",
    grain=("period", "metric", "source"),
    path="{table}/{period}.parquet",
):
    """运营方填报的数字与算出的数字逐项对照，差多少、为什么。"""

    period: str = period("期间", "Year or month.")
    metric: str = label("指标", "Id of the KPI.")
    source: str = label("来源", "Where the declared figure is printed.")
    declared: float = number("填报值", "The declared figure.")
    computed: float = number(
        "计算值", "The same figure from the facts, not rounded.", required=False
    )
    display: str = label("显示值", "The computed figure as printed, by the display rule.")
    difference: float = number("差额", "Declared less computed.", required=False)
    relative: float = number(
        "相对差额", "Difference over computed; empty where that is zero.", required=False
    )
    verdict: str = label("结论", "agrees, differs or cannot be computed.")
    reproduced_by: str = label("可复现口径", "Bases that give the declared figure; empty if none.")
