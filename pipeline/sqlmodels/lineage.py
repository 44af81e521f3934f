"""Which columns of other relations each column of a model is made of."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from pipeline.sqlmodels.project import Model, Project

# schema -> relation -> column -> type
Schema = dict[str, object]


def column_lineage(project: Project, model: str) -> dict[str, list[tuple[str, str]]]:
    """For each column of a model, the (relation, column) pairs that it reads directly, sorted.

    A column that cannot be traced, or that is made of no column (``count(*)``), has an empty list.

    Args:
        project: the models.
        model: full name, or name where it is the only one.

    Raises:
        SqlModelError: there is no such model.
    """
    found = project.model(model)
    columns: dict[str, list[tuple[str, str]]] = {name: [] for name in found.columns}
    schema = _schema(project, found)
    try:
        query = qualify(sqlglot.parse_one(found.sql, dialect="duckdb"), schema=schema, dialect="duckdb")
        scope = build_scope(query)
    except (SqlglotError, RecursionError, ValueError):
        return columns
    for name in columns:
        try:
            node = lineage(name, query, schema=schema, scope=scope, dialect="duckdb", copy=False, trim_selects=False)
            columns[name] = sorted(_origins(node, set(found.depends_on)))
        except (SqlglotError, RecursionError, ValueError, KeyError):
            continue
    return columns


def _schema(project: Project, model: Model) -> Schema:
    """Columns of what the model reads, as sqlglot wants them; types do not matter for lineage."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for full_name in model.depends_on:
        folder, name = full_name.split(".")
        columns = project.sources.get(full_name) or project.model(full_name).columns
        schema.setdefault(folder, {})[name] = dict.fromkeys(columns, "VARCHAR")
    return {**schema}


def _origins(node: Node, known: set[str]) -> set[tuple[str, str]]:
    found = set()
    for leaf in node.walk():
        if leaf.downstream or not isinstance(leaf.source, exp.Table):
            continue
        relation, column = f"{leaf.source.db}.{leaf.source.name}", leaf.name.rpartition(".")[2].strip('"')
        if relation in known and column != "*":
            found.add((relation, column))
    return found
