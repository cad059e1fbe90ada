"""The `hotline` command. Importing a module registers its commands; the help groups them."""

from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import (
    daily,
    deliveries,
    doctor,
    evaluation,
    init,
    issuing,
    keeping,
    notify,
    privacy,
    profile,
    quarantine,
    releases,
)
from pipelines.cli.chinese import speak_chinese
from pipelines.cli.command import ADMINISTRATION, PANELS, WHEN_RED, app

__all__ = [
    "app",
    "daily",
    "doctor",
    "evaluation",
    "init",
    "issuing",
    "keeping",
    "main",
    "notify",
    "privacy",
    "releases",
]

speak_chinese()
app.registered_commands.sort(key=lambda each: PANELS.index(str(each.rich_help_panel)))
app.add_typer(deliveries.app, name="deliveries", rich_help_panel=WHEN_RED)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=WHEN_RED)
app.add_typer(profile.app, name="profile", rich_help_panel=ADMINISTRATION)
app.add_typer(privacy.key, name="key", rich_help_panel=ADMINISTRATION)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"hotline {version('hotline-pipeline')}")
        raise typer.Exit


@app.callback()
def _whole(
    wanted: Annotated[
        bool,
        typer.Option("--version", help="显示程序版本", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    del wanted  # Said before any command is looked at.


def main() -> None:
    """Entry point of the command."""
    app()
