"""The warehouse as a lakehouse: DuckLake, whose catalog is in PostgreSQL and whose rows are Parquet files in a folder or in S3.

What belongs here: attaching it, writing beside other writers, its snapshots, its upkeep. What does not: tables and rows (``schema``,
``store``).

DuckLake has no primary keys, and lets two transactions insert into one table at the same time. So each transaction of ``write`` also
touches the one row of ``alembic_version``: DuckLake refuses the commit of whoever began before another one committed, and what was
refused is done again on what is there now. Then ``MERGE`` sees the other's rows, and a key comes once.

The extensions come from the wheels ``duckdb-extension-*`` and are loaded by path: nothing is fetched.
"""

import importlib.util
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from pipeline.errors import QueryError, SettingsError, WarehouseError, WarehouseLockedError
from pipeline.turns import is_conflict, wait_for_turn
from pipeline.warehouse.connection import CONFIG, USE, literal, transaction
from pipeline.warehouse.migrations import current_revision, upgrade
from pipeline.warehouse.query import Answer, advice
from pipeline.warehouse.storage import Compaction, Connection

_GUARD = "UPDATE main.alembic_version SET version_num = version_num"
_BYTES = "SELECT coalesce(sum(file_size_bytes + delete_file_size_bytes), 0) FROM ducklake_table_info('warehouse')"
# Files that no snapshot names are left alone so long: a reader may still read them, a writer may not have committed them yet.
_GRACE = timedelta(days=1)

# A process attaches a lake once: loading the extensions takes longer than most batches. Connections are cursors of it.
_attached: dict[tuple[int, "DuckLake"], Connection] = {}
_attaching = threading.Lock()


@dataclass(frozen=True, slots=True)
class LakeSnapshot:
    """One state of the lake: its number, when it was committed (with its zone), and what the commit changed."""

    number: int
    committed: datetime
    changes: str


