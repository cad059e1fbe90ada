"""Show the state of an installation as a table, and say what to do about each thing amiss."""

from datetime import date

from assets.masking import masked_path
from pipelines.cli.console import err, out, show_problems, show_table, table
from pipelines.cli.state import State

_FEW = 5


def _days(days: tuple[date, ...]) -> str:
    shown = "、".join(day.isoformat() for day in days[:_FEW])
    return f"{len(days)}（{shown}{'…' if len(days) > _FEW else ''}）" if days else "0"


def show_state(state: State) -> int:
    """Print the state.

    Returns:
        Exit status: 0 where nothing is stale and the source can be listed.
    """
    _show_datasets(state)
    _show_source(state)
    for name, each in state.datasets.items():
        for sentence in each.noticed:
            out.print(f"{name} {each.title}：{sentence}", markup=False)
    show_problems(state.refusals)
    if any(state.became.values()):
        waiting, corrected, discarded = state.became.values()
        out.print(
            f"隔离的行：待处理 {waiting}，已更正 {corrected}，已作废 {discarded}"
            "（hotline quarantine list）"
        )
    out.print(f"当前发布：{state.release or '（尚无）'}　数据截至：{state.cutoff or '—'}")
    if state.days_behind > 0:
        out.print(f"截止日之后已过 {state.days_behind} 天，没有新的日导出。")
    out.print(f"工作日历到：{state.calendar_until}")
    for sentence in state.wrong:
        out.print(f"注意：{sentence}", markup=False, soft_wrap=True)
    for stale in state.stale:
        err.print(f"过期：{stale}（请运行 hotline run）", style="yellow")
    return 1 if state.stale or state.waiting.unreachable else 0


def _show_datasets(state: State) -> None:
    right = ("已到", "文件", "拒收", "读取行", "隔离行", "待处理")
    shown = table(
        ["数据集", "首日", "末日", "已到", "缺少", "文件", "拒收", "读取行", "隔离行", "待处理"],
        right=right,
    )
    for name, each in state.datasets.items():
        shown.add_row(
            f"{name} {each.title}",
            str(each.first or "—"),
            str(each.last or "—"),
            str(each.present),
            _days(each.missing),
            str(each.files),
            str(each.refused),
            str(each.read),
            str(each.quarantined),
            str(len(state.waiting.dates[name])),
        )
    show_table("导出", shown)


def _show_source(state: State) -> None:
    if state.waiting.unreachable:
        err.print(state.waiting.unreachable, style="red", markup=False, soft_wrap=True)
    landing = state.waiting.landing
    for path in landing.waiting:
        out.print(f"留待下次：{masked_path(path)}（仍在上传，或日期未到）", markup=False)
    for path in landing.unknown:
        out.print(f"未识别：{masked_path(path)}（请核对文件名或来源配置）", markup=False)
