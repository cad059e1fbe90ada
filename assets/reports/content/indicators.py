"""The inputs of a year's indicators with their evidence, and what declared figures say beside.

Belongs here: the two sections of the annual report that read what the release publishes a year
(FACTS.md, sections 4 and 5). They show, and judge nothing: the scores are an evaluator's.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from assets.reports.content.figures import count, published
from assets.reports.content.model import Column, Row, Section, Table, Text, Tone
from assets.reports.content.reading import Facts
from schemas.kpis import KPIS, Kpi

_KINDS = {"computed": "计算", "declared": "填报", "judged": "评定"}
_STATUS = {"complete": "齐全", "partial": "部分", "missing": "缺"}
_VERDICTS = {"agrees": "一致", "differs": "不一致", "cannot be computed": "无法计算"}
_KPIS = {kpi.id: kpi for kpi in KPIS}
_NONE = "—"


def _words(value: object, known: Mapping[str, str]) -> str:
    return known.get(str(value), str(value)) if value is not None else _NONE


def _met(value: bool | None) -> str:
    return "" if value is None else "达标" if value else "未达标"


def _figure(display: str | None, unit: str | None) -> str:
    """A figure as the table publishes it, with its unit."""
    return f"{display}{unit or ''}" if display and display != _NONE else _NONE


def _computed(row: Mapping[str, Any], kpi: Kpi) -> str:
    """The computed figure: a count with separators like the declared one, a rate as printed."""
    if kpi.denominator is None:
        return published(row["computed"])
    return _figure(row["display"], "%" if kpi.unit == "%" else "")


def _conclusion(row: Mapping[str, object]) -> str:
    """The verdict, and the base that gives the declared figure where another one does."""
    verdict = _words(row["verdict"], _VERDICTS)
    return f"{verdict}；按“{row['reproduced_by']}”可得" if row["reproduced_by"] else verdict


def _target(value: float | None, unit: str | None) -> str:
    return "" if value is None else f"{published(value)}{unit or ''}"


def indicator_section(facts: Facts, year: int) -> Section:
    """Every 三级指标 of the year's scheme: value, target, where it comes from, whether it is there.

    Args:
        facts: the release.
        year: the year.
    """
    name, topic = "indicators", "绩效指标数据"
    rows = facts.yearly("indicators", year)
    if rows is None:
        words = f"本版数据没有{year}年绩效指标数据（indicators/{year}），本节从缺。"
        return Section(name, topic, "没有绩效指标数据", (Text(words),))
    missing = rows.filter(pl.col("status") != "complete")
    shown = tuple(
        Row(
            (
                row["level3"],
                f"{row['level1']}／{row['level2']}",
                published(row["weight"]),
                _words(row["kind"], _KINDS),
                _target(row["target"], row["unit"]),
                _figure(row["display"], row["unit"]),
                _met(row["met"]),
                _words(row["status"], _STATUS),
                str(row["evidence"] or ""),
            ),
            tone=Tone.BAD if row["met"] is False or row["status"] == "missing" else Tone.NEUTRAL,
        )
        for row in rows.sort("position").iter_rows(named=True)
    )
    columns = (
        Column("三级指标"),
        Column("一级／二级"),
        Column("分值"),
        Column("来源"),
        Column("目标"),
        Column("数值"),
        Column("评价"),
        Column("状态"),
        Column("依据"),
    )
    table = Table(
        name,
        f"{year}年绩效指标数据",
        columns,
        shown,
        "来源为计算的，由本版数据算出；为填报、评定的，取自年度填报表，缺的须补报。",
    )
    total = count(rows.height).text
    headline = f"{total}项指标数据齐全"
    if missing.height:
        headline = f"{total}项指标中{count(missing.height).text}项数据不全"
    return Section(name, topic, headline, (table,))


def reconciliation_section(facts: Facts, year: int) -> Section:
    """Declared figures beside computed ones.

    Args:
        facts: the release.
        year: the year.
    """
    name, topic = "reconciliation", "数据核对"
    rows = facts.yearly("reconciliation", year)
    if rows is None:
        words = f"本版数据没有{year}年核对结果（reconciliation/{year}），本节从缺。"
        return Section(name, topic, "没有核对结果", (Text(words),))
    shown = tuple(
        Row(
            (
                str(row["period"]),
                _KPIS[row["metric"]].title,
                str(row["source"]),
                published(row["declared"]),
                _computed(row, _KPIS[row["metric"]]),
                published(None if row["difference"] is None else round(row["difference"], 2)),
                _conclusion(row),
            ),
            tone=Tone.BAD if row["verdict"] == "differs" else Tone.NEUTRAL,
        )
        for row in rows.iter_rows(named=True)
    )
    columns = (
        Column("期间"),
        Column("指标"),
        Column("来源"),
        Column("填报数"),
        Column("计算数"),
        Column("差额"),
        Column("结论"),
    )
    note = "公布的是计算数；填报数取自各来源。"
    differing = rows.filter(pl.col("verdict") == "differs").height
    headline = f"核对{count(rows.height).text}项，全部一致"
    if differing:
        headline = f"核对{count(rows.height).text}项，{count(differing).text}项不一致"
    return Section(name, topic, headline, (Table(name, topic, columns, shown, note),))
