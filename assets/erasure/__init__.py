"""Erase a citizen's rows on lawful request, for good (decision 16).

`erase` is the entry: it finds what belongs to a caller or a ticket, enters it in the record
(`assets.exports`) and takes it out of the archive and of everything that was computed; the next
night computes the rest. `finish_erasure` ends one that a crash has interrupted.
"""

from assets.erasure.removal import Erased, erase, find_subjects, finish_erasure

__all__ = ["Erased", "erase", "find_subjects", "finish_erasure"]
