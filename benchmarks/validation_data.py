"""What ``make validate`` looks at: events that others coded, imported and built, and variants of them of which the outcome is known.

What belongs here: making the data. What does not: what is expected of them (``validate``).
"""

import gzip
from pathlib import Path
from typing import Any

from pipeline.imports.actors import ActorCodes
from pipeline.indicator_settings import Indicators
from pipeline.knowledge.actors import load_actors
from pipeline.sqlmodels import load_project
from pipeline.steps import build_models, import_events
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent
LEVANT, CASIA, UCDP, PLACEBO = "keds-levant", "keds-casia", "ucdp", "placebo"
# The pair of the events as imported, whoever acts.
_ISR_PAL = "least(source_actor_id, target_actor_id) = 'ISR' AND greatest(source_actor_id, target_actor_id) = 'PAL'"

# Every event of the pair keeps what it is and gets a day of its own within the years of the data. (Exchanging dates between events
# would keep every burst: as many events of a week as before.)
_SHUFFLED = f"""
INSERT INTO core.imported_events BY NAME
WITH pair AS (
    SELECT * FROM core.imported_events
    WHERE dataset = '{LEVANT}' AND {_ISR_PAL}
),
span AS (SELECT min(start_date) AS first, max(start_date) - min(start_date) + 1 AS days FROM pair),
drawn AS (SELECT pair.*, (first + (hash(event_id) % days)::INTEGER) AS day FROM pair, span)
SELECT * EXCLUDE (day) REPLACE (
    'placebo:' || event_id AS event_id, '{PLACEBO}' AS dataset, day AS start_date, day AS end_date
)
FROM drawn
"""


# Each event goes to one of two halves by a hash: two data sets of the same world that share no report.
_HALVES = f"""
INSERT INTO core.imported_events BY NAME
SELECT * REPLACE ('half:' || event_id AS event_id, CASE WHEN hash(event_id) % 2 = 0 THEN 'half 1' ELSE 'half 2' END AS dataset)
FROM core.imported_events
WHERE dataset = '{LEVANT}' AND {_ISR_PAL}
"""
# Newspapers that appear more and more often, and of whose articles a changing share calls a pair tense.
_NEWSPAPERS = """
CREATE OR REPLACE TEMP TABLE papers AS
SELECT 'g' || m || '-' || p || '-' || i AS article_id, 'paper ' || p AS source, (DATE '2010-01-01' + to_months(m::INTEGER))::DATE AS published,
    i < (2 + p) * (1 + sin(m)) AS is_tense
FROM range(48) m(m), range(10) p(p), range(20 + 5 * p + m) i(i);
INSERT INTO raw.articles BY NAME SELECT article_id, source, published, 'They differ.' AS text, article_id AS text_hash,
    TIMESTAMP '2024-01-01' AS fetched_at, 'b' AS ingest_batch FROM papers;
INSERT INTO core.tagging_runs BY NAME SELECT article_id, 'c' AS coder_version, TIMESTAMP '2024-01-01' AS tagged_at FROM papers;
INSERT INTO core.sentences BY NAME SELECT article_id, 'c' AS coder_version, 0 AS sentence, 0 AS start_char, 12 AS end_char FROM papers;
INSERT INTO core.relation_statements BY NAME SELECT 'r' || article_id AS relation_id, article_id, 'c' AS coder_version, 0 AS sentence,
    0 AS start_char, 12 AS end_char, 'They differ.' AS text, 'AFG' AS actor_a, 'PAK' AS actor_b, false AS directed, 'strained' AS cue_type,
    -1 AS polarity, 2 AS strength, 'actual' AS status FROM papers WHERE is_tense;
"""


class Series:
    """A warehouse with the imported events and all models built."""

    def __init__(self, folder: Path, gold: Path) -> None:
        self.warehouse = Warehouse(folder / "validate.duckdb")
        self.project = load_project(ROOT / "dbt_like_sql", relation_columns())
        known = load_actors()
        for dataset in (LEVANT, CASIA):
            file = _keds_part(gold / "keds" / "events.csv.gz", dataset, folder)
            by_country = ActorCodes(known, by_country=dataset == LEVANT)
            import_events(file, "cameo" if dataset == LEVANT else "weis", dataset, by_country, self.warehouse)
        import_events(gold / "ucdp" / "events_2016_2017.jsonl.gz", "ucdp", UCDP, ActorCodes(known), self.warehouse)
        with self.warehouse.connect() as con:
            con.execute(_SHUFFLED)
            con.execute(_HALVES)
            con.execute(_NEWSPAPERS)
            self.papers = con.execute(
                "SELECT published, source, count(*), count(*) FILTER (is_tense) FROM papers GROUP BY ALL ORDER BY ALL"
            ).fetchall()
        self.build(Indicators())

    def build(self, indicators: Indicators, select: str | None = None) -> None:
        """Build what depends on changed parameters."""
        self.warehouse.load_reference({"parameters": parameter_rows(indicators)})
        build_models(self.warehouse, self.project, indicators, select)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.warehouse.connect() as con:
            return con.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """Its first row, or nulls."""
        return next(iter(self.rows(sql)), (None,) * 9)


def _keds_part(file: Path, dataset: str, folder: Path) -> Path:
    """The rows of one of the two data sets that the file holds, as a file of its own."""
    wanted = {LEVANT: "levant.cameo", CASIA: "casia.weis"}[dataset]
    part = folder / f"{dataset}.csv"
    with gzip.open(file, "rt", encoding="utf-8") as source, part.open("w", encoding="utf-8") as target:
        target.write(source.readline())
        target.writelines(line for line in source if line.rstrip().endswith(wanted))
    return part
