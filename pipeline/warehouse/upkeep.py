"""Upkeep of the warehouse: dropping codings that are superseded, giving disk space back, proving a snapshot sound.

What does not belong here: when it is done (``pipeline.maintenance``, Dagster's schedule).
"""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError, WarehouseError
from pipeline.warehouse.connection import connect_reader
from pipeline.warehouse.intake import utc_now
from pipeline.warehouse.integrity import unsound_rows
from pipeline.warehouse.publish import MARTS_FOLDER
from pipeline.warehouse.schema import TAGGED_TABLES, full_name
from pipeline.warehouse.storage import Compaction
from pipeline.warehouse.store import Warehouse


def drop_superseded(warehouse: Warehouse, older_than_days: int, now: datetime | None = None) -> int:
    """Drop the codings that a newer one of the same article supersedes and that are older than so many days.

    Returns:
        How many codings (article and coder_version) were dropped, with all their rows.
    """
    before = (now or utc_now()) - timedelta(days=older_than_days)
    superseded = (
        "SELECT r.article_id, r.coder_version FROM core.tagging_runs r JOIN core.current_runs c USING (article_id) "
        "WHERE r.coder_version <> c.coder_version AND r.tagged_at < ?"
    )
    return warehouse.write(lambda con: _drop(con, superseded, before))


def drop_coding(warehouse: Warehouse, coder_version: str) -> int:
    """Drop all that one coder coded; articles that an older coder has coded show its coding again, the others are untagged.

    Raises:
        InputError: the warehouse has no such coder_version.
    """
    with warehouse.connect() as con:
        known = [
            c for (c,) in con.execute("SELECT DISTINCT coder_version FROM core.tagging_runs ORDER BY 1").fetchall()
        ]
    if coder_version not in known:
        msg = f"The warehouse holds no coding of {coder_version!r}; it holds {', '.join(known) or 'none'}."
        raise InputError(msg)
    codings = "SELECT article_id, coder_version FROM core.tagging_runs WHERE coder_version = ?"
    return warehouse.write(lambda con: _drop(con, codings, coder_version))


def _drop(con: duckdb.DuckDBPyConnection, codings: str, value: object) -> int:
    con.execute(f"CREATE OR REPLACE TEMP TABLE dropped AS {codings}", [value])
    for name in [*(full_name(t) for t in TAGGED_TABLES), "core.tagging_runs"]:
        con.execute(
            f"DELETE FROM {name} t USING dropped d WHERE t.article_id = d.article_id AND t.coder_version = d.coder_version"  # noqa: S608
        )
    return int(con.execute("SELECT count(*) FROM dropped").fetchall()[0][0])


def compact(warehouse: Warehouse) -> Compaction:
    """Give back the room that deleted rows left.

    Raises:
        WarehouseError: there is not room enough, or the copy differs; the warehouse is as it was.
    """
    with warehouse.connect() as con:
        return warehouse.storage.compact(con)


def verify_snapshot(snapshot: Path) -> list[str]:
    """Read every row of a published snapshot and of its Parquet files; returns what is wrong, in words: nothing for a sound one.

    DuckDB proves the checksum of each block that it reads. Rows of core are held against the rules of ``integrity``.

    """
    found: list[str] = []
    rows: dict[str, int] = {}
    try:
        con = connect_reader(snapshot)
    except WarehouseError as error:
        return [str(error)]
    try:
        names = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        for (name,) in names:
            try:
                rows[name] = int(con.execute(f"SELECT count(hash(t)) FROM {name} t").fetchall()[0][0])  # noqa: S608
            except duckdb.Error as error:
                found.append(f"{name} cannot be read: {str(error).splitlines()[0]}")
        if not found:
            for table in TAGGED_TABLES:
                broken = {rule: n for rule, n in unsound_rows(con, table).items() if n}
                found += [f"{full_name(table)}: {n} rows: {rule}" for rule, n in broken.items()]
    finally:
        con.close()
    for file in sorted((snapshot.parent / MARTS_FOLDER).glob("*.parquet")):
        try:
            number = sum(batch.num_rows for batch in pq.ParquetFile(file).iter_batches())
        except (OSError, pa.ArrowException) as error:
            found.append(f"{file} cannot be read: {error}")
            continue
        if number != rows.get(f"marts.{file.stem}", number):
            found.append(f"{file} has {number} rows, the snapshot {rows[f'marts.{file.stem}']}")
    return found
