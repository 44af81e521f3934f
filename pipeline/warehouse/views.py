"""``core.current_*``: the rows of the newest coder_version of each article. Recreated on every migration check.

Queries and models read these; the tables below them keep every coder's rows, so that codings can be compared.
"""

from pipeline.warehouse.schema import TAGGED_TABLES, full_name

_CURRENT_RUNS = """
SELECT article_id, max_by(coder_version, tagged_at) AS coder_version, max(tagged_at) AS tagged_at,
       max_by(seconds, tagged_at) AS seconds
FROM core.tagging_runs GROUP BY article_id
""".strip()

CURRENT_VIEWS: dict[str, str] = {
    "core.current_runs": _CURRENT_RUNS,
    **{
        f"core.current_{t.name}": (
            f"SELECT t.* FROM {full_name(t)} t JOIN core.current_runs r USING (article_id, coder_version)"  # noqa: S608 - names are our own tables
        )
        for t in TAGGED_TABLES
    },
}
