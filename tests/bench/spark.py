"""The facts of calls and tickets by PySpark on this machine, without any check.

Run as `python -m tests.bench.spark LANDING FOLDER`. Two of the ten tables, as in `pandas_pandera`.
"""

import os
import sys
from datetime import date, timedelta
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from assets.deadlines.calendar import load_calendar
from schemas import EXPORTS
from tests.bench.plain import cutoff_of

CALLS = """
SELECT to_date(offered) AS date, hour(offered) AS hour, line,
    count_if(outcome <> '测试') AS offered,
    count_if(outcome = '接通') AS answered,
    count_if(outcome = '用户挂断') AS hung_up,
    count_if(outcome = '振铃超时') AS ring_timeout,
    count_if(outcome = '坐席拒接') AS agent_rejected,
    count_if(outcome = '测试') AS excluded_test,
    count_if(outcome = '接通' AND answered - offered <= INTERVAL 15 SECONDS) AS answered_within_15s,
    sum(if(outcome = '接通', unix_timestamp(answered) - unix_timestamp(offered), 0))
        AS answered_wait_seconds,
    sum(if(outcome NOT IN ('接通', '测试'), unix_timestamp(ended) - unix_timestamp(offered), 0))
        AS lost_wait_seconds,
    sum(if(outcome = '接通', unix_timestamp(ended) - unix_timestamp(answered), 0)) AS talk_seconds
FROM (
    SELECT line, outcome, to_timestamp(offered_at) AS offered,
        to_timestamp(answered_at) AS answered, to_timestamp(ended_at) AS ended
    FROM calls
)
GROUP BY ALL
"""
TICKETS = """
WITH latest AS (
    SELECT *, row_number() OVER (
        PARTITION BY ticket_id ORDER BY updated_at DESC, path DESC
    ) AS place
    FROM (SELECT *, input_file_name() AS path FROM tickets)
),
typed AS (
    SELECT *, to_timestamp(accepted_at) AS accepted, to_timestamp(closed_at) AS done,
        to_timestamp(extended_to) AS extension,
        CASE WHEN handling = '直接答复' THEN NULL
            WHEN urgency = '突发' THEN to_timestamp(accepted_at) + INTERVAL 2 HOURS
            ELSE due_at END AS allowed,
        status <> '已作废' AS counts
    FROM latest JOIN due
        ON due.day = to_date(accepted_at) AND due.days = if(ticket_type = '咨询', 3, 5)
    WHERE place = 1
),
ticket AS (
    SELECT *, greatest(allowed, extension) AS deadline,
        counts AND done IS NOT NULL AS is_closed, counts AND done IS NULL AS is_open
    FROM typed
)
SELECT to_date(accepted) AS date, channel, ticket_type, category, sector, urgency, region, unit,
    handling,
    count_if(counts) AS accepted,
    count_if(counts AND handling = '直接答复') AS direct_answered,
    count_if(counts AND handling = '转办') AS dispatched,
    count_if(is_closed) AS closed,
    count_if(is_closed AND NOT coalesce(done > deadline, false)) AS closed_on_time,
    count_if(is_closed AND coalesce(done > deadline, false)) AS closed_late,
    count_if(is_open AND NOT coalesce(TIMESTAMP '{cutoff}' > deadline, false)) AS open_in_time,
    count_if(is_open AND coalesce(TIMESTAMP '{cutoff}' > deadline, false)) AS open_overdue,
    count_if(status = '已并单') AS merged,
    count_if(counts AND returns > 0) AS returned_tickets,
    sum(if(counts, CAST(returns AS BIGINT), 0)) AS returns,
    count_if(counts AND extension IS NOT NULL) AS extended,
    sum(if(is_closed, unix_timestamp(done) - unix_timestamp(accepted), 0)) AS close_seconds,
    count_if(NOT counts) AS excluded_void
FROM ticket
GROUP BY ALL
"""


def main(landing: Path, folder: Path) -> None:
    """Read, add up, write."""
    spark = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    for name in ("calls", "tickets"):
        columns = [StructField(each, StringType()) for each in EXPORTS[name].by_name]
        files = f"{landing}/{name}_*.csv"
        rows = spark.read.csv(files, schema=StructType(columns), header=True, enforceSchema=True)
        rows.createOrReplaceTempView(name)
    calendar = load_calendar()
    until, days = calendar.working_days_until, calendar.working_days.to_list()
    first = calendar.first.toordinal()
    year = cutoff_of(landing).year - 1
    due = [
        (day.isoformat(), allowed, f"{days[until[day.toordinal() - first] + allowed - 1]} 23:59:59")
        for day in (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        for allowed in (3, 5)
    ]
    frame = spark.createDataFrame(due, "day string, days int, due_at string")
    frame.selectExpr(
        "to_date(day) AS day", "days", "to_timestamp(due_at) AS due_at"
    ).createOrReplaceTempView("due")
    spark.sql(CALLS).write.parquet(f"{folder}/calls")
    spark.sql(TICKETS.format(cutoff=cutoff_of(landing))).write.parquet(f"{folder}/tickets")
    gateway = spark.sparkContext._gateway
    spark.stop()
    # Java is a process of its own: what it cost is ours only once it has been waited for.
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
