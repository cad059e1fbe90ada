"""The nine datasets as they arrive."""

from schemas.exports.annual import Annual, Declared
from schemas.exports.callbacks import Callbacks
from schemas.exports.calls import Calls
from schemas.exports.knowledge import Knowledge
from schemas.exports.quality import Quality
from schemas.exports.staff import Staff
from schemas.exports.survey import Survey
from schemas.exports.tickets import Tickets
from schemas.table import Export, ExportTable

_MODELS: tuple[type[Export], ...] = (
    Calls,
    Tickets,
    Callbacks,
    Quality,
    Knowledge,
    Staff,
    Survey,
    Annual,
    Declared,
)
EXPORTS: dict[str, ExportTable] = {model.table().name: model.table() for model in _MODELS}
