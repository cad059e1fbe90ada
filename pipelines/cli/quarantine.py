"""`hotline quarantine`: what is quarantined, the way back, and the way out."""

import getpass
import os
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from assets.core import PRIVATE_FILE, PRIVATE_FOLDER, HotlineError, make_folder, write_bytes
from assets.exports import catalogue, line_text
from assets.facts import Inputs
from assets.installation import Installation
from assets.masking import masked_name, masked_path
from assets.quarantine import (
    CORRECTED,
    DISCARDED,
    FILE_GONE,
    OPEN,
    ROW_FATE,
    correction_file_name,
    correction_form,
    counts,
    file_named,
    quarantined_rows,
    read_history,
    reasons,
    with_fates,
)
from assets.quarantine import discard as enter
from pipelines.cli.command import check_dataset, command, parse_range
from pipelines.cli.console import err, one_line, out, show_table, table
from pipelines.config import load_installation
from schemas import EXPORTS

app = typer.Typer(
    help="隔离的行：查看、导出更正、改规则后重放、作废。",
    no_args_is_help=True,
)
File = Annotated[str, typer.Argument(metavar="FILE", help="文件名、路径，或 list 显示的编号")]
_PLACE = ["delivery", "line"]


def _dataset_of(rows: dict[str, pl.DataFrame], wanted: str) -> tuple[str, str]:
    """Dataset and delivery of the file that the operator means, of rows by dataset."""
    delivery = file_named(
        pl.concat(own.select("delivery", "file") for own in rows.values()), wanted
    )
    name = next(name for name, own in rows.items() if delivery in own["delivery"].to_list())
    return name, delivery


def _quarantined(installation: Installation) -> dict[str, pl.DataFrame]:
    return {name: quarantined_rows(installation.warehouse, name) for name in EXPORTS}


def _what(sentence: str) -> str:
    """The first clause of a reason, which says what is wrong; what to do is for `show`."""
    return sentence.partition("，")[0].rstrip("。")


