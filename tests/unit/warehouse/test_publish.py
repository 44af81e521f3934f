import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import QueryError, WarehouseError
from pipeline.records import Article
from pipeline.warehouse.publish import publish
from pipeline.warehouse.query import query
from pipeline.warehouse.store import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "w.duckdb")
    warehouse.add([Article("a", "First.", text_hash="1")], "batch")
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.pairs AS SELECT 'A' AS a, 'B' AS b")
    return warehouse


def test_snapshot_holds_what_the_warehouse_held_and_the_marts_as_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    snapshot = publish(warehouse, tmp_path / "published")
    assert query(snapshot.path, "SELECT text FROM raw.articles").rows == [("First.",)]
    assert duckdb.sql(f"SELECT * FROM '{snapshot.parquet[0]}'").fetchall() == [("A", "B")]


def test_open_reader_keeps_the_old_snapshot_and_blocks_nobody(warehouse: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "published"
    reader = duckdb.connect(str(publish(warehouse, folder).path), read_only=True)
    warehouse.add([Article("b", "Second.", text_hash="2")], "batch")
    new = publish(warehouse, folder)
    assert reader.execute("SELECT count(*) FROM raw.articles").fetchall() == [(1,)]
    reader.close()
    assert query(new.path, "SELECT count(*) FROM raw.articles").rows == [(2,)]


def test_marts_that_are_gone_leave_no_stale_file(warehouse: Warehouse, tmp_path: Path) -> None:
    publish(warehouse, tmp_path / "published")
    with warehouse.connect() as con:
        con.execute("DROP TABLE marts.pairs; CREATE TABLE marts.others AS SELECT 1 AS n")
    publish(warehouse, tmp_path / "published")
    assert [f.name for f in (tmp_path / "published" / "marts").iterdir()] == ["others.parquet"]


def test_copy_of_a_killed_publication_goes_and_that_of_a_running_one_stays(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    folder = tmp_path / "published"
    (folder / "marts").mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    killed = [folder / f".warehouse-{process.pid}.duckdb", folder / "marts" / f".pairs-{process.pid}.parquet"]
    running = folder / f".warehouse-{os.getppid()}.duckdb"
    for file in (*killed, running):
        file.write_bytes(b"part of a copy")
    publish(warehouse, folder)
    assert running.exists()
    assert not any(file.exists() for file in killed)


def test_failed_publication_leaves_the_old_snapshot(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "published"
    publish(warehouse, folder)
    warehouse.add([Article("b", "Second.", text_hash="2")], "batch")

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.warehouse.storage.shutil.copyfile", disk_full)
    with pytest.raises(WarehouseError, match="No space left"):
        publish(warehouse, folder)
    assert query(folder / "warehouse.duckdb", "SELECT count(*) FROM raw.articles").rows == [(1,)]
    assert not list(folder.glob(".warehouse*"))


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("DELETE FROM raw.articles", "read-only"),
        ("CREATE TABLE core.x (a INT)", "read-only"),
        ("COPY raw.articles TO 'stolen.csv'", "may not touch files"),
        ("SELECT * FROM read_text('/etc/hostname')", "may not touch files"),
        ("ATTACH 'other.duckdb'", "may not touch files"),
        ("SET enable_external_access = true", "locked"),
        ("SELECT nothing FROM nowhere", "nowhere"),
        ("SELEKT 1", "SELEKT"),
    ],
)
def test_users_sql_can_only_read_the_snapshot(warehouse: Warehouse, tmp_path: Path, sql: str, message: str) -> None:
    snapshot = publish(warehouse, tmp_path / "published")
    with pytest.raises(QueryError, match=message):
        query(snapshot.path, sql)


def test_missing_snapshot_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="faultline run"):
        query(tmp_path / "none.duckdb", "SELECT 1")
