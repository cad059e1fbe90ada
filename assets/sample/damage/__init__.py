"""Everything that goes wrong with exports on their way: kinds, small functions in a registry.

Belongs here: the order in which the kinds are applied. Each is described where it is defined; the
facts of the damaged exports are the same as those of the clean ones.
"""

import numpy as np

from assets.sample.damage import (  # noqa: F401 - each registers its kinds
    any_rows,
    call_rows,
    deliveries,
    disguises,
    forms,
    lines,
    other_rows,
    ticket_files,
    ticket_rows,
)
from assets.sample.damage.desk import Desk
from assets.sample.damage.extra_rows import add_bad_rows
from assets.sample.damage.kind import Trace
from assets.sample.damage.registry import KINDS, FileKind, TrueKind
from assets.sample.sheets import Sheet, cut_into_sheets
from assets.sample.volumes import Volumes
from assets.sample.year import Year


def damage_year(year: Year, volumes: Volumes) -> tuple[list[Sheet], list[Trace]]:
    """The sheets of the year with all damage.

    Args:
        year: the true rows.
        volumes: says which year it is.

    Returns:
        The sheets in the order of dataset and date, and a trace of everything that was done.
    """
    of_rows, of_sheets = (np.random.Generator(np.random.PCG64(s)) for s in year.damage.spawn(2))
    rows = dict(year.rows)
    traces = []
    for kind in KINDS.values():
        if isinstance(kind, TrueKind):
            for dataset, number in kind.apply(rows, of_rows).items():
                traces.append(Trace(kind.name, dataset, "", kind.outcome, kind.rule, number))
    # In the order in which they are registered: deliveries take the days that they need before
    # forms take any.
    desk = Desk(cut_into_sheets(Year(rows, year.damage), volumes), of_sheets)
    for kind in KINDS.values():
        if isinstance(kind, FileKind):
            desk.kind = kind
            kind.apply(desk)
    add_bad_rows(desk)
    return desk.sheets, traces + desk.traces
