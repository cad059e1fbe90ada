"""From the models to the data dictionary, docs/data-dictionary.md.

Run `python -m schemas.dictionary > docs/data-dictionary.md` after a declaration has changed; a test
holds the page against what this prints.
"""

from collections.abc import Iterable

from schemas import BY_SITE, EXPORTS, FACTS
from schemas.fields import Column, Protection
from schemas.file_rules import FILE_RULES, FINDING_RULES
from schemas.kpis import KPIS
from schemas.reports import reports
from schemas.table import ExportTable, FactTable, rule_sentences

_HEAD = """# Data dictionary

Generated from `schemas/` by `make dictionary`; do not edit. Exports are what arrives, facts are
what is published below `<warehouse>/current/`.
"""
_PROVINCE = (
    "`<warehouse>/province/current/`, where an installation has several cities; beside these,"
    " `kpi_monthly` of the province as a whole.\n"
)


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
        "",
    ]


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _limits(column: Column) -> str:
    parts = []
    if column.codes:
        few = len(column.codes) <= 12
        parts.append("、".join(column.codes) if few else f"{len(column.codes)} codes")
    elif column.max_length:
        parts.append(f"≤ {column.max_length} characters")
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else f"{column.minimum:g} ≤ "
        high = "" if column.maximum is None else f" ≤ {column.maximum:g}"
        parts.append(f"{low}value{high}")
    if column.protection is Protection.PSEUDONYM:
        parts.append(f"personal: kept as `{column.stored_as}`")
    if column.protection is Protection.MASKED:
        parts.append("personal numbers masked")
    return "; ".join(parts)


def _export(table: ExportTable) -> list[str]:
    columns = (
        (
            f"`{column.name}`",
            column.title,
            column.kind,
            "" if column.required else "optional",
            _limits(column),
            "、".join(column.aliases),
            column.description,
        )
        for column in table.columns
    )
    rules = (
        (f"`{rule}`", f"`{column}`" if column else "", zh, en)
        for (rule, column), (zh, en) in rule_sentences(table).items()
    )
    return [
        f"### {table.name} {table.title}\n",
        f"{table.description} Cadence: {table.cadence}. Key: {_names(table.key)}. "
        f"Belongs to the period of `{table.period}`.\n",
        *_table(("column", "header", "kind", "", "limits", "aliases", "meaning"), columns),
        f"Row rules of {table.name}:\n",
        *_table(("rule", "column", "说明", "meaning"), rules),
    ]


def _fact(table: FactTable) -> list[str]:
    columns = (
        (
            f"`{column.name}`",
            column.title,
            column.arrow_type,
            column.unit,
            "" if column.required else "may be empty",
            column.description,
        )
        for column in table.columns
    )
    return [
        f"### {table.name} {table.title}\n",
        f"{table.description} Grain: {_names(table.grain)}. Contract {table.version}.\n",
        *_table(("column", "标题", "type", "单位", "", "meaning"), columns),
    ]


def dictionary() -> str:
    """The whole page, Markdown."""
    targets = {kpi.id: "" if kpi.target is None else f"≥ {kpi.target}" for kpi in KPIS}
    kpis = ((f"`{kpi.id}`", kpi.title, kpi.basis, kpi.unit, targets[kpi.id]) for kpi in KPIS)
    files, holds = (
        ((f"`{rule.id}`", rule.zh, rule.en) for rule in rules.values())
        for rules in (FILE_RULES, FINDING_RULES)
    )
    lines = [
        _HEAD,
        "## Exports\n",
        *(line for table in EXPORTS.values() for line in _export(table)),
        "## File rules\n",
        *_table(("rule", "说明", "meaning"), files),
        "## Reasons to hold a file until a person decides, or to be told of it\n",
        *_table(("rule", "说明", "meaning"), holds),
        "## Facts\n",
        *(line for table in FACTS.values() for line in _fact(table)),
        "## Facts of the province\n",
        _PROVINCE,
        *(line for table in BY_SITE.values() for line in _fact(table)),
        "## Ledger of reports\n",
        "`<warehouse>/ledger/reports.parquet`, beside the releases.\n",
        *_fact(reports),
        "## KPIs\n",
        *_table(("metric", "名称", "口径", "单位", "目标"), kpis),
    ]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(dictionary(), end="")
