"""The whole path of the pipeline without Dagster: take, build, publish into a fresh warehouse.

Run as `python -m tests.bench.ours LANDING WAREHOUSE`, or without arguments for the installation
that hotline.toml describes and the reports that are due there. Belongs here: calling the steps in
the order of the night. Nothing of what they do.
"""

import sys
from pathlib import Path

from assets.installation.installation import Installation
from assets.releases.publish import PublishResult
from assets.reports.content.periods import period_of
from assets.reports.issue.due import due_reports
from pipelines.config import load_installation
from tests.bench.steps import build_details, release, take_files
from tests.children.sitecustomize import hide_the_rest


def run(landing: Path, warehouse: Path) -> PublishResult:
    """Bring a warehouse up to date with a landing folder.

    Args:
        landing: folder of exports.
        warehouse: folder of the warehouse; made where it is missing.

    Returns:
        The release that was published.
    """
    return bring_up_to_date(Installation(landing=landing, root=warehouse))


def bring_up_to_date(installation: Installation) -> PublishResult:
    """Take, build and publish what is missing or stale in an installation."""
    take_files(installation)
    return release(installation, build_details(installation))


def issue(installation: Installation) -> None:
    """Issue the reports that are due, with the pictures that the interface shows of the newest."""
    due = due_reports(installation)
    if not due:
        return
    # As in the asset: only who issues loads the renderers.
    from assets.reports.issue.index import write_index
    from assets.reports.issue.issuer import Issuer

    issuer = Issuer(installation)
    for kind, keys in due.items():
        issued = [
            issuer.issue(period_of(kind, key, installation.reports.week_start)) for key in keys
        ]
        if kind != "daily":
            issuer.preview(issued[-1])
    write_index(installation)


if __name__ == "__main__":
    hide_the_rest()
    if len(sys.argv) > 1:
        run(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        installation = load_installation()
        bring_up_to_date(installation)
        issue(installation)
    if "dagster" in sys.modules:
        raise SystemExit("Dagster was loaded: this is not the path without it.")
