"""The header of a SQL file: YAML in the ``/* … */`` comment that the file begins with.

What belongs here: reading and checking headers. What does not: the SQL below them (``project``) and how tests are run
(``checks``). A header of a model::

    /*
    description: One row per pair of actors and month.
    materialization: table
    partition: [pair, month]                    # optional; see docs/models.md
    columns:
      a: First actor of the pair                # a description alone
      tension:
        description: Tension share, 0 to 100
        tests: [not_null, {range: {min: 0, max: 100}}]
    tests:
      - unique: [a, month]
    */
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.keys import KINDS, PERIODS, covers, keys

Severity = Literal["error", "warn"]
Materialization = Literal["view", "table"]
CheckKind = Literal["not_null", "unique", "accepted_values", "relationships", "range"]

_COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
# The arguments of each test, and which of them must be there.
_ARGUMENTS: Mapping[str, tuple[set[str], set[str]]] = {
    "not_null": (set(), set()),
    "unique": (set(), set()),
    "accepted_values": ({"values"}, {"values"}),
    "relationships": ({"to", "field"}, {"to", "field"}),
    "range": ({"min", "max"}, set()),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A test of a model, as its header names it. ``columns`` are the tested columns, one except for ``unique``."""

    kind: CheckKind
    columns: tuple[str, ...]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"

    @property
    def name(self) -> str:
        """Such as ``unique(a, month)``."""
        return f"{self.kind}({', '.join(self.columns)})"


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """A documented column."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ModelHeader:
    """What a model's header says."""

    description: str
    materialization: Materialization
    columns: Mapping[str, ModelColumn]
    checks: tuple[Check, ...]
    partition: tuple[str, ...] = ()
    onward: str | None = None


@dataclass(frozen=True, slots=True)
class TestHeader:
    """What the header of a file under ``tests/`` says."""

    __test__ = False  # pytest would take the class for one of its own

    description: str
    severity: Severity


