"""``staging/*`` and ``marts/*``: one asset per SQL model, with dependencies, lineage and tests taken from the SQL."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import duckdb

from assets.metadata import markdown_table, preview, tensest_pairs
from pipeline.sqlmodels import BuildResult, Model, Project, TestResult, building, column_lineage, run_tests
from pipeline.sqlmodels.header import Severity
from resources import WarehouseResource

# What single models show beside a sample.
_MORE = {"marts.dyad_current": tensest_pairs}
_SEVERITIES: dict[Severity, str] = {
    "error": "Tests that must hold",
    "warn": "Tests whose failure is worth a look",
}


def relation_key(full_name: str) -> dg.AssetKey:
    """The asset of a relation; a ``current_*`` view of core stands for its table."""
    schema, name = full_name.split(".")
    return dg.AssetKey([schema, "tagging_runs" if name == "current_runs" else name.removeprefix("current_")])


def model_assets(project: Project) -> dg.AssetsDefinition:
    """One asset per model, built by one step, of which a run may want some only; Dagster cuts it where other assets lie between the models.

    One step and one connection: opening the warehouse for each model, and comparing with the last build what each reads, took longer than
    most models.
    """

    @dg.multi_asset(
        name="models",
        specs=[_spec(model) for model in project.models],
        check_specs=[check for model in project.models for check in _checks(project, model)],
        can_subset=True,
        pool="duckdb_write",
    )
    def build_models(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult]:
        """Builds each model in its own transaction and tests it; where a test that must hold fails, the models behind it stay as they were."""
        wanted = context.selected_asset_keys
        names = [m.full_name for m in project.models if relation_key(m.full_name) in wanted]
        with warehouse.open().connect() as con:
            for built in building(con, project, names):
                results = run_tests(con, project, [built.model])
                yield _materialized(con, project, built, results)
                if any(r.severity == "error" and not r.passed for r in results):
                    return  # Dagster ends the run for the check that blocks

    return build_models


def _spec(model: Model) -> dg.AssetSpec:
    return dg.AssetSpec(
        relation_key(model.full_name),
        deps=sorted({relation_key(name) for name in model.depends_on}),
        description=model.description,
        group_name=model.schema,
        kinds={"sql", "duckdb"},
        code_version=model.code_version,
        metadata={"sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```")},
        skippable=True,
    )


def _checks(project: Project, model: Model) -> list[dg.AssetCheckSpec]:
    """One check for all tests that block and one for those that only warn.

    Not one a test: every evaluation is a row in Dagster's storage, and two hundred of them took longer than the models.
    """
    there = {c.severity for c in model.checks} | {t.severity for t in project.tests if t.model == model.full_name}
    return [
        dg.AssetCheckSpec(
            f"tests_{severity}",
            asset=relation_key(model.full_name),
            blocking=severity == "error",
            description=what,
        )
        for severity, what in _SEVERITIES.items()
        if severity in there
    ]


def _materialized(
    con: duckdb.DuckDBPyConnection, project: Project, built: BuildResult, results: list[TestResult]
) -> dg.MaterializeResult:
    model = project.model(built.model)
    key = relation_key(model.full_name)
    more = _MORE[model.full_name](con) if model.full_name in _MORE else {}
    return dg.MaterializeResult(
        asset_key=key,
        metadata={
            **({} if built.rows is None else {"dagster/row_count": built.rows}),
            "dagster/column_schema": _column_schema(con, model),
            "dagster/column_lineage": _column_lineage(project, model),
            "seconds": round(built.seconds, 3),
            "built anew": f"{built.partitions} partitions" if built.partitions else built.extent,
            **more,
            "sample": preview(con, f"SELECT * FROM {model.full_name} LIMIT 10"),  # noqa: S608 - our own names
        },
        check_results=[_check_result(check, results) for check in _checks(project, model)],
    )


def _column_schema(con: duckdb.DuckDBPyConnection, model: Model) -> dg.TableSchema:
    """The columns with the types that they came out with: the SQL names none."""
    types = {row[0]: str(row[1]) for row in con.execute(f"DESCRIBE {model.full_name}").fetchall()}
    return dg.TableSchema([dg.TableColumn(c.name, types[c.name], c.description) for c in model.columns.values()])


def _column_lineage(project: Project, model: Model) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=relation_key(table), column_name=name) for table, name in origins]
            for column, origins in column_lineage(project, model.full_name).items()
            if origins
        }
    )


def _check_result(check: dg.AssetCheckSpec, results: list[TestResult]) -> dg.AssetCheckResult:
    mine = [r for r in results if f"tests_{r.severity}" == check.name]
    failed: dict[str, Any] = {
        r.name: markdown_table(list(r.sample[0]) if r.sample else [], [tuple(row.values()) for row in r.sample])
        for r in mine
        if not r.passed
    }
    return dg.AssetCheckResult(
        passed=not failed,
        asset_key=check.asset_key,
        check_name=check.name,
        severity=dg.AssetCheckSeverity.ERROR if check.blocking else dg.AssetCheckSeverity.WARN,
        metadata={"tests": len(mine), "failed": len(failed), **failed},
    )
