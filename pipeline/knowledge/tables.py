"""Reading the knowledge tables: CSV files whose every line names its source.

What belongs here: columns, cells and dates, with errors that name file and line. What does not: what a table means.
"""

import csv
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pipeline.errors import KnowledgeError


class Row(dict[str, str]):
    """One line of a table that knows where it stands."""

    where: str

    def items_of(self, column: str) -> list[str]:
        """The items of a cell that are separated by ``|``."""
        cell = self.get(column)
        return [x for x in map(str.strip, cell.split("|")) if x] if cell else []

    def first_day(self, column: str) -> date | None:
        """The first day of what a cell dates: "2007" is 2007-01-01."""
        return self._day(column, last=False)

    def last_day(self, column: str) -> date | None:
        """The last day of what a cell dates: "2007-02" is 2007-02-28."""
        return self._day(column, last=True)

    def _day(self, column: str, *, last: bool) -> date | None:
        text = self.get(column, "")
        if not text:
            return None
        try:
            year, month, day = ([int(x) for x in text.split("-")] + [0, 0])[:3]
            month = month or (12 if last else 1)
            return date(year, month, day or (monthrange(year, month)[1] if last else 1))
        except ValueError as error:
            raise self.error(f"{column} {text!r} is not a date like 2007-12-14, 2007-12 or 2007") from error

    def error(self, what: str) -> KnowledgeError:
        """An error that names file and line."""
        return KnowledgeError(f"{self.where}: {what}")


def read_table(path: Path, columns: Iterable[str], *, needs_source: bool = True) -> Iterator[Row]:
    """Rows of a CSV table with the named columns present. Lines that begin with # are comments.

    A table without a source column names itself as the source, if it may.

    Raises:
        KnowledgeError: the file cannot be read, a column is missing, a line has too many or too few cells, or its source is empty.
    """
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise KnowledgeError(msg) from error
    with file:
        reader = csv.reader(file)
        try:
            header = [name.strip() for name in next(reader, [])]
            missing = {*columns, *(["source"] if needs_source else [])} - set(header)
            if missing:
                msg = f"{path}: column {', '.join(sorted(missing))} is missing"
                raise KnowledgeError(msg)
            for cells in reader:
                if not cells or cells[0].startswith("#"):
                    continue
                row = Row(zip(header, map(str.strip, cells), strict=False))
                row.where = f"{path}, line {reader.line_num}"
                if len(cells) != len(header):
                    raise row.error(f"expected {len(header)} cells")
                if not row.get("source"):
                    if needs_source:
                        raise row.error("the source is empty")
                    row["source"] = path.name
                yield row
        except UnicodeDecodeError as error:
            msg = f"{path} is not UTF-8 text: {error.reason}"
            raise KnowledgeError(msg) from error
        except csv.Error as error:
            msg = f"{path}, line {reader.line_num}: {error}"
            raise KnowledgeError(msg) from error
