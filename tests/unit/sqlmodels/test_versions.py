"""What a second build does again: no more than would come out differently."""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels import Project, build, load_project

SOURCES = {
    "core.events": ["event_id", "month", "score"],
    "core.actors": ["actor", "name"],
    "core.parameters": ["name", "value"],
}
WriteProject = Callable[[Mapping[str, str]], Project]


def model(sql: str, columns: str, partition: str = "") -> str:
    return f"/*\ndescription: x.\nmaterialization: table\n{partition}\ncolumns: {columns}\n*/\n{sql}\n"


SUMS = model(
    "SELECT month, sum(score) AS total FROM core.events GROUP BY month", "{month: m, total: t}", "partition: month"
)
SCALED = model(
    "SELECT s.month, s.total * p.value AS scaled FROM staging.sums s "
    "CROSS JOIN (SELECT max(value) FILTER (name = 'factor') AS value FROM core.parameters) p",
    "{month: m, scaled: s}",
)
OTHER = model("SELECT max(value) FILTER (name = 'other') AS value FROM core.parameters", "{value: v}")


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA core; CREATE TABLE core.parameters AS FROM (VALUES ('factor', 2), ('other', 7)) t(name, value)"
    )
    con.execute(
        "CREATE TABLE core.events AS SELECT 'e' || i AS event_id, i % 6 AS month, i AS score FROM range(30) r(i)"
    )
    con.execute("CREATE TABLE core.actors AS SELECT 'A' AS actor, 'Army' AS name")
    return con


@pytest.fixture
def project(tmp_path: Any) -> Project:
    for name, text in {"staging/sums.sql": SUMS, "marts/scaled.sql": SCALED, "marts/other.sql": OTHER}.items():
        path = tmp_path / "models" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return load_project(tmp_path / "models", SOURCES)


def extents(con: duckdb.DuckDBPyConnection, project: Project, **options: Any) -> dict[str, tuple[str, int]]:
    return {r.model.split(".")[1]: (r.extent, r.partitions) for r in build(con, project, **options)}


def test_nothing_is_built_again_when_nothing_changed_and_all_of_it_when_asked(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    assert set(extents(con, project).values()) == {("whole", 0)}
    assert set(extents(con, project).values()) == {("nothing", 0)}
    assert set(extents(con, project, full=True).values()) == {("whole", 0)}


def test_a_changed_parameter_rebuilds_the_models_that_name_it_and_no_others(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    assert project.model("scaled").parameters == ("factor",)
    build(con, project)
    con.execute("UPDATE core.parameters SET value = 3 WHERE name = 'factor'")
    assert extents(con, project) == {"sums": ("nothing", 0), "scaled": ("whole", 0), "other": ("nothing", 0)}
    assert con.execute("SELECT scaled FROM marts.scaled WHERE month = 0").fetchall() == [(3 * (0 + 6 + 12 + 18 + 24),)]


def test_a_parameter_that_is_not_there_is_an_error_with_the_file(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    con.execute("DELETE FROM core.parameters WHERE name = 'other'")
    with pytest.raises(SqlModelError, match=r"other\.sql:1: marts\.other reads the parameter other"):
        build(con, project)


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ("INSERT INTO core.events VALUES ('new', 2, 100)", 1),
        ("INSERT INTO core.events VALUES ('new', 9, 100)", 1),
        ("DELETE FROM core.events WHERE month = 4", 1),
        ("UPDATE core.events SET month = 3 WHERE event_id = 'e1'", 2),
        ("UPDATE core.events SET score = -score WHERE event_id IN ('e1', 'e2')", 2),
    ],
)
def test_only_changed_partitions_are_done_again_and_the_rows_are_those_of_a_full_build(
    con: duckdb.DuckDBPyConnection, project: Project, change: str, touched: int
) -> None:
    build(con, project)
    con.execute(change)
    assert extents(con, project)["sums"] == ("partitions", touched)
    parts = (
        con.execute("FROM staging.sums ORDER BY ALL").fetchall(),
        con.execute("FROM marts.scaled ORDER BY ALL").fetchall(),
    )
    build(con, project, full=True)
    assert parts == (
        con.execute("FROM staging.sums ORDER BY ALL").fetchall(),
        con.execute("FROM marts.scaled ORDER BY ALL").fetchall(),
    )


def test_a_row_that_comes_twice_is_a_change(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    build(con, project)
    con.execute("INSERT INTO core.events FROM core.events WHERE month = 1")
    con.execute("INSERT INTO core.events FROM (SELECT DISTINCT * FROM core.events WHERE month = 1)")
    assert extents(con, project)["sums"] == ("partitions", 1)


def test_many_changed_partitions_are_a_full_build(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    build(con, project)
    con.execute("UPDATE core.events SET score = 1")
    assert extents(con, project)["sums"] == ("whole", 0)


def test_an_edited_model_is_built_again_and_so_is_one_whose_table_is_gone(
    con: duckdb.DuckDBPyConnection, project: Project, tmp_path: Any
) -> None:
    build(con, project)
    con.execute("DROP TABLE marts.other")
    (tmp_path / "models" / "marts" / "scaled.sql").write_text(SCALED.replace("s.total * p.value", "s.total + p.value"))
    again = load_project(tmp_path / "models", SOURCES)
    assert extents(con, again) == {"sums": ("nothing", 0), "scaled": ("whole", 0), "other": ("whole", 0)}


def test_partition_must_be_a_column_of_a_table(tmp_path: Any) -> None:
    path = tmp_path / "models" / "staging" / "sums.sql"
    path.parent.mkdir(parents=True)
    path.write_text(SUMS.replace("partition: month", "partition: week"))
    with pytest.raises(SqlModelError, match=r"sums\.sql:1: partition must name a documented column of a table"):
        load_project(tmp_path / "models", SOURCES)


RUNNING = model(
    "SELECT month, sum(sum(score)) OVER (ORDER BY month) AS total FROM core.events GROUP BY month",
    "{month: m, total: t}",
    "onward: month",
)


def only_running(folder: Any, text: str) -> Project:
    path = folder / "models" / "staging" / "running.sql"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return load_project(folder / "models", SOURCES)


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ("INSERT INTO core.events VALUES ('new', 5, 100)", 1),
        ("INSERT INTO core.events VALUES ('new', 6, 100)", 1),
        ("DELETE FROM core.events WHERE month = 4", 2),
        ("UPDATE core.events SET score = -score WHERE event_id IN ('e3', 'e5')", 3),
    ],
)
def test_onward_models_are_done_again_from_the_first_change_on(
    con: duckdb.DuckDBPyConnection, tmp_path: Any, change: str, touched: int
) -> None:
    project = only_running(tmp_path, RUNNING)
    build(con, project)
    con.execute(change)
    assert extents(con, project)["running"] == ("partitions", touched)
    parts = con.execute("FROM staging.running ORDER BY ALL").fetchall()
    assert extents(con, project)["running"] == ("nothing", 0)
    build(con, project, full=True)
    assert parts == con.execute("FROM staging.running ORDER BY ALL").fetchall()


def test_a_model_is_built_by_partition_or_onward(tmp_path: Any) -> None:
    with pytest.raises(SqlModelError, match=r"running\.sql:1: a model is built by partition or onward, not both"):
        only_running(tmp_path, RUNNING.replace("onward: month", "onward: month\npartition: month"))
