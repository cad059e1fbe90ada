"""Show the quarantine: by file, line by line, and what a replay has changed."""

from collections import Counter

import polars as pl

from assets.facts import FactsPlan
from assets.installation import Installation
from assets.masking import masked_name, masked_path
from assets.quarantine import (
    BECAME,
    CORRECTED,
    DISCARDED,
    FILE_GONE,
    OPEN,
    counts,
    file_named,
    read_history,
    reasons,
    with_fates,
)
from pipelines.cli.console import err, out, show_table, table
from schemas import EXPORTS
from schemas.table import ExportTable

_NUMBERS = ("待处理", "已更正", "已作废")


def _why(rows: pl.DataFrame, of: ExportTable) -> str:
    """Reasons with the number of rows that have each, most frequent first."""
    found: Counter[str] = Counter()
    for rules, columns in rows.select("rules", "columns").iter_rows():
        # The first clause of the sentence says what is wrong; what to do is for `show`.
        found.update({each.partition("，")[0].rstrip("。") for each in reasons(of, rules, columns)})
    return "；".join(f"{reason} {count}" for reason, count in found.most_common())


def show_files(
    installation: Installation, dataset: str | None, month: str | None, *, everything: bool
) -> int:
    """Print the second account, file by file.

    Returns:
        Exit status: 1 where it does not agree with the account of the files.
    """
    shown = table(["文件", "编号", "导出日期", *_NUMBERS, "原因"], right=_NUMBERS)
    total = dict.fromkeys((OPEN, CORRECTED, DISCARDED), 0)
    wrong: list[str] = []
    accounted = FactsPlan(installation.warehouse).inputs.files.filter(pl.col("quarantined") > 0)
    for name in [dataset] if dataset else list(EXPORTS):
        rows = with_fates(installation.warehouse, name)
        files = accounted.filter(dataset=name)
        if month:
            of_month = pl.col("export_date").dt.strftime("%Y-%m") == month
            rows, files = rows.filter(of_month), files.filter(of_month)
        found = counts(rows)
        wrong += _differing(found, files)
        for each in found.iter_rows(named=True):
            for became in total:
                total[became] += each[became]
            if each[OPEN] or everything:
                shown.add_row(
                    masked_path(each["file"]),
                    each["delivery"],
                    str(each["export_date"]),
                    *(str(each[became]) for became in total),
                    _why(rows.filter(delivery=each["delivery"]), EXPORTS[name]),
                )
    show_table("隔离的行", shown)
    out.print(
        f"待处理 {total[OPEN]} 行，已更正 {total[CORRECTED]} 行，已作废 {total[DISCARDED]} 行。"
    )
    for file in wrong:
        err.print(
            f"{file}：与台账的隔离行数不一致，请运行 hotline run。", style="red", markup=False
        )
    return 1 if wrong else 0


def _differing(found: pl.DataFrame, files: pl.DataFrame) -> list[str]:
    """Files whose second account has another sum than the first says."""
    both = files.select("delivery", "path", "quarantined").join(
        found.select("delivery", "file", total=pl.sum_horizontal(OPEN, CORRECTED, DISCARDED)),
        on="delivery",
        how="full",
        coalesce=True,
    )
    wrong = both.filter(~pl.col("quarantined").eq_missing(pl.col("total")))
    return [masked_path(path or file) for path, file in wrong.select("path", "file").iter_rows()]


def _became(row: dict[str, object], names: dict[str, str]) -> str:
    if row[BECAME] == CORRECTED:
        name = masked_name(names[str(row["by"])].rpartition("/")[2])
        return f"已更正：{name} 第{row['by_line']}行"
    if row[BECAME] == DISCARDED:
        return f"已作废：{row['reason']}（{row['who']}，{row['at']:%Y-%m-%d %H:%M}）"
    return "待处理"


def show_file(installation: Installation, wanted: str, *, raw: bool) -> int:
    """Print the rows of a file that are or were in quarantine."""
    parts = []
    for name in EXPORTS:
        rows, history = (
            with_fates(installation.warehouse, name),
            read_history(installation.warehouse, name),
        )
        own = pl.concat([rows.select("delivery", "file"), history.select("delivery", "file")])
        parts.append((name, rows, history, own))
    delivery = file_named(pl.concat(own for *_, own in parts), wanted)
    name, rows, history, _ = next(
        each for each in parts if delivery in each[3]["delivery"].to_list()
    )
    names = dict(
        FactsPlan(installation.warehouse).inputs.files.select("delivery", "path").iter_rows()
    )
    shown = table(
        ["行号", "原因", "去向", *(["原文（含个人信息）"] if raw else [])], right=("行号",)
    )
    for row in rows.filter(delivery=delivery).iter_rows(named=True):
        why = " ".join(reasons(EXPORTS[name], row["rules"], row["columns"]))
        texts = [str(row["line"]), why, _became(row, names)]
        shown.add_row(*(_plain(each) for each in [*texts, *([row["raw"]] if raw else [])]))
    left = history.filter(pl.col("delivery") == delivery, pl.col("left").is_not_null())
    for row in left.iter_rows(named=True):
        why = " ".join(reasons(EXPORTS[name], row["rules"], row["columns"]))
        how = "整个文件不再接收" if row["how"] == FILE_GONE else "重新读取后合格"
        gone = f"已离开：{how}（{row['left']:%Y-%m-%d %H:%M}）"
        shown.add_row(str(row["line"]), why, _plain(gone), *(["—"] if raw else []))
    show_table(f"隔离的行：{delivery}", shown)
    return 0


def _plain(text: str) -> str:
    """A text of the platform: no markup, and nothing that a terminal would obey."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return kept.replace("[", r"\[")


def show_replay(installation: Installation, before: dict[str, pl.DataFrame]) -> None:
    """Print by rule how many rows have left the quarantine, and how many have not."""
    place = ["delivery", "line"]
    shown = table(
        ["数据集", "原因", "原有", "已离开", "仍隔离"], right=("原有", "已离开", "仍隔离")
    )
    left = new = 0
    for name, rows in before.items():
        now = with_fates(installation.warehouse, name)
        gone = rows.join(now, on=place, how="anti")
        left += gone.height
        new += now.join(rows, on=place, how="anti").height
        was = _by_reason(rows)
        out_of = dict(_by_reason(gone))
        for (rule, column), count in was.most_common():
            why = reasons(EXPORTS[name], [rule], [column])[0].partition("，")[0].rstrip("。")
            less = out_of.get((rule, column), 0)
            shown.add_row(name, why, str(count), str(less), str(count - less))
    show_table("重放", shown)
    if not left and not new:
        out.print("没有一行离开：规则、代码表和来源配置没有变化，或改动与这些行无关。")
    else:
        out.print(f"{left} 行离开了隔离，{new} 行新隔离。")


def _by_reason(rows: pl.DataFrame) -> Counter[tuple[str, str]]:
    pairs = rows.select("rules", "columns").explode("rules", "columns")
    return Counter((rule, column) for rule, column in pairs.iter_rows())
