"""``faultline sql``: the prompt, the statements of standard input, and the queries with a name."""

from pathlib import Path
from typing import Any

import pytest
from command import faultline
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from pipeline.cli_sql import QUERIES, Client, client_command
from pipeline.errors import InputError, QueryError, UnknownNameError
from pipeline.sql_prompt import SqlPrompt, is_whole, statements
from pipeline.warehouse.named_queries import load_named_queries
from pipeline.warehouse.query import query

NAMES = list(load_named_queries(QUERIES))


class Shown:
    """Keeps the answers that a prompt prints."""

    def __init__(self) -> None:
        self.answers: list[tuple[tuple[str, ...], list[Any]]] = []

    def __call__(self, columns: Any, rows: Any) -> None:
        self.answers.append((tuple(columns), list(rows)))


def typed(snapshot: Path, folder: Path, text: str, **options: Any) -> Shown:
    """What a prompt shows to somebody who types this."""
    shown = Shown()
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(text)
        SqlPrompt(snapshot, QUERIES, shown, **options).loop(folder / "history")
    return shown


def test_there_are_ten_queries_to_start_with() -> None:
    assert len(NAMES) == 10
    assert all(q.about for q in load_named_queries(QUERIES).values())
    assert QUERIES.read_text(encoding="utf-8").count("```sql") == 10


@pytest.mark.parametrize("name", NAMES)
def test_every_query_of_the_list_has_rows_on_the_bundled_corpus(snapshot: Path, name: str) -> None:
    answer = query(snapshot, load_named_queries(QUERIES)[name].sql)
    assert answer.rows
    assert len(set(answer.columns)) == len(answer.columns)


def test_a_statement_has_several_lines_and_ends_with_a_semicolon(snapshot: Path, tmp_path: Path) -> None:
    shown = typed(snapshot, tmp_path, "SELECT 1 AS a,\r2 AS b;\r@tensest\r.quit\r")
    assert shown.answers[0] == (("a", "b"), [(1, 2)])
    assert len(shown.answers[1][1]) > 3
    assert "SELECT 1 AS a," in (tmp_path / "history").read_text()


def test_a_mistake_is_answered_and_the_prompt_stays(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = typed(
        snapshot,
        tmp_path,
        "SELECT nothing FROM nowhere;\r@nope\r.nope\rDROP TABLE core.events;\rSELECT 7 AS seven;\r\x04",
    )
    assert shown.answers == [(("seven",), [(7,)])]
    said = " ".join(capsys.readouterr().err.split())
    for part in (
        "nowhere does not exist",
        "No query is called 'nope'. There are: tensest",
        "no command .nope",
        "snapshot is read-only",
    ):
        assert part in said


def test_long_answers_are_cut_and_say_so(snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = typed(snapshot, tmp_path, "SELECT * FROM range(30);\r.quit\r", most_rows=10)
    assert len(shown.answers[0][1]) == 10
    assert "The first 10 rows" in capsys.readouterr().err


def test_relations_and_columns_are_listed_with_what_they_mean(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = Shown()
    prompt = SqlPrompt(snapshot, QUERIES, shown)
    prompt.run(".tables dyad_month")
    assert ("marts.dyad_month", True) in [(name, bool(about)) for name, about in shown.answers[0][1]]
    prompt.run(".schema marts.arrow_month")
    assert ("arrow", "VARCHAR", "The word") in shown.answers[1][1]
    prompt.run(".help")
    prompt.run(".queries")
    prompt.run(".show @tensest")
    assert "FROM marts.dyad_current" in capsys.readouterr().out
    with pytest.raises(UnknownNameError, match="no relation 'marts.nope'"):
        prompt.run(".schema marts.nope")
    assert {"marts.dyad_month", "tension_now", "@tensest"} <= set(prompt.words())


def test_semicolons_within_quotes_end_nothing() -> None:
    assert [s.strip() for s in statements("SELECT ';' AS a; SELECT 2")] == ["SELECT ';' AS a", "SELECT 2"]
    assert is_whole("SELECT 1;  ")
    assert not is_whole("SELECT 1")
    with pytest.raises(QueryError, match="unterminated"):
        statements("SELECT 'a")


def test_the_command_takes_names_lists_and_standard_input(project: Path) -> None:
    assert "tension_rank" in faultline("sql", "@tensest", "--csv", cwd=project).stdout
    assert "@coverage" in faultline("sql", "--list", cwd=project).stdout
    assert faultline("sql", "--csv", cwd=project, stdin="SELECT 1 AS a;\nSELECT 2 AS b").stdout.split() == [
        "a",
        "1",
        "b",
        "2",
    ]
    unknown = faultline("sql", "@nope", cwd=project)
    assert (unknown.returncode, "tensest" in unknown.stderr, "Traceback" in unknown.stderr) == (1, True, False)
    files = faultline("sql", cwd=project, stdin="SELECT * FROM read_csv('/etc/passwd')")
    assert (files.returncode, "may not touch files" in " ".join(files.stderr.split())) == (1, True)


@pytest.mark.parametrize("client", [Client.duckdb, Client.harlequin])
def test_other_clients_open_with_our_limits_or_are_named_as_missing(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=f"{client} is not installed"):
        client_command(client, tmp_path / "s.duckdb", tmp_path / "init.sql")
    program = tmp_path / client.value
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    command = client_command(client, tmp_path / "s.duckdb", tmp_path / "init.sql")
    assert command[0] == str(program)
    limits = " ".join(command) if client is Client.duckdb else (tmp_path / "init.sql").read_text()
    assert "SET enable_external_access = false" in limits
    assert {"-readonly", "--read-only"} & set(command)
