"""What the libraries of the command line say themselves, in Chinese: help and usage errors."""

from types import ModuleType
from typing import Any

from click import core, decorators, exceptions, formatting, parser, types
from rich.table import Table
from typer import completion, main, rich_utils
from typer import core as typer_core

_CHINESE = {
    "Usage:": "用法：",
    "Options": "选项",
    "Arguments": "参数",
    "Commands": "命令",
    "Error": "命令有误",
    "Error: {message}": "{message}",
    "Aborted!": "已中断。",
    "Aborted.": "已中断。",
    "required": "必填",
    "[required]": "[必填]",
    "default: {default}": "默认 {default}",
    "[default: {}]": "[默认 {}]",
    "Show this message and exit.": "显示帮助。",
    "Try '{command} {option}' for help.": "用法见 {command} {option}。",
    "Try [blue]'{command_path} {help_option}'[/] for help.": (
        "用法见 [blue]{command_path} {help_option}[/]。"
    ),
    "Did you mean {possibility}?": "您是不是要写 {possibility}？",
    "Did you mean one of: {possibilities}?": "您是不是要写其中之一：{possibilities}？",
    "(Possible options: {possibilities})": "（可用的相近选项：{possibilities}）",
    "Missing command.": "缺少命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}。",
    "Invalid value: {message}": "值有误：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值有误：{message}",
    "Got unexpected extra argument ({args})": "多出了参数（{args}）",
    "Got unexpected extra arguments ({args})": "多出了参数（{args}）",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值。",
    "Option {name!r} does not take a value.": "选项 {name} 后面不写值。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是整数。",
    "{value} is not in the range {range}.": "“{value}”超出范围 {range}。",
    "{value!r} is not {choice}.": "“{value}”不可用，应为 {choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不可用，应为 {choices} 之一。",
    "Install completion for the current shell.": "为当前的命令行安装补全。",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "显示补全脚本。"
    ),
    "file": "文件",
    "directory": "目录",
    "path": "路径",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在。",
}


def _said(text: str) -> str:
    return _CHINESE.get(text, text)


def _said_of(one: str, several: str, count: int) -> str:
    return _said(one if count == 1 else several)


class _Folding(Table):
    """A table of the help that folds Chinese sentences, which hold no spaces to break at."""

    def add_row(self, *cells: Any, **options: Any) -> None:  # noqa: ANN401 As the base class.
        """Add a row as the base class does."""
        super().add_row(*cells, **options)
        for column in self.columns:
            column.overflow = "fold"


class _Argument(typer_core.TyperArgument):
    """An argument that keeps its help: from click 8.4 on its base class forgets it."""

    def __init__(self, *args: Any, help: str | None = None, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, help=help, **options)
        self.help = help


def speak_chinese() -> None:
    """Let click and Typer say their sentences in Chinese.

    Both look them up by gettext, in the language of the environment, which for a service is none.
    """
    modules: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, types)
    for module in (*modules, typer_core, rich_utils):
        for name, translate in (("_", _said), ("gettext", _said), ("ngettext", _said_of)):
            if hasattr(module, name):
                setattr(module, name, translate)
    # Typer's own were looked up when it was imported.
    for name in dir(rich_utils):
        if name.isupper() and isinstance(text := getattr(rich_utils, name), str):
            setattr(rich_utils, name, _said(text))
    setattr(rich_utils, "Table", _Folding)  # noqa: B010 It is not theirs to give away.
    setattr(main, "TyperArgument", _Argument)  # noqa: B010 Nor is this.
    for default in completion._install_completion_placeholder_function.__defaults__ or ():
        default.help = _said(default.help)
