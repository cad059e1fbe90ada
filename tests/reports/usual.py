"""A usual report of a month, made by hand, with every kind of block a renderer must place."""

from datetime import date, datetime

from assets.reports.content.figures import change, count, mean, nothing, plain, rate
from assets.reports.content.model import (
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Figure,
    Form,
    HeatMap,
    Period,
    Points,
    Report,
    Row,
    Section,
    Series,
    Stamp,
    Table,
    Text,
    Tone,
)

MONTHS = tuple(f"{year}年{month}月" for year, month in [(2022, 6 + i) for i in range(7)]) + tuple(
    f"2023年{month}月" for month in range(1, 6)
)
OFFERED = (15_812, 16_240, 17_903, 16_455, 15_127, 15_980, 18_204, 14_016, 14_877, 16_031, 15_766)
UNITS = (
    "市住房和城乡建设局", "市公安局", "市城市管理局", "市人力资源和社会保障局", "市交通运输局",
    "市自然资源和规划局", "市市场监督管理局", "市教育局", "市卫生健康委员会", "市生态环境局",
    "东湖区", "高新技术产业开发区", "西山区", "南浦区", "临江县", "青川县",
    "市医疗保障局", "市民政局",
)  # fmt: skip
TOPICS = (
    "供暖开栓与室温不达标", "小区物业服务与收费", "夜间施工与商业噪声", "城乡居民医保缴费",
    "机动车违停与道路拥堵", "拖欠劳动报酬", "预付卡消费退费纠纷", "公交线路与站点调整",
    "不动产登记办理", "义务教育阶段转学咨询",
)  # fmt: skip


def stamp() -> Stamp:
    """A second issue, made long after, with corrections."""
    return Stamp(
        number=5,
        revision=2,
        issued_at=datetime(2026, 11, 20, 8, 30),
        due=date(2023, 6, 5),
        backfilled=True,
        changes=(
            "按时办结率由 98.61% 更正为 98.57%：南浦区补报 12 件。",
            "“承办单位”新增 1 个单位：市民政局。",
        ),
    )


def plain_report() -> Report:
    """A monthly report that uses every kind of block."""
    return Report(
        period=Period("monthly", "2023-05", date(2023, 5, 1), date(2023, 5, 31), "2023年5月"),
        title="12345热线运行月报",
        organisation="示例市12345政务服务便民热线中心",
        release="20261119T230412Z-8f3a1c9e",
        cutoff=datetime(2026, 11, 20, 6, 0),
        completeness="应到 31 天，实到 30 天（缺 5月14日话务）；隔离 37 行，占 0.02%。",
        rate_note="比率为合计除以合计，四舍五入到两位小数；未到百分之百的不显示 100.00%。",
        sections=(_key(), _calls(), _mix(), _topics(), _units(), _hours(), _notes()),
    )


def _key() -> Section:
    return Section(
        "highlights",
        "本月要点",
        "接通率为近12个月最高，退单率连续两月上升",
        (
            Points(
                (
                    "话务量 16,902 通，环比增长 7.2%，同比增长 6.9%；接通率为近12个月最高。",
                    "供暖类诉求 684 件，环比增长 187.4%，集中在东湖区、南浦区。",
                    "按时办结率 98.57%，比目标低 0.43 个百分点；低于目标的有 4 个单位。",
                    "退单率 3.97%，连续两月上升，主要原因为职责边界不清。",
                )
            ),
            Cards("主要指标", _cards()),
        ),
    )


