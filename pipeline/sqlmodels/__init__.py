"""Reads ``dbt_like_sql/``: plain SELECTs whose file name is the relation and whose folder is the schema.

What belongs here: reading the files and their headers, the graph between them, building, testing, column lineage. What does not:
opening DuckDB files (``warehouse``) and the indicators themselves (the SQL). The contract is written down in
``docs/models.md``.
"""

from pipeline.sqlmodels.build import BuildResult, build, building
from pipeline.sqlmodels.checks import TestResult, run_tests
from pipeline.sqlmodels.header import Check, ModelColumn
from pipeline.sqlmodels.lineage import column_lineage
from pipeline.sqlmodels.project import Model, Project, SqlTest, load_project

__all__ = [
    "BuildResult",
    "Check",
    "Model",
    "ModelColumn",
    "Project",
    "SqlTest",
    "TestResult",
    "build",
    "building",
    "column_lineage",
    "load_project",
    "run_tests",
]
