"""What comes once a month or once a year: staff, survey, the two yearly forms.

Belongs here: true rows of the datasets `staff`, `survey`, `annual` and `declared`.
"""

import numpy as np
import polars as pl

from assets.sample.volumes import MONTHS, Volumes, read_data

AGENT, BACK_OFFICE, MANAGER = "话务员", "后台", "管理"
_ON_LEAVE = ("0053", "0054", "0055")


def _staff_month(rng: np.random.Generator, volumes: Volumes, month: int) -> pl.DataFrame:
    positions = (
        [AGENT] * volumes.agents_on_duty
        + [BACK_OFFICE] * volumes.back_office
        + [MANAGER] * volumes.managers
    )
    count = len(positions)
    assessment = np.where(rng.random(count) < 0.3, "优秀", "合格").astype(object)
    failed, absent = rng.choice(volumes.agents_on_duty, 2, replace=False)
    if rng.random() < 0.6:
        assessment[failed] = "不合格"
    if rng.random() < 0.5:
        assessment[absent] = "未考评"
    away = [agent for number, agent in enumerate(_ON_LEAVE) if number <= rng.integers(0, 3)]
    return pl.DataFrame(
        {
            "month": f"{volumes.year}-{month + 1:02}",
            "agent_id": [f"{number + 1:04}" for number in range(count)] + away,
            "position": positions + [AGENT] * len(away),
            "on_duty": ["是"] * count + ["否"] * len(away),
            "assessment": [*assessment.tolist(), *["未考评"] * len(away)],
        }
    )


def make_staff(seed: np.random.SeedSequence, volumes: Volumes) -> pl.DataFrame:
    """Staff of each month: on duty as published, and a few on leave.

    Returns:
        Columns of the dataset in canonical names, sorted by month and id.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    return pl.concat([_staff_month(rng, volumes, month) for month in MONTHS])


def make_survey(seed: np.random.SeedSequence, volumes: Volumes) -> pl.DataFrame:
    """The survey's answers: each option as often as annex 2 prints.

    Returns:
        Columns of the dataset in canonical names, `submitted_at` naive.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    count = volumes.survey_responses
    start = np.datetime64(f"{volumes.year}-12-11T08:00:00", "s")
    submitted = np.sort(start + rng.integers(0, 14 * 86_400, count).astype("timedelta64[s]"))
    questions = []
    for question, options in volumes.survey.items():
        answers = [option for option, times in options.items() for _ in range(times)]
        questions.append(
            pl.DataFrame(
                {
                    "response_id": [f"WJ{volumes.year}{n + 1:04}" for n in range(count)],
                    "submitted_at": submitted.astype("datetime64[us]"),
                    "question": question,
                    "answer": pl.Series(answers).gather(rng.permutation(count)),
                }
            )
        )
    return pl.concat(questions).sort("response_id", "question")


def make_annual(volumes: Volumes) -> pl.DataFrame:
    """The yearly form: inputs and printed scores of declared and judged indicators."""
    rows = read_data("filings.toml")["annual"]
    columns = ("indicator", "item", "value", "unit", "evidence")
    return pl.DataFrame(
        [
            {"year": str(volumes.year)}
            | {name: str(cell) for name, cell in zip(columns, row, strict=True)}
            for row in rows
        ]
    )


def make_declared(volumes: Volumes) -> pl.DataFrame:
    """What the operator reports of itself: annex 3, the text, and table 4-4 by month."""
    rows = [[str(cell) for cell in row] for row in read_data("filings.toml")["declared"]]
    rows += [
        [f"{volumes.year}-{month + 1:02}", "calls_offered", str(calls), "表4-4"]
        for month, calls in enumerate(volumes.calls_offered)
    ]
    return pl.DataFrame(rows, schema=["period", "metric", "value", "source"], orient="row")
