"""Reading the SQL files: what they name, in which order they are built, which ones a user selects.

What belongs here: files, syntax trees, the graph. What does not: headers (``header``) and anything that needs a connection.
"""

import difflib
import graphlib
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.normalize_identifiers import normalize_identifiers

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.header import (
    Check,
    Materialization,
    ModelColumn,
    Severity,
    read_model_header,
    read_test_header,
)

TESTS_FOLDER = "tests"
# The table of parameters: (name, value). Which names a model compares with are the parameters that it depends on.
PARAMETERS = "core.parameters"
_NAME = re.compile(r"[a-z_][a-z0-9_]*")

Select = str | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Model:
    """One SQL file. ``depends_on`` holds full names of models and sources; ``code_version`` ignores layout and comments.

    ``parameters`` are the names that it looks up in core.parameters. ``partition`` says by what a table is built in parts: a row depends
    on its inputs' rows of the same article; of the same pair; or of the same pair and period, such as month. ``onward`` is the
    period of a table by pairs whose rows depend on the pair's rows of the same and of earlier periods.
    """

    name: str
    schema: str
    path: Path
    sql: str
    depends_on: tuple[str, ...]
    materialization: Materialization
    description: str
    columns: Mapping[str, ModelColumn]
    checks: tuple[Check, ...]
    code_version: str
    parameters: tuple[str, ...] = ()
    partition: tuple[str, ...] = ()
    onward: str | None = None

    @property
    def full_name(self) -> str:
        """``schema.name``."""
        return f"{self.schema}.{self.name}"

    @property
    def query(self) -> str:
        """The SELECT as it can stand within another one."""
        return self.sql.rstrip().removesuffix(";")


@dataclass(frozen=True, slots=True)
class SqlTest:
    """A file under ``tests/``: it returns the rows that offend.

    ``model`` is the last model it reads, with which it runs; None where it reads only sources.
    """

    name: str
    path: Path
    sql: str
    depends_on: tuple[str, ...]
    model: str | None
    description: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Project:
    """The models in an order in which they can be built, the tests under ``tests/``, and the sources' columns."""

    folder: Path
    models: tuple[Model, ...]
    tests: tuple[SqlTest, ...]
    sources: Mapping[str, tuple[str, ...]]

    def model(self, name: str) -> Model:
        """The model with this full name, or with this name where only one folder has it.

        Raises:
            SqlModelError: there is none.
        """
        found = [m for m in self.models if name in (m.full_name, m.name)]
        if len(found) == 1:
            return found[0]
        near = difflib.get_close_matches(name, [n for m in self.models for n in (m.full_name, m.name)])
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `faultline models ls` lists those there are"
        reason = "names more than one model" if found else "is no model"
        raise SqlModelError(f"{name} {reason} under {self.folder}{hint}")

    def names(self) -> list[str]:
        """Full names of the models in building order."""
        return [m.full_name for m in self.models]

    def ancestors(self, full_name: str) -> set[str]:
        """Full names of all models that this one is made of."""
        by_name = {m.full_name: m for m in self.models}
        found: set[str] = set()
        waiting = [full_name]
        while waiting:
            parents = [d for d in by_name[waiting.pop()].depends_on if d in by_name and d not in found]
            found.update(parents)
            waiting += parents
        return found

    def selected(self, select: Select) -> tuple[Model, ...]:
        """The models that a selection names, in building order; None names all.

        Args:
            select: names, ``+name`` (with ancestors), ``name+`` (with descendants), separated by blanks or commas in a string.

        Raises:
            SqlModelError: a name is no model.
        """
        if select is None:
            return self.models
        patterns = re.split(r"[\s,]+", select.strip()) if isinstance(select, str) else select
        wanted: set[str] = set()
        for pattern in patterns:
            name = self.model(pattern.strip("+")).full_name
            wanted.add(name)
            if pattern.startswith("+"):
                wanted |= self.ancestors(name)
            if pattern.endswith("+"):
                wanted |= {m.full_name for m in self.models if name in self.ancestors(m.full_name)}
        return tuple(m for m in self.models if m.full_name in wanted)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A file's statement, and the line on which each relation is named first."""

    query: exp.Query
    references: Mapping[str, int]


def load_project(folder: Path, sources: Mapping[str, Sequence[str]]) -> Project:
    """Read all SQL files below ``folder``.

    Args:
        folder: holds one folder per schema, and ``tests``.
        sources: columns by full name of the relations that models may read and that are no models.

    Raises:
        SqlModelError: a file breaks the contract; the message names file and line.
    """
    if not folder.is_dir():
        raise SqlModelError(
            f"There is no folder {folder}: set paths.models in faultline.toml to that of the SQL models."
        )
    lower = {name.lower(): tuple(columns) for name, columns in sources.items()}
    models: dict[str, Model] = {}
    references: dict[str, Mapping[str, int]] = {}
    tests: list[tuple[Path, str, Mapping[str, int]]] = []
    reserved = {name.split(".")[0] for name in lower}
    for path in sorted(folder.glob("*/*.sql")):
        if not _NAME.fullmatch(path.stem):
            raise SqlModelError(f"{path}:1: a file name is a relation's name: small letters, digits, underscores")
        sql = path.read_text(encoding="utf-8")
        parsed = _parse(path, sql)
        if path.parent.name == TESTS_FOLDER:
            tests.append((path, sql, parsed.references))
            continue
        if path.parent.name in reserved:
            raise SqlModelError(f"{path}:1: the schema {path.parent.name} holds sources, no models")
        model = _model(path, sql, parsed)
        models[model.full_name] = model
        references[model.full_name] = parsed.references
    for name, model in models.items():
        _check_known(model.path, references[name], {*models, *lower})
    project = Project(folder, tuple(models[n] for n in _order(models, references)), (), lower)
    for model in project.models:
        _check_relationships(project, model)
    return Project(folder, project.models, tuple(_test(project, *t) for t in tests), lower)