class _Reader:
    """Checks values and names the file in every complaint."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, message: str, line: int = 1) -> SqlModelError:
        return SqlModelError(f"{self.path}:{line}: {message}")

    def read(self, sql: str) -> dict[str, Any]:
        """The header as a mapping."""
        match = _COMMENT.match(sql)
        if match is None:
            raise self.fail("the file must begin with a header: YAML within /* and */")
        body, first_line = match[1], sql[: match.start(1)].count("\n") + 1
        try:
            parsed = yaml.load(body, _UniqueKeyLoader)  # noqa: S506 - a SafeLoader
        except yaml.MarkedYAMLError as error:
            line = first_line + (error.problem_mark.line if error.problem_mark else 0)
            raise self.fail(f"the header is not valid YAML: {error.problem}", line) from error
        if not isinstance(parsed, dict):
            raise self.fail("the header must be a YAML mapping with at least a description")
        return parsed

    def only(self, mapping: Mapping[str, Any], allowed: set[str], where: str) -> None:
        unknown = sorted(str(k) for k in mapping if k not in allowed)
        if unknown:
            raise self.fail(f"{where} has unknown {', '.join(unknown)}; known are {', '.join(sorted(allowed))}")

    def text(self, mapping: Mapping[str, Any], key: str, where: str) -> str:
        value = mapping.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{where} needs a {key}")
        return " ".join(value.split())

    def choice(self, mapping: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str) -> str:
        value = mapping.get(key, default)
        if value not in choices:
            raise self.fail(f"{key} is {value!r}; it must be {' or '.join(choices)}")
        return cast(str, value)

    def column(self, name: Any, entry: Any) -> tuple[ModelColumn, list[Check]]:
        where = f"column {name}"
        if isinstance(entry, str):
            entry = {"description": entry}
        if not isinstance(name, str) or not isinstance(entry, dict):
            raise self.fail(f"{where} needs a text, or a mapping with description and tests")
        self.only(entry, {"description", "tests"}, where)
        tests = entry.get("tests") or []
        if not isinstance(tests, list):
            raise self.fail(f"{where}: tests must be a list")
        return ModelColumn(name, self.text(entry, "description", where)), [self.check(t, (name,)) for t in tests]

    def check(self, entry: Any, columns: tuple[str, ...]) -> Check:
        """``not_null`` or ``{range: {min: 0, severity: warn}}`` or, without a column, ``{unique: [a, b]}``."""
        kind, given = (entry, None) if isinstance(entry, str) else next(iter(entry.items()), ("", None))
        if kind not in _ARGUMENTS or (isinstance(entry, dict) and len(entry) != 1):
            raise self.fail(f"unknown test {entry!r}; known are {', '.join(_ARGUMENTS)}")
        if not columns:
            given = {"columns": given} if isinstance(given, list) else dict(given or {})
            names = given.pop("columns", None)
            if kind != "unique" or not isinstance(names, list) or not names:
                raise self.fail(f"a test of the relation must be `unique: [column, …]`, not {entry!r}")
            columns = tuple(str(n) for n in names)
        if isinstance(given, list):
            given = {"values": given}
        if not isinstance(given, dict | None):
            raise self.fail(f"test {entry!r} needs its arguments as a mapping")
        arguments = dict(given or {})
        severity = self.choice(arguments, "severity", ("error", "warn"), "error")
        arguments.pop("severity", None)
        allowed, required = _ARGUMENTS[kind]
        self.only(arguments, allowed, f"test {kind}")
        if required - set(arguments) or (kind == "range" and not arguments):
            raise self.fail(f"test {kind} needs {' and '.join(sorted(required or allowed))}")
        return Check(cast(CheckKind, kind), columns, arguments, cast(Severity, severity))


def read_model_header(path: Path, sql: str) -> ModelHeader:
    """The header of a model.

    Raises:
        SqlModelError: there is none, or it says something that cannot be used; the message names file and line.
    """
    reader = _Reader(path)
    header = reader.read(sql)
    reader.only(header, {"description", "materialization", "partition", "onward", "columns", "tests"}, "the header")
    entries, relation_tests = header.get("columns"), header.get("tests") or []
    if not isinstance(entries, dict) or not isinstance(relation_tests, list):
        raise reader.fail("the header needs columns (a mapping) and may have tests (a list)")
    columns: dict[str, ModelColumn] = {}
    checks: list[Check] = []
    for name, entry in entries.items():
        column, its_checks = reader.column(name, entry)
        columns[column.name] = column
        checks += its_checks
    checks += [reader.check(t, ()) for t in relation_tests]
    for check in checks:
        if missing := _missing(check.columns, columns):
            raise reader.fail(f"test {check.name} names undocumented {', '.join(missing)}")
    materialization = reader.choice(header, "materialization", ("view", "table"), "view")
    partition, onward = _parts(reader, header, materialization, columns)
    return ModelHeader(
        reader.text(header, "description", "the header"),
        cast(Materialization, materialization),
        columns,
        tuple(checks),
        partition,
        onward,
    )


def _parts(
    reader: _Reader, header: Mapping[str, Any], materialization: str, columns: Collection[str]
) -> tuple[tuple[str, ...], str | None]:
    """``partition`` and ``onward``: by what a table can be made in parts."""
    given, onward = header.get("partition", []), header.get("onward")
    partition = tuple(given) if isinstance(given, list) else (str(given),)
    if onward is not None and partition != ("pair",):
        raise reader.fail("onward needs `partition: pair`")
    if partition and materialization != "table":
        raise reader.fail("only a table is built in parts")
    if partition and (partition[0] not in KINDS or not keys(columns).has(partition[0])):
        raise reader.fail("partition must be article, pair or [pair, period], and the columns must hold it")
    periods = [*partition[1:], *([onward] if onward is not None else [])]
    if len(periods) > 1 or not all(partition[0] == "pair" and covers(p, keys(columns).time) for p in periods):
        raise reader.fail(
            f"a period is one of {', '.join(PERIODS)}, of pairs, and must cover the column of time that the table has"
        )
    return partition, onward


def read_test_header(path: Path, sql: str) -> TestHeader:
    """The header of a file under ``tests/``: description and severity.

    Raises:
        SqlModelError: as for ``read_model_header``.
    """
    reader = _Reader(path)
    header = reader.read(sql)
    reader.only(header, {"description", "severity"}, "the header")
    severity = reader.choice(header, "severity", ("error", "warn"), "error")
    return TestHeader(reader.text(header, "description", "the header"), cast(Severity, severity))


def _missing(names: Sequence[str], columns: Mapping[str, ModelColumn]) -> list[str]:
    return [n for n in names if n not in columns]


class _UniqueKeyLoader(yaml.SafeLoader):
    """Plain YAML loading takes the last of two equal keys; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"{key} is given twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)
