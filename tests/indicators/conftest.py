"""A small evaluated year, figures checked by hand."""

import pytest

from tests.driver import bring_up_to_date, deliver, make_installation
from tests.samples import row


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """Two days of calls and tickets, a form, a survey and declared figures."""
    installation = make_installation(tmp_path_factory.mktemp("site"))
    for day in ("2023-01-05", "2023-01-06"):
        calls = [
            row(
                "calls",
                call_id=f"{day}-{n}",
                offered_at=f"{day} 08:00:0{n}",
                answered_at=f"{day} 08:00:10",
                ended_at=f"{day} 08:03:10",
            )
            for n in range(4)
        ]
        calls += [
            row(
                "calls",
                call_id=f"{day}-lost",
                offered_at=f"{day} 09:00:00",
                answered_at="",
                ended_at=f"{day} 09:00:20",
                outcome="用户挂断",
            )
        ]
        deliver(installation, f"calls_{day.replace('-', '')}.csv", calls)
    late = {
        "closed_at": "2023-02-01 08:00:00",
        "status": "已办结",
        "updated_at": "2023-02-01 08:00:00",
    }
    tickets = [
        row("tickets", ticket_id="T1", **late),
        row("tickets", ticket_id="T2", ticket_type="咨询", **late),
        row("tickets", ticket_id="T3", urgency="突发", **late),
        row("tickets", ticket_id="T4", category="热线服务态度", channel="省级平台", **late),
        row("tickets", ticket_id="T5", category="热线服务态度", **late),
        row(
            "tickets",
            ticket_id="T6",
            closed_at="2023-01-06 08:00:00",
            status="已办结",
            updated_at="2023-01-06 08:00:00",
        ),
    ]
    deliver(installation, "tickets_20230201.csv", tickets)
    deliver(
        installation,
        "annual_2023.csv",
        [
            row("annual"),
            row("annual", indicator="budget_execution", item="实际支出资金", value="250"),
            row("annual", indicator="budget_execution", item="实际到位资金", value="256"),
            row("annual", indicator="agent_seats", item="计划席位", value="2", unit="个"),
            row("annual", indicator="awareness_rate", item="群众知晓率", value="0.18", unit="比值"),
        ],
    )
    deliver(installation, "staff_202301.csv", [row("staff")])
    deliver(
        installation,
        "survey_2023.csv",
        [
            row("survey", response_id=f"D{n}", answer=answer)
            for n, answer in enumerate(["满意", "非常满意", "一般"])
        ],
    )
    deliver(
        installation,
        "declared_2023.csv",
        [
            row("declared", metric="answer_rate", value="80"),
            row("declared", metric="answer_rate", value="100", source="扣除用户挂断"),
            row("declared", metric="answer_rate", value="98.7", source="附件3"),
            row("declared", period="2023-01", metric="calls_offered", value="10", source="表"),
            row("declared", period="2022", metric="knowledge_updates", value="7", source="旧表"),
        ],
    )
    bring_up_to_date(installation)
    return installation
