"""The indicator inputs of a year, a row for each indicator of its scheme (FACTS.md, section 4)."""

from dataclasses import replace
from typing import Any

import polars as pl

from assets.facts import NOTHING, figure_display, figure_value, reaches_target
from assets.indicators.inputs import KPI, YearInputs
from assets.indicators.measures import MEASURE, Measured
from assets.indicators.scheme import JUDGED_ITEM, Indicator, Scheme, entries
from schemas import FACTS

COMPLETE, PARTIAL, MISSING = "complete", "partial", "missing"
Months = list[dict[str, Any]]


def _months(metric: str, year: YearInputs) -> tuple[Months, str]:
    """The months of a KPI, and whether they make a year."""
    rows = year.kpi(metric)
    months = rows.select("month", "numerator", "denominator", "value").to_dicts()
    if not months:
        return [], MISSING
    return months, COMPLETE if len(months) == 12 and rows["complete"].all() else PARTIAL


def _span(months: Months) -> str:
    return f"{months[0]['month']}至{months[-1]['month']}（{len(months)}个月）" if months else "无"


def _other_basis(metric: str, year: YearInputs) -> str:
    kpi = KPI[metric]
    shown = figure_display(*year.kpi_sums(metric), kpi.unit)
    return f"；另一口径（{kpi.basis}）为{shown}{kpi.unit if shown != NOTHING else ''}"


def _of_kpi(indicator: Indicator, year: YearInputs) -> Measured:
    kpi = KPI[indicator.source.kpi]
    months, _ = _months(kpi.id, year)
    numerator, denominator = year.kpi_sums(kpi.id)
    others = "".join(_other_basis(each, year) for each in indicator.source.also)
    return Measured(
        numerator,
        denominator,
        unit=kpi.unit,
        leading=kpi.id,
        words=f"事实表 {'、'.join(kpi.tables)}，{_span(months)}；口径：{kpi.basis}{others}",
    )


def _of_measure(indicator: Indicator, year: YearInputs, scheme: Scheme) -> Measured:
    measured = MEASURE[indicator.source.measure](year, scheme, indicator)
    months = _months(measured.leading, year)[0] if measured.leading else []
    span = f"；{_span(months)}" if months else ""
    formed = measured.denominator or indicator.unit != "%"
    return replace(
        measured,
        numerator=measured.numerator if formed else None,
        unit=indicator.unit,
        words=f"{measured.words}{span}",
    )


def _of_form(indicator: Indicator, year: YearInputs, scheme: Scheme) -> Measured:
    source = indicator.source
    wrong = [
        f"{each.item}（填 {filled.value:g}，应为{each.bounds}）"
        for each in entries(scheme)
        if each.indicator.id == indicator.id
        and (filled := year.form.get(each.key))
        and not each.allows(filled.value)
    ]
    entry = year.form.get((indicator.id, source.form))
    over = year.form.get((indicator.id, source.over)) if source.over else None
    found = entry if not wrong and (over or not source.over) else None
    wanted = "、".join(filter(None, (source.form, source.over)))
    words = found.evidence if found else f"年度填报缺少数据项：{wanted}"
    if wrong:
        words = f"年度填报超出范围，未采用：{'、'.join(wrong)}"
    marks = "分" if source.form == JUDGED_ITEM else ""
    return Measured(
        found.value if found else None,
        over.value if over else None,
        unit=indicator.unit or (entry.unit if entry else marks),
        words=words,
    )


def _months_below_target(indicator: Indicator, months: Months, unit: str) -> int | None:
    if indicator.rule.type != "months" or not months:
        return None
    reached = [
        reaches_target(each["numerator"], each["denominator"], indicator.target, unit)
        for each in months
    ]
    return reached.count(False)


def indicator_row(indicator: Indicator, year: YearInputs, scheme: Scheme) -> dict[str, Any]:
    """One row of the table `indicators`."""
    if indicator.source.kpi:
        measured = _of_kpi(indicator, year)
    elif indicator.source.measure:
        measured = _of_measure(indicator, year, scheme)
    else:
        measured = _of_form(indicator, year, scheme)
    denominator, unit, target = measured.denominator, measured.unit, indicator.target
    value = figure_value(measured.numerator, denominator, unit)
    # A rate over nothing is no figure, whatever has arrived.
    numerator = None if value is None else measured.numerator
    months, status = _months(measured.leading, year) if measured.leading else ([], COMPLETE)
    monthly = months if indicator.source.kpi else []
    below = _months_below_target(indicator, monthly, unit)
    met = reaches_target(numerator, denominator, target, unit)
    if indicator.rule.type == "months":
        met = None if below is None else below == 0
    parts = []
    for each in indicator.rule.parts if indicator.source.measure else ():
        over, under = measured.parts.get(each.part, (None, None))
        parts.append(each.model_dump() | {"numerator": over, "denominator": under})
    level1, level2, level3 = indicator.levels
    return {
        "year": year.year,
        "indicator": indicator.id,
        "level1": level1,
        "level2": level2,
        "level3": level3,
        "weight": indicator.weight,
        "alternative_weight": scheme.alternative_weight(indicator),
        "kind": indicator.kind,
        "numerator": numerator,
        "denominator": denominator,
        "value": value,
        "unit": unit,
        "display": figure_display(numerator, denominator, unit),
        "target": target,
        "met": met,
        "months_below_target": below,
        "monthly": monthly,
        "parts": parts,
        "rule": indicator.rule.type,
        "step": indicator.rule.step,
        "per": indicator.rule.per,
        "bands": [each.model_dump() for each in indicator.rule.bands],
        "evidence": measured.words,
        "status": MISSING if value is None else status,
        "printed_score": indicator.printed,
        "printed_annex_score": indicator.printed_annex,
        "note": indicator.note,
        "cutoff": year.cutoff,
    }


def indicators(year: YearInputs, scheme: Scheme) -> pl.DataFrame:
    """The indicator inputs of a year, in the columns of the table `indicators`.

    The printed scores are those of the scheme's own year: a later year has none.
    """
    rows = [
        indicator_row(each, year, scheme) | {"position": position}
        for position, each in enumerate(scheme.indicator, 1)
    ]
    if scheme.year != year.year:
        nothing = {"printed_score": None, "printed_annex_score": None, "note": ""}
        rows = [row | nothing for row in rows]
    columns = FACTS["indicators"].columns
    return pl.DataFrame(rows, schema={column.name: column.polars_type for column in columns})
