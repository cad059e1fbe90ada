"""Which releases stay on the disk, and removing the others.

Belongs here: the rule. The newest stay, and those that something refers to: `current`, the one that
waits for a person, the reports that were issued from one.
"""

from assets.core import TEMPORARY, Warehouse, releases_referred_to, remove_folder
from assets.releases.folder import kept_releases
from assets.releases.hold import held_release
from assets.releases.journal import entries


def surplus(warehouse: Warehouse, keep: int) -> list[str]:
    """Ids of the releases that need not stay.

    Args:
        warehouse: where everything lies.
        keep: how many of those that were last made current to keep.
    """
    recent = list(dict.fromkeys(each.release for each in reversed(entries(warehouse))))
    kept = {*recent[:keep], *releases_referred_to(warehouse)}
    if warehouse.current.is_symlink():
        kept.add(warehouse.current.readlink().name)
    if held := held_release(warehouse):
        kept.add(held.release)
    return [each for each in kept_releases(warehouse) if each not in kept]


def sweep(warehouse: Warehouse, keep: int) -> list[str]:
    """Remove drafts and the releases that need not stay.

    Returns:
        Names of what was removed; arguments are those of `surplus`.
    """
    if not warehouse.releases.is_dir():
        return []
    drafts = [each.name for each in warehouse.releases.iterdir() if each.name.startswith(TEMPORARY)]
    removed = sorted([*drafts, *surplus(warehouse, keep)])
    for name in removed:
        remove_folder(warehouse.releases / name)
    return removed
