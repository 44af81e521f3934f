import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import WarehouseError, WarehouseLockedError
from pipeline.indicator_settings import Indicators
from pipeline.records import (
    ActorMention,
    Article,
    Event,
    Incident,
    Participant,
    Rejected,
    Sentence,
    TaggedArticle,
)
from pipeline.steps import load_knowledge
from pipeline.warehouse import schema
from pipeline.warehouse.integrity import unsound_rows, wrong_columns
from pipeline.warehouse.rows import row_id
from pipeline.warehouse.store import Warehouse

TEXT = "Rebels shelled the port. The army denied it."


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "data" / "w.duckdb", lock_timeout_seconds=5)


def article(key: str, text: str = TEXT, day: date | None = date(2021, 3, 1), language: str | None = None) -> Article:
    return Article(key, text, published=day, text_hash=row_id(text), language=language, source=f"source of {key}")


def tagged(key: str, coder: str = "coder 1") -> TaggedArticle:
    event = Event(
        7, 14, "shelled", Participant(0, 6, "Rebels", "collective:rebels"), Participant(15, 23, "the port", None),
        "ASSAULT", "heavy-weapons", "190", 4, -10.0, -9.5, None, None, "none", "actual", False, 0.7,
    )  # fmt: skip
    return TaggedArticle(
        doc_id=key,
        coder_version=coder,
        sentences=(Sentence(0, 24), Sentence(25, 44)),
        actors=(ActorMention(0, 6, "Rebels", "collective:rebels", "rebels", "armed_group", "description"),),
        events=(event,),
        incidents=(Incident(7, 14, "shelled", "shelling", victims=(), targets=("the port",), event_indexes=(0,)),),
        article_id=key,
    )


def all_rows(warehouse: Warehouse) -> dict[str, list[tuple[object, ...]]]:
    with warehouse.connect() as con:
        return {
            t.name: con.execute(f"SELECT * FROM {schema.full_name(t)} ORDER BY ALL").fetchall()
            for t in schema.metadata.sorted_tables
        }


def test_adding_the_same_articles_twice_changes_no_row(warehouse: Warehouse) -> None:
    items = [article("a"), Rejected("b.jsonl", 2, "no text")]
    assert warehouse.add(items, "first").articles == 1
    before = all_rows(warehouse)
    again = warehouse.add(items, "second")
    assert (again.articles, again.rejected) == (0, 0)
    assert all_rows(warehouse) == before


def test_storing_the_same_tagging_twice_changes_no_row(warehouse: Warehouse) -> None:
    warehouse.add([article("a")], "batch")
    warehouse.store_tagged([tagged("a")])
    before = all_rows(warehouse)
    assert set(warehouse.store_tagged([tagged("a")]).values()) == {0}
    assert all_rows(warehouse) == before


def test_of_a_batch_that_another_process_stored_in_part_the_rest_is_stored(warehouse: Warehouse) -> None:
    warehouse.add([article("a"), article("b")], "batch")
    warehouse.store_tagged([tagged("a")])
    assert warehouse.store_tagged([tagged("a"), tagged("b"), tagged("b")])["events"] == 1
    with warehouse.connect() as con:
        runs = con.execute("SELECT article_id FROM core.tagging_runs ORDER BY 1").fetchall()
        events = con.execute("SELECT article_id FROM core.events ORDER BY 1").fetchall()
    assert runs == events == [("a",), ("b",)]


def test_repost_points_at_the_earliest_article_whatever_the_order_of_reading(warehouse: Warehouse) -> None:
    warehouse.add([article("late", day=date(2021, 3, 3)), article("undated", day=None)], "1")
    warehouse.add([article("early", day=date(2021, 3, 1)), article("other", text="Something else.")], "2")
    with warehouse.connect() as con:
        found = dict(con.execute("SELECT article_id, duplicate_of FROM raw.articles").fetchall())
    assert found == {"late": "early", "undated": "early", "early": None, "other": None}


def test_only_english_articles_without_this_coder_are_to_do(warehouse: Warehouse) -> None:
    warehouse.add(
        [
            article("a"),
            article("b", "B.", language="en-GB"),
            article("c", "C.", language="es"),
            article("d", "D.", language="en"),
        ],
        "1",
    )
    warehouse.store_tagged([tagged("a")])
    assert warehouse.untagged("coder 1", 10)["article_id"].to_pylist() == ["b", "d"]
    assert warehouse.untagged("coder 2", 10)["article_id"].to_pylist() == ["a", "b", "d"]
    backlog = warehouse.backlog("coder 1")
    assert (backlog.untagged, backlog.other_language) == (2, 1)


def test_current_views_show_the_newest_coder_only(warehouse: Warehouse) -> None:
    warehouse.add([article("a")], "1")
    warehouse.store_tagged([tagged("a", "coder 1")])
    warehouse.store_tagged([tagged("a", "coder 2")])
    with warehouse.connect() as con:
        assert con.execute("SELECT count(*) FROM core.events").fetchall() == [(2,)]
        assert con.execute("SELECT DISTINCT coder_version FROM core.current_events").fetchall() == [("coder 2",)]
        ids = con.execute("SELECT DISTINCT event_id FROM core.events").fetchall()
    assert len(ids) == 1, "the same coding keeps its id across coders"


