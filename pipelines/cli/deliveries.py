"""`hotline deliveries`: which files wait for a person's decision, and the decision."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import polars as pl
import typer

from assets.core import HotlineError
from assets.exports import (
    Place,
    State,
    Verdict,
    decide,
    read_decisions,
    read_ledger,
    refusal_sentence,
)
from assets.installation import Installation
from assets.masking import masked_name, masked_path
from pipelines.cli.command import By, Why, command
from pipelines.cli.console import out
from pipelines.cli.releases import show_held
from pipelines.config import load_installation
from schemas import EXPORTS
from schemas.file_rules import FINDING_RULES

app = typer.Typer(
    help="收到的文件：列出暂扣待核的，放行或退回。",
    invoke_without_command=True,
)
Which = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="list 显示的编号，或文件名")
]
Kind = Annotated[str | None, typer.Option("--kind", help="某一种原因的全部暂扣文件")]
_TITLES = {
    State.HELD: "暂扣",
    State.REPEAT: "重复",
    State.REPLACED: "已替换",
    State.REJECTED: "已退回",
    State.REFUSED: "拒收",
    State.IN_FORCE: "已计入",
}
_DECIDABLE = [State.HELD, State.REJECTED, State.IN_FORCE]
_Row = Mapping[str, Any]


@app.callback()
def _list_by_default(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_files()


@app.command("list", epilog="例：hotline deliveries list --all")
@command
def list_files(
    everything: Annotated[
        bool, typer.Option("--all", help="也列出重复的、已替换的、拒收的和已退回的")
    ] = False,
) -> int:
    """暂扣的文件：为什么，怎么办；有等待处理的，退出状态为 1。"""
    installation = load_installation()
    show_held(installation)
    ledger = _ledger(installation)
    held = ledger.filter(state=State.HELD)
    shown = ledger.filter(pl.col("state") != State.IN_FORCE) if everything else held
    decided = _decided(installation)
    files = {row["delivery"]: row for row in ledger.iter_rows(named=True)}
    for row in shown.sort("dataset", "export_date", "path").iter_rows(named=True):
        name = masked_path(row["path"])
        title = f"{_TITLES[row['state']]} {EXPORTS[row['dataset']].title} {row['export_date']}"
        out.print(f"{title} {name}（编号 {row['delivery']}）", markup=False, soft_wrap=True)
        out.print(f"  {_reason(row, files, decided)}", markup=False, soft_wrap=True)
    if not held.height:
        out.print("没有暂扣的文件。")
        return 0
    kinds = "，".join(f"{kind} {count} 个" for kind, count in Counter(held["rule"]).items())
    out.print(f"暂扣 {held.height} 个文件（{kinds}），等待处理：", soft_wrap=True)
    for verb, word in (("release", "放行"), ("reject", "退回")):
        out.print(f"  {word}：hotline deliveries {verb} 编号 --by 姓名 --why 原因", soft_wrap=True)
    out.print("  同一种原因的一起处理：把编号换成 --kind 原因代码。")
    return 1


def _reason(row: _Row, files: Mapping[str, _Row], decided: Mapping[tuple[str, Place], str]) -> str:
    """Why a delivery is in its state, in Chinese."""
    if row["state"] in (State.HELD, State.REFUSED):
        return refusal_sentence(row)[1]
    if row["state"] == State.REJECTED:
        return decided[row["dataset"], (row["export_date"], row["content"])]
    other = masked_path(files[row["other"]]["path"])
    if row["state"] == State.REPEAT:
        return f"内容与 {other} 相同，没有重复计入。"
    return f"{row['read']} 行已由 {other} 的 {files[row['other']]['read']} 行整个替换。"


def _decided(installation: Installation) -> dict[tuple[str, Place], str]:
    """What was decided last on each delivery, as a sentence."""
    return {
        (each.dataset, each.place): f"{each.by} 于 {each.at[:16].replace('T', ' ')}：{each.why}"
        for each in read_decisions(installation.warehouse)
    }


def _ledger(installation: Installation) -> pl.DataFrame:
    return pl.concat([read_ledger(installation.warehouse, name) for name in EXPORTS])


@app.command(epilog="例：hotline deliveries release 编号 --by 张三 --why 已核对")
@command
def release(by: By, why: Why, which: Which = None, kind: Kind = None) -> int:
    """放行：文件没有问题，照常计入；已退回的也可以放行。"""
    return _decide(Verdict.RELEASED, which or [], kind, by=by, why=why)


@app.command(epilog="例：hotline deliveries reject 编号 --by 张三 --why 导错了表")
@command
def reject(by: By, why: Why, which: Which = None, kind: Kind = None) -> int:
    """退回：文件有误，不计入；已计入的也可以退回。更正后的文件照常接收。"""
    return _decide(Verdict.REJECTED, which or [], kind, by=by, why=why)


def _decide(verdict: Verdict, which: list[str], kind: str | None, *, by: str, why: str) -> int:
    installation = load_installation()
    with installation.held(out.print):
        ledger = _ledger(installation)
        chosen = [_named(ledger, each) for each in which]
        if kind is not None:
            if kind not in FINDING_RULES:
                raise HotlineError(f"没有原因“{kind}”：应为{'、'.join(FINDING_RULES)}之一。")
            chosen += ledger.filter(state=State.HELD, rule=kind).iter_rows(named=True)
        if not chosen:
            raise HotlineError("没有要处理的文件：请写明编号，或用 --kind，见 hotline deliveries。")
        places = {
            row["delivery"]: (row["dataset"], (row["export_date"], row["content"]))
            for row in chosen
        }
        decide(
            installation.warehouse,
            dict.fromkeys(places.values()),
            verdict,
            by=by,
            why=why,
            at=installation.now(),
        )
    done = "放行" if verdict == Verdict.RELEASED else "退回"
    for row in chosen:
        out.print(f"已{done}：{row['export_date']} {masked_path(row['path'])}", markup=False)
    out.print("下一次夜间任务据此重算；要立即重算，请运行 hotline run。")
    return 0


def _named(ledger: pl.DataFrame, wanted: str) -> _Row:
    """The delivery that the operator means."""
    found = []
    for row in ledger.filter(pl.col("state").is_in(_DECIDABLE)).iter_rows(named=True):
        name = row["path"].rpartition("/")[2]
        if wanted in (row["delivery"], row["path"], name, masked_name(name)):
            found.append(row)
    held = [row for row in found if row["state"] == State.HELD]
    found = held or found
    if not found:
        raise HotlineError(
            f"没有可以放行或退回的文件 {masked_name(wanted)}："
            "请用 hotline deliveries list --all 核对。"
        )
    if len(found) > 1:
        ids = "、".join(row["delivery"] for row in found)
        raise HotlineError(
            f"名为 {masked_name(wanted)} 的文件有 {len(found)} 个，请改写编号：{ids}。"
        )
    return found[0]
