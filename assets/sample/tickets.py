"""The tickets of the year, put together: how they came in, their fate, their life, their texts.

Belongs here: the composition, and the columns of a ticket that never change. What the daily files
show of it is in `versions`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.sample.clock import month_index
from assets.sample.lives import Lives, draw_lives
from assets.sample.origins import draw_origins
from assets.sample.requests import PHONE, make_requests
from assets.sample.roles import Roles, draw_roles
from assets.sample.subjects import Matters, load_catalogue
from assets.sample.texts import write_texts
from assets.sample.volumes import Volumes


@dataclass(frozen=True)
class Tickets:
    """The tickets of the year, one entry each, in order of acceptance.

    Attributes:
        fixed: columns that never change: `ticket_id`, `call_id`, `channel`, `ticket_type`,
            `sector`, `urgency`, `region`, `title`, `content`, `accepted_at`, `handling`.
        roles: the fate of each.
        matters: what each is about.
        lives: when everything happened to each.
    """

    fixed: pl.DataFrame
    roles: Roles
    matters: Matters
    lives: Lives


def make_tickets(seed: np.random.SeedSequence, volumes: Volumes, calls: pl.DataFrame) -> Tickets:
    """The year's tickets.

    Args:
        seed: its streams are independent of all other datasets'.
        volumes: how many of everything.
        calls: the year's calls, as `make_calls` returns them.
    """
    of_requests, of_roles, of_lives, of_texts, of_origins = seed.spawn(5)
    requests = make_requests(of_requests, volumes, calls)
    accepted = requests["accepted_at"].to_numpy().astype("datetime64[s]")
    month = month_index(accepted, volumes.year)
    origin = draw_origins(np.random.Generator(np.random.PCG64(of_origins)), requests)
    rng = np.random.Generator(np.random.PCG64(of_roles))
    roles, matters = draw_roles(rng, volumes, accepted, month, origin)
    misfiled = matters.subject != matters.first_subject
    rng = np.random.Generator(np.random.PCG64(of_lives))
    lives = draw_lives(rng, accepted, roles, misfiled, volumes.year)
    rng = np.random.Generator(np.random.PCG64(of_texts))
    by_phone = (requests["channel"] == PHONE).to_numpy()
    title, content = write_texts(rng, matters, roles.direct, by_phone, requests["caller"])
    catalogue = load_catalogue()
    running = pl.int_range(1, requests.height + 1, eager=True).cast(pl.String).str.zfill(6)
    day = requests["accepted_at"].dt.strftime("%Y%m%d")
    fixed = pl.DataFrame(
        {
            "ticket_id": "HZ" + day + running,
            "call_id": requests["call_id"],
            "channel": requests["channel"],
            "ticket_type": matters.ticket_type,
            "sector": catalogue.sectors.gather(matters.subject),
            "urgency": matters.urgency,
            "region": catalogue.regions.gather(matters.region),
            "title": title,
            "content": content,
            "accepted_at": requests["accepted_at"],
            "handling": pl.Series(["转办", "直接答复"]).gather(roles.direct.astype(np.int64)),
        }
    )
    return Tickets(fixed, roles, matters, lives)