def _plain(text: str) -> str:
    """A text of the platform: no markup, and nothing that a terminal would obey."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return kept.replace("[", r"\[")


# --- list -----------------------------------------------------------------------------------------


@app.command("list", epilog="例：hotline quarantine list --dataset calls")
@command
def list_files(
    dataset: Annotated[str | None, typer.Option("--dataset", help="只看一种导出")] = None,
    month: Annotated[
        str | None, typer.Option("--month", help="只看一个月的导出，如 2023-01")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="也列出已全部处理的文件")] = False,
) -> int:
    """逐个文件：待处理、已更正、已作废各多少行，为什么。"""
    if dataset is not None:
        check_dataset(dataset)
    if month:
        parse_range(month, month)
    installation = load_installation()
    numbers = ("待处理", "已更正", "已作废")
    shown = table(
        ["文件", "编号", "导出日期", *numbers, "原因"],
        right=numbers,
        least=("导出日期", "已作废", "已更正"),
    )
    total: Counter[str] = Counter()
    wrong: list[str] = []
    accounted = Inputs(installation.warehouse).files.filter(pl.col("quarantined") > 0)
    for name in [dataset] if dataset else list(EXPORTS):
        rows = with_fates(installation.warehouse, name)
        files = accounted.filter(dataset=name)
        if month:
            of_month = pl.col("export_date").dt.strftime("%Y-%m") == month
            rows, files = rows.filter(of_month), files.filter(of_month)
        found = counts(rows)
        wrong += _differing(found, files)
        for each in found.iter_rows(named=True):
            own = {became: each[became] for became in (OPEN, CORRECTED, DISCARDED)}
            total.update(own)
            if each[OPEN] or everything:
                shown.add_row(
                    masked_path(each["file"]),
                    each["delivery"],
                    str(each["export_date"]),
                    *map(str, own.values()),
                    _why(rows.filter(delivery=each["delivery"]), name),
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
    """Files whose fates have another sum than the account of files says."""
    both = files.select("delivery", "path", "quarantined").join(
        found.select("delivery", "file", total=pl.sum_horizontal(OPEN, CORRECTED, DISCARDED)),
        on="delivery",
        how="full",
        coalesce=True,
    )
    wrong = both.filter(~pl.col("quarantined").eq_missing(pl.col("total")))
    return [masked_path(path or file) for path, file in wrong.select("path", "file").iter_rows()]


def _why(rows: pl.DataFrame, dataset: str) -> str:
    """Reasons with the number of rows that have each, most frequent first."""
    found: Counter[str] = Counter()
    for rules, columns in rows.select("rules", "columns").iter_rows():
        own = map(_what, reasons(EXPORTS[dataset], rules, columns))
        found.update(list(dict.fromkeys(own)))
    return "；".join(f"{reason} {count}" for reason, count in found.most_common())


# --- show -----------------------------------------------------------------------------------------


@app.command(epilog="例：hotline quarantine show calls_20230105.csv")
@command
def show(
    file: File,
    raw: Annotated[bool, typer.Option("--raw", help="同时显示原文（含个人信息）")] = False,
) -> int:
    """一个文件的隔离行：行号、原因、去向；曾被隔离、后来入库的行也在内。"""
    installation = load_installation()
    history = {name: read_history(installation.warehouse, name) for name in EXPORTS}
    known = {
        name: pl.concat([rows.select("delivery", "file"), history[name].select("delivery", "file")])
        for name, rows in _quarantined(installation).items()
    }
    name, delivery = _dataset_of(known, file)
    names = dict(Inputs(installation.warehouse).files.select("delivery", "path").iter_rows())
    shown = table(
        ["行号", "原因", "去向", *(["原文（含个人信息）"] if raw else [])], right=("行号",)
    )

    def add(row: dict[str, Any], became: str, text: str) -> None:
        why = " ".join(reasons(EXPORTS[name], row["rules"], row["columns"]))
        shown.add_row(
            line_text(row["line"]), _plain(why), _plain(became), *([_plain(text)] if raw else [])
        )

    rows = with_fates(installation.warehouse, name).filter(delivery=delivery)
    for row in rows.iter_rows(named=True):
        add(row, _became(row, names), row["raw"])
    left = history[name].filter(pl.col("delivery") == delivery, pl.col("left").is_not_null())
    for row in left.iter_rows(named=True):
        how = "整个文件不再接收" if row["how"] == FILE_GONE else "重新读取后合格"
        add(row, f"已离开：{how}（{row['left']:%Y-%m-%d %H:%M}）", "—")
    show_table(f"隔离的行：{delivery}", shown)
    return 0


def _became(row: dict[str, Any], names: dict[str, str]) -> str:
    if row[ROW_FATE] == CORRECTED:
        name = masked_name(names[row["by"]].rpartition("/")[2])
        return f"已更正：{name} 行号 {line_text(row['by_line'])}"
    if row[ROW_FATE] == DISCARDED:
        return f"已作废：{row['reason']}（{row['who']}，{row['at']:%Y-%m-%d %H:%M}）"
    return "待处理"


# --- export ---------------------------------------------------------------------------------------


@app.command(epilog="例：hotline quarantine export calls_20230105.csv --to 更正")
@command
def export(
    target: Annotated[str, typer.Argument(metavar="FILE", help="文件；与 --all 同用时省略")] = "",
    folder: Annotated[Path, typer.Option("--to", help="放到哪个目录")] = Path(),
    everything: Annotated[bool, typer.Option("--all", help="所有有待处理行的文件")] = False,
) -> int:
    """写出更正表（Excel，含个人信息）：每个文件一份，每行旁边是原因。"""
    if bool(target) == everything:
        raise HotlineError("请写一个文件名，或用 --all 导出全部，二者只能选一。")
    installation = load_installation()
    if folder.resolve().is_relative_to(installation.landing.resolve()):
        raise HotlineError("更正表不能直接写入接收目录：没有改好就会被接收。请换一个目录。")
    names, chosen = list(EXPORTS), {}
    if target:
        name, delivery = _dataset_of(_quarantined(installation), target)
        names, chosen = [name], {"delivery": delivery}
    written, used = 0, set[str]()
    for name in names:
        rows = with_fates(installation.warehouse, name).filter(**{ROW_FATE: OPEN, **chosen})
        if rows.height and name not in installation.profile.datasets:
            raise HotlineError(f"来源配置里没有 {name}，收不回更正表：请在配置里加上。")
        used |= {each.name for each in catalogue(installation.warehouse, name)}
        for own in rows.partition_by("delivery", maintain_order=True):
            used.add(_export(installation, name, own, folder, used))
            written += 1
    if not written:
        raise HotlineError("没有待处理的隔离行，不需要更正表。")
    out.print(f"更正表 {written} 份，含个人信息，只有当前用户能读；用完请删除。")
    return 0


def _export(
    installation: Installation, dataset: str, rows: pl.DataFrame, folder: Path, used: set[str]
) -> str:
    """Write the form of one file; returns its name."""
    name = correction_file_name(str(rows["file"][0]), used, installation.profile)
    path = folder / name
    if path.exists():
        raise HotlineError(f"{masked_name(name)} 已存在，未覆盖：请先改名或移走。")
    content = installation.warehouse.archived(str(rows["sha256"][0])).read_bytes()
    created = installation.local_now().replace(
        tzinfo=None, hour=0, minute=0, second=0, microsecond=0
    )
    book = correction_form(rows, content, EXPORTS[dataset], installation.profile, created=created)
    make_folder(folder, PRIVATE_FOLDER)
    write_bytes(path, book, mode=PRIVATE_FILE)
    out.print(f"{masked_name(name)}：{rows.height} 行", markup=False)
    return name


# --- replay ---------------------------------------------------------------------------------------


@app.command(epilog="例：hotline quarantine replay")
@command
def replay() -> int:
    """改了规则、代码表或来源配置以后：重新读取有隔离行的文件，说明各有多少行入库。"""
    from pipelines.cli.night import bring_up_to_date

    installation = load_installation()
    before = _quarantined(installation)
    days = {day for rows in before.values() for day in rows["export_date"]}
    if not days:
        out.print("没有隔离的行，不需要重放。")
        return 0
    outcome = bring_up_to_date(installation, why="replay", days=sorted(map(str, days)))
    _show_replay(before, _quarantined(installation))
    for each in outcome.stale:
        err.print(f"未完成：{each}", style="red", markup=False)
    out.print(f"当前发布 {outcome.release or '（尚无）'}")
    return 0 if outcome.good else 1


def _show_replay(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> None:
    """Print by rule how many rows have left the quarantine, and how many have not."""
    shown = table(
        ["数据集", "原因", "原有", "已离开", "仍隔离"], right=("原有", "已离开", "仍隔离")
    )
    left = new = 0
    for name, rows in before.items():
        gone = rows.join(after[name], on=_PLACE, how="anti")
        left += gone.height
        new += after[name].join(rows, on=_PLACE, how="anti").height
        out_of = _by_reason(gone)
        for (rule, column), count in _by_reason(rows).most_common():
            why = _what(reasons(EXPORTS[name], [rule], [column])[0])
            less = out_of[rule, column]
            shown.add_row(name, why, str(count), str(less), str(count - less))
    show_table("重放", shown)
    if not left and not new:
        out.print("没有一行离开：规则、代码表和来源配置没有变化，或改动与这些行无关。")
    else:
        out.print(f"{left} 行离开了隔离，{new} 行新隔离。")


def _by_reason(rows: pl.DataFrame) -> Counter[tuple[str, str]]:
    return Counter(rows.select("rules", "columns").explode("rules", "columns").iter_rows())


# --- discard --------------------------------------------------------------------------------------


@app.command(epilog="例：hotline quarantine discard calls_20230105.csv --line 3 --reason 测试数据")
@command
def discard(
    file: File,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", parser=one_line, help="理由，必填")
    ] = "",
    lines: Annotated[
        list[int] | None, typer.Option("--line", help="只作废这一行；可写多次")
    ] = None,
) -> int:
    """作废：不再更正的行，写明理由；谁、何时、为什么都记下来。"""
    installation = load_installation()
    with installation.held(err.print):
        dataset, delivery = _dataset_of(_quarantined(installation), file)
        rows = with_fates(installation.warehouse, dataset).filter(delivery=delivery)
        if lines:
            if unknown := sorted(set(lines) - set(rows["line"])):
                shown = "、".join(map(line_text, unknown[:10]))
                raise HotlineError(f"行号 {shown} 不在隔离记录里：请用 show 核对行号。")
            rows = rows.filter(pl.col("line").is_in(lines))
        new = enter(
            installation.warehouse,
            dataset,
            rows.filter(pl.col(ROW_FATE) != CORRECTED),
            reason=reason,
            who=_user(),
            at=installation.now(),
        )
    out.print(f"作废 {new} 行。")
    if already := rows.filter(pl.col(ROW_FATE) == DISCARDED).height:
        out.print(f"{already} 行早已作废，记录不变。")
    if corrected := rows.filter(pl.col(ROW_FATE) == CORRECTED).height:
        out.print(f"{corrected} 行已更正，不需要作废。")
    return 0


def _user() -> str:
    """The system user; by number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
