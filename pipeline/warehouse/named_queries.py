"""Queries with a name, read from docs/queries.md: a heading for the name, a paragraph that says what it shows, and its SQL."""

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnknownNameError

_BLOCK = re.compile(r"^## +(?P<name>\w+)\s*\n(?P<about>.*?)```sql\n(?P<sql>.*?)```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the starter list: its name, what it shows, its SQL."""

    name: str
    about: str
    sql: str


def load_named_queries(path: Path) -> dict[str, NamedQuery]:
    """The queries of a Markdown file by name, in its order.

    Raises:
        UnknownNameError: the file is not there.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        msg = f"The list of queries is not there: {path} ({error.strerror}). It comes with the source tree."
        raise UnknownNameError(msg) from error
    found = (NamedQuery(m["name"], " ".join(m["about"].split()), m["sql"].strip()) for m in _BLOCK.finditer(text))
    return {q.name: q for q in found}


def named_query(path: Path, name: str) -> NamedQuery:
    """One query by its name.

    Raises:
        UnknownNameError: there is none; the message lists those that there are.
    """
    known = load_named_queries(path)
    if name not in known:
        msg = f"No query is called {name!r}. There are: {', '.join(known)}."
        raise UnknownNameError(msg)
    return known[name]
