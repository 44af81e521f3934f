"""The tables as a page of documentation: ``python -m pipeline.warehouse.docs`` writes docs/tables.md. A test keeps it current."""

from pathlib import Path

from pipeline.warehouse.schema import full_name, metadata

PAGE = Path(__file__).parent.parent.parent / "docs" / "tables.md"


def tables_page() -> str:
    """Every table of raw and core, column by column, as Markdown."""
    lines = [
        "# Tables",
        "",
        "Made from `pipeline/warehouse/schema.py` by `make docs`: do not edit. Every table of `core` that comes from texts has a view",
        "`core.current_…` with the rows of the newest coder_version of each article: query those. The marts are described in their SQL",
        "under `dbt_like_sql/` and in Dagster's page.",
        "",
    ]
    for table in sorted(metadata.tables.values(), key=lambda t: (t.schema != "raw", t.name)):
        lines += [
            f"## {full_name(table)}",
            "",
            f"{table.comment}.",
            "",
            "| column | type | key | meaning |",
            "| --- | --- | --- | --- |",
        ]
        keys = set(table.primary_key.columns.keys())
        for column in table.columns:
            null = "" if not column.nullable else "may be null"
            key = "key" if column.name in keys else null
            lines.append(f"| {column.name} | {column.type} | {key} | {column.comment or ''} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(tables_page(), encoding="utf-8")
