"""From a file in the source to checked rows in the warehouse.

`ingest_dataset` of `stage.py` is the main entry: it finds the files (`discover`), copies them
(`archive`), enters what becomes of them (`deliveries`) and hands them on batch by batch. `batch`
takes a batch through its steps: `reading` (`decode`, `delimited` or `xlsx`, `headers`), `cast`,
`validate`, `quarantine`, `protect`. The state of each delivery (`states`) follows from the records
and from what people decide (`decisions`). `preview` shows what a profile makes of a file, `draft`
drafts one.
"""

from assets.exports.archive import archive_faults, read_archived, remove_former
from assets.exports.batch import ingest_files
from assets.exports.decisions import Decision, Place, Verdict, decide, read_decisions
from assets.exports.deliveries import (
    DELIVERY,
    Delivery,
    catalogue,
    delete_orphans,
    enter_findings,
    forget_batches,
    forget_ledger,
    read_candidates,
    read_findings,
    read_ledger,
    write_catalogue,
)
from assets.exports.discover import SUFFIXES, list_exports, recognise
from assets.exports.draft import Draft, draft_profile
from assets.exports.erasure_record import (
    CALL,
    CALLER,
    TICKET,
    confirm_erasure,
    erasures,
    is_erasure_pending,
    record_erasure,
)
from assets.exports.headers import HeaderMatcher, normalise_header
from assets.exports.parsed_file import LINE, FileRefused, line_text
from assets.exports.preview import Probe, probe_file, recognise_file
from assets.exports.protect import KEY_VARIABLE, check_caller_key, rotate_caller_key
from assets.exports.quarantine import CORRECTIONS, QUARANTINE, key_text
from assets.exports.reading import raw_text, read_export, read_files
from assets.exports.redaction import RawFile, redact, subjects_of
from assets.exports.sentences import (
    OTHER,
    drift_sentences,
    finding_sentence,
    merge_drift,
    refusal_sentence,
)
from assets.exports.stage import (
    PendingExports,
    ingest_dataset,
    pending_deliveries,
    pending_exports,
)
from assets.exports.states import FINDINGS, REFUSED, TAKEN, Candidate, State

__all__ = [
    "CALL",
    "CALLER",
    "CORRECTIONS",
    "DELIVERY",
    "FINDINGS",
    "KEY_VARIABLE",
    "LINE",
    "OTHER",
    "QUARANTINE",
    "REFUSED",
    "SUFFIXES",
    "TAKEN",
    "TICKET",
    "Candidate",
    "Decision",
    "Delivery",
    "Draft",
    "FileRefused",
    "HeaderMatcher",
    "PendingExports",
    "Place",
    "Probe",
    "RawFile",
    "State",
    "Verdict",
    "archive_faults",
    "catalogue",
    "check_caller_key",
    "confirm_erasure",
    "decide",
    "delete_orphans",
    "draft_profile",
    "drift_sentences",
    "enter_findings",
    "erasures",
    "finding_sentence",
    "forget_batches",
    "forget_ledger",
    "ingest_dataset",
    "ingest_files",
    "is_erasure_pending",
    "key_text",
    "line_text",
    "list_exports",
    "merge_drift",
    "normalise_header",
    "pending_deliveries",
    "pending_exports",
    "probe_file",
    "raw_text",
    "read_archived",
    "read_candidates",
    "read_decisions",
    "read_export",
    "read_files",
    "read_findings",
    "read_ledger",
    "recognise",
    "recognise_file",
    "record_erasure",
    "redact",
    "refusal_sentence",
    "remove_former",
    "rotate_caller_key",
    "subjects_of",
    "write_catalogue",
]
