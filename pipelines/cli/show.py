"""`hotline status` of one installation: a verdict, what needs somebody, and all else on request."""

from dataclasses import asdict
from datetime import date

from rich.text import Text

from assets.health import NO_LONGER_FED
from assets.masking import masked_path
from pipelines.cli.console import err, give_data, out, show_problems, show_table, table
from pipelines.cli.state import DatasetState, State
from pipelines.cli.todo import Todo

_FEW = 5


def show_verdict(state: State, todo: list[Todo]) -> int:
    """Print whether all is in order, then what needs somebody, each with the command that helps.

    Args:
        state: the state.
        todo: what needs somebody, most urgent first.

    Returns:
        Exit status: 0 where nothing is urgent.
    """
    urgent = sum(each.urgent for each in todo)
    until = f"数据截至 {_minute(state.cutoff)}"
    if urgent:
        out.print(Text(f"✗ 有 {urgent} 件事今天要处理（{until}）。", "bold red"))
    elif state.release is None:
        out.print(Text("✓ 还没有开始：接收目录里有了导出文件，就运行 hotline run。", "bold green"))
    elif state.days_behind > NO_LONGER_FED.days:
        # Nobody is alarmed every day for it; but this is not what goes well.
        since = f"已有 {state.days_behind} 天没有新的导出（{until}）"
        out.print(Text(f"! {since}：平台停用就不必处理，否则请联系平台。", "bold yellow"))
    else:
        later = f"另有 {len(todo)} 件事可以稍后处理。" if todo else ""
        out.print(Text(f"✓ 正常，{until}。{later}", "bold green"))
    give_data(
        in_order=not urgent,
        cutoff=state.cutoff,
        release=state.release,
        to_do=[asdict(each) for each in todo],
        datasets={name: asdict(each) for name, each in state.datasets.items()},
    )
    for number, each in enumerate(todo, start=1):
        colour = "red" if each.urgent else "yellow"
        out.print(Text.assemble((f"{number}. ", colour), each.sentence))
        if each.command:
            out.print(f"   → {each.command}", markup=False, soft_wrap=True)
    if waiting := sum(len(days) for days in state.waiting.dates.values()):
        out.print(f"待接收的文件 {waiting} 个，下一次夜间任务处理；要立即处理：hotline run")
    out.print(f"当前发布：{state.release or '（尚无）'}")
    out.print("详情：hotline status --full；一种导出：hotline status calls")
    return 1 if urgent else 0


def _minute(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else "—"


def show_full(state: State) -> None:
    """Print everything that is known of the installation."""
    _show_datasets(state.datasets, state)
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
    if state.taken_until and state.taken_until != state.cutoff:
        out.print(f"已接收的数据截至：{state.taken_until}（还没有发布，或发布已固定在以前的一版）")
    if state.days_behind > 0:
        out.print(f"截止日之后已过 {state.days_behind} 天，没有新的日导出。")
    out.print(f"工作日历到：{state.calendar_until}")
    for sentence in state.wrong:
        out.print(f"注意：{sentence}", markup=False, soft_wrap=True)
    for stale in state.stale:
        err.print(f"过期：{stale}（请运行 hotline run）", style="yellow")


def show_dataset(name: str, state: State) -> None:
    """Print everything that is known of one dataset."""
    each = state.datasets[name]
    _show_datasets({name: each}, state)
    if each.missing:
        out.print(f"缺少：{'、'.join(map(str, each.missing))}")
    for sentence in each.noticed:
        out.print(sentence, markup=False)
    show_problems(
        [
            problem
            for row, problem in zip(state.refused_rows, state.refusals, strict=True)
            if row["dataset"] == name
        ]
    )


def _days(days: tuple[date, ...]) -> str:
    shown = "、".join(day.isoformat() for day in days[:_FEW])
    return f"{len(days)}（{shown}{'…' if len(days) > _FEW else ''}）" if days else "0"


def _show_datasets(datasets: dict[str, DatasetState], state: State) -> None:
    right = ("已到", "文件", "拒收", "读取行", "隔离行", "待处理")
    shown = table(
        ["数据集", "首日", "末日", "已到", "缺少", "文件", "拒收", "读取行", "隔离行", "待处理"],
        right=right,
        least=("首日", "已到", "文件", "读取行"),
    )
    for name, each in datasets.items():
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
