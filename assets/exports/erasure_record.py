"""What was erased on somebody's lawful request: `ledger/erasures.jsonl`, by keyed hashes alone.

The record tells nobody who it was, and lets the same rows be known when they are delivered again.
Its key is `erasure.key`, not that of the pseudonyms, which may change.
"""

import re
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
import polars_hash as plh

from assets.core import PRIVATE_FILE, DamagedRecord, Journal, Warehouse, write_bytes
from assets.exports.decisions import signed
from assets.exports.protect import key_id
from assets.masking import mask
from assets.spelling import spell_caller

# Columns that say whose a row is; a reference such as `merged_into` does not.
CALLER, CALL, TICKET = "caller", "call_id", "ticket_id"
SUBJECTS = (CALLER, CALL, TICKET)
# A number as it stands in a text, and a word that may be an id.
_NUMBER = re.compile(
    "(?<![0-9])(?:1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4}|0[0-9]{2,3}-[0-9]{7,8}|[0-9]{5,20})(?![0-9])"
)
_WORD = re.compile("[0-9A-Za-z_-]{3,}")


@dataclass(frozen=True)
class Erasures:
    """Everything that was erased so far.

    Attributes:
        key: of the hashes.
        callers: hash of a number -> last export date of which its rows are erased: who calls again
            later is counted again.
        ids: hashes of the ids of calls and tickets.
    """

    key: str
    callers: Mapping[str, date]
    ids: frozenset[str]

    def found(self, column: str, values: pl.Series, day: date) -> pl.Series:
        """Which values of a column of `SUBJECTS`, as they are stored, are erased.

        Args:
            column: its name.
            values: texts.
            day: export date of the file in which they stand.
        """
        erased = {each for each, last in self.callers.items() if day <= last}
        hashes = hashed(column, values, self.key)
        return hashes.is_in(list(erased if column == CALLER else self.ids)).fill_null(value=False)

    def any_word(self, text: str, day: date) -> bool:
        """Whether a text of no known form names somebody or something that was erased."""
        words = _texts({*_WORD.findall(text), *_NUMBER.findall(text)})
        return any(
            self.found(column, _spelt(words) if column == CALLER else words, day).any()
            for column in SUBJECTS
        )

    def hide(self, text: str, day: date) -> str:
        """A text that stays, without the numbers that were erased."""
        numbers = _texts(set(_NUMBER.findall(text)))
        erased = set(numbers.filter(self.found(CALLER, _spelt(numbers), day)))

        def hidden(found: re.Match[str]) -> str:
            return "*" * len(found[0]) if found[0] in erased else found[0]

        return _NUMBER.sub(hidden, text) if erased else text


def hashed(column: str, values: pl.Series, key: str) -> pl.Series:
    """Keyed hashes of values of a column; null stays null."""
    named = pl.DataFrame({"value": column + ":" + values.cast(pl.String)})
    return named.select(plh.col("value").chash.hmac_sha256(key=key)).to_series()


def _texts(found: set[str]) -> pl.Series:
    return pl.Series("text", sorted(found), dtype=pl.String)


def _spelt(numbers: pl.Series) -> pl.Series:
    return numbers.to_frame("text").select(spell_caller(pl.col("text"))).to_series()


def _journal(warehouse: Warehouse) -> Journal:
    return Journal(warehouse, "erasures", "个人信息删除记录")


def erasures(warehouse: Warehouse) -> Erasures | None:
    """What was erased; None where nothing ever was.

    Raises:
        DamagedRecord: the record is not whole, or its key is gone or another.
    """
    entries = _journal(warehouse).entries()
    if not entries:
        return None
    key = _key(warehouse)
    if any(each["key"] != key_id(key) for each in entries):
        raise DamagedRecord(
            f"个人信息删除记录的密钥 {warehouse.erasure_key} 不在了或被换过，"
            "认不出重新送来的已删除的行，所以没有继续：请从备份恢复它，再运行一次。"
        )
    callers: dict[str, date] = {}
    for each in entries:
        for number, last in each["callers"].items():
            callers[number] = max(callers.get(number, date.min), date.fromisoformat(last))
    return Erasures(key, callers, frozenset(one for each in entries for one in each["ids"]))


def _key(warehouse: Warehouse) -> str:
    path = warehouse.erasure_key
    return path.read_text("ascii").strip() if path.is_file() else ""


def is_erasure_pending(warehouse: Warehouse) -> bool:
    """Whether an erasure was entered, and a crash kept it from being carried out."""
    return not _journal(warehouse).is_confirmed()


def confirm_erasure(warehouse: Warehouse) -> None:
    """Say that the last erasure was carried out after all."""
    _journal(warehouse).confirm()


def record_erasure(
    warehouse: Warehouse,
    subjects: Mapping[str, Collection[str]],
    then: Callable[[], object],
    *,
    by: str,
    why: str,
    at: datetime,
) -> bool:
    """Enter an erasure, then carry it out.

    Args:
        warehouse: held for writing.
        subjects: column of `SUBJECTS` -> its values, as they are stored.
        then: carries out everything that is entered; must bear to be done twice.
        by: who decides.
        why: the reason, numbers of people in it masked.
        at: now.

    Returns:
        Whether there was anything that had not been erased before.

    Raises:
        HotlineError: nobody answers for it, or there is no reason, or one that is a text.
    """
    by, why = signed(by, why)
    known = erasures(warehouse)
    if known is None and not _key(warehouse):
        write_bytes(warehouse.erasure_key, secrets.token_hex(32).encode(), mode=PRIVATE_FILE)
    key = _key(warehouse)
    last = at.date()
    callers, ids = _hashes(subjects, key)
    # The same again, on the same day.
    if (
        known
        and known.ids.issuperset(ids)
        and {known.callers.get(each) for each in callers} <= {last}
    ):
        return False
    entry = {
        "callers": dict.fromkeys(callers, last.isoformat()),
        "ids": ids,
        "key": key_id(key),
        "by": mask(by),
        "why": why,
        "at": at.isoformat(timespec="seconds"),
    }
    _journal(warehouse).append(entry, then)
    return True


def _hashes(
    subjects: Mapping[str, Collection[str]], key: str
) -> tuple[Sequence[str], Sequence[str]]:
    """Sorted hashes of callers and of ids."""
    found = {
        column: hashed(column, pl.Series(list(subjects.get(column, ())), dtype=pl.String), key)
        for column in SUBJECTS
    }
    ids = pl.concat([found[CALL], found[TICKET]])
    return found[CALLER].sort().to_list(), ids.sort().to_list()
