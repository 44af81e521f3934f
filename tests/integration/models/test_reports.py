"""Reports and the read API where the bundled corpus has nothing to show: imported data sets, surges, pairs that move."""

from datetime import timedelta
from pathlib import Path

import pandas as pd

from pipeline import Snapshot, open_snapshot
from pipeline.report.pair_briefing import pair_briefing
from pipeline.report.render import as_html, as_markdown
from pipeline.report.week_briefing import week_briefing
from pipeline.warehouse import schema
from pipeline.warehouse.merge import insert_new
from pipeline.warehouse.store import Warehouse
from tests.integration.models.corpus import Corpus
from tests.integration.models.test_dashboard import imported
from tests.integration.models.test_series import COUNTS, MONDAY, read_every_week, weekly_conflict


def published(corpus: Corpus, folder: Path) -> Snapshot[pd.DataFrame]:
    """What a reader opens once the corpus is built."""
    corpus.build()
    snapshot = folder / "snapshot.duckdb"
    Warehouse(folder / "w.duckdb").storage.copy_to(corpus.con, snapshot)
    return open_snapshot(snapshot)


def test_an_imported_data_set_is_read_and_reported_apart_from_ours(corpus: Corpus, tmp_path: Path) -> None:
    corpus.article("a", "2021-06-30")
    corpus.event("AAA", "BBB", "AID", "2021-05-04")
    days = [f"2021-05-{n + 1:02}" for n in range(6)]
    rows = [
        imported(n, "others", "AAA", "BBB", "ASSAULT", d, description="as told", origin=f"list.csv:{n}")
        for n, d in enumerate(days)
    ]
    insert_new(corpus.con, schema.imported_events, rows)
    with published(corpus, tmp_path) as snapshot:
        assert snapshot.datasets() == ("faultline", "others")
        assert list(snapshot.events("AAA", "BBB").event_type) == ["AID"]
        theirs = snapshot.events("AAA", "BBB", dataset="others", which="all")
        assert list(theirs.columns) == list(snapshot.events("AAA", "BBB", which="all").columns)
        assert theirs.left_out.isna().all()
        made = pair_briefing(snapshot, "AAA", "BBB", dataset="others")
        assert made.lead[0].startswith("6 dated events")
        quotes = next(s for s in made.sections if s.title.startswith("What happened")).quotes
        assert {q.span for q in quotes} == {"as told"}
        assert {q.trace.rsplit(" · ", 1)[1] for q in quotes} == {f"from list.csv:{n}" for n in range(6)}
        assert "--dataset others" in made.made.rows[-1].cells[1]
        assert "<svg" in as_html(made)
        assert "nan" not in as_markdown(made).lower().split()
        week = week_briefing(snapshot, "2021-05", "2021-05", dataset="others")
        assert week.key_figures[0].value == "6"


def test_a_surge_moves_a_pair_to_the_top_with_its_reason(corpus: Corpus, tmp_path: Path) -> None:
    read_every_week(corpus, len(COUNTS))
    weekly_conflict(corpus, COUNTS)
    for week in range(len(COUNTS)):  # another pair that is as active, week by week, and has no surge
        corpus.event("CCC", "DDD", "CONSULT", str(MONDAY + timedelta(weeks=week)), f"w{week:03}-0")
    with published(corpus, tmp_path) as snapshot:
        weeks = snapshot.dyad_series("AAA", "BBB", "week")
        surge = weeks.loc[weeks.surge_z.idxmax()]
        assert surge.surge == "surge"
        made = week_briefing(snapshot, surge.week.date(), (surge.week + pd.Timedelta(days=6)).date())
        (table,) = made.sections[0].tables
        assert table.rows[0].cells[0] == "AAA – BBB"
        assert table.rows[0].cells[3].startswith(f"surge of conflict, {surge.n_conflict} against")
        assert len(table.rows) == 2
        assert "surge of conflict" in made.lead[1]
        assert next(k.value for k in made.key_figures if k.label == "Surges") == "1"
