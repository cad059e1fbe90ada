"""The changes of the knowledge base: few in most months, a flood in July, as published.

Belongs here: true rows of the dataset `knowledge`.
"""

import numpy as np
import polars as pl

from assets.sample.clock import DAY, Times, is_working, month_start, office_time
from assets.sample.subjects import load_catalogue
from assets.sample.volumes import MONTHS, Volumes, read_data

ADDED, REVISED, RETIRED = range(3)
ACTIONS = ("新增", "修改", "作废")
_REVISED_SHARE = 0.3
# Articles that existed before the year began.
_OLDER_ARTICLES = 2400


def _times(rng: np.random.Generator, year: int, month: int, count: int) -> Times:
    """Office hours of a few working days: units send articles in bulk."""
    first = month_start(year, month)
    days = np.arange(first, month_start(year, month + 1), DAY)
    days = days[is_working(days, year)]
    bulk = rng.choice(days, min(len(days), max(1, count // 40 + 2)), replace=False)
    return np.asarray(rng.choice(bulk, count) + office_time(rng, count))


def make_knowledge(seed: np.random.SeedSequence, volumes: Volumes) -> pl.DataFrame:
    """The year's changes of the knowledge base.

    Args:
        seed: its streams are independent of all other datasets'.
        volumes: articles added or revised by month; a few retired ones come on top.

    Returns:
        Columns of the dataset in canonical names, times naive, sorted by `updated_at`.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    retired = [round(count * 0.03) for count in volumes.knowledge_updates]
    times, actions = [], []
    for month in MONTHS:
        updates = volumes.knowledge_updates[month]
        times.append(_times(rng, volumes.year, month, updates + retired[month]))
        kinds = np.where(rng.random(updates) < _REVISED_SHARE, REVISED, ADDED)
        actions.append(np.concatenate([kinds, np.full(retired[month], RETIRED)]))
    at, action = np.concatenate(times), np.concatenate(actions)
    order = np.argsort(at, kind="stable")
    at, action = at[order], action[order]
    number = np.where(
        action == ADDED,
        _OLDER_ARTICLES + np.cumsum(action == ADDED),
        # One older article each, so that no article changes twice in one second.
        rng.permutation(_OLDER_ARTICLES)[np.arange(len(at))] + 1,
    )
    content = read_data("subjects.toml")["subject"]
    phrases = [(place, ask) for place, each in enumerate(content) for ask in each["asks"]]
    chosen = rng.integers(0, len(phrases), len(at))
    subject = np.array([place for place, _ in phrases])[chosen]
    title = pl.Series([f"{ask}（政策问答）" for _, ask in phrases]).gather(chosen)
    return pl.DataFrame(
        {
            "article_id": "ZS" + pl.Series(number).cast(pl.String).str.zfill(8),
            "updated_at": at.astype("datetime64[us]"),
            "action": pl.Series(ACTIONS).gather(action),
            "unit": load_catalogue().units.gather(subject),
            "title": title,
        }
    )
