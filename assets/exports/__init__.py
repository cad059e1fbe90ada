"""From an export file to checked rows: archive, decode, headers, cast, validate, protect, stage."""

from assets.exports.archive import Delivery, catalogue
from assets.exports.corrections import CORRECTIONS
from assets.exports.discover import SUFFIXES, recognise
from assets.exports.drafting import draft
from assets.exports.headers import HeaderMatcher, normalised
from assets.exports.ingestion import DELIVERY, ingest
from assets.exports.layout import LINE
from assets.exports.ledger import REFUSED, TAKEN, drop_unnamed, read_ledger
from assets.exports.noticed import OTHER, merged, sentences
from assets.exports.probing import Probe, probe
from assets.exports.protect import KEY_VARIABLE
from assets.exports.quarantine import QUARANTINE, key_text
from assets.exports.reading import raw_text, read, read_export
from assets.exports.refusals import FileRefused
from assets.exports.take import Waiting, look, refusal, untaken, waiting

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
