"""Tests of built models: those that headers name, and the files under ``tests/``. Every test is a query for offending rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.header import Check, Severity
from pipeline.sqlmodels.project import Model, Project, Select, SqlTest

SAMPLE_ROWS = 5


@dataclass(frozen=True, slots=True)
class TestResult:
    """How a test went: ``failures`` counts the rows that ``sql`` returns, ``sample`` holds some of them."""

    __test__ = False  # pytest would take the class for one of its own

    name: str
    model: str
    column: str | None
    severity: Severity
    passed: bool
    failures: int
    sample: tuple[Mapping[str, Any], ...]
    sql: str


def run_tests(con: duckdb.DuckDBPyConnection, project: Project, select: Select = None) -> list[TestResult]:
    """Run the tests of the selected models, in building order.

    A file under ``tests/`` runs with the last model that it reads; one that reads only sources runs when everything is selected, and its
    result names the first source as its model.

    Raises:
        SqlModelError: a test cannot be run, for instance because its model is not built.
    """
    models = project.selected(select)
    results = []
    for model in models:
        results += _run_checks(con, model)
        results += [_run_file(con, t, model.full_name) for t in project.tests if t.model == model.full_name]
    if select is None:
        results += [_run_file(con, t, next(iter(t.depends_on), "")) for t in project.tests if t.model is None]
    return results


def check_sql(model: Model, check: Check) -> str:
    """The query that returns the rows which break a test of a header."""
    columns = [f'"{c}"' for c in check.columns]
    if condition := _CONDITIONS.get(check.kind):
        return f"SELECT * FROM {model.full_name} WHERE {condition(columns[0], check.arguments)}"  # noqa: S608 - our own names
    return _QUERIES[check.kind](model.full_name, columns, check.arguments)


def _run_checks(con: duckdb.DuckDBPyConnection, model: Model) -> list[TestResult]:
    """The tests of a header. Those of single rows take one pass over the relation together, which matters for views."""
    of_rows = [c for c in model.checks if c.kind in _CONDITIONS]
    passed: list[Check] = []
    if of_rows:
        conditions = (_CONDITIONS[c.kind](f'"{c.columns[0]}"', c.arguments) for c in of_rows)
        counts = ", ".join(f"count(*) FILTER ({condition})" for condition in conditions)
        try:
            row = con.execute(f"SELECT {counts} FROM {model.full_name}").fetchall()[0]  # noqa: S608 - our own names
        except duckdb.Error as error:
            raise SqlModelError(f"The tests of {model.full_name} cannot be run: {error}") from error
        passed = [check for check, count in zip(of_rows, row, strict=True) if not count]
    results = []
    for check in model.checks:
        sql, column = check_sql(model, check), check.columns[0] if len(check.columns) == 1 else None
        if check in passed:
            results.append(TestResult(check.name, model.full_name, column, check.severity, True, 0, (), sql))
        else:
            results.append(_run(con, check.name, model.full_name, column, check.severity, sql))
    return results


def _run_file(con: duckdb.DuckDBPyConnection, test: SqlTest, model: str) -> TestResult:
    return _run(con, test.name, model, None, test.severity, test.sql)


def _run(
    con: duckdb.DuckDBPyConnection, name: str, model: str, column: str | None, severity: Severity, sql: str
) -> TestResult:
    try:
        cursor = con.execute(f"SELECT count(*) OVER () AS failures, * FROM (\n{sql}\n) LIMIT {SAMPLE_ROWS}")  # noqa: S608
        header = [str(d[0]) for d in cursor.description or []][1:]
        rows = cursor.fetchall()
    except duckdb.Error as error:
        raise SqlModelError(f"Test {name} of {model} cannot be run: {error}") from error
    sample = tuple(dict(zip(header, row[1:], strict=True)) for row in rows)
    failures = int(rows[0][0]) if rows else 0
    return TestResult(name, model, column, severity, not rows, failures, sample, sql)


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'" if not isinstance(value, bool | int | float) else str(value)


def _not_null(column: str, _: Mapping[str, Any]) -> str:
    return f"{column} IS NULL"


def _accepted_values(column: str, arguments: Mapping[str, Any]) -> str:
    return f"{column} NOT IN ({', '.join(_literal(v) for v in arguments['values'])})"


def _range(column: str, arguments: Mapping[str, Any]) -> str:
    signs = {"min": "<", "max": ">"}
    return " OR ".join(f"{column} {signs[k]} {_literal(v)}" for k, v in sorted(arguments.items()))


def _unique(relation: str, columns: list[str], _: Mapping[str, Any]) -> str:
    keys = ", ".join(columns)  # null is a value like any other: two rows with null are a repetition
    return f"SELECT {keys}, count(*) AS n_rows FROM {relation} GROUP BY {keys} HAVING count(*) > 1"  # noqa: S608


def _relationships(relation: str, columns: list[str], arguments: Mapping[str, Any]) -> str:
    match = f'SELECT 1 FROM {arguments["to"]} p WHERE p."{arguments["field"]}" = c.{columns[0]}'  # noqa: S608
    return f"SELECT c.* FROM {relation} c WHERE c.{columns[0]} IS NOT NULL AND NOT EXISTS ({match})"  # noqa: S608


# What is wrong with a row that breaks a test; null passes, except for not_null.
_CONDITIONS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "not_null": _not_null,
    "accepted_values": _accepted_values,
    "range": _range,
}
_QUERIES: Mapping[str, Callable[[str, list[str], Mapping[str, Any]], str]] = {
    "unique": _unique,
    "relationships": _relationships,
}
