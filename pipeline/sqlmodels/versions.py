"""What a model was built from: so that a build does again only what would come out differently.

What belongs here: versions of relations, what each version changed, which versions a model was built from, and where that is kept
(schema ``built`` of the same database). What does not: building (``build``). Changes are found by comparing the rows themselves, not
times or counts, so they are right whatever made them: of a model its old rows with its new ones, of a source the fingerprints of
its parts with those of the last build.

Columns named ``text`` of sources are left out: in these tables a key, a hash or offsets say what the text is, and hashing every
article's text would cost more than the models.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.keys import Keys, keys
from pipeline.sqlmodels.project import PARAMETERS, Model, Project

# A change without article and pair may be one of any row, and one without a day of any time.
_TABLES = """
CREATE SCHEMA IF NOT EXISTS built;
CREATE TABLE IF NOT EXISTS built.relations (relation VARCHAR, inputs VARCHAR, version BIGINT);
CREATE TABLE IF NOT EXISTS built.changes (relation VARCHAR, version BIGINT, article INTEGER, a VARCHAR, b VARCHAR, since DATE);
CREATE TABLE IF NOT EXISTS built.seen (model VARCHAR, input VARCHAR, version BIGINT);
CREATE TABLE IF NOT EXISTS built.sources (relation VARCHAR, article INTEGER, a VARCHAR, b VARCHAR, since DATE, content VARCHAR);
CREATE TABLE IF NOT EXISTS built.changepoints (made_with VARCHAR);
DROP TABLE IF EXISTS built.models;
DROP TABLE IF EXISTS built.partitions;
DROP TABLE IF EXISTS built.contents;
"""
# Another number where what is remembered changes its meaning: then every table is built anew once.
_FORMAT = "3"
# Two sums that do not depend on the order of rows; one alone would not see a row that comes twice.
_CONTENT = "count(*) || ':' || bit_xor(h) || ':' || sum(h % 4294967296)"


class Versions:
    """The versions of one database's relations. Sources are compared with the last build when this is made: within a transaction."""

    def __init__(self, con: duckdb.DuckDBPyConnection, project: Project, selected: Sequence[Model]) -> None:
        con.execute(_TABLES)
        self._con, self._project = con, project
        self._models = {m.full_name: m for m in project.models}
        read = {table for m in selected for table in self.tables(m)}
        for source in sorted(read - {*self._models}):
            self._refresh(source)

    def columns(self, relation: str) -> set[str]:
        """The columns of a model or a source."""
        model = self._models.get(relation)
        return set(model.columns if model else self._project.sources[relation])

    def tables(self, model: Model) -> list[str]:
        """The tables whose rows a model is made of, through views; not the parameters that it names."""
        found: set[str] = set()
        for relation in model.depends_on:
            read = self._models.get(relation)
            if read is not None and read.materialization == "view":
                found.update(self.tables(read))
            elif relation != PARAMETERS or not model.parameters:
                found.add(relation)
        return sorted(found)

    def inputs(self, model: Model) -> str:
        """Fingerprint of how a model is made: its SQL and that of the views it reads, with the values of their parameters.

        Raises:
            SqlModelError: the table of parameters lacks one of them.
        """
        views = [m for d in model.depends_on if (m := self._models.get(d)) and m.materialization == "view"]
        return _digest([_FORMAT, model.code_version, *self._parameters(model), *map(self.inputs, views)])

    def is_recorded(self, model: Model, inputs: str) -> bool:
        """Whether the model was made in this way, from inputs of which it is known since when they have changed."""
        sql = "SELECT count(*) FROM built.relations WHERE relation = ? AND inputs = ?"
        seen = {r[0] for r in self._fetch("SELECT input FROM built.seen WHERE model = ?", model.full_name)}
        return bool(self._fetch(sql, model.full_name, inputs)[0][0]) and {*self.tables(model)} <= seen

    def collect_changes(self, model: Model) -> int:
        """Put what has changed in the model's inputs since it was built into the temporary table ``changed``; how many rows that is."""
        self._con.execute(
            "CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT c.article, c.a, c.b, c.since FROM built.changes c "
            "JOIN built.seen s ON s.input = c.relation AND c.version > s.version WHERE s.model = ?",
            [model.full_name],
        )
        return int(self._fetch("SELECT count(*) FROM changed")[0][0])

    def record(self, model: Model, inputs: str, changes: str | None) -> None:
        """Remember what a table was built from. Call it within the transaction that built it.

        Args:
            model: the table.
            inputs: fingerprint of how it was made.
            changes: a relation that holds the changes of its rows, with the columns of ``built.changes``; None where they are the same.
        """
        name = model.full_name
        self._log(name, inputs, changes)
        self._con.execute("DELETE FROM built.seen WHERE model = ?", [name])
        self._con.execute(
            "INSERT INTO built.seen SELECT ?, relation, version FROM built.relations WHERE relation IN (SELECT unnest(?::VARCHAR[]))",
            [name, self.tables(model)],
        )

    def forget_seen_changes(self) -> None:
        """Drop what every model has seen."""
        self._con.execute(
            "DELETE FROM built.changes c WHERE version <= coalesce("
            "(SELECT min(s.version) FROM built.seen s WHERE s.input = c.relation AND s.model IN (SELECT unnest(?::VARCHAR[]))), version)",
            [list(self._models)],
        )

    def _log(self, relation: str, inputs: str, changes: str | None) -> None:
        version = self._fetch("SELECT max(version) FROM built.relations WHERE relation = ?", relation)[0][0] or 0
        if changes is not None:
            version += 1
            sql = f"INSERT INTO built.changes SELECT ?, ?, article, a, b, since FROM {changes}"  # noqa: S608 - our own name
            self._con.execute(sql, [relation, version])
        self._con.execute("DELETE FROM built.relations WHERE relation = ?", [relation])
        self._con.execute("INSERT INTO built.relations VALUES (?, ?, ?)", [relation, inputs, version])

    def _refresh(self, source: str) -> None:
        """Compare the parts of a source with those of the last build: its articles, its pairs by month, or the whole."""
        columns = self.columns(source)
        known = keys(columns)
        parts = Keys(known.article, None, None) if known.article else Keys(None, known.pair, known.pair and known.time)
        without = " EXCLUDE (text)" if {"text"} < columns else ""
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE parts AS SELECT article, a, b, date_trunc('month', since)::DATE AS since, {_CONTENT} AS content "  # noqa: S608
            f"FROM (SELECT {parts.columns('t')}, hash(t) AS h FROM (SELECT *{without} FROM {source}) t) GROUP BY ALL"
        )
        self._con.execute(
            f"CREATE OR REPLACE TEMP TABLE before AS SELECT * EXCLUDE (relation) FROM built.sources WHERE relation = {literal(source)}"  # noqa: S608
        )
        self._con.execute(
            "CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT article, a, b, since "
            "FROM ((FROM parts EXCEPT FROM before) UNION ALL (FROM before EXCEPT FROM parts))"
        )
        is_new = not self._fetch("SELECT count(*) FROM built.relations WHERE relation = ?", source)[0][0]
        if is_new or self._fetch("SELECT count(*) FROM changed")[0][0]:
            self._log(source, "", "changed")
            self._con.execute(
                "DELETE FROM built.sources s USING changed c WHERE s.relation = ? AND s.article IS NOT DISTINCT FROM c.article "
                "AND s.a IS NOT DISTINCT FROM c.a AND s.b IS NOT DISTINCT FROM c.b AND s.since IS NOT DISTINCT FROM c.since",
                [source],
            )
            self._con.execute(
                "INSERT INTO built.sources SELECT ?, p.* FROM parts p SEMI JOIN changed c ON p.article IS NOT DISTINCT FROM c.article "
                "AND p.a IS NOT DISTINCT FROM c.a AND p.b IS NOT DISTINCT FROM c.b AND p.since IS NOT DISTINCT FROM c.since",
                [source],
            )

    def _parameters(self, model: Model) -> Iterable[str]:
        """The values of the parameters that a model names."""
        if not model.parameters:
            return []
        sql = f"SELECT name, value FROM {PARAMETERS} WHERE name IN (SELECT unnest(?))"  # noqa: S608 - our own name
        values: Mapping[str, float] = dict(self._con.execute(sql, [list(model.parameters)]).fetchall())
        if missing := [p for p in model.parameters if p not in values]:
            msg = f"{model.path}:1: {model.full_name} reads the parameter {', '.join(missing)}, which {PARAMETERS} does not hold: see [indicators] in faultline.toml"
            raise SqlModelError(msg)
        return [f"{name}={value!r}" for name, value in sorted(values.items())]

    def _fetch(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return self._con.execute(sql, list(values)).fetchall()


def literal(text: str) -> str:
    """A text as it stands in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
