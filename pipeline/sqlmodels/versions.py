"""What a model was built from: so that a build does again only what would come out differently.

What belongs here: fingerprints of relations and of the parameters that a model reads, and where they are kept (schema ``built`` of
the same database). What does not: building (``build``). A fingerprint covers what a model's rows can depend on: its SQL, the values of
the parameters that it names, and the rows of what it reads. It is made of the rows themselves, not of times or counts, so it is
right whatever changed them.

Columns named ``text`` are left out: in these tables a key, a hash or offsets say what the text is, and hashing every article's text would
cost more than the models.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.project import PARAMETERS, Model, Project

_TABLES = """
CREATE SCHEMA IF NOT EXISTS built;
CREATE TABLE IF NOT EXISTS built.models (model VARCHAR, inputs VARCHAR NOT NULL, content VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS built.partitions (model VARCHAR, input VARCHAR, part VARCHAR, content VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS built.contents (model VARCHAR, part VARCHAR, content VARCHAR NOT NULL);
"""
# Another number where what is remembered changes its meaning: then every table is built anew once.
_FORMAT = "2"
# Two sums that do not depend on the order of rows; one alone would not see a row that comes twice.
_CONTENT = "count(*) || ':' || coalesce(bit_xor(hash(t)), 0) || ':' || coalesce(sum(hash(t) % 4294967296), 0)"


@dataclass(frozen=True, slots=True)
class Parts:
    """Partitions of a model: these, or, where ``onward``, the first of these and all later ones. ``number`` counts them."""

    names: tuple[str, ...]
    onward: bool
    number: int

    def condition(self, column: str) -> str:
        """SQL that is true of their rows. Literals and no subquery: DuckDB carries these through a grouping down to the scan."""
        if self.onward:
            return f"{column} >= {literal(min(self.names))}"
        return f"{column} IN ({', '.join(map(literal, self.names))})"


class Versions:
    """The fingerprints of one database, each computed once per build."""

    def __init__(self, con: duckdb.DuckDBPyConnection, project: Project) -> None:
        con.execute(_TABLES)
        self._con, self._project = con, project
        self._models = {m.full_name: m for m in project.models}
        self._known: dict[str, str] = {}
        self._known_parts: dict[tuple[str, str], dict[str, str]] = {}

    def forget(self) -> None:
        """Compute fingerprints anew: another writer has changed what they are of."""
        self._known.clear()
        self._known_parts.clear()

    def inputs(self, model: Model) -> str:
        """Fingerprint of all that a model is made of, except the inputs that are compared by partition."""
        parted = self.partitioned_inputs(model)
        versions = [f"{d}={self.of(d)}" for d in model.depends_on if d not in parted and not _is_parameters(model, d)]
        return _digest([_FORMAT, model.code_version, *self._parameters(model), *versions])

    def of(self, relation: str) -> str:
        """Fingerprint of a relation: of a view by what it reads, of a table by its rows."""
        if relation not in self._known:
            model = self._models.get(relation)
            if model is not None and model.materialization == "view":
                self._known[relation] = _digest([self.inputs(model), *map(self.of, self.partitioned_inputs(model))])
            else:
                self._known[relation] = self._stored(relation) or self._content(relation)
        return self._known[relation]

    def partitioned_inputs(self, model: Model) -> list[str]:
        """The relations that a model reads partition by partition: those that have its ``partition`` column."""
        if model.partition is None:
            return []
        return [d for d in model.depends_on if model.partition in self._columns(d)]

    def changed_partitions(self, model: Model) -> tuple[Parts, int]:
        """Partitions that would come out differently than when the model was built last, and how many there are in all."""
        changed: set[str] = set()
        every: set[str] = set()
        for relation in self.partitioned_inputs(model):
            now, before = self._parts(relation, str(model.partition)), self._parts_before(model, relation)
            every |= {*now, *before}
            changed |= {p for p in {*now, *before} if now.get(p) != before.get(p)}
        touched = {p for p in every if p >= min(changed)} if model.onward and changed else changed
        return Parts(tuple(sorted(changed)), model.onward, len(touched)), len(every)

    def is_recorded(self, model: Model, inputs: str) -> bool:
        """Whether the model was built last from inputs with this fingerprint."""
        sql = "SELECT count(*) FROM built.models WHERE model = ? AND inputs = ?"
        return bool(self._con.execute(sql, [model.full_name, inputs]).fetchall()[0][0])

    def record(self, model: Model, inputs: str, parts: Parts | None = None) -> None:
        """Remember what a table was built from, and its rows. Call it within the transaction that built it.

        Args:
            model: the table.
            inputs: fingerprint of what it was built from.
            parts: the partitions that were done; None for all.
        """
        name = model.full_name
        self._known[name] = content = self._record_parts(model, parts) if model.partition else self._content(name)
        self._con.execute("DELETE FROM built.models WHERE model = ?", [name])
        self._con.execute("INSERT INTO built.models VALUES (?, ?, ?)", [name, inputs, content])
        self._con.execute("DELETE FROM built.partitions WHERE model = ?", [name])
        for relation in self.partitioned_inputs(model):
            now = self._parts(relation, str(model.partition))
            self._con.execute(
                "INSERT INTO built.partitions SELECT ?, ?, unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [name, relation, list(now), list(now.values())],
            )

    def _record_parts(self, model: Model, parts: Parts | None) -> str:
        """The fingerprint of a table in parts, of which only those that were done are read again."""
        name, column = model.full_name, str(model.partition)
        done = parts.condition("part") if parts else "true"
        self._con.execute(f"DELETE FROM built.contents WHERE model = ? AND {done}", [name])  # noqa: S608
        self._con.execute(
            f"INSERT INTO built.contents SELECT ?, part, content FROM ({self._parts_sql(name, column)}) WHERE {done}",  # noqa: S608
            [name],
        )
        now = self._known_parts[name, column] = self._recorded_parts(name)
        return _digest(f"{part}={content}" for part, content in sorted(now.items()))

    def _recorded_parts(self, name: str) -> dict[str, str]:
        return dict(self._con.execute("SELECT part, content FROM built.contents WHERE model = ?", [name]).fetchall())

    def _stored(self, relation: str) -> str | None:
        if relation not in self._models:
            return None
        rows = self._con.execute("SELECT content FROM built.models WHERE model = ?", [relation]).fetchall()
        return str(rows[0][0]) if rows else None

    def _content(self, relation: str) -> str:
        sql = f"SELECT {_CONTENT} FROM ({self._rows(relation)}) t"  # noqa: S608 - our own names
        return str(self._con.execute(sql).fetchall()[0][0])

    def _rows(self, relation: str) -> str:
        without = " EXCLUDE (text)" if {"text"} < self._columns(relation) else ""
        return f"SELECT *{without} FROM {relation}"  # noqa: S608 - our own names

    def _columns(self, relation: str) -> set[str]:
        model = self._models.get(relation)
        return set(model.columns if model else self._project.sources[relation])

    def _parts_sql(self, relation: str, column: str) -> str:
        return (
            f"SELECT t.{column}::VARCHAR AS part, {_CONTENT} AS content FROM ({self._rows(relation)}) t "  # noqa: S608
            f"WHERE t.{column} IS NOT NULL GROUP BY 1"
        )

    def _parts(self, relation: str, column: str) -> dict[str, str]:
        """Fingerprints of a relation by the values of a column: remembered ones of a table that is built by it, else from its rows."""
        if (relation, column) not in self._known_parts:
            model = self._models.get(relation)
            of_same = model is not None and model.partition == column and model.materialization == "table"
            parts = self._recorded_parts(relation) if of_same else {}
            self._known_parts[relation, column] = parts or dict(
                self._con.execute(self._parts_sql(relation, column)).fetchall()
            )
        return self._known_parts[relation, column]

    def _parts_before(self, model: Model, relation: str) -> dict[str, str]:
        sql = "SELECT part, content FROM built.partitions WHERE model = ? AND input = ?"
        return dict(self._con.execute(sql, [model.full_name, relation]).fetchall())

    def _parameters(self, model: Model) -> Iterable[str]:
        """The values of the parameters that a model names.

        Raises:
            SqlModelError: the table of parameters lacks one of them.
        """
        if not model.parameters:
            return []
        sql = f"SELECT name, value FROM {PARAMETERS} WHERE name IN (SELECT unnest(?))"  # noqa: S608 - our own name
        values: Mapping[str, float] = dict(self._con.execute(sql, [list(model.parameters)]).fetchall())
        if missing := [p for p in model.parameters if p not in values]:
            msg = f"{model.path}:1: {model.full_name} reads the parameter {', '.join(missing)}, which {PARAMETERS} does not hold: see [indicators] in faultline.toml"
            raise SqlModelError(msg)
        return [f"{name}={value!r}" for name, value in sorted(values.items())]


def _is_parameters(model: Model, relation: str) -> bool:
    # A model that names its parameters depends on those alone.
    return relation == PARAMETERS and bool(model.parameters)


def literal(text: str) -> str:
    """A text as it stands in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
