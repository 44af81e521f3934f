"""Upkeep of the warehouse: dropping codings that are superseded, giving disk space back, proving a snapshot sound.

What does not belong here: when it is done (``pipeline.maintenance``, Dagster's schedule).
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError, WarehouseError
from pipeline.warehouse.connection import connect_reader, transaction
from pipeline.warehouse.intake import utc_now
from pipeline.warehouse.integrity import unsound_rows
from pipeline.warehouse.publish import MARTS_FOLDER
from pipeline.warehouse.schema import TAGGED_TABLES, full_name
from pipeline.warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Compaction:
    """Size of the file in bytes before and after."""

    before: int
    after: int


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
    with warehouse.connect() as con:
        return _drop(con, superseded, before)


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
        return _drop(
            con, "SELECT article_id, coder_version FROM core.tagging_runs WHERE coder_version = ?", coder_version
        )


def _drop(con: duckdb.DuckDBPyConnection, codings: str, value: object) -> int:
    con.execute(f"CREATE TEMP TABLE dropped AS {codings}", [value])
    try:
        with transaction(con):
            for name in [*(full_name(t) for t in TAGGED_TABLES), "core.tagging_runs"]:
                con.execute(
                    f"DELETE FROM {name} t USING dropped d WHERE t.article_id = d.article_id AND t.coder_version = d.coder_version"  # noqa: S608
                )
        return int(con.execute("SELECT count(*) FROM dropped").fetchall()[0][0])
    finally:
        con.execute("DROP TABLE dropped")


def compact(warehouse: Warehouse) -> Compaction:
    """Write the warehouse anew without the room that deleted rows left, and put the new file in the old one's place in one step.

    The lock is held from the first row that is copied until the new file has its name; a writer that waited opens the new one.

    Raises:
        WarehouseError: there is not room enough, or the copy differs; the warehouse is as it was.
    """
    path = warehouse.path
    copy = path.with_name(f".{path.stem}-compact-{os.getpid()}.duckdb")
    before = path.stat().st_size
    free = shutil.disk_usage(path.parent).free
    if free < before * 1.1:
        msg = f"Compacting {path} needs {before * 1.1 / 1e6:,.0f} MB beside it and {free / 1e6:,.0f} MB are free: make room, or leave it as it is."
        raise WarehouseError(msg)
    try:
        with warehouse.connect() as con:
            con.execute("CHECKPOINT")
            name = str(con.execute("SELECT current_database()").fetchall()[0][0])
            con.execute(f"ATTACH '{str(copy).replace("'", "''")}' AS compacted")
            con.execute(f'COPY FROM DATABASE "{name}" TO compacted')
            differing = _differing(con, name)
            con.execute("DETACH compacted")
            if differing:
                msg = (
                    f"The compacted copy of {path} differs in {', '.join(differing)}: the warehouse is left as it was."
                )
                raise WarehouseError(msg)
            copy.replace(path)
    except (OSError, duckdb.Error) as error:
        msg = f"Cannot compact {path}: {error}. It is left as it was."
        raise WarehouseError(msg) from error
    finally:
        copy.unlink(missing_ok=True)
        copy.with_name(f"{copy.name}.wal").unlink(missing_ok=True)
    return Compaction(before, path.stat().st_size)


def _differing(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY 1", [name]
    ).fetchall()
    return [
        t
        for (t,) in tables
        if con.execute(
            f'SELECT (SELECT count(*) FROM "{name}".{t}) <> (SELECT count(*) FROM compacted.{t})'  # noqa: S608
        ).fetchall()[0][0]
    ]


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
