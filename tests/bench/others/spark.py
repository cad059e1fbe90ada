"""The ten tables by PySpark on this machine, with the same rules as conditions of Spark SQL.

Run as `python -m tests.bench.others.spark LANDING FOLDER`. Belongs here: from the exports to the
rows that stand, which are written once as Parquet; `spark_sql` adds them up.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from assets.deadlines.calendar import load_calendar
from schemas import EXPORTS
from schemas.fields import Kind, Protection
from schemas.table import ExportTable
from tests.bench.others.spark_rules import conditions
from tests.bench.plain import cutoff_of
from tests.recount import DATASETS, TABLES

_KEY = b"bench"
_BLOCK = 64
_SQL = Path(__file__).parent / "spark_sql"
_MASK = "regexp_replace({0}, '[+]?[0-9](?:[ -]?[0-9]){{6,}}[Xx]?', '▇')"
_TYPES = {
    Kind.TIMESTAMP: "try_to_timestamp({0}, 'yyyy-MM-dd HH:mm:ss')",
    Kind.INTEGER: "try_cast({0} AS BIGINT)",
    Kind.NUMBER: "try_cast({0} AS DOUBLE)",
}


def session() -> SparkSession:
    """Spark on all cores, with nothing that others could reach."""
    spark = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.memory", "4g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 1)))
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def read(spark: SparkSession, landing: Path, table: ExportTable) -> DataFrame:
    """All rows of a dataset, typed, with their file, its date and the texts that were no values."""
    text = StructType([StructField(column.name, StringType()) for column in table.columns])
    files = {"pathGlobFilter": f"{table.name}_*.csv"}
    rows = spark.read.csv(str(landing), schema=text, header=True, **files)
    stamp = "regexp_extract(_metadata.file_name, '_([0-9]+)[.]csv$', 1)"
    day = f"to_date({stamp}, 'yyyyMMdd')"
    if table.cadence != "daily":
        day = f"last_day(to_date({stamp}, 'yyyyMM'))"
    chosen = [f"{day} AS export_date", "_metadata.file_name AS file"]
    for column in table.columns:
        form = _TYPES.get(column.kind)
        chosen.append(f"{form.format(column.name)} AS {column.name}" if form else column.name)
        chosen += [f"{column.name} AS {column.name}_text"] if form else []
    return rows.selectExpr(*chosen)


def _hmac(name: str) -> str:
    """HMAC-SHA256, which Spark has no function for."""
    inner, outer = (bytes(a ^ b for a in _KEY.ljust(_BLOCK, b"\0")) for b in (0x36, 0x5C))
    once = f"sha2(concat(X'{inner.hex()}', CAST({name} AS BINARY)), 256)"
    return f"sha2(concat(X'{outer.hex()}', unhex({once})), 256)"


def protected(table: ExportTable) -> list[str]:
    """The columns of a dataset, personal ones as pseudonyms or masked."""
    found = []
    for column in table.columns:
        if column.protection is Protection.PSEUDONYM:
            found.append(f"{_hmac(column.name)} AS {column.stored_name}")
        elif column.protection is Protection.MASKED:
            found.append(f"{_MASK.format(column.name)} AS {column.name}")
        else:
            found.append(column.name)
    return found


def keep(rows: DataFrame, table: ExportTable, folder: Path) -> None:
    """Write the rows that stand, and those that break a rule with what they break."""
    broken = ", ".join(
        f"if(coalesce({holds}, true), NULL, '{rule}')" for rule, holds in conditions(table).items()
    )
    key = ", ".join(table.key)
    fixed = "NULL"
    if table.fixed:
        first = f"first({table.fixed}) OVER (PARTITION BY {key} ORDER BY file)"
        fixed = f"if({table.fixed} <> {first}, '{table.fixed}_changed', NULL)"
    order = ", ".join(f"{each} DESC" for each in (table.version, "file") if each)
    checked = rows.selectExpr(*protected(table), "file", f"concat_ws(' ', {broken}) AS broken")
    checked = checked.selectExpr("*", f"if(broken = '', {fixed}, broken) AS reason").cache()
    checked.where("reason IS NOT NULL").write.parquet(f"{folder}/quarantine/{table.name}")
    place = f"row_number() OVER (PARTITION BY {key} ORDER BY {order})"
    standing = checked.where("reason IS NULL").selectExpr(
        *table.stored_columns, f"{place} AS place"
    )
    standing.where("place = 1").drop("place").write.parquet(f"{folder}/standing/{table.name}")
    checked.unpersist()


def with_deadline(spark: SparkSession, tickets: DataFrame) -> DataFrame:
    """Tickets with the moment when they are due."""
    calendar = load_calendar()
    days, until = calendar.working_days.to_list(), calendar.working_days_until.to_list()
    due = [
        (calendar.first + timedelta(days=number), allowed, f"{days[nth]} 23:59:59")
        for number, passed in enumerate(until)
        for allowed in (3, 5)
        if (nth := passed + allowed - 1) < len(days)
    ]
    spark.createDataFrame(due, "day date, days int, due string").createOrReplaceTempView("due")
    tickets.createOrReplaceTempView("ticket")
    return spark.sql("""
        SELECT ticket.*, CASE
            WHEN handling = '直接答复' THEN NULL
            WHEN urgency = '突发' THEN greatest(accepted_at + INTERVAL 2 HOURS, extended_to)
            ELSE greatest(to_timestamp(due), extended_to) END AS deadline
        FROM ticket LEFT JOIN due
            ON day = to_date(accepted_at) AND days = if(ticket_type = '咨询', 3, 5)
    """)


def main(landing: Path, folder: Path) -> None:
    """Read, check, protect, keep, add up, write."""
    spark = session()
    for name in DATASETS:
        keep(read(spark, landing, EXPORTS[name]), EXPORTS[name], folder)
        rows = spark.read.parquet(f"{folder}/standing/{name}")
        rows = with_deadline(spark, rows).cache() if name == "tickets" else rows
        rows.createOrReplaceTempView(name)
    for name in TABLES:
        query = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
        rows = spark.sql(query.replace("{cutoff}", str(cutoff_of(landing))))
        rows.write.parquet(f"{folder}/{name}", compression="zstd")
    gateway = spark.sparkContext._gateway
    spark.stop()
    # Java is a process of its own: what it cost is ours only once it has been waited for.
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
