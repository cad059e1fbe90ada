"""The `hotline` command. Importing a module registers its commands, in the order of the help."""

from pipelines.cli import doctor, evaluation, issuing, keeping, notify, privacy, releases

# isort: split
from pipelines.cli import daily, deliveries, profile, quarantine
from pipelines.cli.command import app

__all__ = [
    "app",
    "daily",
    "doctor",
    "evaluation",
    "issuing",
    "keeping",
    "main",
    "notify",
    "privacy",
    "releases",
]

app.add_typer(profile.app, name="profile")
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(privacy.key, name="key")
app.add_typer(quarantine.app, name="quarantine")


def main() -> None:
    """Entry point of the command."""
    app()
