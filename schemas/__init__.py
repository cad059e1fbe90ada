"""What each table is: the one declaration that everything else is generated from.

Imports nothing of ours. From here come the pandera checks, the header mapping, the Parquet schema
and its field metadata, the Dagster column schema, `datapackage.json` and the data dictionary.
"""

from schemas.exports import EXPORTS
from schemas.facts import FACTS
from schemas.province import BY_SITE, PROVINCE, PUBLISHED

__all__ = ["BY_SITE", "EXPORTS", "FACTS", "PROVINCE", "PUBLISHED"]
