"""The read API on the snapshot of the bundled corpus: rows, evidence, and errors that help."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from pipeline import FaultlineError, Snapshot, UnknownNameError, open_snapshot


@pytest.fixture(scope="module")
def opened(snapshot: Path) -> Iterator[Snapshot[pd.DataFrame]]:
    with open_snapshot(snapshot) as opened:
        yield opened


def test_the_way_in_loads_neither_spacy_nor_dagster(snapshot: Path) -> None:
    code = f"""
import sys, pipeline
assert "duckdb" not in sys.modules
from pipeline import open_snapshot
open_snapshot({str(snapshot)!r}).events("Pakistan")
print(sorted({{"spacy", "dagster", "sqlalchemy"}} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout == "[]\n", result.stderr


def test_every_event_leads_to_its_words(opened: Snapshot[pd.DataFrame]) -> None:
    events = opened.events(which="all")
    texts = opened.articles(text=True).set_index("article_id")["text"]
    assert len(events) > 300
    assert set(events.status) > {"actual", "hypothetical"}
    for e in events.itertuples():
        text = texts[e.article_id]
        assert text[e.start_char : e.end_char] == e.text
        assert text[e.sentence_start : e.sentence_end] == e.sentence_text
        assert e.coder_version


def test_counted_events_are_those_of_the_marts(opened: Snapshot[pd.DataFrame]) -> None:
    counted = opened.events()
    assert counted.left_out.isna().all()
    assert counted.start_date.notna().all()
    assert counted.counts_as.nunique() == int(opened.sql("SELECT sum(n) AS n FROM marts.dyad_month").n[0])
    every = opened.events(which="all")
    assert (every.left_out.isna() == every.event_id.isin(counted.event_id)).all()
    assert (every[every.start_date.isna()].left_out != "vague date").all()
    assert set(every.left_out.dropna()) >= {"not asserted", "undated", "actor unknown"}


def test_a_pair_is_the_same_by_id_name_and_alias_and_either_way_round(opened: Snapshot[pd.DataFrame]) -> None:
    by_id = opened.events("AFG", "PAK", which="all")
    assert len(by_id) > 5
    for a, b in (("PAK", "AFG"), ("afghanistan", "Pakistan"), ("Islamic Republic of Pakistan", "AFG")):
        pd.testing.assert_frame_equal(opened.events(a, b, which="all"), by_id)
    one_way = opened.events("AFG", "PAK", which="all", directed=True)
    other = opened.events("PAK", "AFG", which="all", directed=True)
    assert set(one_way.source) == {"AFG"}
    assert len(one_way) + len(other) == len(by_id)
    assert set(opened.events("AFG").event_id) > set(opened.events("AFG", "PAK").event_id)


def test_series_hold_the_events_of_their_months_and_weeks(opened: Snapshot[pd.DataFrame]) -> None:
    months, events = opened.dyad_series("AFG", "PAK"), opened.events("AFG", "PAK")
    assert months.month.is_monotonic_increasing
    assert months.n.sum() == events.counts_as.nunique()
    both = opened.dyad_series("AFG", "PAK", directed=True)
    assert both.n.sum() == months.n.sum()
    assert {tuple(r) for r in both[["source", "target"]].to_numpy()} == {("AFG", "PAK"), ("PAK", "AFG")}
    weeks = opened.dyad_series("AFG", "PAK", "week")
    assert (weeks.week.diff().dropna() == pd.Timedelta(days=7)).all()
    assert weeks.level_short.notna().all()
    one_way = opened.dyad_series("AFG", "PAK", "week", directed=True)
    assert set(one_way.week) <= set(weeks.week)  # each direction begins with a fifth event of its own
    assert one_way.rung.notna().any()


def test_a_period_takes_the_months_and_weeks_that_it_touches(opened: Snapshot[pd.DataFrame]) -> None:
    months = opened.dyad_series("AFG", "PAK").month
    middle = months[1]
    day = middle + pd.Timedelta(days=9)
    assert list(opened.dyad_series("AFG", "PAK", since=day.date(), until=day.date()).month) == [middle]
    first, second, *_ = opened.dyad_series("AFG", "PAK", "week").week
    since, until = first + pd.Timedelta(days=2), second + pd.Timedelta(days=1)
    assert list(opened.dyad_series("AFG", "PAK", "week", since=since.date(), until=until.date()).week) == [
        first,
        second,
    ]
    published = opened.articles(since="2021-08", until="2021-08").published
    assert len(published) > 2
    assert set(published.dt.strftime("%Y-%m")) == {"2021-08"}


def test_readings_come_with_band_n_and_sentence(opened: Snapshot[pd.DataFrame]) -> None:
    readings = opened.readings("Pakistan", "Afghanistan").set_index("indicator")
    now = readings.loc["tension_now"]
    assert now.low <= now.value <= now.high
    assert now.sentence_text
    assert len(opened.readings("Pakistan")) > len(readings)
    assert set(opened.pairs("Pakistan").n_events) <= set(opened.pairs().n_events)


def test_figures_statements_and_incidents_have_their_sentences(opened: Snapshot[pd.DataFrame]) -> None:
    counts, statements, incidents = opened.counts(), opened.statements(), opened.incidents()
    for rows in (counts, statements, incidents):
        assert len(rows) > 10
        assert all(t in s for t, s in zip(rows.text, rows.sentence_text, strict=True))
    ttp = opened.incidents("TTP", "Pakistan")
    assert len(ttp) >= 1
    assert all("TTP" in p for p in ttp.perpetrators)
    assert set(opened.incidents(country="afg").country) == {"AFG"}
    assert set(opened.counts(measures=["killed"]).measure) == {"killed"}
    said = opened.statements("Afghanistan", "Pakistan")
    assert len(said) == opened.statement_series("Afghanistan", "Pakistan").n_statements.sum()


def test_frames_come_as_arrow_too(snapshot: Path, opened: Snapshot[pd.DataFrame]) -> None:
    with open_snapshot(snapshot.parent, frames="arrow") as arrow:
        table = arrow.pairs()
        assert isinstance(table, pa.Table)
        assert table.num_rows == len(opened.pairs())


def test_a_known_pair_without_events_has_empty_frames(opened: Snapshot[pd.DataFrame]) -> None:
    for rows in (
        opened.events("Iceland", "Fiji"),
        opened.dyad_series("Iceland", "Fiji"),
        opened.readings("Iceland", "Fiji"),
    ):
        assert rows.empty
        assert len(rows.columns) > 10


def test_a_snapshot_that_is_replaced_stays_readable_and_the_next_reader_sees_the_new_one(
    snapshot: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(snapshot, tmp_path / "s.duckdb"))
    with open_snapshot(file) as old:
        newer = Path(shutil.copy(snapshot, tmp_path / "newer.duckdb"))
        with duckdb.connect(str(newer)) as con:
            con.execute("DELETE FROM raw.articles")
        newer.replace(file)
        with open_snapshot(file) as new:
            assert (old.about().articles > 0, new.about().articles) == (True, 0)


def test_about_says_what_the_snapshot_is(opened: Snapshot[pd.DataFrame]) -> None:
    about = opened.about()
    assert about.articles == sum(about.coders.values()) == len(opened.articles())
    assert about.datasets == ("faultline",)
    assert about.parameters["kappa_events"] == 5


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda s: s.events("Pakistn"), r"No actor is known as 'Pakistn'.*Pakistan \(PAK\)"),
        (lambda s: s.dyad_series("Hezbolah movment", "ISR"), r"Hezbollah \(HEZBOLLAH\)"),
        (lambda s: s.actor("Albert II"), r"several actors: person:albert-ii-bel.*Write the id"),
        (lambda s: s.pairs(dataset="faultlines"), r"no data set 'faultlines'. Did you mean 'faultline'"),
        (lambda s: s.counts(since="last year"), r"since='last year' is no day"),
        (lambda s: s.dyad_series("AFG", "PAK", "day"), r"by='day' is not known: month or week"),
        (lambda s: s.events(which="some"), r"which='some' is not known"),
        (lambda s: s.sql("SELECT * FROM marts.no_such"), r"no_such does not exist"),
        (lambda s: s.sql("DROP TABLE core.events"), r"The snapshot is read-only"),
        (lambda s: s.sql("SELECT * FROM read_csv('/etc/passwd')"), r"may not touch files"),
        (lambda s: open_snapshot(s.path.parent / "nothing.duckdb"), r"There is no snapshot at .*nothing.duckdb"),
        (lambda s: open_snapshot(s.path, frames="polars"), r"frames='polars' is not known"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_comes_close(opened: Snapshot[pd.DataFrame], ask: object, said: str) -> None:
    with pytest.raises(FaultlineError, match=said):
        ask(opened)  # type: ignore[operator]


def test_names_are_values_and_never_sql(opened: Snapshot[pd.DataFrame]) -> None:
    with pytest.raises(UnknownNameError):
        opened.events("x' OR '1' = '1")
    assert opened.articles(publisher="x' OR '1' = '1").empty


def test_many_threads_read_one_snapshot(opened: Snapshot[pd.DataFrame]) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(opened.events("PAK", which="all")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
