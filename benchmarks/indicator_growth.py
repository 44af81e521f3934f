"""``python -m benchmarks.indicator_growth 1 3``: building the indicators over so many million events, and again after days of news.

The events are synthetic: three to an article, ten years, 200 actors of which few act often (Zipf), dated like news. What is measured: seconds and peak
memory of a full build, then seconds of builds after a day with 1,000 new articles, 1 in 20 of whose events are of long ago: the next day; the
first day of a new week; and a day that brings a new person and what office he holds. Seconds are those of the processor and in brackets those of the
clock; on a machine that others use, both are too long. Tests of the models are not run here. With ``--models`` every model's seconds are printed.
Bytes, seconds and memory go into docs/performance.json, from which ``benchmarks.projection`` reckons.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.performance import record
from pipeline.indicator_settings import Indicators
from pipeline.sqlmodels import BuildResult, Project, build, load_project
from pipeline.warehouse.reference import parameter_rows
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse

ROOT = Path(__file__).parent.parent
SHOWN = 6
# What a laptop can spare. More than that DuckDB keeps on disk.
_MEMORY = "6GB"
_FIRST_DAY, _DAYS = "2012-01-01", 3650

# Numbers that look random and are the same on every machine: parts of a hash of the row's number.
_EVENTS = """
CREATE OR REPLACE TEMP TABLE made AS
SELECT
    i, i // 3 AS article,
    {first} + (hash(i // 3, 'day') % {days})::INTEGER AS day,
    floor(200 * pow((hash(i, 's') % 1000003) / 1000003::DOUBLE, 3))::INTEGER AS s,
    floor(200 * pow((hash(i, 't') % 1000003) / 1000003::DOUBLE, 3))::INTEGER AS t,
    (hash(i, 'kind') % 8)::INTEGER AS kind,
    CASE WHEN hash(i, 'old') % 100 < {percent_old} THEN (hash(i, 'age') % {days_read})::INTEGER ELSE 0 END AS age
FROM range({start}, {stop}) r(i);
INSERT INTO raw.articles BY NAME
SELECT DISTINCT 'a' || article AS article_id, 'paper ' || article % 50 AS source, day AS published, 'They met.' AS text, 'h' || article AS text_hash,
    TIMESTAMP '2024-01-01' AS fetched_at, 'b' AS ingest_batch FROM made;
INSERT INTO core.tagging_runs BY NAME SELECT DISTINCT 'a' || article AS article_id, 'c1' AS coder_version, TIMESTAMP '2024-01-01' AS tagged_at FROM made;
INSERT INTO core.sentences BY NAME SELECT DISTINCT 'a' || article AS article_id, 'c1' AS coder_version, 0 AS sentence, 0 AS start_char, 9 AS end_char FROM made;
INSERT INTO core.events BY NAME
SELECT 'e' || i AS event_id, 'c1' AS coder_version, 'a' || article AS article_id, 0 AS sentence, 5 AS start_char, 8 AS end_char, 'met' AS text,
    'S' || s AS source_actor_id, 'S' || t AS target_actor_id,
    ['CONSULT', 'CONSULT', 'SUPPORT', 'AID', 'ACCUSE', 'REJECT', 'PROTEST', 'ASSAULT'][kind + 1] AS event_type,
    [1, 1, 1, 2, 3, 3, 4, 4][kind + 1] AS quad_class, 'plover' AS quad_scheme,
    [1.0, 1.0, 3.5, 7.4, -2.0, -4.0, -6.5, -10.0][kind + 1] AS goldstein, [2.5, 2.5, 5, 10, -3, -2, -5, -9][kind + 1] AS plover_score,
    day - age AS start_date, day - age AS end_date, CASE WHEN i % 10 < 7 THEN 'day' ELSE 'none' END AS date_precision, 'actual' AS status, false AS negated,
    0.5 + (i % 50) / 100.0 AS confidence FROM made;
"""


_PERSON = """
INSERT INTO core.actors BY NAME SELECT 'person' AS actor_id, 'A Person' AS name, 'person' AS kind, 'text' AS source;
INSERT INTO core.actor_roles BY NAME
SELECT 'role' AS role_id, 'person' AS actor_id, 'S1' AS parent_id, 'minister' AS role, 'text:a1' AS source;
"""


def measure(millions: float, folder: Path, shown: int = SHOWN) -> None:
    """Fill a warehouse, build it, add days, build again; print all of it."""
    project = load_project(ROOT / "dbt_like_sql", relation_columns())
    warehouse = Warehouse(folder / "growth.duckdb")
    warehouse.load_reference({"parameters": parameter_rows(Indicators())})
    events = int(millions * 1_000_000) // 3 * 3  # whole articles
    with warehouse.connect() as con:
        con.execute(f"SET memory_limit = '{_MEMORY}'")
        fill(con, events)
        found = {"events": events, "core_bytes": used(con)}
        clock = time.process_time()
        full, seconds = _timed(con, project)
        found |= {"full": time.process_time() - clock, "marts_bytes": used(con) - found["core_bytes"]}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows = sum(r.rows or 0 for r in full if r.model == "staging.surge_scores")
        print(
            f"{millions:g} million events, {rows / 1e6:.1f} million pair-weeks: full build {seconds}, peak memory {peak:,.0f} MB",
            flush=True,
        )
        _print_slowest(full, shown)
        # The first day is a Wednesday.
        for what, days, more in (("a day later", 0, ""), ("a new week", 5, ""), ("a new person", 6, _PERSON)):
            _fill(con, events, events + 3000, f"DATE '{_FIRST_DAY}' + {_DAYS + days}", 1, percent_old=5)
            con.execute(more)
            events += 3000
            clock = time.process_time()
            built, seconds = _timed(con, project)
            found.setdefault("day", time.process_time() - clock)
            done = {e: sum(r.extent == e for r in built) for e in ("whole", "partitions", "nothing")}
            print(
                f"  {what} (1,000 articles): {seconds}; models in parts {done['partitions']}, whole {done['whole']}, untouched {done['nothing']}"
            )
            _print_slowest(built, shown)
    record("indicators", {f"{found['events']:09}": {**found, "peak_mb": peak, "rows": rows}}, beside=True)


def used(con: duckdb.DuckDBPyConnection) -> int:
    """Bytes of the file's blocks that hold something."""
    con.execute("CHECKPOINT")
    return int(
        con.execute(
            "SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = current_database()"
        ).fetchall()[0][0]
    )


def fill(con: duckdb.DuckDBPyConnection, events: int) -> None:
    """The actors, and so many events over ten years."""
    con.execute(
        "INSERT INTO core.actors BY NAME SELECT 'S' || i AS actor_id, 'State ' || i AS name, 'state' AS kind, 'test' AS source FROM range(200) r(i)"
    )
    _fill(con, 0, events // 3 * 3, f"DATE '{_FIRST_DAY}'", _DAYS)


def fill_day(con: duckdb.DuckDBPyConnection, events: int) -> None:
    """One more day with 1,000 articles behind so many events."""
    _fill(con, events, events + 3000, f"DATE '{_FIRST_DAY}' + {_DAYS}", 1)


def _fill(
    con: duckdb.DuckDBPyConnection, start: int, stop: int, first: str, days: int, *, percent_old: int = 0
) -> None:
    con.execute(
        _EVENTS.format(first=first, days=days, start=start, stop=stop, percent_old=percent_old, days_read=_DAYS)
    )


def _timed(con: duckdb.DuckDBPyConnection, project: Project) -> tuple[list[BuildResult], str]:
    clock, processor = time.perf_counter(), time.process_time()
    built = build(con, project)
    return built, f"{time.process_time() - processor:,.1f} s ({time.perf_counter() - clock:,.0f} s)"


def _print_slowest(results: list[BuildResult], shown: int) -> None:
    slowest = sorted(results, key=lambda r: -r.seconds)[:shown]
    print("    " + ", ".join(f"{r.model} {r.seconds:.1f} s ({r.rows or 0:,} rows)" for r in slowest), flush=True)


def main() -> int:
    """Each size in a process of its own, so that peak memory is that size's."""
    options = [a for a in sys.argv[1:] if a == "--models"]
    sizes = [a for a in sys.argv[1:] if a not in options] or ["1", "3"]
    if len(sizes) == 1:
        with tempfile.TemporaryDirectory() as folder:
            measure(float(sizes[0]), Path(folder), sys.maxsize if options else SHOWN)
        return 0
    command = [sys.executable, "-m", "benchmarks.indicator_growth", *options]
    return max(subprocess.run([*command, s], check=False).returncode for s in sizes)  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main())
