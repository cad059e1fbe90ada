"""How a figure is printed: one rule, in integer arithmetic (FACTS.md, section 3).

A percentage is a sum over a sum, half-up to two decimals, and never 100.00 while the numerator is
below the denominator: 18,370 of 18,371 is 99.99. The rule gives all 52 rates that the 2023
evaluation prints in tables 4-5, 4-6, 4-7 and 4-17.
"""

NOTHING = "—"


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


def count(value: int | None) -> str:
    """A count; `—` where there is none."""
    return NOTHING if value is None else str(value)
