"""One damaged file from one seed.

Belongs here: how a file is laid down and which damages it gets. The same seed gives the same bytes
in every process.
"""

import csv
import io
import random
from dataclasses import dataclass, field

from schemas import EXPORTS
from tests.fuzz.archives import book_bytes, nasty_cell, packed, spoiled_book
from tests.fuzz.mutations import (
    MUTATIONS,
    Line,
    Sheet,
    a_copy_becomes_the_header,
    quotes_reach_further,
)
from tests.fuzz.rows import key_column, valid_rows
from tests.samples import FILE

BOOKS = 0.04  # share of workbooks; each costs as much as fifty texts
PACKED = 0.12


@dataclass(frozen=True)
class DamagedFile:
    """A file, and what must become of it.

    Attributes:
        seed: what it was made from.
        dataset: what it is an export of.
        name: file name.
        content: its bytes.
        whole: keys of the rows that nothing has touched.
        may_refuse: file rules for which it may be refused.
        damages: names of what was done to it.
    """

    seed: int
    dataset: str
    name: str
    content: bytes = field(repr=False)
    whole: frozenset[str]
    may_refuse: frozenset[str]
    damages: tuple[str, ...]


def damaged_file(seed: int) -> DamagedFile:
    """Make the damaged file of a seed."""
    chance = random.Random(seed)
    dataset = chance.choice(sorted(EXPORTS))
    name = f"{FILE[dataset]}_{seed}"
    if chance.random() < BOOKS:
        return _damaged_book(chance, seed, dataset, name)
    sheet = _sheet(chance, dataset)
    header = sheet.header
    damages = [chance.choice(sorted(MUTATIONS)) for _ in range(chance.randint(1, 4))]
    for each in damages:
        MUTATIONS[each](chance, sheet)
    a_copy_becomes_the_header(sheet, header)
    quotes_reach_further(sheet)
    content = sheet.content(chance)
    if not any(line.key for line in sheet.lines):
        sheet.may_refuse.add("no_valid_line")
    if chance.random() < PACKED:
        content, damage, rules = packed(chance, content)
        sheet.may_refuse |= rules
        name, damages = f"{name}.csv.gz", [*damages, damage]
    else:
        name = f"{name}.csv"
    whole = frozenset(line.key for line in sheet.lines if line.key)
    may_refuse = frozenset(sheet.may_refuse)
    return DamagedFile(seed, dataset, name, content, whole, may_refuse, tuple(damages))


def undamaged_file(dataset: str) -> DamagedFile:
    """The valid rows of a dataset as a plain file."""
    chance = random.Random(0)
    rows = valid_rows(dataset)
    keys = frozenset(str(row[key_column(dataset)]) for row in rows)
    text = _text(chance, dataset, ",", csv.QUOTE_MINIMAL, shuffled=False)
    content = b"\n".join(each.encode() for each in text) + b"\n"
    return DamagedFile(0, dataset, f"{FILE[dataset]}.csv", content, keys, frozenset(), ())


def _text(
    chance: random.Random, dataset: str, separator: str, quoting: int, *, shuffled: bool
) -> list[str]:
    """The header and every row of a dataset, each without its line end."""
    columns = list(EXPORTS[dataset].columns)
    if shuffled:
        chance.shuffle(columns)
    rows = [{column.name: column.title for column in columns}, *valid_rows(dataset)]
    texts = []
    for row in rows:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator="\n")
        writer.writerow([row[column.name] for column in columns])
        texts.append(text.getvalue().removesuffix("\n"))
    return texts


def _sheet(chance: random.Random, dataset: str) -> Sheet:
    encoding = chance.choice(["utf-8", "utf-8", "gb18030"])
    separator = chance.choice([",", ",", ",", "\t", ";"])
    quoting = csv.QUOTE_ALL if chance.random() < 0.2 else csv.QUOTE_MINIMAL
    header, *texts = _text(chance, dataset, separator, quoting, shuffled=chance.random() < 0.2)
    keys = [str(row[key_column(dataset)]) for row in valid_rows(dataset)]
    lines = [Line(text.encode(encoding), key) for text, key in zip(texts, keys, strict=True)]
    sheet = Sheet(header.encode(encoding), lines, encoding, separator.encode())
    marks = chance.choice(["", "", "", "\ufeff", "\ufeff\ufeff"])
    sheet.above = marks.encode(encoding)
    sheet.below = chance.choice([b"", b"\n"])
    return sheet


def _damaged_book(chance: random.Random, seed: int, dataset: str, name: str) -> DamagedFile:
    rows = valid_rows(dataset)
    names = [column.name for column in EXPORTS[dataset].columns]
    cells = [[row[each] for each in names] for row in rows]
    whole = {str(row[key_column(dataset)]) for row in rows}
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(cells))
        whole.discard(str(rows[at][key_column(dataset)]))
        cells[at][chance.randrange(len(names))] = nasty_cell(chance)
    content, damage, rules = spoiled_book(chance, book_bytes(dataset, cells, chance))
    return DamagedFile(
        seed, dataset, f"{name}.xlsx", content, frozenset(whole), rules, ("cells", damage)
    )