def _parse(path: Path, sql: str) -> _Parsed:
    try:
        statements = [s for s in sqlglot.parse(sql, dialect="duckdb") if s is not None]
    except SqlglotError as error:
        first = (getattr(error, "errors", None) or [{}])[0]
        message = first.get("description") or str(error)
        raise SqlModelError(f"{path}:{first.get('line', 1)}: cannot read the SQL: {message}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SqlModelError(f"{path}:1: the file must hold one SELECT and nothing else")
    query = statements[0]
    return _Parsed(query, _references(path, query))


def _references(path: Path, query: exp.Query) -> dict[str, int]:
    """Relations that a query names, with the line of the first naming; CTEs and table functions are none."""
    ctes = {cte.alias.lower() for cte in query.find_all(exp.CTE)}
    found: dict[str, int] = {}
    for table in query.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):  # a table function: range(…), unnest(…)
            continue
        name = ".".join(part.name for part in table.parts).lower()
        line = int(table.this.meta.get("line", 1))
        if len(table.parts) == 1 and name in ctes:
            continue
        if len(table.parts) != 2:
            raise SqlModelError(f"{path}:{line}: {name} is no CTE: name a relation by schema and name")
        found[name] = min(line, found.get(name, line))
    return dict(sorted(found.items()))


def _model(path: Path, sql: str, parsed: _Parsed) -> Model:
    header = read_model_header(path, sql)
    normalized = normalize_identifiers(parsed.query.copy(), dialect="duckdb").sql(dialect="duckdb", comments=False)
    kind = (
        f"{header.materialization}\n{' '.join(header.partition)}{f' onward {header.onward}' if header.onward else ''}"
    )
    digest = hashlib.blake2b(f"{kind}\n{normalized}".encode(), digest_size=8)
    return Model(
        name=path.stem,
        schema=path.parent.name,
        path=path,
        sql=sql,
        depends_on=tuple(parsed.references),
        materialization=header.materialization,
        description=header.description,
        columns=header.columns,
        checks=header.checks,
        code_version=digest.hexdigest(),
        parameters=_parameters(parsed.query),
        partition=header.partition,
        onward=header.onward,
    )


def _parameters(query: exp.Query) -> tuple[str, ...]:
    """Names that the SELECTs on the table of parameters compare its ``name`` with."""
    found: set[str] = set()
    for select in query.find_all(exp.Select):
        read = select.args.get("from_") or select.args.get("from")
        if read is None or f"{read.this.args.get('db')}.{read.this.name}".lower() != PARAMETERS:
            continue
        for equal in select.find_all(exp.EQ):
            if isinstance(equal.left, exp.Column) and equal.left.name == "name" and equal.right.is_string:
                found.add(equal.right.name)
    return tuple(sorted(found))


def _check_known(path: Path, references: Mapping[str, int], known: Iterable[str]) -> None:
    names = sorted(known)
    for name, line in references.items():
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise SqlModelError(f"{path}:{line}: {name} is neither a model nor a table of the warehouse{hint}")


def _order(models: Mapping[str, Model], references: Mapping[str, Mapping[str, int]]) -> list[str]:
    graph = {name: [d for d in m.depends_on if d in models] for name, m in sorted(models.items())}
    try:
        return list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        # graphlib lists a cycle from each relation to the one that reads it.
        cycle: list[str] = list(reversed(error.args[1]))
        line = references[cycle[0]][cycle[1]]
        raise SqlModelError(f"{models[cycle[0]].path}:{line}: models read each other: {' → '.join(cycle)}") from error


def _check_relationships(project: Project, model: Model) -> None:
    """A ``relationships`` test may only look at what is there once its model is built."""
    ancestors = project.ancestors(model.full_name)
    for check in model.checks:
        if check.kind != "relationships":
            continue
        to, field = str(check.arguments["to"]), str(check.arguments["field"])
        if to in ancestors:
            columns: Iterable[str] = project.model(to).columns
        elif to in project.sources:
            columns = project.sources[to]
        else:
            raise SqlModelError(f"{model.path}:1: {check.name} names {to}, which is neither a source nor an ancestor")
        if field not in columns:
            raise SqlModelError(f"{model.path}:1: {check.name} names {to}.{field}, which does not exist")


def _test(project: Project, path: Path, sql: str, references: Mapping[str, int]) -> SqlTest:
    header = read_test_header(path, sql)
    _check_known(path, references, {*project.names(), *project.sources})
    models = [n for n in project.names() if n in references]
    last = next((n for n in models if set(models) - {n} <= project.ancestors(n)), None)
    if models and last is None:
        raise SqlModelError(
            f"{path}:1: the test reads {' and '.join(models)}, none of which is made of the others: "
            "it has no model to run with. Split it."
        )
    # The query is put into another one, where a closing semicolon would not do.
    return SqlTest(
        path.stem, path, sql.rstrip().removesuffix(";"), tuple(references), last, header.description, header.severity
    )
