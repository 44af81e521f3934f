"""The prompt of ``faultline sql``: statements over several lines, history, completion, and the dot-commands that people expect.

What belongs here: reading statements and showing answers. What does not: running them and their limits (``warehouse/query.py``).
Each statement opens the snapshot anew, so that a prompt that stays open sees what was published last.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb

from pipeline import console
from pipeline.errors import FaultlineError, QueryError, UnknownNameError
from pipeline.warehouse.named_queries import load_named_queries, named_query
from pipeline.warehouse.query import query

_MOST_ROWS = 200
_HELP = """\
A query ends with ;  and may have several lines. The snapshot is read-only.
  @NAME           a query of the list         .queries        the list (docs/queries.md)
  .tables [WORD]  relations, what a row is    .schema NAME    columns of a relation, what they mean
  .show @NAME     the SQL of a query          .help  .quit (or Ctrl-D)"""
_TABLES = """
SELECT schema_name || '.' || name AS relation, split_part(comment, '. ', 1) AS "what a row is" FROM (
    SELECT schema_name, table_name AS name, comment FROM duckdb_tables() UNION ALL SELECT schema_name, view_name, comment FROM duckdb_views()
)
WHERE schema_name IN ('marts', 'staging', 'core', 'raw') AND contains(relation, $word)
ORDER BY list_position(['marts', 'staging', 'core', 'raw'], schema_name), name
"""
_COLUMNS = """
SELECT column_name AS "column", data_type AS "type", comment AS meaning FROM duckdb_columns()
WHERE schema_name || '.' || table_name = $word ORDER BY column_index
"""


class SqlPrompt:
    """Runs what is typed and prints the answer; ``most_rows`` bounds what is shown of one answer."""

    def __init__(
        self,
        snapshot: Path,
        queries: Path,
        printer: Callable[[Any, Any], None] = console.print_table,
        most_rows: int | None = _MOST_ROWS,
    ) -> None:
        self.snapshot, self.queries, self._print, self._most_rows = snapshot, queries, printer, most_rows

    def loop(self, history: Path) -> None:
        """Read and answer until Ctrl-D or ``.quit``; a mistake is answered and the prompt stays."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import FuzzyWordCompleter
        from prompt_toolkit.history import FileHistory
        from prompt_toolkit.key_binding import KeyBindings
        from prompt_toolkit.lexers import PygmentsLexer
        from pygments.lexers.sql import SqlLexer

        keys = KeyBindings()

        @keys.add("enter")
        def _enter(event: Any) -> None:
            buffer = event.current_buffer
            if is_whole(buffer.text):
                buffer.validate_and_handle()
            else:
                buffer.insert_text("\n")

        session: PromptSession[str] = PromptSession(
            "faultline> ",
            multiline=True,
            prompt_continuation="      ...> ",
            history=FileHistory(str(history)),
            completer=FuzzyWordCompleter(self.words()),
            complete_while_typing=False,
            lexer=PygmentsLexer(SqlLexer),
            key_bindings=keys,
        )
        console.err.print(f"{self.snapshot}, read-only. .help says what can be typed.", highlight=False, markup=False)
        while True:
            try:
                text = session.prompt()
                if text.strip() in (".quit", ".exit", ".q"):
                    return
                self.run(text)
            except FaultlineError as error:
                console.err.print(str(error), highlight=False, markup=False, style="red")
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

    def run(self, text: str) -> None:
        """Answer a dot-command, ``@name``, or one or several statements.

        Raises:
            QueryError: DuckDB cannot run a statement.
            UnknownNameError: no query or relation has this name.
        """
        text = text.strip()
        if not text:
            return
        if text.startswith("."):
            self._command(text.rstrip(";"))
        elif text.startswith("@"):
            self._answer(named_query(self.queries, text[1:].rstrip("; \n")).sql)
        else:
            for statement in statements(text):
                self._answer(statement)

    def words(self) -> list[str]:
        """What can be completed: relations, columns of marts, names of queries."""
        relations = [r[0] for r in query(self.snapshot, _TABLES, values={"word": ""}).rows]
        columns = query(
            self.snapshot, "SELECT DISTINCT column_name FROM duckdb_columns() WHERE schema_name = 'marts' ORDER BY 1"
        ).rows
        return [*relations, *(c for (c,) in columns), *(f"@{n}" for n in load_named_queries(self.queries))]

    def _answer(self, statement: str) -> None:
        limit = None if self._most_rows is None else self._most_rows + 1
        answer = query(self.snapshot, statement, limit)
        if not answer.columns:
            return
        rows = answer.rows if limit is None else answer.rows[: self._most_rows]
        self._print(answer.columns, rows)
        if len(rows) < len(answer.rows):
            console.err.print(
                f"The first {len(rows)} rows. Add a LIMIT, or `faultline sql '…' --csv` for all.", highlight=False
            )

    def _command(self, text: str) -> None:
        name, _, word = text.partition(" ")
        word = word.strip()
        if name == ".tables":
            self._known(
                query(self.snapshot, _TABLES, values={"word": word.lower()}), f"No relation's name contains {word!r}."
            )
        elif name == ".schema":
            self._known(
                query(self.snapshot, _COLUMNS, values={"word": word.lower()}),
                f"There is no relation {word!r}: .tables lists them.",
            )
        elif name == ".queries":
            console.print_table(
                ["name", "what it shows"], [[f"@{q.name}", q.about] for q in load_named_queries(self.queries).values()]
            )
        elif name == ".show":
            console.out.print(named_query(self.queries, word.lstrip("@")).sql, highlight=False, markup=False)
        elif name == ".help":
            console.out.print(_HELP, highlight=False, markup=False)
        else:
            msg = f"There is no command {name}: .help lists them."
            raise UnknownNameError(msg)

    def _known(self, answer: Any, otherwise: str) -> None:
        if not answer.rows:
            raise UnknownNameError(otherwise)
        self._print(answer.columns, answer.rows)


def is_whole(text: str) -> bool:
    """Whether what was typed can be run: a command, a name, nothing, or SQL that ends with a semicolon."""
    text = text.strip()
    return not text or text[0] in ".@" or text.endswith(";")


def statements(text: str) -> Iterable[str]:
    """The statements of a text, one by one, as DuckDB takes them apart: a semicolon within quotes ends none.

    Raises:
        QueryError: DuckDB cannot parse it; its message is kept.
    """
    try:
        return [s.query for s in duckdb.extract_statements(text)]
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
