"""The warehouse as a lake, piece by piece: the same tables, several writers, snapshots, upkeep."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from postgres_server import PostgresServer

from pipeline.errors import InputError, QueryError, SettingsError, WarehouseError, WarehouseLockedError
from pipeline.records import Article, Done
from pipeline.warehouse.adopt import adopt
from pipeline.warehouse.integrity import repeated_keys
from pipeline.warehouse.lake import DuckLake, _extension
from pipeline.warehouse.migrations import HEAD, current_revision
from pipeline.warehouse.publish import publish
from pipeline.warehouse.published_store import PublishedStore
from pipeline.warehouse.query import query
from pipeline.warehouse.schema import articles, metadata, source_items
from pipeline.warehouse.store import Warehouse
from pipeline.warehouse.upkeep import compact

BUCKET = "lake"


def article(name: str) -> Article:
    return Article(name, f"Text of {name}.", text_hash=name)


def columns(warehouse: Warehouse) -> list[tuple[object, ...]]:
    with warehouse.connect() as con:
        return con.execute(
            "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() "
            "WHERE database_name = current_database() AND schema_name IN ('raw', 'core') ORDER BY ALL"
        ).fetchall()


def test_migrations_make_the_tables_that_they_make_in_a_file(new_lake: Callable[..., DuckLake], tmp_path: Path) -> None:
    lake = new_lake(empty_catalog=True)
    assert not lake.exists()
    found = columns(Warehouse(lake))
    assert found == columns(Warehouse(tmp_path / "w.duckdb"))
    assert len(found) > 300
    assert lake.exists()


def test_a_lake_of_an_earlier_faultline_is_migrated(new_lake: Callable[..., DuckLake]) -> None:
    lake = new_lake(empty_catalog=True)
    from alembic import command
    from alembic.config import Config

    from pipeline.warehouse.migrations import SCRIPTS
    from pipeline.warehouse.migrations.keyless import engine_without_keys

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = engine_without_keys(lambda: lake.open(5))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.exec_driver_sql(
            "INSERT INTO raw.articles (article_id, text, text_hash, fetched_at, ingest_batch, duplicate_of) "
            "VALUES ('a', 'words', 'h', TIMESTAMP '2021-09-07', '1', NULL), ('b', 'words', 'h', TIMESTAMP '2021-09-08', '1', 'a')"
        )
    engine.dispose()
    with Warehouse(lake).connect() as con:
        assert current_revision(con) == HEAD
        found = con.execute("SELECT article_id, version, duplicate_reason FROM raw.articles ORDER BY 1").fetchall()
    assert found == [("a", 1, None), ("b", 1, "text")]


def test_a_lake_from_a_newer_version_is_refused(lake: DuckLake) -> None:
    warehouse = Warehouse(lake)
    with warehouse.connect() as con:
        con.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WarehouseError, match="newer Faultline"), warehouse.connect():
        pass


def test_writing_twice_changes_nothing(lake: DuckLake) -> None:
    warehouse = Warehouse(lake)
    items = [article("a"), article("b"), Done("file", "v1")]
    assert warehouse.add(items, "1", "source").articles == 2
    assert warehouse.add(items, "2", "source").articles == 0
    assert warehouse.add([Done("file", "v2")], "3", "source").articles == 0
    with warehouse.connect() as con:
        assert con.execute("SELECT version FROM raw.source_items").fetchall() == [("v2",)]
        assert repeated_keys(con, articles) == repeated_keys(con, source_items) == 0


def test_a_key_that_stands_twice_is_found(lake: DuckLake) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article("a"), article("b")], "1")
    with warehouse.connect() as con:
        con.execute("INSERT INTO raw.articles SELECT * FROM raw.articles WHERE article_id = 'a'")
        con.execute("INSERT INTO raw.articles SELECT * FROM raw.articles WHERE article_id = 'a' LIMIT 1")
        assert repeated_keys(con, articles) == 2, "rows too many"


def test_a_commit_that_another_one_came_before_is_done_again_on_what_is_there_then(lake: DuckLake) -> None:
    warehouse, other = Warehouse(lake), Warehouse(lake)
    warehouse.add([article("first")], "1")
    seen: list[int] = []

    def write(con: duckdb.DuckDBPyConnection) -> int:
        seen.append(int(con.execute("SELECT count(*) FROM raw.articles").fetchall()[0][0]))
        if len(seen) == 1:
            other.add([article("of the other")], "2")
        return len(seen)

    assert warehouse.write(write) == 2
    assert seen == [1, 2]


def test_a_writer_whose_turn_never_comes_says_so(lake: DuckLake) -> None:
    warehouse, other = Warehouse(lake, lock_timeout_seconds=0.2), Warehouse(lake)
    number = iter(range(1000))

    def write(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("SELECT count(*) FROM raw.articles").fetchall()
        other.add([article(f"{next(number)}")], "2")

    with pytest.raises(WarehouseLockedError, match="lock_timeout_seconds"):
        warehouse.write(write)


def test_what_fails_within_a_transaction_leaves_nothing(lake: DuckLake) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article("a")], "1")

    def write(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("DELETE FROM raw.articles")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        warehouse.write(write)
    assert warehouse.row_counts()["raw.articles"] == 1


WRITER = """
import sys
from pipeline.records import Article
from pipeline.warehouse.lake import DuckLake
from pipeline.warehouse.store import Warehouse
catalog, data_path, endpoint, own = sys.argv[1:]
warehouse = Warehouse(DuckLake(catalog, data_path, endpoint))
for batch in range(6):
    names = [f"shared {batch} {i}" for i in range(5)] + [f"{own} {batch} {i}" for i in range(5)]
    warehouse.add([Article(n, f"Text of {n}.", text_hash=n) for n in names], own)
    print(batch, flush=True)
