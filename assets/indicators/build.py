"""The indicator inputs of a year: one row for each indicator of its scheme (FACTS.md, section 4).

Belongs here: from a figure's source to its row: sums, value, months, target, status, evidence.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from assets.facts import NOTHING, count, percent, ratio
from assets.indicators.entries import entries
from assets.indicators.inputs import YearInputs
from assets.indicators.measures import MEASURE, Measured
from assets.indicators.scheme import JUDGED_ITEM, Indicator, Scheme
from schemas import FACTS
from schemas.kpis import KPIS, Kpi

COMPLETE, PARTIAL, MISSING = "complete", "partial", "missing"
_KPIS: Mapping[str, Kpi] = {kpi.id: kpi for kpi in KPIS}
# Sums of the form may have decimals; the display rule works on whole numbers.
_SCALE = 1_000_000


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number * _SCALE)


def _value(numerator: float | None, denominator: float | None, unit: str) -> float | None:
    if numerator is None or denominator is None:
        return numerator if denominator is None else None
    if not denominator:
        return None
    return (100 if unit == "%" else 1) * numerator / denominator


def _display(numerator: float | None, denominator: float | None, unit: str) -> str:
    if numerator is None:
        return NOTHING
    if denominator is None:
        return count(int(numerator)) if numerator == int(numerator) else f"{numerator:g}"
    shown = percent if unit == "%" else ratio
    return shown(_whole(numerator), _whole(denominator))


def _is_met(
    numerator: float | None, denominator: float | None, target: float | None, unit: str
) -> bool | None:
    """Whether a target is reached, without dividing: 94.999 % is not 95 %."""
    if target is None or numerator is None or denominator == 0:
        return None
    scale = 100 if unit == "%" else 1
    return numerator * scale >= target * denominator if denominator else numerator >= target


def _months(metric: str, year: YearInputs) -> tuple[list[dict[str, Any]], str]:
    """The months of a KPI, and whether they make a year."""
    rows = year.kpi(metric)
    months = rows.select("month", "numerator", "denominator", "value").to_dicts()
    if not months:
        return [], MISSING
    whole = len(months) == 12 and rows["complete"].all()
    return months, COMPLETE if whole else PARTIAL


def _span(months: list[dict[str, Any]]) -> str:
    return f"{months[0]['month']}至{months[-1]['month']}（{len(months)}个月）" if months else "无"


def _of_kpi(indicator: Indicator, year: YearInputs) -> dict[str, Any]:
    kpi = _KPIS[indicator.source.kpi]
    months, status = _months(kpi.id, year)
    numerator = float(sum(each["numerator"] for each in months)) if months else None
    formed = months and kpi.denominator
    denominator = float(sum(each["denominator"] or 0 for each in months)) if formed else None
    below = None
    if indicator.rule.type == "months" and months:
        reached = [
            _is_met(each["numerator"], each["denominator"], indicator.target, kpi.unit)
            for each in months
        ]
        below = sum(each is False for each in reached)
    others = "".join(f"；另一口径{_other(each, year)}" for each in indicator.source.also)
    tables = "、".join(kpi.tables)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "unit": kpi.unit,
        "months_below_target": below,
        "monthly": months,
        "evidence": f"事实表 {tables}，{_span(months)}；口径：{kpi.basis}{others}",
        "status": status,
    }


def _other(metric: str, year: YearInputs) -> str:
    kpi = _KPIS[metric]
    months = year.kpi(metric)
    shown = _display(
        float(months["numerator"].sum()) if months.height else None,
        float(months["denominator"].sum()) if kpi.denominator else None,
        kpi.unit,
    )
    return f"（{kpi.basis}）为{shown}{kpi.unit if shown != NOTHING else ''}"


def _of_measure(indicator: Indicator, year: YearInputs, scheme: Scheme) -> dict[str, Any]:
    measured: Measured = MEASURE[indicator.source.measure](year, scheme, indicator)
    months, status = _months(measured.leading, year) if measured.leading else ([], COMPLETE)
    if measured.numerator is None or (indicator.unit == "%" and not measured.denominator):
        status = MISSING
    parts = measured.parts or {}
    span = f"；{_span(months)}" if months else ""
    return {
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "unit": indicator.unit,
        "parts": [
            {
                "part": each.part,
                "weight": each.weight,
                "step": each.step,
                "numerator": parts.get(each.part, (None, None))[0],
                "denominator": parts.get(each.part, (None, None))[1],
            }
            for each in indicator.rule.parts
        ],
        "evidence": f"{measured.words}{span}",
        "status": status,
    }


def _of_form(indicator: Indicator, year: YearInputs, scheme: Scheme) -> dict[str, Any]:
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
    found = entry is not None and (not source.over or over is not None) and not wrong
    wanted = "、".join(filter(None, (source.form, source.over)))
    words = entry.evidence if entry and found else f"年度填报缺少数据项：{wanted}"
    if wrong:
        words = f"年度填报超出范围，未采用：{'、'.join(wrong)}"
    return {
        "numerator": entry.value if entry else None,
        "denominator": over.value if over else None,
        "unit": indicator.unit
        or (entry.unit if entry else ("分" if source.form == JUDGED_ITEM else "")),
        "evidence": words,
        "status": COMPLETE if found else MISSING,
    }


def indicator_row(indicator: Indicator, year: YearInputs, scheme: Scheme) -> dict[str, Any]:
    """One row of the table `indicators`."""
    if indicator.source.kpi:
        figure = _of_kpi(indicator, year)
    elif indicator.source.measure:
        figure = _of_measure(indicator, year, scheme)
    else:
        figure = _of_form(indicator, year, scheme)
    value = _value(figure["numerator"], figure["denominator"], figure["unit"])
    # A rate over nothing is no figure, whatever has arrived.
    missing = figure["status"] == MISSING or value is None
    numerator = None if missing else figure["numerator"]
    denominator, unit, target = figure["denominator"], figure["unit"], indicator.target
    below = figure.get("months_below_target")
    met = _is_met(numerator, denominator, target, unit)
    if indicator.rule.type == "months":
        met = None if below is None else below == 0
    return {
        "monthly": [],
        "parts": [],
        "months_below_target": None,
        **figure,
        "year": year.year,
        "indicator": indicator.id,
        **dict(zip(("level1", "level2", "level3"), indicator.levels, strict=True)),
        "weight": indicator.weight,
        "alternative_weight": scheme.alternative_weight(indicator),
        "kind": indicator.kind,
        "numerator": numerator,
        "denominator": denominator,
        "value": None if missing else value,
        "status": MISSING if missing else figure["status"],
        "display": _display(numerator, denominator, unit),
        "target": target,
        "met": met,
        "rule": indicator.rule.type,
        "step": indicator.rule.step,
        "per": indicator.rule.per,
        "bands": [each.model_dump() for each in indicator.rule.bands],
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
