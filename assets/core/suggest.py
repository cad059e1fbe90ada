"""What somebody may have meant who wrote a name that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 3


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """A sentence that names what is close to a name; empty where nothing is.

    Args:
        wanted: what was written.
        known: every name that there is.
    """
    names = list(dict.fromkeys(known))
    folded = {each.casefold(): each for each in names}
    close = get_close_matches(wanted.casefold(), folded, n=_SHOWN)
    # A part of a name is closer than letters in common: 接通率 is 话务接通率.
    within = [each for each in folded if len(wanted) > 1 and wanted.casefold() in each]
    found = list(dict.fromkeys(folded[each] for each in (*within, *close)))[:_SHOWN]
    return f"您是不是要写 {'、'.join(found)}？" if found else ""
