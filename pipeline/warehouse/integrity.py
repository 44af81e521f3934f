"""Rules that every row of a core table must obey; each is checked in SQL over the whole table."""

import duckdb
from sqlalchemy import Table

from pipeline.warehouse.schema import arrow_schema, full_name

# Columns that hold codes, with the table and column that lists them.
_CODES = {
    "event_type": ("event_types", "event_type"),
    "cameo_code": ("cameo_codes", "cameo_code"),
    "actor_id": ("actors", "actor_id"),
    "source_actor_id": ("actors", "actor_id"),
    "target_actor_id": ("actors", "actor_id"),
    "actor_a": ("actors", "actor_id"),
    "actor_b": ("actors", "actor_id"),
}


def rules(table: Table) -> dict[str, str]:
    """SQL conditions, by name, that are true for a row ``t`` (its article ``a``, its sentence ``s``) that breaks the rule."""
    columns = set(table.columns.keys())
    found = {"span is empty or reversed": "t.start_char >= t.end_char"}
    found["no such article"] = "a.article_id IS NULL"
    if "text" in columns:
        found["span does not reproduce the text"] = (
            "substring(a.text, t.start_char + 1, t.end_char - t.start_char) IS DISTINCT FROM t.text"
        )
        found["no such sentence"] = "s.sentence IS NULL"
    else:
        found["span ends behind the text"] = "t.end_char > length(a.text)"
    if "start_date" in columns:
        found["interval is half open or reversed"] = (
            "t.start_date > t.end_date OR (t.start_date IS NULL) <> (t.end_date IS NULL)"
        )
    for low, best, high in (
        ("low", "best", "high"),
        *((f"{m}_low", f"{m}_best", f"{m}_high") for m in ("killed", "injured")),
    ):
        if best in columns:
            found[f"{best} lies outside its bounds"] = (
                f"t.{low} > t.{best} OR t.{best} > t.{high} OR t.{low} > t.{high}"
            )
    for column, (table_of_codes, code) in _CODES.items():
        if column in columns:
            found[f"{column} is no known code"] = f"t.{column} NOT IN (SELECT {code} FROM core.{table_of_codes})"  # noqa: S608
    if "quad_class" in columns:
        found["quad class is none of 1 to 4"] = "t.quad_class NOT BETWEEN 1 AND 4"
    if "confidence" in columns:
        found["confidence is no probability"] = "t.confidence NOT BETWEEN 0 AND 1"
    return found


def unsound_rows(con: duckdb.DuckDBPyConnection, table: Table) -> dict[str, int]:
    """How many rows of a table that the tagger fills break each rule, and how many repeat the key of another."""
    named = rules(table)
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition in named.values())
    row = con.execute(
        f"SELECT {counts} FROM {full_name(table)} t LEFT JOIN raw.articles a USING (article_id) "  # noqa: S608 - our own names
        "LEFT JOIN core.sentences s USING (article_id, coder_version, sentence)"
    ).fetchall()[0]
    return {**dict(zip(named, (int(n) for n in row), strict=True)), "key of another row": repeated_keys(con, table)}


def repeated_keys(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Rows too many: those whose key another row has. A file refuses them itself where the key has an index (``schema``), a lake never."""
    keys = ", ".join(f'"{c.name}"' for c in table.primary_key.columns)
    sql = f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {full_name(table)} GROUP BY {keys}) WHERE n > 1"  # noqa: S608
    return int(con.execute(sql).fetchall()[0][0])


def wrong_columns(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    """Where a table of the file differs from its declaration: columns that are missing, too many or of another type."""
    declared = {f.name: f.type for f in arrow_schema(table)}
    try:
        there = {f.name: f.type for f in con.sql(f"SELECT * FROM {full_name(table)} LIMIT 0").to_arrow_table().schema}  # noqa: S608
    except duckdb.CatalogException:
        return [f"{full_name(table)} is missing"]
    names = [n for n in [*declared, *(there.keys() - declared.keys())] if declared.get(n) != there.get(n)]
    return [f"{n}: {there.get(n, 'missing')}, declared {declared.get(n, 'nowhere')}" for n in names]
