"""The data dictionary is generated from the models, and names all that they declare."""

from pathlib import Path

from schemas import EXPORTS, FACTS
from schemas.dictionary import dictionary
from schemas.kpis import KPIS
from schemas.table import rule_sentences

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_the_data_dictionary_is_the_generated_one():
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run `make dictionary`"


def test_the_data_dictionary_names_every_table_column_and_rule():
    page = dictionary()
    for table in (*EXPORTS.values(), *FACTS.values()):
        assert f"### {table.name} {table.title}\n" in page
        for column in table.columns:
            assert f"| `{column.name}` | {column.title} |" in page
    for table in EXPORTS.values():
        for rule, _ in rule_sentences(table):
            assert f"| `{rule}` |" in page
    for kpi in KPIS:
        assert f"| `{kpi.id}` | {kpi.title} |" in page
