"""``python -m benchmarks.linking_growth``: what linking costs as reports grow, and how often it takes two real incidents for one.

Cost: made-up reports, an incident having one to eight of them, in 60 countries with 40 towns each, some towns often and most seldom in
the news, one report in five naming no town. They grow in two ways: over more days, and within one year. False links: events that the
Uppsala Conflict Data Program coded in Syria, 2016 and 2017, every one as if a single article reported it, so that every link is wrong;
skipped where the file is not beside the repository. UCDP says neither how people were killed nor by name who was hit, so that this is
harder than articles are.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipeline.sqlmodels import build, load_project
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent
UCDP = ROOT.parent / "shared/gold/ucdp/events_2016_2017.jsonl.gz"
SIZES = (10_000, 50_000, 100_000)
PER_DAY = 150
MODELS = (
    "incident_reports",
    "incident_names",
    "incident_actors",
    "incident_candidates",
    "incident_pairs",
    "incident_links",
    "linked_incident",
)

# Every value is a hash of the row's number, so that each run makes the same reports.
_SYNTHETIC = """
CREATE TEMP TABLE reports AS
SELECT
    lpad(i::VARCHAR, 8, '0') AS id,
    DATE '2020-01-01' + (hash(incident, 1) % {days})::INT AS start_date,
    CASE WHEN hash(i, 2) % 5 > 0 THEN concat('Town ', chr((65 + country % 26)::INT), country, ' ', town) END AS town,
    chr((65 + country // 26)::INT) || chr((65 + country % 26)::INT) || 'X' AS country,
    (country - 30) * 2 + town * 0.3 AS lat,
    town * 1.5 AS lon,
    (hash(incident, 5) % 20)::INT AS killed,
    ['bombing', 'shooting', 'attack', 'kidnapping'][1 + (hash(incident, 6) % 4)::INT] AS incident_type,
    ['soldiers', 'policemen', 'villagers', 'traders', 'students'][1 + (hash(incident, 7) % 5)::INT] AS victims,
    concat('paper ', hash(i, 8) % 200) AS source,
    DATE '2020-01-01' + (hash(incident, 1) % {days} + hash(i, 9) % 4)::INT AS published
FROM (
    SELECT
        i,
        incident,
        (hash(incident, 3) % 60)::INT AS country,
        -- Squared, so that a quarter of the towns have half of the news.
        floor(40 * pow((hash(incident, 4) % 1000) / 1000, 2))::INT AS town
    FROM (SELECT range AS i, range // (1 + hash(range // 8, 10) % 8) AS incident FROM range({n}))
)
"""
_UCDP = """
CREATE TEMP TABLE reports AS
SELECT
    lpad(id::VARCHAR, 8, '0') AS id,
    date_start::DATE AS start_date,
    "where" AS town,
    'SYR' AS country,
    lat,
    lon,
    best AS killed,
    'attack' AS incident_type,
    CASE WHEN deaths_civilians > 0 THEN 'civilians' ELSE 'fighters' END AS victims,
    concat('paper ', id) AS source,
    date_end::DATE + 1 AS published
FROM read_json(?)
WHERE date_prec = 1
"""
_ROWS = (
    "INSERT INTO core.actors BY NAME SELECT DISTINCT country AS actor_id, country AS name, 'state' AS kind, country, 'made up' AS source FROM reports",
    "INSERT INTO core.actor_aliases BY NAME SELECT DISTINCT country AS actor_id, concat('Land of ', country) AS alias, 'made up' AS source, "
    "'name' AS reading FROM reports",
    "INSERT INTO raw.articles BY NAME SELECT id AS article_id, id AS text_hash, 'struck' AS text, source, published, 'b' AS ingest_batch, "
    "TIMESTAMP '2021-01-01' AS fetched_at FROM reports",
    "INSERT INTO core.tagging_runs BY NAME SELECT id AS article_id, 'c' AS coder_version, TIMESTAMP '2021-01-01' AS tagged_at FROM reports",
    "INSERT INTO core.sentences BY NAME SELECT id AS article_id, 'c' AS coder_version, 0 AS sentence, 0 AS start_char, 6 AS end_char FROM reports",
    "INSERT INTO core.incidents BY NAME SELECT id AS incident_id, id AS article_id, 'c' AS coder_version, 0 AS sentence, 0 AS start_char, "
    "6 AS end_char, 'struck' AS text, 0 AS ordinal, incident_type, start_date, start_date AS end_date, [] AS perpetrator_individuals, "
    "[] AS perpetrator_organizations, [] AS targets, [victims] AS victims, [] AS weapons, killed AS killed_low, killed AS killed_best, "
    "killed AS killed_high, 'actual' AS status, [] AS event_ids FROM reports",
    "INSERT INTO core.location_mentions BY NAME SELECT concat(kind, id) AS mention_id, id AS article_id, 'c' AS coder_version, 0 AS sentence, "
    "0 AS start_char, 6 AS end_char, 'struck' AS text, CASE kind WHEN 't' THEN town ELSE concat('Land of ', country) END AS name, country, "
    "CASE kind WHEN 't' THEN lat END AS lat, CASE kind WHEN 't' THEN lon END AS lon FROM reports, (SELECT unnest(['t', 'r']) AS kind) "
    "WHERE kind = 'r' OR town IS NOT NULL",
)  # fmt: skip


def linked(con: duckdb.DuckDBPyConnection, reports: str, parameters: Sequence[object] = ()) -> dict[str, float]:
    """Fill an empty warehouse with the reports of a query and build the models; seconds by model."""
    con.execute(reports, list(parameters))
    for sql in _ROWS:
        con.execute(sql)
    project = load_project(ROOT / "dbt_like_sql", relation_columns())
    results = build(con, project, "+linked_incident")
    return {name: r.seconds for r in results if (name := r.model.split(".")[1]) in MODELS}


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])


def measure_growth() -> None:
    """Print seconds and candidate pairs by number of reports."""
    for label, days in (("over more days", None), ("within one year", 365)):
        for n in SIZES:
            with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder) / "w.duckdb").connect() as con:
                started = time.perf_counter()
                seconds = linked(con, _SYNTHETIC.format(n=n, days=days or n // PER_DAY))
                total = time.perf_counter() - started
                pairs = _count(con, "SELECT count(*) FROM staging.incident_pairs")
            parts = ", ".join(f"{name} {s:.1f}" for name, s in seconds.items())
            print(
                f"{n:,} reports {label}: {sum(seconds.values()):.1f} s ({total:.1f} s with loading), {pairs / n:.1f} pairs each; {parts}"
            )


def measure_false_links() -> None:
    """Print how many distinct real events are taken for one."""
    with tempfile.TemporaryDirectory() as folder, Warehouse(Path(folder) / "w.duckdb").connect() as con:
        linked(con, _UCDP, [str(UCDP)])
        events = _count(con, "SELECT count(*) FROM core.current_incidents")
        incidents = _count(con, "SELECT count(*) FROM marts.linked_incident")
        pairs = _count(con, "SELECT count(*) FROM staging.incident_pairs")
        near = _count(con, "SELECT count(DISTINCT later_id) FROM staging.incident_pairs WHERE place = 'same town'")
    print(
        f"UCDP Syria: {events:,} events, each reported once, are counted as {incidents:,}: {(events - incidents) / events:.1%} are wrongly "
        f"linked; {near:,} have another event in the same town within a day ({pairs:,} pairs compared)"
    )


def main(arguments: Sequence[str] = ()) -> int:
    """Both measurements; ``--false-links`` leaves the first one out."""
    if "--false-links" not in arguments:
        measure_growth()
    if UCDP.is_file():
        measure_false_links()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
