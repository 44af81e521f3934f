"""``staging/*`` and ``marts/*``: one asset per SQL model, with dependencies, lineage and tests taken from the SQL."""

from collections.abc import Iterator

import dagster as dg

from assets.metadata import preview
from pipeline.sqlmodels import Model, Project, build, column_lineage, run_tests
from resources import SqlProjectResource, WarehouseResource

_TESTS = "sql_tests"


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


def _model_asset(project: Project, model: Model) -> dg.AssetsDefinition:
    key = relation_key(model.full_name)
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
            "dagster/column_lineage": _column_lineage(project, model),
            "sql": dg.MetadataValue.md(f"```sql\n{model.sql}\n```"),
        },
        check_specs=[
            dg.AssetCheckSpec(_TESTS, asset=key, blocking=True, description="The tests in the model's header.")
        ],
    )
    def build_model(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource, sql_project: SqlProjectResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        current = sql_project.load()
        with warehouse.open().connect() as con:
            (built,) = build(con, current, [model.full_name])
            results = run_tests(con, current, [model.full_name])
            sample = preview(con, f"SELECT * FROM {model.full_name} LIMIT 10")  # noqa: S608 - our own names
        failed = [r for r in results if not r.passed]
        for r in failed:
            context.log.warning("%s: %d rows fail, such as %s", r.name, r.failures, r.sample)
        yield dg.MaterializeResult(
            metadata={"dagster/row_count": built.rows, "seconds": round(built.seconds, 3), "sample": sample},
            check_results=[
                dg.AssetCheckResult(
                    check_name=_TESTS,
                    passed=not any(r.severity == "error" for r in failed),
                    metadata={
                        "tests": len(results),
                        **{r.name: f"{r.failures} rows, such as {r.sample}" for r in failed},
                    },
                )
            ],
        )

    return build_model
