"""`hotline init`: a new installation: its folders, its hotline.toml, and what to do next."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assets.core import HotlineError, make_folder, write_bytes
from assets.installation import ReportSettings, local_now
from pipelines.cli.command import ADMINISTRATION, app, command, meanwhile, parse_day
from pipelines.cli.console import err, one_line, out
from pipelines.config import FILE_NAME, FILE_VARIABLE, load_installation

# Enough of the files that lie there to tell by which profile they can be read.
_LOOKED_AT = 5
_FILE = """\
# 一个安装的设置。相对路径从本文件所在的目录算起；全部设置见手册“设置”。
landing = {landing}
warehouse = {warehouse}
profile = {profile}
start = {start}

[reports]
organisation = {organisation}

[operations]
# 每件事一行 JSON 的日志；监控用的指标。
log = "logs/hotline.jsonl"
metrics = "metrics/hotline.prom"
"""
_NEXT = """\
接下来：
  1. 把平台的导出文件放进 {landing}
  2. {cd}hotline doctor      体检：能不能正常运行
  3. {cd}hotline run         接收、检查、统计、发布
  4. {cd}hotline status      每天早上看一眼
每晚自动运行，在 crontab 中写一行（服务器时区应为北京时间）：
  0 2 * * * cd {folder} && {program} run"""


@app.command(
    rich_help_panel=ADMINISTRATION,
    epilog="例：hotline init；hotline init 热线 --organisation 某市12345热线 --start 2024-01-01",
)
@command
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="装在哪个目录")] = Path(),
    organisation: Annotated[
        str | None, typer.Option("--organisation", parser=one_line, help="单位名称，印在报告上")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", help="第一天；更早的导出不接收，如 2024-01-01")
    ] = None,
    landing: Annotated[
        Path | None, typer.Option("--landing", help="平台的导出文件放在哪个目录")
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="来源配置；不写就看接收目录里的文件来定")
    ] = None,
) -> int:
    """新安装：问几个问题（或用选项回答），建好目录和 hotline.toml，告诉您接下来做什么。"""
    folder = folder.absolute()
    path = folder / FILE_NAME
    if path.exists():
        raise HotlineError(f"{path} 已存在，未覆盖：要改设置请直接编辑它，要另装请换一个目录。")
    standard = ReportSettings.organisation
    organisation = organisation or _ask("单位名称，印在报告上", standard)
    place = landing or Path(_ask("平台的导出文件放在哪个目录", "landing"))
    exports = folder / place
    if exports.resolve().is_relative_to((folder / "warehouse").resolve()):
        raise HotlineError(f"接收目录 {exports} 在数据仓库里面：请另选一个目录。")
    found, days = _look(exports, profile)
    first = min(days, default=date(local_now().year, 1, 1))
    day = parse_day(start or _ask("第一天（更早的导出不接收）", str(first)))
    for made in (folder, exports):
        make_folder(made)
    settings = {
        "landing": str(place),
        "warehouse": "warehouse",
        "profile": found,
        "organisation": organisation,
    }
    texts = {name: json.dumps(text, ensure_ascii=False) for name, text in settings.items()}
    _write(path, _FILE.format(**texts, start=day))
    out.print(f"已写好 {path}", markup=False, soft_wrap=True)
    cd = "" if folder == Path.cwd() else f"cd {folder} && "
    said = _NEXT.format(landing=exports, cd=cd, folder=folder, program=Path(sys.argv[0]).absolute())
    out.print(said, markup=False, soft_wrap=True)
    return 0


def _ask(question: str, default: str) -> str:
    """What a person answers; the default where nobody sits there, or only presses Enter."""
    if not sys.stdin.isatty():
        return default
    err.print(f"{question}（直接回车：{default}）", markup=False)
    return one_line(input("> ")) or default


def _look(landing: Path, wanted: str | None) -> tuple[str, list[date]]:
    """The profile by which the files of a folder can be read, and the dates of their names."""
    from assets.exports import probe_file, recognise_file
    from assets.profiles import BUILT_IN, load_profile

    names = [wanted] if wanted else sorted(each.stem for each in BUILT_IN.glob("*.toml"))
    files = sorted(each for each in landing.rglob("*") if each.is_file()) if not wanted else []
    scores: dict[str, int] = {}
    dates: dict[str, list[date]] = {}
    for name in names:
        profile = load_profile(name)
        dates[name], scores[name] = [], 0
        known = []
        for path in files:
            try:
                dates[name].append(recognise_file(path, profile)[1])
            except HotlineError:
                continue
            known.append(path)
        scores[name] = sum(not probe_file(path, profile).refusal for path in known[:_LOOKED_AT])
    best = max(names, key=lambda name: (scores[name], name == "hanzhong"))
    if files and not scores[best]:
        err.print(
            f"接收目录里有 {len(files)} 个文件，内置的来源配置都读不了：请用 hotline profile new "
            "文件 起草一份，另存为 .toml，再把 hotline.toml 的 profile 改成它。",
            style="yellow",
            markup=False,
        )
    elif files:
        out.print(f"按接收目录里的 {len(files)} 个文件，来源配置用 {best}。", markup=False)
    return best, dates[best] if scores[best] else []


def _write(path: Path, text: str) -> None:
    """Write the file; one that could not be read again does not stay."""
    write_bytes(path, text.encode())
    try:
        with meanwhile(FILE_VARIABLE, path):
            load_installation()
    except HotlineError:
        path.unlink()
        raise
