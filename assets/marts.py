"""``staging/*`` and ``marts/*``: one asset per SQL model, with dependencies, lineage and tests taken from the SQL."""

from typing import Any

import dagster as dg

from assets.metadata import markdown_table, preview, tensest_pairs
from pipeline.sqlmodels import Model, Project, TestResult, build, column_lineage, run_tests
from pipeline.sqlmodels.header import Severity
from resources import WarehouseResource

# What single models show beside a sample.
_MORE = {"marts.dyad_current": tensest_pairs}


def relation_key(full_name: str) -> dg.AssetKey:
    """The asset of a relation; a ``current_*`` view of core stands for its table."""
    schema, name = full_name.split(".")
    return dg.AssetKey([schema, "tagging_runs" if name == "current_runs" else name.removeprefix("current_")])


def model_assets(project: Project) -> list[dg.AssetsDefinition]:
    """One asset per model."""
    return [_model_asset(project, model) for model in project.models]


def _column_lineage(project: Project, model: Model) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=relation_key(table), column_name=name) for table, name in origins]
            for column, origins in column_lineage(project, model.full_name).items()
            if origins
        }
    )


def _checks(project: Project, model: Model, key: dg.AssetKey) -> dict[Severity, dg.AssetCheckSpec]:
    """One check for all tests that block and one for those that only warn.

    Not one a test: every evaluation is a row in Dagster's storage, and two hundred of them took longer than the models.
    """
    severities = {c.severity for c in model.checks} | {t.severity for t in project.tests if t.model == model.full_name}
    described: dict[Severity, str] = {"error": "Tests that must hold", "warn": "Tests whose failure is worth a look"}
    return {
        severity: dg.AssetCheckSpec(f"tests_{severity}", asset=key, blocking=severity == "error", description=what)
        for severity, what in described.items()
        if severity in severities
    }


def _check_result(severity: Severity, results: list[TestResult], key: dg.AssetKey) -> dg.AssetCheckResult:
    mine = [r for r in results if r.severity == severity]
    failed: dict[str, Any] = {
        r.name: markdown_table(list(r.sample[0]) if r.sample else [], [tuple(row.values()) for row in r.sample])
        for r in mine
        if not r.passed
    }
    return dg.AssetCheckResult(
        passed=not failed,
        asset_key=key,
        check_name=f"tests_{severity}",
        severity=dg.AssetCheckSeverity.ERROR if severity == "error" else dg.AssetCheckSeverity.WARN,
        metadata={"tests": len(mine), "failed": len(failed), **failed},
    )


def _model_asset(project: Project, model: Model) -> dg.AssetsDefinition:
    key = relation_key(model.full_name)
    checks = _checks(project, model, key)
    columns = [dg.TableColumn(c.name, description=c.description) for c in model.columns.values()]

    @dg.asset(
        key=key,
        deps=sorted({relation_key(name) for name in model.depends_on}),
        description=model.description,
        group_name=model.schema,
        kinds={"sql", "duckdb"},
        pool="duckdb_write",
        code_version=model.code_version,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns),
            "sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```"),
        },
        check_specs=list(checks.values()),
    )
    def build_model(warehouse: WarehouseResource) -> dg.MaterializeResult:
        with warehouse.open().connect() as con:
            (built,) = build(con, project, [model.full_name])
            results = run_tests(con, project, [model.full_name])
            sample = preview(con, f"SELECT * FROM {model.full_name} LIMIT 10")  # noqa: S608 - our own names
            more = _MORE[model.full_name](con) if model.full_name in _MORE else {}
        return dg.MaterializeResult(
            metadata={
                **({} if built.rows is None else {"dagster/row_count": built.rows}),
                "dagster/column_lineage": _column_lineage(project, model),
                "seconds": round(built.seconds, 3),
                "built anew": f"{built.partitions} partitions" if built.partitions else built.extent,
                **more,
                "sample": sample,
            },
            check_results=[_check_result(severity, results, key) for severity in checks],
        )

    return build_model
