from pathlib import Path

import pytest

from pipeline.errors import SqlModelError
from pipeline.sqlmodels.header import Check, read_model_header, read_test_header

PATH = Path("marts/m.sql")

FULL = """
/*
description: >
  Two lines
  of text.
materialization: table
columns:
  a: First column
  b:
    description: Second column
    tests: [not_null, {range: {min: 0, max: 1, severity: warn}}, {accepted_values: [x, y]}]
  c: {description: Third, tests: [unique, {relationships: {to: core.t, field: id}}]}
tests:
  - unique: [a, b]
*/
SELECT 1
"""


def test_header_gives_materialization_docs_and_tests() -> None:
    header = read_model_header(PATH, FULL)
    assert header.description == "Two lines of text."
    assert header.materialization == "table"
    assert {n: c.description for n, c in header.columns.items()} == {
        "a": "First column",
        "b": "Second column",
        "c": "Third",
    }
    assert header.checks == (
        Check("not_null", ("b",)),
        Check("range", ("b",), {"min": 0, "max": 1}, "warn"),
        Check("accepted_values", ("b",), {"values": ["x", "y"]}),
        Check("unique", ("c",)),
        Check("relationships", ("c",), {"to": "core.t", "field": "id"}),
        Check("unique", ("a", "b")),
    )


def test_materialization_is_view_unless_said() -> None:
    assert read_model_header(PATH, "/*\ndescription: x\ncolumns: {a: y}\n*/ SELECT 1 AS a").materialization == "view"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", r"marts/m\.sql:1: the file must begin with a header"),
        ("-- description: x", "must begin with a header"),
        ("/* just words */", "must be a YAML mapping"),
        ("\n/*\ndescription: x\ncolumns: {a: b\n*/", r"marts/m\.sql:5: the header is not valid YAML"),
        ("/*\ndescription: x\ncolumns:\n  a: b\n  a: c\n*/", r"marts/m\.sql:5: .*a is given twice"),
        ("/*\ncolumns: {a: b}\n*/", "needs a description"),
        ("/*\ndescription: x\n*/", "needs columns"),
        ("/*\ndescription: x\nowner: y\ncolumns: {a: b}\n*/", "unknown owner"),
        ("/*\ndescription: x\nmaterialization: cube\ncolumns: {a: b}\n*/", "'cube'; it must be view or table"),
        ("/*\ndescription: x\ncolumns: {a: }\n*/", "column a needs a text"),
        ("/*\ndescription: x\ncolumns: {a: {tests: [not_null]}}\n*/", "column a needs a description"),
        ("/*\ndescription: x\ncolumns: {a: {description: y, tests: [positive]}}\n*/", "unknown test 'positive'"),
        ("/*\ndescription: x\ncolumns: {a: {description: y, tests: [range]}}\n*/", "range needs max and min"),
        ("/*\ndescription: x\ncolumns: {a: {description: y, tests: [{range: {mni: 0}}]}}\n*/", "unknown mni"),
        ("/*\ndescription: x\ncolumns: {a: {description: y, tests: [{relationships: {to: c.t}}]}}\n*/", "needs field and to"),
        ("/*\ndescription: x\ncolumns: {a: y}\ntests: [{unique: [a, z]}]\n*/", "names undocumented z"),
        ("/*\ndescription: x\ncolumns: {a: y}\ntests: [{not_null: [a]}]\n*/", "must be `unique"),
        ("/*\ndescription: x\ncolumns: {a: {description: y, tests: [{not_null: {severity: loud}}]}}\n*/", "'loud'"),
    ],
)  # fmt: skip
def test_unusable_header_is_an_error_that_names_file_and_reason(header: str, message: str) -> None:
    with pytest.raises(SqlModelError, match=message):
        read_model_header(PATH, f"{header}\nSELECT 1 AS a")


def test_header_of_a_test_gives_severity() -> None:
    assert read_test_header(PATH, "/*\ndescription: x\n*/ SELECT 1").severity == "error"
    assert read_test_header(PATH, "/*\ndescription: x\nseverity: warn\n*/ SELECT 1").severity == "warn"
    with pytest.raises(SqlModelError, match="unknown columns"):
        read_test_header(PATH, "/*\ndescription: x\ncolumns: {}\n*/ SELECT 1")
