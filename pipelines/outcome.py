"""What a night came to: counted from its events, told as a check, read back by commands."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import dagster as dg

from assets.graph import Event, chapter_link, evaluation, is_wrong, materialization
from assets.installation import Installation

KEY = dg.AssetKey(["operations", "night"])
CHECK = "up_to_date"
# How many files there are to take, observed at the beginning.
PENDING = "待接收文件数"
_STAGES = {
    "exports": "接收",
    "details": "整理",
    "facts": "统计",
    "indicators": "年度指标",
    "release": "发布",
    "scoring": "计分",
    "reports": "报告",
}
_SHOWN = 20


@dataclass
class Stage:
    """What one stage of a night came to.

    Attributes:
        made: partitions.
        rows: rows of them.
        seconds: that it took.
        failed: checks that failed it.
    """

    made: int = 0
    rows: int = 0
    seconds: float = 0
    failed: int = 0


@dataclass
class Outcome:
    """What a night came to.

    Attributes:
        files: files that were new or stale.
        rebuilt: months whose facts were built.
        failed: what failed, a sentence each.
        stale: what is still not up to date: "table month".
        release: id of the current release.
        published: whether it is a new one.
        unreachable: why the source could not be listed; empty where it could.
        held: id of a release that waits for a person because a past month moved; a pinned release
            is one that a person decided on, and nothing is left undone.
        empty: whether no export has ever come: there is nothing that could be done.
        reports: reports that were due, or looked at because their exports changed.
        attention: what needs somebody today although the night did its work, a sentence each.
        assets: the assets that these sentences are about.
        stages: what each stage came to.
    """

    files: int = 0
    rebuilt: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    release: str | None = None
    published: bool = False
    unreachable: str = ""
    held: str | None = None
    empty: bool = False
    reports: int = 0
    attention: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    stages: dict[str, Stage] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (
            self.files
            or self.rebuilt
            or self.published
            or self.reports
            or self.failed
            or self.unreachable
        )

    @property
    def good(self) -> bool:
        """Whether everything is up to date and published."""
        return not (self.undone or self.held)

    @property
    def undone(self) -> str:
        """What is left undone, in Chinese; a release that waits for a person is not."""
        left = [*self.failed, *([self.unreachable] if self.unreachable else [])]
        left += self.stale[:_SHOWN]
        if not left and self.release is None and not self.empty:
            left.append("没有可发布的内容")
        return f"仍未完成：{'、'.join(left)}。请运行 hotline status 查看。" if left else ""

    @property
    def needs_somebody(self) -> list[str]:
        """Everything that somebody has to see to; nothing after a good night."""
        waits = f"{self.held} 等待确认：用 hotline diff 核对，用 hotline accept 确认。"
        found = [self.undone, waits if self.held else "", *self.attention]
        return [each for each in found if each]

    def note(self, event: Event) -> None:
        """Enter an event of the night."""
        if isinstance(event, dg.AssetObservation):
            return
        group = event.asset_key.path[0]
        stage = self.stages.setdefault(group, Stage())
        if isinstance(event, dg.AssetMaterialization):
            stage.made += 1
            rows = event.metadata.get("dagster/row_count")
            stage.rows += (rows.value or 0) if isinstance(rows, dg.IntMetadataValue) else 0
            self.reports += group == "reports"
            if group == "facts" and event.partition and event.partition not in self.rebuilt:
                self.rebuilt.append(event.partition)
        elif isinstance(event, dg.AssetCheckEvaluation) and not event.passed:
            if is_wrong(event):
                stage.failed += 1
                self.failed.append(event.description or event.check_name)
                self._about(event)
            elif event.check_name == "files_taken":
                self.attention.append(event.description or "")
                self._about(event)

    def note_standing(self, event: Event) -> None:
        """Enter how things stand after the night; what failed in it is not said twice."""
        if is_wrong(event) and not self.undone:
            self.attention.append(event.description or "")
            self._about(event)

    def _about(self, event: Event) -> None:
        if (key := event.asset_key.to_user_string()) not in self.assets:
            self.assets.append(key)

    @classmethod
    def of_event(cls, event: dg.AssetCheckEvaluation) -> "Outcome":
        """The outcome that the check of a night was recorded with."""
        stored: Any = event.metadata["outcome"].value
        stages = {name: Stage(**each) for name, each in stored["stages"].items()}
        return cls(**{**stored, "stages": stages})


def verdict(installation: Installation, outcome: Outcome) -> Iterator[Event]:
    """What the page of the night shows: whether somebody is needed, and the figures."""
    said = outcome.needs_somebody
    about: dict[str, Any] = {
        f"见 {each}": dg.MetadataValue.asset(dg.AssetKey.from_user_string(each))
        for each in outcome.assets
    }
    handbook = installation.operations.handbook_url
    if said:
        about["操作手册"] = chapter_link("12. 出错时的提示与处理", handbook)
    figures: dict[str, Any] = {
        "文件数": outcome.files,
        "重算月数": len(outcome.rebuilt),
        "报告份数": outcome.reports,
        "当前发布": outcome.release or "（尚无）",
    }
    if outcome.good:
        by_stage = {
            f"{_STAGES[name]}{title}": value
            for name, stage in outcome.stages.items()
            for title, value in (("行数", stage.rows), ("秒数", stage.seconds))
        }
        shown = {**figures, "各步": dg.MetadataValue.md(_stages(outcome)), **by_stage}
        yield materialization(KEY, shown)
    yield evaluation(
        KEY,
        CHECK,
        "\n".join(said) or "没有未完成的工作，没有需要处理的事。",
        {
            **figures,
            "各步": dg.MetadataValue.md(_stages(outcome)),
            **about,
            "outcome": dg.MetadataValue.json(asdict(outcome)),
        },
        passed=not said,
    )


def _stages(outcome: Outcome) -> str:
    """What each stage came to, as a Markdown table."""
    lines = ["| 步骤 | 期数 | 行数 | 秒 | 结果 |", "|---|---:|---:|---:|---|"]
    for name, stage in outcome.stages.items():
        result = "未完成" if stage.failed else "完成"
        lines.append(
            f"| {_STAGES[name]} | {stage.made} | {stage.rows} | {stage.seconds:.1f} | {result} |"
        )
    return "\n".join(lines)