"""


def writer(lake: DuckLake, own: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, lake.catalog, lake.data_path, lake.endpoint, own]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("in_s3", [False, True], ids=["folder", "s3"])
def test_writers_at_once_from_an_empty_catalog_on_lose_nothing_and_keep_keys_unique(
    new_lake: Callable[..., DuckLake], s3: str, in_s3: bool
) -> None:
    lake = new_lake(s3 if in_s3 else "", empty_catalog=True)
    writers = [writer(lake, own) for own in ("one", "two", "three")]
    for process in writers:
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
    warehouse = Warehouse(lake)
    with warehouse.connect() as con:
        assert repeated_keys(con, articles) == 0
        owners = dict(con.execute("SELECT split_part(article_id, ' ', 1), count(*) FROM raw.articles GROUP BY 1").fetchall())  # fmt: skip
    assert owners == {"shared": 30, "one": 30, "two": 30, "three": 30}


def test_a_writer_that_is_killed_leaves_whole_batches_and_nobody_waits_for_it(lake: DuckLake) -> None:
    process = writer(lake, "killed")
    assert process.stdout is not None
    for _ in range(3):
        assert process.stdout.readline()
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    warehouse = Warehouse(lake)
    batches = "SELECT count(*) FROM raw.articles WHERE starts_with(article_id, 'killed') GROUP BY split_part(article_id, ' ', 2)"
    with warehouse.connect() as con:
        sizes = {int(n) for (n,) in con.execute(batches).fetchall()}
    assert sizes == {5}, "each batch whole"
    again = writer(lake, "killed")
    _, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    with warehouse.connect() as con:
        assert con.execute("SELECT count(*), count(DISTINCT article_id) FROM raw.articles").fetchall() == [(60, 60)]


def test_the_lake_can_be_asked_as_it_was(lake: DuckLake) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article("a")], "1")
    with warehouse.connect() as con:
        then = lake.snapshots(con)[0]
    time.sleep(0.01)
    moment = datetime.now(UTC)
    warehouse.add([article("b")], "2")
    question = "SELECT string_agg(article_id, ',' ORDER BY 1) FROM raw.articles"
    for when in (then.number, moment):
        with lake.at(when) as con:
            assert con.execute(question).fetchall() == [("a",)]
            with pytest.raises(duckdb.Error, match="read-only"):
                con.execute("DELETE FROM raw.articles")
    with pytest.raises(WarehouseError, match="faultline snapshots"), lake.at(99_999):
        pass


def test_compaction_forgets_old_snapshots_with_their_files_and_keeps_every_row(
    lake: DuckLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse(lake)
    for batch in range(4):
        warehouse.add([article(f"{batch} {i}") for i in range(50)], str(batch))
    warehouse.write(lambda con: con.execute("DELETE FROM raw.articles WHERE ingest_batch <> '3'"))

    def state() -> tuple[int, int]:
        with warehouse.connect() as con:
            return len(list(Path(lake.data_path).rglob("*.parquet"))), len(lake.snapshots(con))

    files, snapshots = state()
    compact(warehouse)
    assert state()[1] >= snapshots, "young snapshots stay"
    monkeypatch.setattr("pipeline.warehouse.lake._GRACE", timedelta(0))
    forgetful = Warehouse(replace(lake, keep_snapshots_days=0))
    compact(forgetful)
    compact(forgetful)
    left = state()
    assert 0 < left[0] < files
    assert left[1] < snapshots
    with warehouse.connect() as con:
        assert con.execute("SELECT count(*), count(DISTINCT article_id) FROM raw.articles").fetchall() == [(50, 50)]


def test_the_snapshot_of_a_lake_is_a_plain_file_with_all_tables_and_views(lake: DuckLake, tmp_path: Path) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article("a")], "1")
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.pairs AS SELECT 'A' AS a")
    published = publish(warehouse, tmp_path / "published")
    assert query(published.path, "SELECT text FROM raw.articles").rows == [("Text of a.",)]
    assert query(published.path, "SELECT count(*) FROM core.current_events").rows == [(0,)]
    said = {t.name for t in metadata.sorted_tables if t.comment}
    rows = query(published.path, "SELECT table_name FROM duckdb_tables() WHERE comment IS NOT NULL").rows
    assert {name for (name,) in rows} >= said
    assert [f.name for f in published.parquet] == ["pairs.parquet"]


def test_a_catalog_that_is_not_there_is_named_with_what_to_do_and_no_password(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"postgres:dbname=nothing_here host=127.0.0.1 port={postgres.port} user=postgres"
    with pytest.raises(WarehouseError, match=r"nothing_here.*warehouse\.catalog") as caught:
        DuckLake(nowhere, str(tmp_path)).open(0)
    assert os.environ["PGPASSWORD"] not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(WarehouseError, match="PGPASSWORD") as caught:
        DuckLake(nowhere.replace("nothing_here", "postgres"), str(tmp_path)).open(0)
    assert "wrong" not in str(caught.value)


def test_files_that_lie_elsewhere_than_the_settings_say_are_named(lake: DuckLake, tmp_path: Path) -> None:
    Warehouse(lake).add([article("a")], "1")
    with pytest.raises(WarehouseError, match=r"warehouse\.data_path"):
        replace(lake, data_path=str(tmp_path / "elsewhere")).open(0)


def test_a_store_without_the_bucket_is_named(postgres: PostgresServer, new_lake: Callable[..., DuckLake], s3: str) -> None:  # fmt: skip
    lake = replace(new_lake(s3, empty_catalog=True), data_path="s3://nobodys/lake")
    with pytest.raises(WarehouseError, match=r"data_path.*AWS_ACCESS_KEY_ID"):
        Warehouse(lake).add([article(f"{i}") for i in range(500)], "1")


def test_the_lake_of_a_moment_takes_one_select_and_touches_no_other_file(lake: DuckLake, tmp_path: Path) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article(f"{i}") for i in range(50)], "1")
    now = datetime.now(UTC)
    assert lake.query_at(now, "SELECT count(*) AS n FROM raw.articles").columns == ("n",)
    for wrong in ("DELETE FROM raw.articles", "SELECT 1; SELECT 2", f"COPY (SELECT 1) TO '{lake.data_path}/mine.csv'"):
        with pytest.raises(QueryError, match="one SELECT"):
            lake.query_at(now, wrong)
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(QueryError, match="may not touch files"):
        lake.query_at(now, f"SELECT * FROM read_text('{tmp_path / 'secret'}')")


@pytest.mark.one_file  # both sides, a file and a lake
def test_a_file_is_adopted_by_a_lake_and_its_snapshot_by_a_file(lake: DuckLake, tmp_path: Path) -> None:
    old = Warehouse(tmp_path / "old.duckdb")
    old.add([article("a"), article("b"), Done("file", "v1")], "1", "source")
    warehouse = Warehouse(lake)
    warehouse.add([article("b"), article("c")], "2")
    assert adopt(old.storage.path, warehouse) == 2, "an article and the source's word"  # type: ignore[attr-defined]
    assert adopt(old.storage.path, warehouse) == 0  # type: ignore[attr-defined]
    assert warehouse.row_counts()["raw.articles"] == 3
    back = Warehouse(tmp_path / "back.duckdb")
    adopt(publish(warehouse, tmp_path / "published").path, back)
    assert back.row_counts()["raw.articles"] == 3
    with pytest.raises(InputError, match="There is no file"):
        adopt(tmp_path / "nothing.duckdb", back)


def test_what_is_published_is_copied_to_s3_and_fetched_whole(lake: DuckLake, s3: str, tmp_path: Path) -> None:
    warehouse = Warehouse(lake)
    warehouse.add([article("a")], "1")
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA marts; CREATE TABLE marts.pairs AS SELECT 'A' AS a")
    store = PublishedStore(f"s3://{BUCKET}/published", s3)
    with pytest.raises(WarehouseError, match="no snapshot at s3://"):
        store.pull(tmp_path / "reader")
    assert store.put(publish(warehouse, tmp_path / "published")) == f"s3://{BUCKET}/published/warehouse.duckdb"
    fetched = tmp_path / "reader" / "warehouse.duckdb"
    assert store.pull(tmp_path / "reader")
    assert query(fetched, "SELECT count(*) FROM raw.articles").rows == [(1,)]
    assert not store.pull(tmp_path / "reader"), "there is no newer one"
    warehouse.add([article("b")], "2")
    store.put(publish(warehouse, tmp_path / "published"))
    assert store.pull(tmp_path / "reader")
    assert query(fetched, "SELECT count(*) FROM raw.articles").rows == [(2,)]
    with pytest.raises(WarehouseError, match=r"publish\.address"):
        PublishedStore("s3://nobodys/published", s3).put(publish(warehouse, tmp_path / "published"))


def test_an_extension_that_is_not_installed_is_named_with_what_to_do() -> None:
    with pytest.raises(SettingsError, match=r"extension nothing.*--extra lake"):
        _extension("nothing")


def test_s3_without_keys_is_named(lake: DuckLake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(SettingsError, match=r"s3://lake/x.*AWS_SECRET_ACCESS_KEY"):
        replace(lake, data_path="s3://lake/x").open(0)
