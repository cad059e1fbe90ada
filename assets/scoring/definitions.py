"""The scorecard as a Dagster asset: the scores of every year of the current release.

It reads the release as a downstream tool would, and writes nothing: what it came to is in the
metadata.
"""

from collections.abc import Iterator

import dagster as dg

from assets.graph import Event, StepEvent, materialization, run_step
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.scoring.scorecards import Scorecard, scorecard

KEY = dg.AssetKey(["scoring", "scorecard"])


def _table(card: Scorecard) -> str:
    """The scores as a Markdown table."""
    lines = ["| 三级指标 | 权重 | 得分 | 公布 | 计分依据 |", "|---|---:|---:|---:|---|"]
    for each in card.scores:
        score, printed = (
            "—" if marks is None else f"{marks:g}" for marks in (each.score, each.printed)
        )
        lines.append(f"| {each.title} | {each.weight:g} | {score} | {printed} | {each.reason} |")
    return "\n".join(lines)


def score_release(installation: Installation) -> Iterator[Event]:
    """Score every year of the current release."""
    release = installation.warehouse.current.resolve()
    years = sorted(int(path.stem) for path in release.glob("indicators/*.parquet"))
    metadata: dict[str, dg.MetadataValue] = {"发布编号": dg.MetadataValue.text(release.name)}
    for card in (scorecard(release, year) for year in years):
        metadata[f"{card.year}年总分"] = dg.MetadataValue.float(card.total)
        metadata[f"{card.year}年缺数指标"] = dg.MetadataValue.int(len(card.missing))
        metadata[f"{card.year}年计分表"] = dg.MetadataValue.md(_table(card))
    yield materialization(KEY, metadata, inputs=[RELEASE])


def scorecard_asset() -> dg.AssetsDefinition:
    """The asset `scoring/scorecard`."""

    @dg.asset(
        key=KEY,
        description="绩效评价计分表：只用已发布的绩效指标，按指标体系的规则计分，与公布的得分对照。",
        deps=[RELEASE],
        kinds={"polars"},
    )
    def score(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[StepEvent]:
        yield from run_step(context, installation, score_release(installation))

    return score
