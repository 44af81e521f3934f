from collections.abc import Callable, Mapping

import duckdb
import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels import Project, TestResult, build, run_tests

WriteProject = Callable[[Mapping[str, str]], Project]

ROWS = "SELECT * FROM (VALUES ('e1', 'A', 1), ('e1', 'C', 5), ('e2', 'A', NULL), (NULL, 'B', -1), (NULL, 'B', -1)) t(event_id, actor, score)"


def model(tests: str = "[]", **columns: str) -> str:
    lines = [f"  {n}: {{description: x, tests: [{columns.get(n, '')}]}}" for n in ("event_id", "actor", "score")]
    return "\n".join(["/*", "description: x", "columns:", *lines, f"tests: {tests}", "*/", ROWS])


def results(con: duckdb.DuckDBPyConnection, project: Project, select: str | None = None) -> list[TestResult]:
    build(con, project)
    return run_tests(con, project, select)


@pytest.mark.parametrize(
    ("column", "test", "failures"),
    [
        ("actor", "not_null", 0),
        ("event_id", "not_null", 2),
        ("event_id", "unique", 2),
        ("actor", "{accepted_values: [A, B, C]}", 0),
        ("actor", '{accepted_values: [A, "it\'s"]}', 3),
        ("event_id", "{accepted_values: [e1, e2]}", 0),
        ("actor", "{relationships: {to: core.actors, field: actor}}", 1),
        ("event_id", "{relationships: {to: core.events, field: event_id}}", 0),
        ("score", "{range: {min: -1, max: 5}}", 0),
        ("score", "{range: {min: 0}}", 2),
        ("score", "{range: {min: 0, max: 4.5}}", 3),
    ],
)
def test_column_test_counts_the_rows_that_break_it(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, column: str, test: str, failures: int
) -> None:
    (result,) = results(con, write_project({"marts/m.sql": model(**{column: test})}))
    assert (result.failures, result.passed, result.column, result.model) == (failures, failures == 0, column, "marts.m")
    assert len(con.execute(result.sql).fetchall()) == failures


@pytest.mark.parametrize(
    ("columns", "failures"), [("[event_id, actor]", 1), ("[event_id, actor, score]", 1), ("[actor]", 2)]
)
def test_unique_over_several_columns_takes_null_for_a_value(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject, columns: str, failures: int
) -> None:
    (result,) = results(con, write_project({"marts/m.sql": model(f"[{{unique: {columns}}}]")}))
    assert result.failures == failures


def test_result_shows_some_failing_rows_and_the_severity(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject
) -> None:
    (result,) = results(con, write_project({"marts/m.sql": model(score="{range: {max: 4, severity: warn}}")}))
    assert result.sample == ({"event_id": "e1", "actor": "C", "score": 5},)
    assert result.severity == "warn"
    assert result.name == "range(score)"


def test_two_tests_of_one_kind_on_a_column_are_told_apart(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject
) -> None:
    project = write_project({"marts/m.sql": model(score="{range: {max: 4}}, {range: {max: 9, severity: warn}}")})
    assert [(r.severity, r.failures) for r in results(con, project)] == [("error", 1), ("warn", 0)]


def test_sample_is_bounded_while_the_count_is_not(con: duckdb.DuckDBPyConnection, write_project: WriteProject) -> None:
    sql = "/*\ndescription: x\ncolumns: {i: {description: x, tests: [{range: {max: -1}}]}}\n*/ SELECT i FROM range(1000) r(i)"
    (result,) = results(con, write_project({"marts/m.sql": sql}))
    assert (result.failures, len(result.sample)) == (1000, 5)


FILES = {
    "marts/m.sql": model(),
    "marts/n.sql": model(),
    "tests/on_n.sql": "/*\ndescription: x\n*/ SELECT actor FROM marts.n WHERE score > 4;\n",
    "tests/on_sources.sql": "/*\ndescription: x\nseverity: warn\n*/ SELECT actor FROM core.actors WHERE name IS NULL",
}


@pytest.mark.parametrize(
    ("select", "expected"),
    [(None, {"on_n": ("marts.n", 1), "on_sources": ("core.actors", 0)}), ("n", {"on_n": ("marts.n", 1)}), ("m", {})],
)
def test_files_under_tests_run_with_their_model(
    con: duckdb.DuckDBPyConnection,
    write_project: WriteProject,
    select: str | None,
    expected: dict[str, tuple[str, int]],
) -> None:
    found = results(con, write_project(FILES), select)
    assert {r.name: (r.model, r.failures) for r in found} == expected


def test_testing_a_model_that_is_not_built_is_an_error(
    con: duckdb.DuckDBPyConnection, write_project: WriteProject
) -> None:
    with pytest.raises(SqlModelError, match=r"tests of marts\.m cannot be run: .*does not exist"):
        run_tests(con, write_project({"marts/m.sql": model(actor="not_null")}))
