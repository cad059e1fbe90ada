"""What the daily ticket files show: every ticket that changed on a day, as it then stood.

Belongs here: from the life of each ticket to its rows in the exports. Nothing is drawn here.
"""

import numpy as np
import polars as pl

from assets.sample.clock import Ints, Times
from assets.sample.subjects import load_catalogue
from assets.sample.tickets import Tickets

ACCEPTED, IN_WORK, RETURNED, CLOSED, MERGED, VOIDED = range(6)
STATUSES = ("受理", "办理中", "退回", "已办结", "已并单", "已作废")


def _changes(tickets: Tickets) -> tuple[Ints, Times]:
    """Ticket and time of the last change of each day on which the ticket changed."""
    lives = tickets.lives
    moments = (
        lives.accepted,
        *lives.dispatched,
        *lives.returned,
        lives.extended,
        lives.closed,
        lives.voided,
        lives.touched,
    )
    changes = pl.concat(
        [
            pl.DataFrame(
                {"ticket": np.arange(len(times)), "at": times.astype("datetime64[us]")}
            ).drop_nulls()
            for times in moments
        ]
    )
    last = (
        changes.group_by("ticket", pl.col("at").dt.date().alias("day"))
        .agg(pl.col("at").max())
        .sort("at", "ticket")
    )
    return last["ticket"].to_numpy(), last["at"].to_numpy().astype("datetime64[s]")


def _latest(times: tuple[Times, ...], ticket: Ints, at: Times) -> tuple[Ints, Times]:
    """How many of the times had come, and the latest of them."""
    number = np.zeros(len(at), np.int64)
    latest = np.full(len(at), np.datetime64("NaT", "s"))
    for each in times:
        come = each[ticket] <= at
        number += come
        latest = np.where(come, each[ticket], latest)
    return number, latest


def _column(times: Times) -> pl.Series:
    return pl.Series(times.astype("datetime64[us]"))


def ticket_versions(tickets: Tickets) -> pl.DataFrame:
    """Every row of the ticket exports.

    Returns:
        Columns of the dataset in canonical names, times naive, sorted by `updated_at`; the file
        of a day holds the rows whose `updated_at` lies on that day.
    """
    ticket, at = _changes(tickets)
    lives, roles, matters = tickets.lives, tickets.roles, tickets.matters
    dispatches, dispatched_at = _latest(lives.dispatched, ticket, at)
    returns, returned_at = _latest(lives.returned, ticket, at)
    closed = lives.closed[ticket] <= at
    merged = closed & (roles.merged_into[ticket] >= 0)
    status = np.select(
        [
            lives.voided[ticket] <= at,
            merged,
            closed,
            returned_at > dispatched_at,
            dispatches > 0,
        ],
        [VOIDED, MERGED, CLOSED, RETURNED, IN_WORK],
        ACCEPTED,
    )
    extended = lives.extended[ticket] <= at
    first_view = lives.touched[ticket] > at
    subject = np.where(first_view, matters.first_subject[ticket], matters.subject[ticket])
    catalogue = load_catalogue()
    second = pl.Series(dispatches % 2 == 0) & pl.Series(dispatches > 0)
    unit = matters.second_unit.gather(ticket).zip_with(second, matters.first_unit.gather(ticket))
    handled_directly = pl.Series(roles.direct[ticket])
    nobody = pl.Series([None], dtype=pl.String).new_from_index(0, len(ticket))
    ids = tickets.fixed["ticket_id"]
    host = ids.gather(np.maximum(roles.merged_into[ticket], 0))
    never = np.datetime64("NaT", "s")
    return tickets.fixed[ticket].select(
        "ticket_id",
        "call_id",
        "channel",
        "ticket_type",
        catalogue.categories.gather(subject).alias("category"),
        "sector",
        "urgency",
        "region",
        "title",
        "content",
        "accepted_at",
        "handling",
        _column(dispatched_at).alias("dispatched_at"),
        nobody.zip_with(handled_directly, unit).alias("unit"),
        _column(np.where(extended, lives.extended_to[ticket], never)).alias("extended_to"),
        _column(np.where(closed, lives.closed[ticket], never)).alias("closed_at"),
        pl.Series("status", STATUSES).gather(status),
        pl.Series("returns", returns),
        host.zip_with(pl.Series(merged), nobody).alias("merged_into"),
        _column(at).alias("updated_at"),
    )
