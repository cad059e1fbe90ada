"""Small exports for tests: a valid row of each dataset, and writing rows as a platform would."""

import csv
import io
from pathlib import Path
from typing import Any

from schemas import EXPORTS

VALID: dict[str, dict[str, Any]] = {
    "calls": {
        "call_id": "202301050000000001",
        "caller": "13800138000",
        "line": "12345",
        "offered_at": "2023-01-05 08:00:00",
        "answered_at": "2023-01-05 08:00:10",
        "ended_at": "2023-01-05 08:03:10",
        "agent_id": "0007",
        "outcome": "接通",
        "rating": "满意",
    },
    "tickets": {
        "ticket_id": "HZ20230105000001",
        "call_id": "202301050000000001",
        "channel": "电话",
        "ticket_type": "求助",
        "category": "城乡建设-供水",
        "sector": "",
        "urgency": "一般",
        "region": "汉台区",
        "title": "反映停水",
        "content": "来电人反映家中停水，请尽快处理。",
        "accepted_at": "2023-01-05 08:05:00",
        "handling": "转办",
        "dispatched_at": "2023-01-05 08:10:00",
        "unit": "市水务局",
        "extended_to": "",
        "closed_at": "",
        "status": "办理中",
        "returns": "0",
        "merged_into": "",
        "updated_at": "2023-01-05 08:10:00",
    },
    "callbacks": {
        "callback_id": "HF1",
        "ticket_id": "HZ20230105000001",
        "called_at": "2023-01-06 09:00:00",
        "result": "接通",
        "satisfaction": "满意",
        "agent_id": "0009",
    },
    "quality": {
        "inspection_id": "ZJ1",
        "call_id": "202301050000000001",
        "inspected_at": "2023-01-06 10:00:00",
        "mode": "事后",
        "inspector_id": "0031",
        "score": "96.5",
        "passed": "是",
    },
    "knowledge": {
        "article_id": "ZS1",
        "updated_at": "2023-01-05 11:00:00",
        "action": "新增",
        "unit": "市医保局",
        "title": "医保缴费指南",
    },
    "staff": {
        "month": "2023-01",
        "agent_id": "0007",
        "position": "话务员",
        "on_duty": "是",
        "assessment": "合格",
    },
    "survey": {
        "response_id": "DJ1",
        "submitted_at": "2023-12-20 10:00:00",
        "question": "9",
        "answer": "满意",
    },
    "annual": {
        "year": "2023",
        "indicator": "goal_clarity",
        "item": "得分",
        "value": "2",
        "unit": "分",
        "evidence": "绩效目标表",
    },
    "declared": {
        "period": "2023",
        "metric": "answer_rate",
        "value": "98.7",
        "source": "附件3",
    },
}

# The file that the valid row of each dataset would arrive in, without its ending.
FILE: dict[str, str] = {
    "calls": "calls_20230105",
    "tickets": "tickets_20230105",
    "callbacks": "callbacks_20230106",
    "quality": "quality_20230106",
    "knowledge": "knowledge_20230105",
    "staff": "staff_202301",
    "survey": "survey_2023",
    "annual": "annual_2023",
    "declared": "declared_2023",
}


def row(dataset: str, **changes: Any) -> dict[str, Any]:
    """A valid row with some values changed."""
    return VALID[dataset] | changes


def csv_text(dataset: str, rows: list[dict[str, Any]]) -> str:
    """Rows as the default profile's platform exports them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = EXPORTS[dataset].columns
    writer.writerow([column.title for column in columns])
    for each in rows:
        writer.writerow([each[column.name] for column in columns])
    return text.getvalue()


def header_line(dataset: str) -> str:
    """The header row of the default profile's platform."""
    return csv_text(dataset, []).rstrip("\n")


def csv_line(dataset: str, values: dict[str, Any]) -> str:
    """One row as the default profile's platform exports it, without its line end."""
    return csv_text(dataset, [values]).split("\n", 1)[1].rstrip("\n")


def xlsx_bytes(dataset: str, rows: list[dict[str, Any]]) -> bytes:
    """Rows as a workbook: text stays text, numbers are numbers."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        columns = EXPORTS[dataset].columns
        sheet.write_row(0, 0, [column.title for column in columns])
        for number, each in enumerate(rows, start=1):
            for position, column in enumerate(columns):
                value = each[column.name]
                if isinstance(value, str):
                    sheet.write_string(number, position, value)
                else:
                    sheet.write_number(number, position, value)
    return out.getvalue()


def write(folder: Path, name: str, rows: list[dict[str, Any]], encoding: str = "utf-8") -> Path:
    """Write an export file; the dataset is the beginning of its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_text(name.partition("_")[0], rows).encode(encoding))
    return path
