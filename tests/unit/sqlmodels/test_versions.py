"""What a second build does again: no more than would come out differently."""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels import Project, build, load_project, parts
from pipeline.sqlmodels.versions import Versions

SOURCES = {
    "core.events": ["event_id", "a", "b", "month", "score"],
    "core.weights": ["month", "weight"],
    "core.actors": ["actor", "name"],
    "core.parameters": ["name", "value"],
}
WriteProject = Callable[[Mapping[str, str]], Project]


def model(sql: str, columns: str, partition: str = "") -> str:
    return f"/*\ndescription: x.\nmaterialization: table\n{partition}\ncolumns: {columns}\n*/\n{sql}\n"


SUMS = model(
    "SELECT least(a, b) AS a, greatest(a, b) AS b, month, sum(score) AS total FROM core.events GROUP BY ALL",
    "{a: a, b: b, month: m, total: t}",
    "partition: [pair, month]",
)
SCALED = model(
    "SELECT s.a, s.b, s.month, s.total * p.value AS scaled FROM staging.sums s "
    "CROSS JOIN (SELECT max(value) FILTER (name = 'factor') AS value FROM core.parameters) p",
    "{a: a, b: b, month: m, scaled: s}",
)
OTHER = model("SELECT max(value) FILTER (name = 'other') AS value FROM core.parameters", "{value: v}")


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA core; CREATE TABLE core.parameters AS FROM (VALUES ('factor', 2), ('other', 7)) t(name, value)"
    )
    con.execute(
        "CREATE TABLE core.events AS SELECT 'e' || i AS event_id, chr((65 + i % 2)::INTEGER) AS a, chr((65 + (i + i // 2 % 3) % 5)::INTEGER) AS b, "
        "DATE '2021-01-01' + INTERVAL (i % 6) MONTH AS month, i AS score FROM range(60) r(i)"
    )
    con.execute("ALTER TABLE core.events ALTER month TYPE DATE")
    con.execute("CREATE TABLE core.weights AS SELECT DISTINCT month, 1 AS weight FROM core.events")
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
    assert con.execute("SELECT sum(scaled) FROM marts.scaled").fetchall() == [(3 * sum(range(60)),)]


def test_a_parameter_that_is_not_there_is_an_error_with_the_file(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    con.execute("DELETE FROM core.parameters WHERE name = 'other'")
    with pytest.raises(SqlModelError, match=r"other\.sql:1: marts\.other reads the parameter other"):
        build(con, project)


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ("INSERT INTO core.events VALUES ('new', 'A', 'B', '2021-03-01', 100)", 1),
        ("INSERT INTO core.events VALUES ('new', 'B', 'A', '2021-03-01', 100)", 1),
        ("INSERT INTO core.events VALUES ('new', 'X', NULL, '2022-03-01', 100)", 1),
        ("DELETE FROM core.events WHERE b = 'C' AND month = DATE '2021-05-01'", 1),
        ("UPDATE core.events SET month = DATE '2021-06-01' WHERE event_id = 'e1'", 1),
        ("UPDATE core.events SET b = 'Z', score = -score WHERE event_id IN ('e1', 'e2')", 4),
        ("INSERT INTO core.events FROM core.events WHERE event_id = 'e3'", 1),
    ],
)
def test_only_changed_pairs_are_done_again_and_the_rows_are_those_of_a_full_build(
    con: duckdb.DuckDBPyConnection, project: Project, change: str, pairs: int
) -> None:
    build(con, project)
    con.execute(change)
    assert extents(con, project)["sums"] == ("partitions", pairs)
    parts = [con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("staging.sums", "marts.scaled")]
    assert extents(con, project)["sums"] == ("nothing", 0)
    build(con, project, full=True)
    assert parts == [con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("staging.sums", "marts.scaled")]