def _cards() -> tuple[Card, ...]:
    trend = _connected()
    good, bad, flat = Tone.GOOD, Tone.BAD, Tone.NEUTRAL
    calls = tuple(count(each) for each in (*OFFERED, 16_902))

    def against(
        now: Figure, month: Figure, year: Figure, more_is: Tone
    ) -> tuple[tuple[str, Figure], ...]:
        compared = (change(now, each, more_is=more_is) for each in (month, year))
        return tuple(zip(("环比", "同比"), compared, strict=True))

    answered, closed, pleased = rate(9_731, 10_000), rate(9_857, 10_000), rate(9_258, 10_000)
    returned, quick = rate(397, 10_000), rate(9_142, 10_000)
    waited = mean(1_834, 100)
    none = nothing(Form.RATE, "本月没有回访")
    return (
        Card("话务量", "通", calls[-1], against(calls[-1], calls[-2], count(15_811), flat),
             trend=calls),
        Card("话务接通率", "", answered, against(answered, rate(9_669, 10_000),
             rate(9_546, 10_000), good), "≥97%", "达标", good, trend),
        Card("15秒接通率", "", quick, against(quick, rate(9_021, 10_000),
             nothing(Form.RATE, "没有数据"), good), "≥90%", "达标", good),
        Card("平均等待", "秒", waited, against(waited, mean(2_010, 100), mean(0, 1), bad)),
        Card("按时办结率", "", closed, against(closed, rate(9_865, 10_000), rate(9_743, 10_000),
             good), "≥99%", "未达标", bad, trend),
        Card("群众满意率", "", pleased, against(pleased, rate(9_212, 10_000),
             rate(9_258, 10_000), good), "≥90%", "达标", good),
        Card("退单率", "", returned, against(returned, rate(370, 10_000), rate(449, 10_000), bad)),
        Card("有效回访率", "", none, against(none, none, none, good), "≥90%"),
    )  # fmt: skip


def _connected() -> tuple[Figure, ...]:
    parts = (9_546, 9_561, 9_588, 9_604, None, 9_571, 9_498, 9_633, 9_650, 9_641, 9_669, 9_731)
    return tuple(rate(part, 10_000) for part in parts)


def _calls() -> Section:
    this = tuple(count(each) for each in (*OFFERED, 16_902))
    before = tuple(
        count(None) if i < 2 else count(round(each * 0.93) - 40 * (i % 5))
        for i, each in enumerate((*OFFERED, 16_902))
    )
    days = tuple(
        Row((f"5月{day}日", *_day(day)), tone=Tone.BAD if day == 14 else Tone.NEUTRAL)
        for day in range(1, 32)
    )
    total = Row(("合计", count(16_902), count(16_447), rate(16_447, 16_902)), total=True)
    return Section(
        "calls",
        "话务趋势",
        "接通率升至近12个月最高，话务量环比增长 7.2%",
        (
            Chart("connected", "近12个月话务接通率", "line", MONTHS,
                  (Series("话务接通率", _connected()),), rate(97, 100),
                  "接通率从 2022年6月的 95.46% 升到 2023年5月的 97.31%，本月首次高于目标 97%。"),
            Chart("offered", "近12个月话务量与上年同期", "columns", MONTHS,
                  (Series("本年", this), Series("上年同期", before, faded=True)), None,
                  "话务量在 14,016 通到 18,204 通之间，2022年12月最高。"),
            Table("days", "逐日话务", (Column("日期"), Column("话务量", "通", bar=True),
                  Column("接通数", "通"), Column("接通率")), (*days, total),
                  "5月14日的话务没有到达，不计入合计。"),
        ),
    )  # fmt: skip


def _day(day: int) -> tuple[Cell, ...]:
    if day == 14:
        return count(None), count(None), rate(None, None)
    offered = 480 + 37 * (day % 7) + 11 * (day % 3)
    answered = offered - 9 - day % 11
    return count(offered), count(answered), rate(answered, offered)


