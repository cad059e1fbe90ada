"""Which tickets repeat an earlier one: the same citizen about the same matter, some days later.

Belongs here: the choice. What tickets are about is drawn in `subjects`.
"""

import numpy as np
import polars as pl

from assets.sample.clock import Ints

WITHIN_DAYS = 25
# Share of repetitions among the calls of citizens who called a few weeks before.
REPEATED_SHARE = 0.09


def draw_origins(rng: np.random.Generator, requests: pl.DataFrame) -> Ints:
    """Choose the tickets that repeat the caller's latest one.

    Args:
        rng: stream to draw from.
        requests: the year's tickets, as `make_requests` returns them. Only those by phone repeat
            and are repeated: of written ones, no export tells who sent them.

    Returns:
        For each ticket the position of the first one about its matter, its own where it is new.
    """
    before = (
        requests.with_row_index("position")
        .filter(pl.col("call_id").is_not_null())
        .select(
            "position",
            earlier=pl.col("position").shift().over("caller"),
            gap=pl.col("accepted_at").diff().over("caller"),
        )
        .filter(pl.col("gap") <= pl.duration(days=WITHIN_DAYS))
    )
    chosen = before.filter(pl.Series(rng.random(before.height) < REPEATED_SHARE))
    origin = np.arange(requests.height)
    origin[chosen["position"].to_numpy()] = chosen["earlier"].to_numpy()
    # A repetition of a repetition is about the first one's matter.
    while (origin[origin] != origin).any():
        origin = origin[origin]
    return origin
