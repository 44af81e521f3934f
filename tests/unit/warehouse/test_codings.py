"""Two coders over the same articles, compared; what is superseded dropped; the file compacted; a snapshot proved."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import InputError, WarehouseError
from pipeline.indicator_settings import Indicators
from pipeline.records import ActorMention, Article, Event, Participant, Sentence, TaggedArticle
from pipeline.steps import load_knowledge
from pipeline.warehouse.codings import ArticleSelection, diff_codings
from pipeline.warehouse.publish import publish
from pipeline.warehouse.store import Warehouse
from pipeline.warehouse.upkeep import compact, drop_coding, drop_superseded, verify_snapshot

TEXT = "Ghana praised Togo. Togo warned Ghana."
PRAISE = Event(
    6, 13, "praised", Participant(0, 5, "Ghana", "GHA"), Participant(14, 18, "Togo", "TGO"),
    "SUPPORT", None, "051", 1, 3.4, 3.0, None, None, "none", "actual", False, 0.7,
)  # fmt: skip
WARN = replace(
    PRAISE, start_char=25, end_char=31, text="warned", event_type="THREATEN", cameo_code="130", quad_class=3,
    source=Participant(20, 24, "Togo", "TGO"), target=Participant(32, 37, "Ghana", "GHA"),
)  # fmt: skip
GHANA = ActorMention(0, 5, "Ghana", "GHA", "Ghana", "state", "gazetteer")


def coding(key: str, coder: str, *events: Event, sentences: tuple[Sentence, ...] | None = None) -> TaggedArticle:
    spans = sentences or (Sentence(0, 19), Sentence(20, 38))
    return TaggedArticle(key, coder, spans, actors=(GHANA,), events=events, article_id=key)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path / "data" / "w.duckdb", lock_timeout_seconds=5)
    articles = [
        Article("one", TEXT, title="One", published=date(2020, 1, 5), source="Herald", text_hash="1"),
        Article("two", TEXT, title="Two", published=date(2021, 1, 5), source="Post", text_hash="2"),
        Article("three", TEXT, published=None, source="Post", text_hash="3"),
    ]
    warehouse.add(articles, "b")
    warehouse.store_tagged([coding("one", "coder 1", PRAISE, WARN), coding("two", "coder 1", PRAISE)])
    return warehouse


def test_diff_tells_rows_that_are_the_same_changed_added_and_removed(warehouse: Warehouse, tmp_path: Path) -> None:
    dated = replace(PRAISE, start_date=date(2020, 1, 4), end_date=date(2020, 1, 4), date_precision="day")
    scolded = replace(WARN, event_type="ACCUSE", cameo_code="111")
    warehouse.store_tagged([coding("one", "coder 2", dated, scolded), coding("two", "coder 2", PRAISE, WARN)])
    warehouse.store_tagged([coding("three", "coder 2", PRAISE)])
    diff = diff_codings(publish(warehouse, tmp_path / "published").path)
    assert (diff.old, diff.new, diff.articles) == ("coder 1", "coder 2", 2)
    events = next(t for t in diff.tables if t.table == "events")
    assert (events.same, events.changed, events.added, events.removed) == (1, 2, 1, 0)
    assert events.columns["start_date"] == 1, "same id, another date"
    assert events.columns["event_type"] == 1, "same span, another type"
    assert next(t for t in diff.tables if t.table == "actor_mentions").same == 2
    first = diff.changes[0]
    assert (first.article_id, first.title, first.kind, first.text) == ("one", "One", "changed", "praised")
    assert "start_date: null → 2020-01-04" in first.said
    assert first.sentence == "Ghana praised Togo."
    (added,) = (c for c in diff.changes if c.kind == "added")
    assert added.said == "TGO THREATEN GHA actual"
    back = diff_codings(tmp_path / "published" / "warehouse.duckdb", "coder 2", "coder 1", tables=["events"])
    assert [(t.added, t.removed) for t in back.tables] == [(0, 1)]


def test_a_sentence_that_is_split_moves_no_other_row(warehouse: Warehouse, tmp_path: Path) -> None:
    split = (Sentence(0, 5), Sentence(6, 19), Sentence(20, 38))
    warehouse.store_tagged([coding("one", "coder 2", PRAISE, WARN, sentences=split)])
    diff = {t.table: t for t in diff_codings(publish(warehouse, tmp_path / "published").path).tables}
    assert (diff["events"].same, diff["events"].changed) == (2, 0)
    assert (diff["sentences"].same, diff["sentences"].added, diff["sentences"].removed) == (1, 2, 1)


def test_coders_that_are_not_there_are_named(warehouse: Warehouse, tmp_path: Path) -> None:
    snapshot = publish(warehouse, tmp_path / "published").path
    with pytest.raises(InputError, match="no two to compare"):
        diff_codings(snapshot)
    with pytest.raises(InputError, match="holds coder 1"):
        diff_codings(snapshot, "coder 9", "coder 1")


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (ArticleSelection(), {"one", "two", "three"}),
        (ArticleSelection(published_from=date(2020, 1, 5), published_to=date(2020, 1, 5)), {"one"}),
        (ArticleSelection(sources=["Post"]), {"two", "three"}),
        (ArticleSelection(actors=["GHA"], published_from=date(2020, 6, 1)), {"two"}),
        (ArticleSelection(actors=["TGO"]), set()),
    ],
)
def test_selection_takes_window_sources_and_actors(
    warehouse: Warehouse, selection: ArticleSelection, ids: set[str]
) -> None:
    assert set(warehouse.untagged("coder 2", 10, selection)["article_id"].to_pylist()) == ids
    assert warehouse.backlog("coder 2", selection).untagged == len(ids)


def codings(warehouse: Warehouse) -> list[tuple[str, str, int]]:
    with warehouse.connect() as con:
        return con.execute(
            "SELECT article_id, coder_version, (SELECT count(*) FROM core.events e WHERE e.article_id = r.article_id "
            "AND e.coder_version = r.coder_version) FROM core.tagging_runs r ORDER BY ALL"
        ).fetchall()


def test_superseded_codings_go_when_they_are_old_and_no_others(warehouse: Warehouse) -> None:
    warehouse.store_tagged([coding("one", "coder 2", PRAISE)])
    assert drop_superseded(warehouse, 30) == 0, "superseded, but young"
    assert drop_superseded(warehouse, 30, datetime.now() + timedelta(days=60)) == 1  # noqa: DTZ005
    assert codings(warehouse) == [("one", "coder 2", 1), ("two", "coder 1", 1)]


def test_a_coding_that_is_dropped_shows_the_one_before_it(warehouse: Warehouse) -> None:
    warehouse.store_tagged([coding("one", "coder 2", PRAISE)])
    with pytest.raises(InputError, match="coder 1, coder 2"):
        drop_coding(warehouse, "coder 3")
    assert drop_coding(warehouse, "coder 2") == 1
    with warehouse.connect() as con:
        assert con.execute("SELECT DISTINCT coder_version FROM core.current_events").fetchall() == [("coder 1",)]


def test_compacting_gives_room_back_and_keeps_every_row_key_and_comment(warehouse: Warehouse) -> None:
    with warehouse.connect() as con:
        con.execute("CREATE TABLE marts_like AS SELECT range AS n, hash(range) AS h FROM range(300_000)")
        con.execute("CHECKPOINT")
        con.execute("DROP TABLE marts_like")
    before = codings(warehouse)
    size = compact(warehouse)
    assert size.after < size.before
    assert codings(warehouse) == before
    with warehouse.connect() as con:
        assert (
            con.execute(
                "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'core' AND has_primary_key"
            ).fetchall()[0][0]
            > 10
        )
        assert con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'events'").fetchall()[0][0]
    warehouse.store_tagged([coding("one", "coder 1", PRAISE)])
    assert codings(warehouse) == before, "keys still make writing twice change nothing"


def test_compacting_without_room_says_so_and_changes_nothing(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(WarehouseError, match="make room"):
        compact(warehouse)
    assert len(codings(warehouse)) == 2


def test_a_sound_snapshot_is_sound_and_each_damage_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    load_knowledge(warehouse, Indicators())
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS marts")
        con.execute("CREATE TABLE marts.m AS SELECT range AS n FROM range(50_000)")
    snapshot = publish(warehouse, tmp_path / "published").path
    assert verify_snapshot(snapshot) == []
    parquet = tmp_path / "published" / "marts" / "m.parquet"
    sound = parquet.read_bytes()
    parquet.write_bytes(sound[: len(sound) // 2])
    assert "m.parquet cannot be read" in " ".join(verify_snapshot(snapshot))
    parquet.write_bytes(sound)
    with duckdb.connect(str(snapshot)) as con:
        con.execute("UPDATE core.events SET text = 'not what it says' WHERE article_id = 'two'")
    assert verify_snapshot(snapshot) == ["core.events: 1 rows: span does not reproduce the text"]


def test_a_damaged_block_of_the_snapshot_is_found(warehouse: Warehouse, tmp_path: Path) -> None:
    with warehouse.connect() as con:
        con.execute("CREATE SCHEMA IF NOT EXISTS marts")
        con.execute("CREATE TABLE marts.m AS SELECT hash(range) AS n FROM range(2_000_000)")  # most of the file
    snapshot = publish(warehouse, tmp_path / "published").path
    damaged = bytearray(snapshot.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 4096] = bytes(4096)
    snapshot.write_bytes(damaged)
    assert "checksum" in " ".join(verify_snapshot(snapshot))
