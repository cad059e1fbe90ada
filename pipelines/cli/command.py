"""What every command of `hotline` shares: the application, exit statuses, days as they are written.

Exit status 0: done; 1: something is left undone or wrong; 2: the command cannot be carried out as
given; 130 and 143: it was stopped by Ctrl-C, or by SIGTERM (also from Dagster's interface).
"""

import inspect
import os
import re
import signal
import sys
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Annotated, ParamSpec

import typer

from assets.core import HotlineError, did_you_mean, disk_sentence
from pipelines.cli.console import AS_JSON, AS_TEXT, QUIET, err, one_line, output, print_document
from pipelines.cluster import at_hand
from pipelines.config import CITY_VARIABLE, chosen_city, load_publisher
from schemas import EXPORTS

# Who needs a command, in the order of the help.
DAILY, WHEN_RED, YEARLY, ADMINISTRATION = PANELS = ("每天", "变红时", "年终与追溯", "管理")

app = typer.Typer(
    help="12345 热线数据流水线：接收导出、检查、统计、发布。",
    epilog="退出状态：0 完成；1 有未完成或有误的；2 命令无法执行；130、143 被中断。",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    suggest_commands=False,
)
P = ParamSpec("P")
# Who decides and why, of what is recorded.
By = Annotated[
    str, typer.Option("--by", metavar="TEXT", parser=one_line, help="由谁决定，记录下来")
]
Why = Annotated[
    str, typer.Option("--why", metavar="TEXT", parser=one_line, help="为什么，记录下来")
]


def _option(name: str, kind: object, default: object, said: str) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, typer.Option(f"--{name}", help=said)],
    )


_OPTIONS = (
    _option("city", str | None, None, "城市，安装中有几个时"),
    _option("json", bool, False, "以 JSON 输出，供其他程序读取"),
    _option("quiet", bool, False, "不显示结果和进度，只显示错误"),
)


@contextmanager
def meanwhile(variable: str, value: object) -> Iterator[None]:
    """Let everything that reads the configuration see a variable; None leaves it as it is."""
    before = os.environ.get(variable)
    if value is not None:
        os.environ[variable] = str(value)
    try:
        yield
    finally:
        if value is not None:
            del os.environ[variable]
            os.environ.update({} if before is None else {variable: before})


@contextmanager
def _chosen(city: object) -> Iterator[None]:
    """Let everything see which city is meant, and have it at hand."""
    with meanwhile(CITY_VARIABLE, city):
        if chosen_city():
            with at_hand(load_publisher(), err.print):
                yield
        else:
            yield


def command(run: Callable[P, int]) -> Callable[P, None]:
    """Give a command its exit status and the options --city, --json and --quiet.

    A mistake of the user is one sentence, never a traceback.
    """

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        stopped = _note_signals()
        as_json, quiet = kwargs.pop("json", False), kwargs.pop("quiet", False)
        mode = AS_JSON if as_json else QUIET if quiet else AS_TEXT
        with output(mode):
            try:
                with _chosen(kwargs.pop("city", None)):
                    status = run(*args, **kwargs)
            except HotlineError as error:
                err.print(str(error), style="red", markup=False, soft_wrap=True)
                status = 2
            except BrokenPipeError:
                # Whoever reads has seen enough (`| head`); Python would complain again at its end.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                status = 0
            except OSError as error:
                err.print(disk_sentence(error), style="red", markup=False, soft_wrap=True)
                status = 2
            except KeyboardInterrupt:
                err.print("已中断；再运行一次即可从中断处继续。")
                status = 128 + stopped()
        if as_json:
            print_document(status)
        raise typer.Exit(status)

    # What Typer makes the options of.
    signature = inspect.signature(run, eval_str=True)
    parameters = [*signature.parameters.values(), *_OPTIONS]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return wrapped


def _note_signals() -> Callable[[], signal.Signals]:
    """Let SIGTERM end a command as Ctrl-C does; returns what tells which of them came.

    While a run goes on Dagster handles both, and does not say which it was: the interpreter itself
    notes the number of every signal, on a pipe.
    """
    noted, note = os.pipe()
    os.set_blocking(noted, False)
    os.set_blocking(note, False)
    signal.set_wakeup_fd(note, warn_on_full_buffer=False)
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.default_int_handler)

    def came() -> signal.Signals:
        try:
            numbers = os.read(noted, 100)
        except BlockingIOError:
            numbers = b""
        return signal.SIGTERM if signal.SIGTERM in numbers else signal.SIGINT

    return came


# No hotline was counted before, and no calendar of ours reaches further.
_YEARS = range(2000, 2100)


def check_dataset(name: str) -> None:
    """See that there is such a kind of export.

    Raises:
        HotlineError: there is none; says which are close.
    """
    if name not in EXPORTS:
        titles = {table.title: each for each, table in EXPORTS.items()}
        known = f"应为{'、'.join(EXPORTS)}之一。"
        close = did_you_mean(titles.get(name, name), EXPORTS)
        raise HotlineError(f"没有“{name}”这种导出。{close or known}")


def parse_day(text: str) -> date:
    """A day as the operator writes it.

    Raises:
        HotlineError: it is none; says what may have been meant.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.isoformat() != text or day.year not in _YEARS:
        raise HotlineError(f"日期“{text}”无效。{_meant(text, 3) or '请写成 2024-01-15 的样子。'}")
    return day


def _meant(text: str, parts: int) -> str:
    """A question with the day or month that a text in another form may mean; else empty."""
    found = re.findall(r"\d+", text)
    if len(found) == 1 and len(found[0]) == 2 + 2 * parts:
        found = [found[0][:4], *re.findall(r"\d\d", found[0][4:])]
    numbers = [*map(int, found), *[1] * (3 - parts)]
    try:
        day = date(*numbers) if len(numbers) == 3 else date.min
    except (ValueError, OverflowError):
        return ""
    return f"您是不是要写 {day.isoformat()[: 1 + 3 * parts]}？" if day.year in _YEARS else ""


def _month(text: str) -> date:
    """First day of a month as the operator writes it."""
    try:
        return parse_day(f"{text}-01")
    except HotlineError:
        said = _meant(text, 2) or "请写成 2024-01 的样子。"
        raise HotlineError(f"月份“{text}”无效。{said}") from None


def parse_range(first: str, last: str) -> tuple[date, date]:
    """Days from the first day of FROM to the last day of TO; each a day or a month."""
    start = parse_day(first) if _is_day(first) else _month(first)
    if _is_day(last):
        end = parse_day(last)
    else:
        begin = _month(last)
        end = begin.replace(day=monthrange(begin.year, begin.month)[1])
    if end < start:
        raise HotlineError(f"起始 {first} 晚于截止 {last}：请对调。")
    return start, end


def _is_day(text: str) -> bool:
    """Whether a text has a day, not a month only, in whatever form."""
    digits = re.findall(r"\d+", text)
    return len(digits) > 2 or (len(digits) == 1 and len(digits[0]) == 8)
