"""What a night came to, for whoever started it.

Belongs here: the counts, and what is said of work that is left undone.
"""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a night came to.

    Attributes:
        files: files that were new or stale.
        rebuilt: months whose facts were built.
        failed_runs: ids of Dagster runs that failed.
        stale: what is still not up to date: "table month".
        release: id of the current release.
        published: whether it is a new one.
        unreachable: why the source could not be listed; empty where it could.
        held: id of a release that waits for a person because a past month moved; a pinned release
            is one that a person decided on, and nothing is left undone.
        reports: reports that were due, or looked at because their exports changed.
    """

    files: int = 0
    rebuilt: set[str] = field(default_factory=set)
    failed_runs: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    release: str | None = None
    published: bool = False
    unreachable: str = ""
    held: str | None = None
    reports: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (
            self.files
            or self.rebuilt
            or self.published
            or self.reports
            or self.failed_runs
            or self.unreachable
        )

    @property
    def good(self) -> bool:
        """Whether everything is up to date and published."""
        return not (self.undone or self.held)

    @property
    def undone(self) -> str:
        """What is left undone, in Chinese; a release that waits for a person is not."""
        left = [f"{len(self.failed_runs)} 次运行失败"] if self.failed_runs else []
        left += [self.unreachable] if self.unreachable else []
        left += self.stale[:20]
        if not left and self.release is None:
            left.append("没有可发布的内容")
        return f"仍未完成：{'、'.join(left)}。请运行 hotline status 查看。" if left else ""