def _mix() -> Section:
    types = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
    channels = ("电话", "微信小程序", "网站", "政务APP", "上级转办", "110联动")
    rows = []
    sums = [0] * len(channels)
    for i, name in enumerate(types):
        cells = [6_124 // (3**i) + 3, *(1_810 // (j + 1) // (2**i) for j in range(5))]
        sums = [a + b for a, b in zip(sums, cells, strict=True)]
        rows.append(Row((name, *map(count, cells), count(sum(cells)))))
    rows.append(Row(("合计", *map(count, sums), count(sum(sums))), total=True))
    heads = (
        Column("类型"),
        *(Column(each, "件") for each in channels),
        Column("合计", "件", bar=True),
    )
    return Section(
        "mix",
        "类型与渠道",
        "咨询类超过一半，电话仍是主渠道",
        (
            Text("类型按受理时的分类统计；同一诉求多次来电分别计入。"),
            Table("types", "诉求类型与渠道", heads, tuple(rows)),
        ),
    )


def _topics() -> Section:
    amounts = (684, 521, 448, 412, 327, 289, 230, 170, 154, 121)
    before = (238, 506, 508, 0, 337, 256, 189, 0, 149, 136)
    rows = tuple(
        Row(
            (name, count(now), rate(now, 13_236), change(count(now), count(then)), UNITS[i]),
            tone=Tone.BAD if i in {0, 3} else Tone.NEUTRAL,
        )
        for i, (name, now, then) in enumerate(zip(TOPICS, amounts, before, strict=True))
    )
    heads = (Column("主题"), Column("件数", "件", bar=True), Column("占比"), Column("环比"),
             Column("主办单位"))  # fmt: skip
    return Section(
        "topics",
        "热点诉求",
        "供暖与医保缴费上升最快",
        (
            Chart("topics", "热点诉求前10位（件）", "bars", TOPICS,
                  (Series("件数", tuple(map(count, amounts))),), None,
                  "供暖开栓与室温不达标 684 件居首，是第10位的 5.7 倍。"),
            Table("topic_table", "热点诉求前10位", heads, rows, "对比期为零的不计算环比。"),
        ),
    )  # fmt: skip


def _units() -> Section:
    rows = []
    for i, name in enumerate(UNITS):
        took = 1_420 - 83 * i
        late = 3 + 5 * (i % 4 == 3) * (i + 2)
        rank: Cell = str(i + 1) if took >= 30 else "不排名"
        tone = Tone.BAD if late > 20 else Tone.NEUTRAL
        rows.append(
            Row((name, rank, plain(took), rate(took - late, took), rate(took - took // 12, took),
                 rate(late // 2, took)), tone=tone)
        )  # fmt: skip
    heads = (Column("承办单位"), Column("排名"), Column("接单数", "件", bar=True),
             Column("按时办结率"), Column("满意率"), Column("退单率"))  # fmt: skip
    return Section(
        "units",
        "承办单位",
        "4 个单位按时办结率低于目标",
        (
            Table("ranking", "承办单位办理情况", heads, tuple(rows),
                  "月接单不足 30 件的单位列出但不排名；并列的名次相同。"),
            Table("overdue", "超期未办结工单", (Column("工单"), Column("承办单位"), Column("超期",
                  "天")), (), "本月没有超期未办结的工单。"),
        ),
    )  # fmt: skip


def _hours() -> Section:
    week = tuple(f"周{each}" for each in "一二三四五六日")
    hours = tuple(str(hour) for hour in range(24))
    cells = tuple(
        tuple(
            nothing(Form.RATE, "没有来电") if hour in {3, 4} and day > 3
            else rate(12 + 9 * (hour in {9, 10, 12}) * (7 - day) + hour % 5 + day, 1_000)
            for hour in range(24)
        )
        for day in range(7)
    )  # fmt: skip
    return Section(
        "hours",
        "时段分布",
        "周一上午 9 至 12 时呼损率最高",
        (
            HeatMap("losses", "各时段呼损率", week, hours, cells, Tone.BAD,
                    "周一 9 时、10 时、12 时呼损率高于 7%；周五至周日凌晨 3 至 4 时没有来电。"),
        ),
    )  # fmt: skip


def _notes() -> Section:
    rows = (
        Row(("话务", "提示", count(1), "5月14日文件未到")),
        Row(("工单", "通过", count(0), "无")),
        Row(("回访", "注意", count(37), "隔离行：编号格式不符"), tone=Tone.BAD),
    )
    heads = (Column("数据"), Column("结论"), Column("问题数", "个"), Column("说明"))
    return Section(
        "quality",
        "数据质量",
        "缺 1 天话务，隔离 37 行",
        (
            Table("checks", "数据质量", heads, rows),
            Text("接通率：接通数除以话务量。按时办结率：按时办结数除以办结数。"),
            Text("满意率：满意与基本满意之和除以有效回访数。"),
        ),
    )
