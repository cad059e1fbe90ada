"""A synthetic year of any size, day by day: the same rows for the same size, whatever is asked for.

Belongs here: the rows. The forms that they are written in are in `large_rows`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

FIRST, DAYS = date(2023, 1, 1), 365
# Shares of all rows that are calls and new tickets; what becomes of these makes up the rest.
_CALLS, _TICKETS = 0.32, 0.31
_LONGEST = 7  # Days until a dispatched ticket is closed.


def _number(salt: int, below: int) -> pl.Expr:
    """A number that depends on the row's id alone."""
    return (pl.col("id").hash(salt) % below).cast(pl.Int64)


def _one_of(salt: int, values: tuple[str, ...]) -> pl.Expr:
    return pl.lit(pl.Series(values)).gather(_number(salt, len(values)))


def _some(salt: int, percent: int) -> pl.Expr:
    return _number(salt, 100) < percent


def _seconds(value: pl.Expr | int) -> pl.Expr:
    return pl.duration(seconds=value)


class Year:
    """The rows of a synthetic year.

    Args:
        rows: about how many there are, over all datasets.
    """

    def __init__(self, rows: int) -> None:
        self._calls = max(1, int(rows * _CALLS / DAYS))
        self._tickets = max(1, int(rows * _TICKETS / DAYS))

    def _ids(self, day: date, prefix: str, count: int) -> pl.LazyFrame:
        """`id`, `n` and `at` of the rows of a day, spread over 22 hours of it."""
        at = pl.lit(day).cast(pl.Datetime("us")) + _seconds(pl.col("n") * 79_200 // count)
        return (
            pl.select(n=pl.int_range(count))
            .lazy()
            .with_columns(
                id=pl.format(f"{prefix}{day:%Y%m%d}{{}}", pl.col("n").cast(pl.String).str.zfill(8)),
                at=at,
            )
        )

    def calls(self, day: date) -> pl.LazyFrame:
        """The calls of a day."""
        outcome = (
            pl.when(_some(1, 88))
            .then(pl.lit("接通"))
            .when(_some(2, 60))
            .then(pl.lit("用户挂断"))
            .when(_some(3, 90))
            .then(pl.lit("振铃超时"))
            .otherwise(pl.lit("坐席拒接"))
        )
        answered = pl.col("outcome") == "接通"
        return (
            self._ids(day, "", self._calls)
            .with_columns(outcome=outcome)
            .select(
                call_id="id",
                caller=pl.format(
                    "138{}", _number(4, self._calls * 90).cast(pl.String).str.zfill(8)
                ),
                line=_one_of(5, ("12345", "12315", "12329")),
                offered_at="at",
                answered_at=pl.when(answered).then(pl.col("at") + _seconds(1 + _number(6, 25))),
                ended_at=pl.col("at") + _seconds(30 + _number(7, 500)),
                agent_id=pl.when(answered).then(pl.format("{}", 1000 + _number(8, 200))),
                outcome="outcome",
                rating=pl.when(answered & _some(9, 40)).then(_one_of(10, ("满意", "不满意"))),
            )
        )

    def _accepted(self, day: date) -> pl.LazyFrame:
        """The tickets accepted on a day, and when they will be closed."""
        return self._ids(day, "HZ", self._tickets).with_columns(
            direct=_some(1, 40), days=1 + _number(7, _LONGEST)
        )

    def _described(self, tickets: pl.LazyFrame, day: date) -> pl.LazyFrame:
        """Tickets accepted on a day with what they are about, which does not change."""
        # What a request is about says who is in charge: groups do not grow as fast as rows.
        subject = _number(3, 40)
        call = (pl.col("n") * self._calls // self._tickets).cast(pl.String).str.zfill(8)
        return tickets.with_columns(
            kind=_one_of(2, ("咨询", "求助", "投诉", "建议", "举报", "表扬")),
            place=pl.format("幸福路{}号{}单元", 1 + _number(5, 900), 1 + _number(6, 9)),
            subject=pl.format("事项{}-类别{}", subject // 8, subject % 8),
            call_id=pl.when(_some(8, 80)).then(pl.format(f"{day:%Y%m%d}{{}}", call)),
            unit=pl.when(~pl.col("direct")).then(
                pl.format("市属单位{}局", subject * 2 + _number(9, 2))
            ),
            sector=pl.when(_some(10, 3)).then(_one_of(11, ("欠薪", "安全生产"))),
            urgency=pl.when(_some(12, 95)).then(pl.lit("一般")).otherwise(pl.lit("紧急")),
            region=pl.format("第{}区", _number(13, 11)),
            channel=pl.when(_some(8, 80))
            .then(pl.lit("电话"))
            .otherwise(_one_of(14, ("微信", "网站", "APP"))),
        )

    @staticmethod
    def _versions(tickets: pl.LazyFrame, *, closed: bool) -> pl.LazyFrame:
        """Tickets as exported when they were accepted, or when they were closed."""
        direct, at = pl.col("direct"), pl.col("at")
        done = direct | pl.lit(closed)
        closed_at = (
            pl.when(direct)
            .then(at + _seconds(90))
            .otherwise(at + pl.duration(days=pl.col("days")) + _seconds(600))
        )
        dispatched = pl.when(~direct).then(at + _seconds(300))
        return tickets.select(
            "call_id", "channel", "sector", "urgency", "region", "unit",
            ticket_id="id",
            ticket_type="kind",
            category="subject",
            title=pl.format("反映{}有关问题", pl.col("place")),
            content=pl.format(
                "市民来电反映：{}存在{}方面的问题，影响日常生活，希望有关部门尽快核实处理并回复。",
                pl.col("place"), pl.col("subject"),
            ),
            accepted_at="at",
            handling=pl.when(direct).then(pl.lit("直接答复")).otherwise(pl.lit("转办")),
            dispatched_at=dispatched,
            extended_to=pl.lit(None, pl.Datetime("us")),
            closed_at=pl.when(done).then(closed_at),
            status=pl.when(done).then(pl.lit("已办结")).otherwise(pl.lit("办理中")),
            returns=pl.when(pl.lit(closed) & _some(15, 8)).then(1).otherwise(0).cast(pl.Int64),
            merged_into=pl.lit(None, pl.String),
            updated_at=pl.when(done).then(closed_at).otherwise(dispatched),
        )  # fmt: skip

    def _closed(self, day: date) -> Iterator[tuple[date, pl.LazyFrame]]:
        """The tickets that are closed on a day, by day of acceptance."""
        for ago in range(1, _LONGEST + 1):
            accepted = day - timedelta(days=ago)
            if accepted >= FIRST:
                own = self._accepted(accepted)
                yield accepted, own.filter(~pl.col("direct"), pl.col("days") == ago)

    def tickets(self, day: date) -> pl.LazyFrame:
        """The tickets that changed on a day; two in a hundred are exported again the day after."""
        before = day - timedelta(days=1)
        opened = [(day, self._accepted(day))]
        if day > FIRST:
            opened.append((before, self._accepted(before).filter(_some(16, 2))))
        parts = [self._versions(self._described(own, of), closed=False) for of, own in opened]
        parts += [
            self._versions(self._described(own, of), closed=True) for of, own in self._closed(day)
        ]
        return pl.concat(parts)

    def callbacks(self, day: date) -> pl.LazyFrame:
        """Attempts to call the citizens whose tickets were closed the day before."""
        closed = [own for _, own in self._closed(day - timedelta(days=1))]
        tickets = pl.concat(closed) if closed else self._accepted(day).head(0)
        reached = pl.col("result") == "接通"
        result = (
            pl.when(_some(17, 75)).then(pl.lit("接通")).otherwise(_one_of(18, ("未接通", "拒访")))
        )
        rated = _one_of(19, ("满意", "满意", "基本满意", "不满意", "未评价"))
        return tickets.with_columns(result=result).select(
            callback_id=pl.format("HF{}", pl.col("id")),
            ticket_id="id",
            called_at=pl.lit(day).cast(pl.Datetime("us")) + _seconds(32_400 + _number(20, 36_000)),
            result="result",
            satisfaction=pl.when(reached).then(rated),
            agent_id=pl.format("{}", 2000 + _number(21, 60)),
        )

    def quality(self, day: date) -> pl.LazyFrame:
        """Inspections of one call in twenty of the day."""
        return (
            self._ids(day, "", self._calls)
            .filter(_some(22, 5))
            .select(
                inspection_id=pl.format("ZJ{}", pl.col("id")),
                call_id="id",
                inspected_at=pl.col("at") + _seconds(3_600),
                mode=_one_of(23, ("在线", "事后")),
                inspector_id=pl.format("{}", 3000 + _number(24, 20)),
                score=pl.lit(80.0) + _number(25, 40) / 2,
                passed=pl.when(_some(26, 97)).then(pl.lit("是")).otherwise(pl.lit("否")),
            )
        )

    def knowledge(self, day: date) -> pl.LazyFrame:
        """Five changes of the knowledge base."""
        return self._ids(day, "ZS", 5).select(
            article_id="id",
            updated_at="at",
            action=_one_of(27, ("新增", "修改", "作废")),
            unit=pl.format("市属单位{}局", _number(28, 80)),
            title=pl.format("办事指南{}", pl.col("n")),
        )

    def staff(self, day: date) -> pl.LazyFrame:
        """Two hundred members of staff."""
        return self._ids(day, "", 200).select(
            month=pl.lit(f"{day:%Y-%m}"),
            agent_id=pl.format("{}", 1000 + pl.col("n")),
            position=_one_of(29, ("话务员", "话务员", "后台", "管理")),
            on_duty=pl.lit("是"),
            assessment=_one_of(30, ("优秀", "合格", "合格", "不合格")),
        )
