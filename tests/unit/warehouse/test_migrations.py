import ast
from pathlib import Path

import duckdb
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.errors import WarehouseError
from pipeline.warehouse.migrations import HEAD, SCRIPTS, upgrade_file
from pipeline.warehouse.schema import TAGGED_TABLES, metadata, tagging_runs
from pipeline.warehouse.store import Warehouse


def catalog(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path)) as con:
        return con.execute(
            "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment, NULL FROM duckdb_columns() "
            "WHERE schema_name IN ('raw', 'core') AND NOT starts_with(table_name, 'current_') UNION ALL "
            "SELECT schema_name, table_name, NULL, NULL, NULL, NULL, constraint_text FROM duckdb_constraints() "
            "WHERE schema_name IN ('raw', 'core') ORDER BY ALL"
        ).fetchall()


def test_migrated_file_has_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    upgrade_file(tmp_path / "migrated.duckdb")
    engine = create_engine(f"duckdb:///{tmp_path / 'created.duckdb'}", poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA raw")
        connection.exec_driver_sql("CREATE SCHEMA core")
        metadata.create_all(connection)
    engine.dispose()
    migrated, created = catalog(tmp_path / "migrated.duckdb"), catalog(tmp_path / "created.duckdb")
    without_key = {t.name for t in (tagging_runs, *TAGGED_TABLES)}
    assert len(migrated) > 100
    assert migrated == [r for r in created if not (r[1] in without_key and str(r[-1]).startswith("PRIMARY KEY"))]
    assert len(migrated) == len(created) - len(without_key)


def test_head_names_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_are_frozen_in_time() -> None:
    for file in (SCRIPTS / "versions").glob("*.py"):
        names = {n.module for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.ImportFrom)}
        assert not {n for n in names if n and n.startswith("pipeline")}, (
            f"{file.name} would change when the schema does"
        )


def test_a_file_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    upgrade_file(path)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WarehouseError, match="newer Faultline"), Warehouse(path).connect():
        pass


def _upgrade(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    engine = create_engine(f"duckdb:///{path}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_rows_of_a_table_that_loses_its_index_stay(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    _upgrade(path, "0012")
    with duckdb.connect(str(path)) as con:
        con.execute("INSERT INTO core.sentences VALUES ('a', 'c1', 0, 0, 9), ('a', 'c1', 1, 10, 19)")
    with Warehouse(path).connect() as con:
        assert con.execute("FROM core.sentences ORDER BY ALL").fetchall() == [
            ("a", "c1", 0, 0, 9),
            ("a", "c1", 1, 10, 19),
        ]


def test_articles_of_an_older_warehouse_keep_what_was_known_of_them(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    _upgrade(path, "0005")
    engine = create_engine(f"duckdb:///{path}", poolclass=NullPool)
    with engine.begin() as connection:
        for key, of, published, precision in (
            ("a", None, "2021-09-07", "day"), ("b", "a", "2021-09-08", "dateline"), ("c", None, None, None),
        ):  # fmt: skip
            connection.execute(
                text(
                    "INSERT INTO raw.articles (article_id, text, text_hash, fetched_at, ingest_batch, duplicate_of, published, "
                    "published_precision) VALUES (:key, 'words', 'h', now()::TIMESTAMP, '1', :of, :published, :precision)"
                ),
                {"key": key, "of": of, "published": published, "precision": precision},
            )
    engine.dispose()
    with Warehouse(path).connect() as con:
        rows = con.execute(
            "SELECT article_id, version, duplicate_reason, similarity, published_source FROM raw.articles ORDER BY 1"
        ).fetchall()
    assert rows == [("a", 1, None, None, "metadata"), ("b", 1, "text", 1.0, "dateline"), ("c", 1, None, None, None)]
