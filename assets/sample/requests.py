"""How tickets come in: by phone, each from an answered call, and through written channels.

Belongs here: acceptance time, channel and caller of each ticket. What becomes of them is in
`lives`.
"""

import numpy as np
import polars as pl

from assets.sample.clock import Times, arrivals, month_index, seconds
from assets.sample.volumes import MONTHS, VOIDED_TICKET_SHARE, Volumes

PHONE = "电话"
PHONE_SHARE = 0.82
OTHER_CHANNELS = ("微信", "网站", "APP", "市长信箱", "省级平台", "其他")
OTHER_CHANNEL_SHARES = (0.44, 0.17, 0.14, 0.08, 0.14, 0.03)


def _month(
    rng: np.random.Generator, volumes: Volumes, month: int, answered: pl.DataFrame
) -> pl.DataFrame:
    total = volumes.tickets_accepted[month]
    total += round(total * VOIDED_TICKET_SHARE)
    by_phone = round(total * PHONE_SHARE)
    calls = answered.filter(answered["month"] == month)
    chosen = np.sort(rng.choice(calls.height, by_phone, replace=False))
    written = arrivals(rng, volumes, month, total - by_phone, evenly=0.35)
    channel = rng.choice(len(OTHER_CHANNELS), total - by_phone, p=OTHER_CHANNEL_SHARES)
    phoned = calls[chosen].select(
        "accepted_at", "call_id", pl.lit(PHONE).alias("channel"), "caller"
    )
    others = pl.DataFrame(
        {
            "accepted_at": written.astype("datetime64[us]"),
            "call_id": pl.Series([None], dtype=pl.String).new_from_index(0, len(written)),
            "channel": pl.Series(OTHER_CHANNELS).gather(channel),
            "caller": calls["caller"].gather(rng.integers(0, calls.height, len(written))),
        }
    )
    return pl.concat([phoned, others])


def make_requests(
    seed: np.random.SeedSequence, volumes: Volumes, calls: pl.DataFrame
) -> pl.DataFrame:
    """The year's tickets as they come in.

    Args:
        seed: its streams are independent of all others.
        volumes: tickets accepted by month; voided ones come on top.
        calls: the year's calls, as `make_calls` returns them.

    Returns:
        `accepted_at`, `call_id` (by phone only), `channel`, `caller`, sorted by `accepted_at`.
    """
    first, *streams = (np.random.Generator(np.random.PCG64(each)) for each in seed.spawn(13))
    answered = calls.filter(calls["outcome"] == "接通")
    talk = (answered["ended_at"] - answered["answered_at"]).dt.total_seconds().to_numpy()
    # The agent saves the ticket somewhere in the second half of the call.
    saved_after = talk * (first.random(answered.height) * 0.5 + 0.5)
    start: Times = answered["answered_at"].to_numpy().astype("datetime64[s]")
    accepted = start + seconds(saved_after)
    answered = answered.with_columns(
        pl.Series("accepted_at", accepted.astype("datetime64[us]")),
        pl.Series("month", month_index(accepted, volumes.year)),
    )
    months = [_month(streams[month], volumes, month, answered) for month in MONTHS]
    return pl.concat(months).sort("accepted_at", maintain_order=True)
