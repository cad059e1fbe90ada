"""From a file in the source to checked rows in the warehouse.

`ingest_dataset` of `stage.py` is the main entry: it finds the files (`discover`), copies them
(`archive`), enters what becomes of them (`deliveries`) and hands them on batch by batch. `batch`
takes a batch through its steps: `reading` (`decode`, `delimited` or `xlsx`, `headers`), `cast`,
`validate`, `split`, `quarantine`, `protect`. `preview` shows what a profile makes of a file.
"""

from assets.exports.batch import ingest
from assets.exports.deliveries import (
    DELIVERY,
    OTHER,
    REFUSED,
    TAKEN,
    Delivery,
    catalogue,
    drop_unnamed,
    merged,
    read_ledger,
    refusal,
    sentences,
)
from assets.exports.discover import SUFFIXES, look, recognise
from assets.exports.headers import HeaderMatcher, normalised
from assets.exports.parsed_file import LINE, FileRefused
from assets.exports.preview import Probe, draft, probe
from assets.exports.protect import KEY_VARIABLE
from assets.exports.quarantine import CORRECTIONS, QUARANTINE, key_text
from assets.exports.reading import raw_text, read, read_export
from assets.exports.stage import Waiting, untaken, waiting

__all__ = [
    "CORRECTIONS",
    "DELIVERY",
    "KEY_VARIABLE",
    "LINE",
    "OTHER",
    "QUARANTINE",
    "REFUSED",
    "SUFFIXES",
    "TAKEN",
    "Delivery",
    "FileRefused",
    "HeaderMatcher",
    "Probe",
    "Waiting",
    "catalogue",
    "draft",
    "drop_unnamed",
    "ingest",
    "key_text",
    "look",
    "merged",
    "normalised",
    "probe",
    "raw_text",
    "read",
    "read_export",
    "read_ledger",
    "recognise",
    "refusal",
    "sentences",
    "untaken",
    "waiting",
]
