"""One spelling for one thing: how names, ids and callers' numbers are written before they count.

`spell_name` and `spell_id` are expressions over a text column; `spell_caller` also says which
callers are not known. `spelt` does the same to the texts of a profile; `similar_names` finds what
still looks alike.
"""

from assets.spelling.callers import UNKNOWN_CALLERS, spell_caller
from assets.spelling.names import spell_id, spell_name, spelt, unguarded
from assets.spelling.similar import similar_names

__all__ = [
    "UNKNOWN_CALLERS",
    "similar_names",
    "spell_caller",
    "spell_id",
    "spell_name",
    "spelt",
    "unguarded",
]
