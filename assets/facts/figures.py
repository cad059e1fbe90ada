"""How a figure is formed, held against its target and printed (FACTS.md, section 3).

A percentage is a sum over a sum, half-up to two decimals in integer arithmetic, and never 100.00
while the numerator is below the denominator: 18,370 of 18,371 is 99.99. The rule gives all 52 rates
that the 2023 evaluation prints in tables 4-5, 4-6, 4-7 and 4-17.
"""

NOTHING = "—"
# Sums of the yearly form may have decimals; the display rule works on whole numbers.
_SCALE = 1_000_000


def hundredths(numerator: int, denominator: int) -> int:
    """A ratio in hundredths, rounded half-up (away from zero at the half)."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((200 * numerator + denominator) // (2 * denominator))


def decimal(scaled: int) -> str:
    """A number of hundredths as text with two decimals."""
    sign = "-" if scaled < 0 else ""
    return f"{sign}{abs(scaled) // 100}.{abs(scaled) % 100:02d}"


def percent(numerator: int | None, denominator: int | None) -> str:
    """A rate in percent with two decimals; `—` where it cannot be formed."""
    if numerator is None or not denominator:
        return NOTHING
    scaled = hundredths(100 * numerator, denominator)
    if numerator < denominator:
        scaled = min(scaled, 9_999)
    return decimal(scaled)


def ratio(numerator: int | None, denominator: int | None) -> str:
    """A mean with two decimals; `—` where it cannot be formed."""
    if numerator is None or not denominator:
        return NOTHING
    return decimal(hundredths(numerator, denominator))


def figure_value(numerator: float | None, denominator: float | None, unit: str) -> float | None:
    """A figure in its unit, not rounded; None where it cannot be formed.

    Args:
        numerator: what is counted or divided.
        denominator: what it is divided by; None for counts.
        unit: of the figure; "%" for percentages.
    """
    if numerator is None or denominator == 0:
        return None
    if denominator is None:
        return float(numerator)
    return (100 if unit == "%" else 1) * numerator / denominator


def figure_display(numerator: float | None, denominator: float | None, unit: str) -> str:
    """The same as reports print it; `—` where it cannot be formed."""
    if numerator is None:
        return NOTHING
    if denominator is None:
        return str(int(numerator)) if numerator == int(numerator) else f"{numerator:g}"
    show = percent if unit == "%" else ratio
    return show(round(numerator * _SCALE), round(denominator * _SCALE))


def reaches_target(
    numerator: float | None, denominator: float | None, target: float | None, unit: str
) -> bool | None:
    """Whether a target is reached, without dividing: 94.999 % is not 95 %.

    None without target or figure.
    """
    if target is None or numerator is None or denominator == 0:
        return None
    if denominator is None:
        return numerator >= target
    return (100 if unit == "%" else 1) * numerator >= target * denominator
