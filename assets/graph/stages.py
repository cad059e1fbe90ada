"""The stages of the work, as the Dagster interface shows them: their order, names and handbook.

Laid over all assets by `pipelines.jobs`; the modules that declare assets do not know of it.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import dagster as dg

# One person looks after all of it.
OWNERS = ["team:值班操作员"]


@dataclass(frozen=True)
class Stage:
    """A stage of the work.

    Attributes:
        group: name of its group; the interface sorts groups by name.
        title: Chinese name.
        chapter: heading of the chapter of the handbook that explains it.
    """

    group: str
    title: str
    chapter: str


# First part of an asset key -> its stage.
STAGES = {
    "operations": Stage("0_night", "夜间任务", "2. 每天晚上发生什么"),
    "exports": Stage("1_exports", "第一步 接收", "5. 文件被拒收怎么办"),
    "details": Stage("2_details", "第二步 整理", "8. 更正已经入库的数据"),
    "facts": Stage("3_facts", "第三步 统计", "17. 口径说明"),
    "indicators": Stage("4_indicators", "第四步 年度指标", "18. 年终：绩效指标、对账、计分"),
    "release": Stage("5_release", "第五步 发布", "16. 历次发布：查看、比较、回退、确认"),
    "scoring": Stage("6_scoring", "第六步 计分", "18. 年终：绩效指标、对账、计分"),
    "reports": Stage("7_reports", "第七步 报告", "19. 报告"),
}


def chapter_link(chapter: str, handbook: str | None) -> dg.MetadataValue[Any]:
    """Where a chapter of the handbook is: a link where it is served, else its file.

    Args:
        chapter: its heading.
        handbook: address of the handbook, if it has one.
    """
    if handbook is None:
        return dg.MetadataValue.text(f"docs/handbook.md “{chapter}”")
    # As Markdown is rendered to HTML everywhere: punctuation goes, spaces become dashes.
    anchor = re.sub(r"[^\w\- ]", "", chapter.lower()).replace(" ", "-")
    return dg.MetadataValue.url(f"{handbook}#{quote(anchor)}")


def with_stage(spec: dg.AssetSpec, handbook: str | None) -> dg.AssetSpec:
    """An asset with group, owners and a way to the handbook.

    Args:
        spec: the asset as declared.
        handbook: address of the handbook, if it has one.
    """
    stage = STAGES[spec.key.path[0]]
    return spec.replace_attributes(
        group_name=stage.group,
        owners=OWNERS,
        description=f"{stage.title}　{spec.description}",
        metadata={**spec.metadata, "操作手册": chapter_link(stage.chapter, handbook)},
    )
