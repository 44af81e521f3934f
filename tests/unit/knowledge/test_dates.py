"""The tables of time expressions load, and a bad line is named."""

import shutil
from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge import dates
from pipeline.knowledge.dates import load_dates

_FOLDER = Path(dates.__file__).parent / "dates"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tables that a test may spoil."""
    return Path(shutil.copytree(_FOLDER, tmp_path / "dates"))


def test_tables_load_with_every_theme() -> None:
    knowledge = load_dates()
    assert {"explicit", "underspecified", "deictic", "anchored", "vague", "durations", "sets", "times"} <= {
        r.theme for r in knowledge.rules
    }
    assert knowledge.values["month"]["sept."] == "09"


def test_word_given_twice_is_named_with_its_line(folder: Path) -> None:
    path = folder / "words.csv"
    path.write_text("class,word,value,source\nmonth,May,05,a\nmonth,may,05,a\n")
    with pytest.raises(KnowledgeError, match=r"words\.csv:3: 'may' is already in class month"):
        load_dates(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{name: x, type: DAY, kind: fixed, pattern: a}", "type is 'DAY'"),
        ("{name: x, type: DATE, kind: fixed, pattern: '(a'}", "pattern cannot be read"),
        ("{name: x, type: DATE, kind: fixed, pattern: '{nosuch}'}", "pattern cannot be read"),
        ("{name: x, type: DATE, kind: fixed}", "fields missing"),
        ("{name: x, type: DATE, kind: fixed, pattern: a, needs: [nosuch]}", "needs names no class"),
    ],
)
def test_bad_rule_is_named(folder: Path, line: str, message: str) -> None:
    (folder / "extra.yaml").write_text(f"theme: extra\nsource: test\nneeds: [month]\nrules:\n  - {line}\n")
    with pytest.raises(KnowledgeError, match=rf"extra\.yaml: rule 'x': .*{message}"):
        load_dates(folder)
