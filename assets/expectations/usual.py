"""What the earlier days of one dataset were like, and what in a day is not like them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from assets.expectations.counts import Expected
from assets.expectations.days import Floats
from assets.expectations.measures import HOURS, DayMeasures, watched_columns, watched_shares
from schemas.table import ExportTable

# Days before there are so many comparable ones, only certain faults are held.
COMPARABLE: Final = 4
# Deviations from what was expected that hold a delivery, or are noticed.
_TOO_FEW, _TOO_MANY, _UNUSUAL = 3.85, 4.5, 3.0
# Where counts scatter so widely that those few would be none: so many in logarithms.
_TOO_FEW_LOGARITHMS = 7.5
# Shares: by so many deviations, and by so much of all rows.
_SHARE_HELD, _SHARE_NOTICED, _SHARE_MOVED, _SHARE_DAYS = 5.0, 4.0, 0.1, 8
_FEW_ROWS = 20
# Fewer rows a day than this come in bursts; nothing is expected of their number.
_SPARSE = 8
# Logarithms of how much likelier another explanation is than chance.
_CERTAIN, _LIKELY = 9.0, 6.0
# Rows that should lie in a stretch of hours without any, over their usual scatter.
_EMPTY_HELD, _EMPTY_NOTICED = 20.0, 12.0
_SAME_CONTENT, _OF_OTHER_DAYS, _NEW_FORMS, _STILL_OPENED = 0.5, 0.5, 0.2, 0.02
_RISES, _RISING = 30, 0.99
_KEPT = 1 - 1 / 60
# Hours of the day when the clock is late by 0, 1, ... hours.
_SHIFTED = (np.arange(HOURS) - np.arange(HOURS)[:, None]) % HOURS


@dataclass(frozen=True)
class Finding:
    """Something about the deliveries of a day that was not to be expected.

    Attributes:
        rule: id in `schemas.file_rules.FINDING_RULES`, which has the sentence.
        hold: whether it is so certain that the day teaches nothing about later ones.
        expected: what was to be expected, in Chinese.
        found: what was found, in Chinese.
    """

    rule: str
    hold: bool
    expected: str
    found: str


class Usual:
    """What the earlier days of one dataset were like, beside their number of rows.

    Args:
        table: the dataset.
    """

    def __init__(self, table: ExportTable) -> None:
        self._key_rises = len(table.key) == 1
        self._shares_watched, self._columns_watched = watched_shares(table), watched_columns(table)
        self._days = 0
        self._own = self._rows = 0.0
        self._fewest_rows = np.inf
        # By hour, of working days and of days off.
        self._hours = np.zeros((2, HOURS))
        self._hour_scatter = 1.5
        self._cells = np.zeros(len(self._shares_watched))
        self._scatter = np.full(len(self._shares_watched), 1.5)
        self._fewest = np.full(len(self._columns_watched), np.inf)
        self._forms: Counter[str] = Counter()
        self._middle_key = ""
        self._rises = self._falls = 0
        self._samples: dict[int, date] = {}
        self._ratio = 1.0
        self._ended = False

    def findings(
        self, day: DayMeasures, expected: Expected, at: date, off: int, seen: int
    ) -> Iterator[Finding]:
        """What is not as expected, the certain faults first."""
        yield from self._same_content(day, at)
        yield from self._other_days(day)
        if min(self._days, seen) < COMPARABLE:
            return
        yield from self._count(day, expected)
        if day.rows >= _FEW_ROWS:
            yield from self._hours_empty(day, off)
            yield from self._clock(day)
            yield from self._shares(day)
            yield from self._constant(day)
            yield from self._ids(day)

    def ended(self, day: DayMeasures) -> bool:
        """Whether a day on which no other dataset has a file looks as if the service had ended.

        Then only follow-ups of earlier days are left to export, and fewer of them every day: people
        are told, but nothing of that is held back.
        """
        if day.rows:
            self._ended = self._days >= COMPARABLE and day.opened < _STILL_OPENED * day.rows
        return self._ended

    def learn(self, day: DayMeasures, at: date, off: int) -> None:
        """Take a day (off work: 1, else 0) that is not held into what is usual."""
        for each in day.sample:
            self._samples.setdefault(each, at)
        self._days += 1
        self._fewest_rows = min(self._fewest_rows, day.rows)
        self._own = _KEPT * self._own + day.own
        self._rows = _KEPT * self._rows + day.rows
        kept = 1 - 1 / min(self._days + 1, 60)
        if self._hours[off].sum() >= _FEW_ROWS and day.rows >= _FEW_ROWS:
            usual = self._hour_shares(off) * day.rows
            scatter = float(((day.hours - usual) ** 2 / usual).sum()) / (HOURS - 1)
            self._hour_scatter = kept * self._hour_scatter + (1 - kept) * min(scatter, 9.0)
        self._hours[off] = _KEPT * self._hours[off] + day.hours
        if self._days > 1 and day.rows:
            share, usual, variance = self._share_of(day)
            squared = np.minimum((share - usual) ** 2 / variance, 9.0)
            self._scatter = np.maximum(1.0, self._scatter * (kept + (1 - kept) * squared))
        self._cells = _KEPT * self._cells + day.cells
        self._forms.update(dict(day.forms))
        if day.rows >= _FEW_ROWS:
            self._fewest = np.minimum(self._fewest, day.distinct)
            if self._middle_key:
                rises = day.middle_key > self._middle_key
                self._rises, self._falls = self._rises + rises, self._falls + (not rises)
            self._middle_key = day.middle_key

    def remember(self, day: DayMeasures, expected: Expected) -> None:
        """Keep of a day, held or not, what the next one is compared with.

        More rows than usual, or a day that a person released, may be the first of several.
        """
        ratio = day.rows / float(expected.mean) if expected.mean > 0 else 1.0
        unusual = abs(ratio - 1) > _UNUSUAL * float(expected.deviation)
        self._ratio = ratio if unusual and (ratio > 1 or day.released) else 1.0

    def _same_content(self, day: DayMeasures, at: date) -> Iterator[Finding]:
        known = Counter(self._samples[each] for each in day.sample if each in self._samples)
        if not known or len(day.sample) < 3:
            return
        other, same = known.most_common(1)[0]
        if same >= _SAME_CONTENT * len(day.sample) and other != at:
            yield Finding(
                "same_rows",
                True,
                "不同日期的记录应当不同",
                f"记录与 {other} 的相同",
            )

    def _other_days(self, day: DayMeasures) -> Iterator[Finding]:
        usual = self._own / self._rows if self._rows and self._days >= COMPARABLE else 1.0
        if day.rows >= 5 and day.own < _OF_OTHER_DAYS * usual * day.rows:
            yield Finding(
                "other_days",
                True,
                f"此前当日记录占 {100 * usual:.0f}%"
                if self._days >= COMPARABLE
                else "应以当日记录为主",
                f"{day.rows} 条中只有 {day.own} 条是当日的",
            )

    def _count(self, day: DayMeasures, expected: Expected) -> Iterator[Finding]:
        mean, deviation = float(expected.mean), float(expected.deviation)
        # What began yesterday may go on: all between the usual and yesterday's ratio is plausible.
        least, most = sorted((mean, mean * self._ratio))
        share = max(1 - _TOO_FEW * deviation, np.exp(-_TOO_FEW_LOGARITHMS * deviation))
        low = least * max(1 - _UNUSUAL * deviation, share), least * share
        high = most * (1 + _UNUSUAL * deviation), most * (1 + _TOO_MANY * deviation)
        if mean < _SPARSE or low[0] <= day.rows <= high[0]:
            return
        few = day.rows < low[0]
        shown = f"按此前各日应在 {max(0, round(low[0]))} 至 {round(high[0])} 条之间"
        if few:
            between = not day.rows and self._fewest_rows > 0
            rule, hold = ("rows_low" if day.rows else "no_rows"), between or day.rows < low[1]
        else:
            rule, hold = "rows_high", day.rows > high[1]
        yield Finding(rule, hold, shown, f"有 {day.rows} 条" if day.rows else "没有记录")

    def _hour_shares(self, off: int) -> Floats:
        """Usual share of each hour, on days of the same kind where there were some."""
        hours = self._hours[off] if self._hours[off].sum() >= _FEW_ROWS else self._hours.sum(axis=0)
        shares: Floats = (hours + 0.5) / (hours + 0.5).sum()
        return shares

    def _hours_empty(self, day: DayMeasures, off: int) -> Iterator[Finding]:
        shares = self._hour_shares(off)
        worst, span, start = 0.0, (0, 0), 0
        for hour in range(HOURS + 1):
            if hour < HOURS and not day.hours[hour]:
                continue
            # How many there would be between, by how many there are around.
            share = float(shares[start:hour].sum())
            missing = day.rows * share / (1 - share)
            if missing > worst:
                worst, span = missing, (start, hour)
            start = hour + 1
        missing = worst / max(1.0, self._hour_scatter)
        if missing > _EMPTY_NOTICED:
            yield Finding(
                "hours_empty",
                missing > _EMPTY_HELD,
                f"照此前的时段分布应有约 {worst:.0f} 条",
                f"{span[0]} 时至 {span[1]} 时没有记录",
            )

    def _clock(self, day: DayMeasures) -> Iterator[Finding]:
        # A holiday may have the hours of a working day: either kind explains a day as it is.
        usual = np.log([self._hour_shares(kind) for kind in (0, 1)])
        fit = (usual[:, _SHIFTED] @ day.hours).max(axis=0)
        best = int(np.argmax(fit))
        likelier = float(fit[best] - fit[0]) / max(1.0, self._hour_scatter)
        if best and likelier > _LIKELY:
            shift = best if best <= HOURS // 2 else best - HOURS
            yield Finding(
                "clock_shifted",
                likelier > _CERTAIN,
                "此前各日的时段分布与此不同",
                f"时间整体{'晚' if shift > 0 else '早'}了 {abs(shift)} 小时",
            )

    def _share_of(self, day: DayMeasures) -> tuple[Floats, Floats, Floats]:
        """Shares of the day, usual shares, and the variance of the former around the latter."""
        usual = (self._cells + 0.5) / (self._rows + 1)
        share = day.cells / day.rows
        spread = usual * (1 - usual)
        return share, usual, self._scatter * spread / day.rows + day.rows**-2.0

    def _shares(self, day: DayMeasures) -> Iterator[Finding]:
        if self._days < _SHARE_DAYS:
            return
        share, usual, variance = self._share_of(day)
        deviations = np.abs(share - usual) / np.sqrt(variance)
        deviations[np.abs(share - usual) < _SHARE_MOVED] = 0
        if not deviations.size or deviations.max() < _SHARE_NOTICED:
            return
        moved = int(np.argmax(deviations))
        column, code = self._shares_watched[moved]
        what = f"{column.title}{'为空' if code is None else f'“{code}”'}"
        yield Finding(
            "shares_moved",
            bool(deviations[moved] > _SHARE_HELD),
            f"此前约占 {100 * usual[moved]:.0f}%",
            f"{what}的占 {100 * share[moved]:.0f}%",
        )

    def _constant(self, day: DayMeasures) -> Iterator[Finding]:
        always = np.flatnonzero(
            (day.distinct <= 1) & (self._fewest > 2) & np.isfinite(self._fewest)
        )
        if always.size:
            titles = "、".join(self._columns_watched[each].title for each in always)
            yield Finding(
                "column_constant",
                True,
                "此前各日的值各不相同",
                f"{titles}整列为空或只有一个值",
            )

    def _ids(self, day: DayMeasures) -> Iterator[Finding]:
        # A number that has just grown by a digit is no new form.
        known = {form + more for form in self._forms for more in ("", "9")}
        new = sum(count for form, count in day.forms.items() if form not in known)
        if new > _NEW_FORMS * day.rows and self._rows > 5 * _FEW_ROWS:
            yield Finding(
                "id_form",
                True,
                "此前没有这种形式的编号",
                f"{new} 条的编号位数或形式与此前不同",
            )
        compared = self._rises + self._falls
        if not self._key_rises:
            return
        falls = self._middle_key and day.middle_key <= self._middle_key
        rising = compared >= _RISES and self._rises >= _RISING * compared
        if rising and falls and not new:
            yield Finding(
                "id_order",
                True,
                "编号此前逐日增大",
                "编号不再增大",
            )
