"""Whole steps on a Dask cluster by dagster-dask (the extra ``dagster-dask``), for a team that runs its pipelines there.

What belongs here: the executor that a code location of one's own hands to ``build_definitions``. What does not: tagging on a cluster, which
needs none of this (``workers``).
"""

import copy
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dask.executor import DaskExecutor, dask_executor


class _Executor(DaskExecutor):  # type: ignore[misc]
    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        # Dask looks into what it is handed, which the record of a run's pools forbids. Steps do not need it.
        plain = copy.copy(plan_context)
        run = plan_context.dagster_run._replace(run_op_concurrency=None)
        plain._plan_data = plan_context.plan_data._replace(dagster_run=run)
        yield from super().execute(plain, execution_plan)


@dg.executor(
    name="dask", config_schema=dask_executor.config_schema, requirements=dg.multiple_process_executor_requirements()
)
def steps_on_dask(init_context: dg.InitExecutorContext) -> dg.Executor:
    """dagster-dask's executor with its configuration, for jobs whose steps are in pools, as Faultline's are."""
    cluster: Any = init_context.executor_config["cluster"]
    ((kind, configuration),) = cluster.items()
    executor: dg.Executor = _Executor(kind, configuration)
    return executor