def test_a_large_table_is_made_in_slices_of_whole_pairs(
    con: duckdb.DuckDBPyConnection, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    con.execute(
        "INSERT INTO core.events VALUES ('new', 'X', NULL, '2022-03-01', 100), ('newer', 'X', 'X', '2022-03-01', 10)"
    )
    build(con, project)
    at_once = con.execute("FROM staging.sums ORDER BY ALL").fetchall()
    monkeypatch.setattr(parts, "ROWS_A_SLICE", 10)
    with con.cursor() as log:
        model = project.model("sums")
        assert len(parts.whole(log, model, Versions(log, project, [model])).new) == 7, "62 rows"
    build(con, project, full=True)
    assert con.execute("FROM staging.sums ORDER BY ALL").fetchall() == at_once


def test_a_row_that_comes_out_the_same_changes_nothing_downstream(
    con: duckdb.DuckDBPyConnection, project: Project
) -> None:
    build(con, project)
    con.execute("UPDATE core.events SET event_id = 'renamed' WHERE event_id = 'e1'")
    assert extents(con, project) == {"sums": ("partitions", 1), "scaled": ("nothing", 0), "other": ("nothing", 0)}


def test_what_one_build_left_out_the_next_one_finds(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    build(con, project)
    con.execute("INSERT INTO core.events VALUES ('new', 'A', 'B', '2021-03-01', 100)")
    build(con, project, "sums")
    con.execute("INSERT INTO core.events VALUES ('newer', 'A', 'X', '2021-03-01', 100)")
    build(con, project, "sums")
    build(con, project)
    parts = con.execute("FROM marts.scaled ORDER BY ALL").fetchall()
    build(con, project, full=True)
    assert parts == con.execute("FROM marts.scaled ORDER BY ALL").fetchall()


def test_an_edited_model_is_built_again_and_so_is_one_whose_table_is_gone(
    con: duckdb.DuckDBPyConnection, project: Project, tmp_path: Any
) -> None:
    build(con, project)
    con.execute("DROP TABLE marts.other")
    (tmp_path / "models" / "marts" / "scaled.sql").write_text(SCALED.replace("s.total * p.value", "s.total + p.value"))
    again = load_project(tmp_path / "models", SOURCES)
    assert extents(con, again) == {"sums": ("nothing", 0), "scaled": ("whole", 0), "other": ("whole", 0)}


RUNNING = model(
    "SELECT e.a, e.b, e.month, sum(sum(e.score * w.weight)) OVER (PARTITION BY e.a, e.b ORDER BY e.month) AS total "
    "FROM core.events e JOIN staging.weights w USING (month) GROUP BY e.a, e.b, e.month",
    "{a: a, b: b, month: m, total: t}",
    "partition: pair\nonward: month",
)
WEIGHTS = model("SELECT month, weight FROM core.weights", "{month: m, weight: w}")


def running(folder: Any, text: str = RUNNING) -> Project:
    for name, sql in {"running": text, "weights": WEIGHTS}.items():
        path = folder / "models" / "staging" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql)
    return load_project(folder / "models", SOURCES)


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        ("INSERT INTO core.events VALUES ('new', 'A', 'B', '2021-06-01', 100)", 1),
        ("DELETE FROM core.events WHERE a = 'B' AND month = DATE '2021-02-01'", 5),
        ("UPDATE core.events SET score = -score WHERE event_id IN ('e3', 'e5')", 2),
        # Of every pair from there on: no pair has changed by itself.
        ("UPDATE core.weights SET weight = 2 WHERE month = DATE '2021-05-01'", 0),
        (
            "UPDATE core.weights SET weight = 2 WHERE month = DATE '2021-05-01'; "
            "INSERT INTO core.events VALUES ('new', 'A', 'B', '2021-01-01', 100)",
            1,
        ),
    ],
)
def test_onward_models_are_done_again_from_the_first_change_on(
    con: duckdb.DuckDBPyConnection, tmp_path: Any, change: str, pairs: int
) -> None:
    project = running(tmp_path)
    build(con, project)
    con.execute(change)
    assert extents(con, project)["running"] == ("partitions", pairs)
    parts = con.execute("FROM staging.running ORDER BY ALL").fetchall()
    assert extents(con, project)["running"] == ("nothing", 0)
    build(con, project, full=True)
    assert parts == con.execute("FROM staging.running ORDER BY ALL").fetchall()


def test_rows_before_the_first_change_are_left_alone(con: duckdb.DuckDBPyConnection, tmp_path: Any) -> None:
    project = running(tmp_path)
    build(con, project)
    con.execute("UPDATE staging.running SET total = 0")
    con.execute("INSERT INTO core.events VALUES ('new', 'A', 'B', '2021-04-01', 100)")
    build(con, project)
    changed = con.execute(
        "SELECT DISTINCT least(a, b), greatest(a, b), month >= DATE '2021-04-01' FROM staging.running WHERE total <> 0"
    )
    assert changed.fetchall() == [("A", "B", True)]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("partition: month", "partition must be article, pair or"),
        ("partition: article", "partition must be article, pair or"),
        ("onward: month", "onward needs `partition: pair`"),
        ("partition: [pair, month]\nonward: month", "onward needs `partition: pair`"),
        ("partition: pair\nonward: week", "a period is one of day, week"),
        ("partition: [pair, decade]", "a period is one of day, week"),
    ],
)
def test_parts_must_be_such_that_the_columns_hold_them(tmp_path: Any, header: str, message: str) -> None:
    with pytest.raises(SqlModelError, match=rf"running\.sql:1: {message}"):
        running(tmp_path, RUNNING.replace("partition: pair\nonward: month", header))