@dataclass(frozen=True, slots=True)
class DuckLake:
    """DuckLake: several writers at once, each in transactions of its own.

    Args:
        catalog: ``postgres:`` and a connection string of libpq, without a password.
        data_path: folder or ``s3://`` address of the Parquet files.
        endpoint: address of the S3 store; empty for AWS_ENDPOINT_URL, else Amazon's own.
        region: region of the bucket; empty for AWS_REGION.
        keep_snapshots_days: age from which ``compact`` forgets snapshots.
    """

    catalog: str
    data_path: str
    endpoint: str = ""
    region: str = ""
    keep_snapshots_days: int = 30

    def __str__(self) -> str:
        return f"the lake {self.catalog}"

    def exists(self) -> bool:
        """Whether the catalog holds a warehouse."""
        con = self.open(0)
        try:
            return current_revision(con) is not None
        finally:
            con.close()

    def open(self, patience_seconds: float) -> Connection:
        """A connection of this process to the lake.

        Raises:
            SettingsError: the extra is not installed, or S3 has no keys.
            WarehouseError: the catalog cannot be reached.
        """
        key = (os.getpid(), self)  # what was attached before a fork is the parent's
        with _attaching:
            if key not in _attached:
                _attached[key] = wait_for_turn(self._attach, _is_being_made, max(patience_seconds, 1))
            con = _attached[key].cursor()
        try:
            con.execute(USE)
        except duckdb.Error as error:
            con.close()
            with _attaching:
                _attached.pop(key, None)
            raise self.explain(error) from error
        return con

    def upgrade(self, patience_seconds: float) -> None:
        """Run the migrations that the lake lacks, the same as on a file, without their primary keys.

        Raises:
            WarehouseError: the lake was made by a newer Faultline.
        """

        def run() -> None:
            from pipeline.warehouse.migrations.keyless import engine_without_keys

            upgrade(engine_without_keys(lambda: self.open(patience_seconds)), str(self))

        wait_for_turn(run, _is_being_made, max(patience_seconds, 1))

    def write[T](self, con: Connection, action: Callable[[Connection], T], patience_seconds: float) -> T:
        """All or nothing, again where another writer committed first.

        Raises:
            WarehouseLockedError: others came first until the patience ran out.
        """

        def once() -> T:
            with transaction(con):
                con.execute(_GUARD)
                return action(con)

        try:
            return wait_for_turn(once, is_conflict, patience_seconds)
        except duckdb.TransactionException as error:
            if not is_conflict(error):
                raise
            msg = (
                f"Other writers of {self} came first for {patience_seconds:g} s. Run again, or set "
                "warehouse.lock_timeout_seconds in faultline.toml to more."
            )
            raise WarehouseLockedError(msg) from error

    def explain(self, error: duckdb.Error) -> WarehouseError:
        """What the catalog or the store of the files said, and what to look at."""
        text = " ".join(str(error).split())
        if "No snapshot found" in text:
            advice = "`faultline snapshots` lists the states that there are."
        elif "DATA_PATH" in text:
            advice = "Its files lie elsewhere: set warehouse.data_path in faultline.toml to where they were written."
        elif "HTTP" in text or "s3://" in text:
            advice = "Check warehouse.data_path and [object_store] in faultline.toml and the keys in the environment (AWS_ACCESS_KEY_ID, …)."
        elif "No space left" in text or "Disk quota" in text:
            advice = "The disk is full: make room and run again. What was committed before is whole."
        else:
            advice = (
                "Check warehouse.catalog in faultline.toml, that PostgreSQL runs, and PGPASSWORD or ~/.pgpass. "
                "What was committed before is whole."
            )
        return WarehouseError(f"Cannot use {self} with files in {self.data_path}: {text} {advice}")

    def copy_to(self, con: Connection, file: Path) -> None:
        """Copy one snapshot of the lake into a DuckDB file, which has no primary keys either."""
        con.execute(f"ATTACH {literal(file)} AS copy")
        try:
            con.execute("COPY FROM DATABASE warehouse TO copy")
        finally:
            con.execute("DETACH copy")

    def compact(self, con: Connection) -> Compaction:
        """Forget old snapshots, join small files, write those anew that hold many deleted rows, and delete what no snapshot names."""
        before = int(con.execute(_BYTES).fetchall()[0][0])
        now = datetime.now(UTC).replace(tzinfo=None)
        for statement, values in (
            ("CALL ducklake_flush_inlined_data('warehouse')", []),
            (
                "CALL ducklake_expire_snapshots('warehouse', older_than => ?)",
                [now - timedelta(days=self.keep_snapshots_days)],
            ),
            ("CALL ducklake_rewrite_data_files('warehouse')", []),
            ("CALL ducklake_merge_adjacent_files('warehouse')", []),
            ("CALL ducklake_cleanup_old_files('warehouse', older_than => ?)", [now - _GRACE]),
            ("CALL ducklake_delete_orphaned_files('warehouse', older_than => ?)", [now - _GRACE]),
        ):
            wait_for_turn(lambda s=statement, v=values: con.execute(s, v).fetchall(), is_conflict, 60)  # type: ignore[misc]
        return Compaction(before, int(con.execute(_BYTES).fetchall()[0][0]))

    def snapshots(self, con: Connection) -> list[LakeSnapshot]:
        """All states that can be asked, the newest first."""
        rows = con.execute(
            "SELECT snapshot_id, epoch_us(snapshot_time), changes::VARCHAR FROM ducklake_snapshots('warehouse') ORDER BY 1 DESC"
        ).fetchall()
        return [LakeSnapshot(n, datetime.fromtimestamp(t / 1e6).astimezone(), c) for n, t, c in rows]

    @contextmanager
    def at(self, when: int | datetime) -> Iterator[Connection]:
        """A read-only connection to the lake as it was: at a snapshot's number, or at a time.

        Raises:
            WarehouseError: there is no such snapshot any more, or the lake cannot be reached.
        """
        if isinstance(when, datetime):  # as DuckLake's times are read without the ICU extension
            when = when.astimezone(UTC)
        which = f"SNAPSHOT_VERSION {when}" if isinstance(when, int) else f"SNAPSHOT_TIME {literal(when.isoformat())}"
        con = self._attach(f", READ_ONLY, {which}")
        try:
            con.execute(USE)
            # Other files and the network are closed to queries; the catalog's database is not, with the rights of its user.
            con.execute(f"SET allowed_directories = [{literal(self.data_path)}]")
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield con
        finally:
            con.close()

    def query_at(self, when: int | datetime, sql: str) -> Answer:
        """Run one SELECT on the lake as it was.

        Raises:
            QueryError: it is no SELECT, or DuckDB cannot run it.
            WarehouseError: as ``at``.
        """
        try:
            kinds = [s.type for s in duckdb.extract_statements(sql)]
        except duckdb.Error as error:
            raise QueryError(str(error)) from error
        if kinds != [duckdb.StatementType.SELECT]:
            msg = "The lake as it was takes one SELECT."
            raise QueryError(msg)
        with self.at(when) as con:
            try:
                cursor = con.execute(sql)
                return Answer(tuple(str(d[0]) for d in cursor.description or ()), cursor.fetchall())
            except duckdb.Error as error:
                raise QueryError(advice(str(error))) from error

    def _attach(self, options: str = "") -> Connection:
        con = duckdb.connect(config=CONFIG)
        try:
            in_s3 = self.data_path.startswith("s3://")
            for name in ("ducklake", "postgres_scanner", *(["httpfs"] if in_s3 else [])):
                con.execute(f"LOAD {literal(_extension(name))}")
            if in_s3:
                con.execute(self._secret())
            con.execute(
                f"ATTACH {literal('ducklake:' + self.catalog)} AS warehouse (DATA_PATH {literal(self.data_path)}{options})"
            )
        except duckdb.Error as error:
            con.close()
            if _is_being_made(error):
                raise
            raise self.explain(error) from error
        except BaseException:
            con.close()
            raise
        return con

    def _secret(self) -> str:
        """The statement that tells DuckDB the keys of S3; it holds them in memory and shows them to nobody."""
        environment = os.environ
        if "AWS_ACCESS_KEY_ID" not in environment or "AWS_SECRET_ACCESS_KEY" not in environment:
            msg = f"{self.data_path}: there are no keys. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment."
            raise SettingsError(msg)
        endpoint = self.endpoint or environment.get("AWS_ENDPOINT_URL", "")
        region = self.region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "us-east-1")
        parts = {
            "KEY_ID": environment["AWS_ACCESS_KEY_ID"],
            "SECRET": environment["AWS_SECRET_ACCESS_KEY"],
            "SESSION_TOKEN": environment.get("AWS_SESSION_TOKEN", ""),
            "REGION": region,
            "SCOPE": self.data_path,
        }
        if endpoint:
            where = urlsplit(endpoint)
            parts |= {"ENDPOINT": where.netloc + where.path.rstrip("/"), "URL_STYLE": "path"}
        said = ", ".join(f"{name} {literal(value)}" for name, value in parts.items() if value)
        plain = ", USE_SSL false" if endpoint.startswith("http://") else ""
        return f"CREATE SECRET warehouse_files (TYPE s3, {said}{plain})"


def _extension(name: str) -> Path:
    """The file of a DuckDB extension, out of its wheel."""
    package = importlib.util.find_spec(f"duckdb_extension_{name}")
    file = (
        Path(str(package.origin)).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if package
        else None
    )
    if file is None or not file.is_file():
        msg = (
            f'warehouse.kind = "ducklake" needs DuckDB\'s extension {name} for DuckDB {duckdb.__version__}. Install it with: '
            "uv sync --extra lake (or pip install 'faultline[lake]')."
        )
        raise SettingsError(msg)
    return file


def _is_being_made(error: Exception) -> bool:
    """Whether another process is just making the same catalog or running the same migration."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy wraps what DuckDB raises
    words = ("already exists", "duplicate key", "pg_type_typname", "could not serialize")
    return is_conflict(cause) or (isinstance(cause, duckdb.Error) and any(w in str(cause) for w in words))
