import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels import Project, load_project

WriteProject = Callable[[Mapping[str, str]], Project]


def model(sql: str, columns: str = "{a: a column}", materialization: str = "view") -> str:
    return f"/*\ndescription: A model.\nmaterialization: {materialization}\ncolumns: {columns}\n*/\n{sql}\n"


CHAIN = {
    "marts/third.sql": model("SELECT a FROM staging.second"),
    "staging/second.sql": model("SELECT a FROM staging.first"),
    "staging/first.sql": model("SELECT actor AS a FROM core.events"),
    "staging/aside.sql": model("SELECT actor AS a FROM core.actors"),
}


def test_models_come_after_what_they_read(write_project: WriteProject) -> None:
    names = write_project(CHAIN).names()
    assert sorted(names) == ["marts.third", "staging.aside", "staging.first", "staging.second"]
    assert names.index("staging.first") < names.index("staging.second") < names.index("marts.third")


def test_file_gives_name_and_folder_gives_schema(write_project: WriteProject) -> None:
    third = write_project(CHAIN).model("third")
    assert (third.schema, third.name, third.full_name) == ("marts", "third", "marts.third")
    assert third.depends_on == ("staging.second",)
    assert third.description == "A model."


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("WITH x AS (SELECT actor AS a FROM core.events) SELECT a FROM x", ("core.events",)),
        ("SELECT a.actor AS a FROM core.actors a JOIN core.events e USING (actor)", ("core.actors", "core.events")),
        (
            "SELECT actor AS a FROM core.actors WHERE actor IN (SELECT actor FROM CORE.Events)",
            ("core.actors", "core.events"),
        ),
        ("SELECT i AS a FROM range(3) r(i)", ()),
        ("SELECT actor AS a FROM core.events UNION SELECT unnest(['x']) -- not core.actors", ("core.events",)),
    ],
)
def test_dependencies_are_the_tables_of_the_sql_without_ctes(
    write_project: WriteProject, sql: str, expected: tuple[str, ...]
) -> None:
    assert write_project({"marts/m.sql": model(sql)}).model("m").depends_on == expected


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"marts/m.sql": model("SELECT a\nFROM core.event")},
            r"m\.sql:7: core\.event is neither .* did you mean core\.events",
        ),
        ({"marts/m.sql": model("SELECT a\nFROM events")}, r"m\.sql:7: events is no CTE"),
        ({"marts/m.sql": model("SELECT a FROM 'some.csv'")}, r"m\.sql:6: some\.csv is no CTE"),
        ({"marts/m.sql": model("SELECT a FROM (core.events")}, r"m\.sql:\d: cannot read the SQL"),
        ({"marts/m.sql": model("SELECT 1 AS a; SELECT 2 AS a")}, r"m\.sql:1: the file must hold one SELECT"),
        ({"marts/m.sql": model("DROP TABLE core.events")}, r"m\.sql:1: the file must hold one SELECT"),
        ({"marts/M-1.sql": model("SELECT 1 AS a")}, r"M-1\.sql:1: a file name is a relation's name"),
        ({"core/m.sql": model("SELECT 1 AS a")}, r"m\.sql:1: the schema core holds sources"),
        (
            {"marts/m.sql": model("SELECT a\nFROM marts.n"), "marts/n.sql": model("SELECT a FROM marts.m")},
            r"(m\.sql:7|n\.sql:6): models read each other: marts\.(m → marts\.n → marts\.m|n → marts\.m → marts\.n)",
        ),
        ({"marts/m.sql": model("SELECT a FROM marts.m")}, r"m\.sql:6: models read each other: marts\.m → marts\.m"),
    ],
)
def test_broken_contract_is_an_error_with_file_and_line(
    write_project: WriteProject, files: Mapping[str, str], message: str
) -> None:
    with pytest.raises(SqlModelError, match=message):
        write_project(files)


def test_missing_folder_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SqlModelError, match=r"paths\.models"):
        load_project(tmp_path / "nowhere", {})


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        (None, {"first", "second", "third", "aside"}),
        ("second", {"second"}),
        ("staging.second", {"second"}),
        ("+second", {"first", "second"}),
        ("second+", {"second", "third"}),
        ("+second+", {"first", "second", "third"}),
        ("first, aside", {"first", "aside"}),
        (["marts.third", "first"], {"first", "third"}),
    ],
)
def test_selection_takes_names_ancestors_and_descendants(
    write_project: WriteProject, select: str | list[str] | None, expected: set[str]
) -> None:
    assert {m.name for m in write_project(CHAIN).selected(select)} == expected


def test_selecting_an_unknown_model_proposes_near_names(write_project: WriteProject) -> None:
    with pytest.raises(SqlModelError, match=re.escape("did you mean second")):
        write_project(CHAIN).selected("+secnd")


def test_name_in_two_folders_must_be_given_with_its_schema(write_project: WriteProject) -> None:
    project = write_project({**CHAIN, "marts/first.sql": model("SELECT a FROM staging.first")})
    assert project.model("marts.first").depends_on == ("staging.first",)
    with pytest.raises(SqlModelError, match="names more than one model"):
        project.model("first")


SAME = model("select  Actor as a -- a remark\nfrom core.EVENTS")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (SAME, True),
        (model("SELECT actor AS a FROM core.events", "{a: other words}"), True),
        (model("SELECT actor AS a FROM core.events WHERE score > 0"), False),
        (model("SELECT actor AS a FROM core.events", materialization="table"), False),
    ],
)
def test_code_version_follows_meaning_and_not_layout(write_project: WriteProject, changed: str, same: bool) -> None:
    before = write_project({"marts/m.sql": model("SELECT actor AS a FROM core.events")}).model("m").code_version
    assert (write_project({"marts/m.sql": changed}).model("m").code_version == before) is same


def test_file_under_tests_belongs_to_the_last_model_it_reads(write_project: WriteProject) -> None:
    check = "/*\ndescription: No row.\nseverity: warn\n*/\nSELECT * FROM staging.first f JOIN marts.third t USING (a)"
    (test,) = write_project({**CHAIN, "tests/none.sql": check}).tests
    assert (test.name, test.model, test.severity) == ("none", "marts.third", "warn")


def test_file_under_tests_that_reads_unrelated_models_is_an_error(write_project: WriteProject) -> None:
    check = "/*\ndescription: No row.\n*/\nSELECT * FROM staging.aside f JOIN marts.third t USING (a)"
    with pytest.raises(SqlModelError, match=r"none\.sql:1: .*Split it"):
        write_project({**CHAIN, "tests/none.sql": check})


@pytest.mark.parametrize(
    ("to", "field", "message"),
    [
        ("staging.aside", "a", "neither a source nor an ancestor"),
        ("core.actors", "nickname", r"core\.actors\.nickname, which does not exist"),
        ("core.nothing", "a", "neither a source nor an ancestor"),
    ],
)
def test_relationship_must_lead_to_something_that_is_there(
    write_project: WriteProject, to: str, field: str, message: str
) -> None:
    columns = f"{{a: {{description: x, tests: [{{relationships: {{to: {to}, field: {field}}}}}]}}}}"
    with pytest.raises(SqlModelError, match=message):
        write_project({**CHAIN, "marts/m.sql": model("SELECT a FROM staging.first", columns)})
