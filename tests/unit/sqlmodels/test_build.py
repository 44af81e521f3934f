from collections.abc import Callable, Mapping

import duckdb
import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels import Project, build

WriteProject = Callable[[Mapping[str, str]], Project]


def model(sql: str, columns: str = "{actor: who, n: how many}", materialization: str = "table") -> str:
    return f"/*\ndescription: The actor's events.\nmaterialization: {materialization}\ncolumns: {columns}\n*/\n{sql}\n"


COUNT = "SELECT actor, count(*) AS n FROM core.events GROUP BY actor"


def kind(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    sql = "SELECT table_type FROM information_schema.tables WHERE table_schema || '.' || table_name = ?"
    return [str(row[0]) for row in con.execute(sql, [name]).fetchall()]


def test_models_are_built_in_order_and_report_rows(con: duckdb.DuckDBPyConnection, write_project: WriteProject) -> None:
    project = write_project(
        {
            "marts/a_busy.sql": model("SELECT actor, n FROM staging.z_counts WHERE n > 1"),
            "staging/z_counts.sql": model(COUNT, materialization="view"),
        }
    )
    results = build(con, project)
    assert [(r.model, r.rows) for r in results] == [("staging.z_counts", 2), ("marts.a_busy", 1)]
    assert all(r.seconds >= 0 for r in results)
    assert con.execute("FROM marts.a_busy").fetchall() == [("A", 2)]
    assert kind(con, "staging.z_counts") == ["VIEW"]
    assert kind(con, "marts.a_busy") == ["BASE TABLE"]


def test_building_twice_gives_the_same(con: duckdb.DuckDBPyConnection, write_project: WriteProject) -> None:
    project = write_project({"marts/m.sql": model(COUNT)})
    assert [r.rows for _ in range(2) for r in build(con, project)] == [2, 2]


@pytest.mark.parametrize(("before", "after"), [("view", "table"), ("table", "view")])
def test_model_changes_between_view_and_table(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, before: str, after: str
) -> None:
    build(con, write_project({"marts/m.sql": model(COUNT, materialization=before)}))
    build(con, write_project({"marts/m.sql": model(COUNT, materialization=after)}))
    assert kind(con, "marts.m") == ["VIEW" if after == "view" else "BASE TABLE"]


@pytest.mark.parametrize("materialization", ["view", "table"])
def test_failing_model_leaves_the_old_relation_and_names_its_file(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, materialization: str
) -> None:
    build(con, write_project({"marts/m.sql": model(COUNT)}))
    broken = write_project(
        {"marts/m.sql": model(f"{COUNT} HAVING error('no luck') = 1", materialization=materialization)}
    )
    with pytest.raises(SqlModelError, match=r"marts/m\.sql: DuckDB cannot build marts\.m: .*no luck"):
        build(con, broken)
    assert kind(con, "marts.m") == ["BASE TABLE"]
    assert con.execute("FROM marts.m ORDER BY actor").fetchall() == [("A", 2), ("B", 1)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("{actor: who}", r"m\.sql:1: marts\.m produces n without documenting it"),
        ("{actor: who, n: how many, mean: x}", "documents mean without producing it"),
        ("{actor: who, number: x}", "produces n without documenting it and documents number without producing it"),
    ],
)
def test_documented_columns_must_be_those_produced(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, columns: str, message: str
) -> None:
    with pytest.raises(SqlModelError, match=message):
        build(con, write_project({"marts/m.sql": model(COUNT, columns)}))
    assert kind(con, "marts.m") == []


def test_only_selected_models_are_built(con: duckdb.DuckDBPyConnection, write_project: WriteProject) -> None:
    project = write_project({"marts/m.sql": model(COUNT), "marts/other.sql": model(COUNT)})
    assert [r.model for r in build(con, project, "other")] == ["marts.other"]
    assert kind(con, "marts.m") == []


@pytest.mark.parametrize("materialization", ["view", "table"])
def test_descriptions_reach_the_database(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, materialization: str
) -> None:
    build(con, write_project({"marts/m.sql": model(COUNT, materialization=materialization)}))
    sql = "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'marts' ORDER BY 1"
    assert con.execute(sql).fetchall() == [("actor", "who"), ("n", "how many")]
    source = "duckdb_views()" if materialization == "view" else "duckdb_tables()"
    assert con.execute(f"SELECT comment FROM {source} WHERE schema_name = 'marts'").fetchall() == [
        ("The actor's events.",)
    ]