def test_rows_point_at_their_sentence_and_incidents_at_their_events(warehouse: Warehouse) -> None:
    load_knowledge(warehouse, Indicators())
    warehouse.add([article("a")], "1")
    warehouse.store_tagged([tagged("a")])
    with warehouse.connect() as con:
        rows = con.execute(
            "SELECT substring(a.text, s.start_char + 1, s.end_char - s.start_char), e.event_id = i.event_ids[1] "
            "FROM core.events e JOIN core.sentences s USING (article_id, coder_version, sentence) "
            "JOIN raw.articles a USING (article_id) JOIN core.incidents i USING (article_id)"
        ).fetchall()
        unsound = {t.name: unsound_rows(con, t) for t in schema.TAGGED_TABLES}
    assert rows == [("Rebels shelled the port.", True)]
    assert not any(n for counts in unsound.values() for n in counts.values())


def test_a_code_that_no_table_lists_and_a_column_that_nobody_declared_are_found(warehouse: Warehouse) -> None:
    load_knowledge(warehouse, Indicators())
    warehouse.add([article("a")], "1")
    warehouse.store_tagged([tagged("a")])
    with warehouse.connect() as con:
        assert not any(wrong_columns(con, t) for t in schema.metadata.sorted_tables)
        con.execute("UPDATE core.events SET event_type = 'SHOUT', target_actor_id = 'NOBODY'")
        found = {rule for rule, n in unsound_rows(con, schema.events).items() if n}
        con.execute("ALTER TABLE core.events ADD COLUMN mine INTEGER")
        con.execute("ALTER TABLE core.events ALTER goldstein TYPE VARCHAR")
        wrong = " ".join(wrong_columns(con, schema.events))
    assert found == {"event_type is no known code", "target_actor_id is no known code"}
    assert "mine: int32, declared nowhere" in wrong
    assert "goldstein: string, declared double" in wrong


def test_a_row_that_comes_twice_is_found(warehouse: Warehouse) -> None:
    load_knowledge(warehouse, Indicators())
    warehouse.add([article("a")], "1")
    warehouse.store_tagged([tagged("a")])
    with warehouse.connect() as con:
        con.execute("INSERT INTO core.events BY NAME SELECT * FROM core.events")
        assert {rule: n for rule, n in unsound_rows(con, schema.events).items() if n} == {"key of another row": 1}


def test_a_wrong_offset_is_found(warehouse: Warehouse) -> None:
    warehouse.add([article("a", text="Quite another text, longer than the first one was.")], "1")
    warehouse.store_tagged([tagged("a")])
    with warehouse.connect() as con:
        assert unsound_rows(con, schema.events)["span does not reproduce the text"] == 1


def test_reference_rows_follow_the_files_and_actors_from_texts_stay(warehouse: Warehouse) -> None:
    state = {"actor_id": "XXA", "name": "Old name", "kind": "state", "source": "list"}
    gone = {"actor_id": "XXB", "name": "Gone", "kind": "state", "source": "list"}
    warehouse.load_reference({"actors": [state, gone]})
    warehouse.add([article("a")], "1")
    warehouse.store_tagged([tagged("a")])
    warehouse.load_reference({"actors": [{**state, "name": "New name"}]})
    with warehouse.connect() as con:
        assert con.execute("SELECT actor_id, name, source FROM core.actors ORDER BY 1").fetchall() == [
            ("XXA", "New name", "list"),
            ("collective:rebels", "rebels", "text"),
        ]


HOLD = """
import duckdb, sys, time
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold(warehouse: Warehouse) -> Iterator[object]:
    processes: list[subprocess.Popen[str]] = []

    def start(seconds: float) -> None:
        command = [sys.executable, "-c", HOLD, str(warehouse.storage.path), str(seconds)]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert processes[-1].stdout and processes[-1].stdout.readline() == "held\n"

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_a_writer_waits_for_another_process_to_finish(warehouse: Warehouse, hold: object) -> None:
    warehouse.add([article("a")], "1")
    hold(1.0)  # type: ignore[operator]
    assert warehouse.add([article("b", "B.")], "2").articles == 1


def test_two_processes_that_create_the_warehouse_at_once_both_write(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from pipeline.records import Article; from pipeline.warehouse.store import Warehouse; "
        "Warehouse(Path(sys.argv[1])).add([Article(sys.argv[2], sys.argv[2], text_hash=sys.argv[2])], 'b')"
    )
    path = tmp_path / "new.duckdb"
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path), key], stderr=subprocess.PIPE) for key in "abc"
    ]
    errors = [p.communicate()[1].decode() for p in processes]
    assert [p.returncode for p in processes] == [0, 0, 0], errors
    assert Warehouse(path).row_counts()["raw.articles"] == 3


def test_a_lock_that_stays_is_reported_with_what_to_do(warehouse: Warehouse, hold: object) -> None:
    warehouse.add([article("a")], "1")
    hold(60)  # type: ignore[operator]
    impatient = Warehouse(warehouse.storage.path, lock_timeout_seconds=0.2)
    with pytest.raises(WarehouseLockedError, match="published snapshot"):
        impatient.add([article("b")], "2")


def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"this is not a database at all" * 1000)
    with pytest.raises(WarehouseError, match="move it away"), Warehouse(path).connect():
        pass


def test_a_failed_write_leaves_nothing_behind(warehouse: Warehouse) -> None:
    warehouse.add([article("a")], "1")
    broken = tagged("a")
    object.__setattr__(broken.events[0], "goldstein", "much")
    with pytest.raises(Exception, match="much"):
        warehouse.store_tagged([broken])
    assert warehouse.row_counts()["core.sentences"] == 0
    assert warehouse.backlog("coder 1").untagged == 1
