"""The nine datasets as they arrive, one module each."""

from schemas.exports.annual import annual
from schemas.exports.callbacks import callbacks
from schemas.exports.calls import calls
from schemas.exports.declared import declared
from schemas.exports.knowledge import knowledge
from schemas.exports.quality import quality
from schemas.exports.staff import staff
from schemas.exports.survey import survey
from schemas.exports.tickets import tickets
from schemas.tables import ExportTable

EXPORTS: dict[str, ExportTable] = {
    table.name: table
    for table in (
        calls,
        tickets,
        callbacks,
        quality,
        knowledge,
        staff,
        survey,
        annual,
        declared,
    )
}
