"""Facts worth an alert, each once; and their way to a real HTTP server and a file."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_server import Server, reply

from pipeline.errors import DeliveryError
from pipeline.notify import Channels, send_alerts, send_failure
from pipeline.warehouse.alerts import raise_alerts, unsent
from pipeline.warehouse.store import Warehouse

# What the facts are read from, with the columns that they name: newest publication on 30 June 2021, the oldest a year before.
_MARTS = """
CREATE SCHEMA staging; CREATE SCHEMA marts;
CREATE TABLE staging.articles AS
    SELECT 'art' || i AS article_id, DATE '2021-06-30' - (i * 30)::INTEGER AS published, true AS counts_as_source FROM range(13) t(i);
CREATE TABLE marts.surge_week AS SELECT * FROM (VALUES
    ('faultline', 'GHA', 'TGO', DATE '2021-06-21', 9, 0.5, 4.2, 'surge', 'e1'),
    ('faultline', 'GHA', 'TGO', DATE '2021-06-14', 2, 0.5, 1.1, 'normal', 'e2'),
    ('faultline', 'GHA', 'TGO', DATE '2020-12-07', 9, 0.5, 4.2, 'surge', 'e3'),
    ('imported', 'GHA', 'TGO', DATE '2021-06-21', 9, 0.5, 4.2, 'surge', 'e4')
) t(dataset, a, b, week, n_conflict, base_mean, z, flag, event_id);
CREATE TABLE marts.arrow_month AS SELECT * FROM (VALUES
    ('faultline', 'GHA', 'TGO', DATE '2021-03-01', 5, 'deteriorated', 'e5'),
    ('faultline', 'GHA', 'TGO', DATE '2021-04-01', 5, 'unchanged', 'e5'),
    ('faultline', 'GHA', 'TGO', DATE '2021-05-01', 1, 'insufficient data', 'e5'),
    ('faultline', 'GHA', 'TGO', DATE '2021-06-01', 5, 'deteriorated', 'e1'),
    ('faultline', 'BEN', 'TGO', DATE '2021-04-01', 5, 'improved', 'e5'),
    ('faultline', 'BEN', 'TGO', DATE '2021-06-01', 5, 'improved', 'e5')
) t(dataset, a, b, month, n, arrow, event_id);
ALTER TABLE marts.arrow_month ADD COLUMN net_cooperation DOUBLE DEFAULT -3.0;
ALTER TABLE marts.arrow_month ADD COLUMN base_net_cooperation DOUBLE DEFAULT 1.0;
CREATE TABLE marts.evidence AS
    SELECT 'event' AS kind, 'e1' AS id, 'art0' AS article_id, 'Ghana shelled Togo | <b>.' AS sentence_text, 'Herald' AS source, NULL::VARCHAR AS url;
INSERT INTO core.actors (actor_id, name, kind, source) VALUES
    ('GHA', 'Ghana', 'state', 'list'), ('TGO', 'Togo', 'state', 'list'), ('org:new', 'New Front', 'armed_group', 'text'),
    ('org:once', 'Once Only', 'organization', 'text');
INSERT INTO core.tagging_runs SELECT article_id, 'coder 1', TIMESTAMP '2021-07-01', 1 FROM staging.articles;
INSERT INTO core.actor_mentions BY NAME
    SELECT actor_id || article_id AS mention_id, 'coder 1' AS coder_version, article_id, 0 AS sentence, 0 AS start_char, 3 AS end_char,
        'x' AS text, actor_id, 'x' AS name, 'organization' AS kind, 'ner' AS method
    FROM (VALUES ('org:new', 'art0'), ('org:new', 'art1'), ('org:once', 'art0'), ('GHA', 'art0'), ('GHA', 'art9')) t(actor_id, article_id);
INSERT INTO core.events BY NAME
    SELECT 'e1' AS event_id, 'coder 1' AS coder_version, 'art0' AS article_id, 0 AS sentence, 0 AS start_char, 3 AS end_char, 'x' AS text,
        'org:new' AS source_actor_id, 'org:once' AS target_actor_id, 'ASSAULT' AS event_type, 4 AS quad_class, 'plover' AS quad_scheme,
        -10 AS goldstein, -9 AS plover_score, 'day' AS date_precision, 'actual' AS status, false AS negated, 0.5 AS confidence;
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(tmp_path / "w.duckdb", lock_timeout_seconds=5)
    with warehouse.connect() as con:
        con.execute(_MARTS)
    yield warehouse


def test_each_fact_is_raised_once_with_its_sentence_however_often_it_is_looked_for(warehouse: Warehouse) -> None:
    with warehouse.connect() as con:
        assert raise_alerts(con, 30, 2) == 3
        con.execute("UPDATE marts.surge_week SET n_conflict = 11 WHERE week = '2021-06-21'")
        assert raise_alerts(con, 30, 2) == 0, "its figures moved, the fact is the same"
        found = {(a.kind, a.a, a.b): a for a in unsent(con)}
    assert found.keys() == {("surge", "GHA", "TGO"), ("arrow", "GHA", "TGO"), ("first seen", "org:new", None)}
    surge = found["surge", "GHA", "TGO"]
    assert "Ghana – Togo: 9 events of conflict in the week of 2021-06-21, 0.5 a week before" in surge.message
    assert (surge.sentence, surge.source, surge.article_id) == ("Ghana shelled Togo | <b>.", "Herald", "art0")
    assert "deteriorated in June 2021, unchanged before" in found["arrow", "GHA", "TGO"].message
    assert (
        "New Front (armed_group): named for the first time on 2021-05-31, in 2 articles"
        in found["first seen", "org:new", None].message
    )


def test_a_corpus_that_has_just_begun_greets_nobody_as_new(warehouse: Warehouse) -> None:
    with warehouse.connect() as con:
        con.execute("DELETE FROM staging.articles WHERE published < '2021-05-31'")
        raise_alerts(con, 30, 1)
        assert "first seen" not in {a.kind for a in unsent(con)}


def test_alerts_go_out_once_as_json_with_their_sentences(warehouse: Warehouse, server: Server, tmp_path: Path) -> None:
    server.routes["/hook"] = reply("ok")
    channels = Channels(f"{server.url}/hook", tmp_path / "out" / "alerts.jsonl")
    with warehouse.connect() as con:
        raise_alerts(con, 30, 2)
    assert send_alerts(warehouse, channels) == 3
    assert send_alerts(warehouse, channels) == 0
    (posted,) = server.asked("/hook")
    message = json.loads(posted.body)
    assert message["text"].startswith("Faultline: 3 new alerts\n")
    assert {a["kind"] for a in message["alerts"]} == {"surge", "arrow", "first seen"}
    assert json.loads((tmp_path / "out" / "alerts.jsonl").read_text()) == message


def test_alerts_that_the_webhook_does_not_take_are_sent_again(warehouse: Warehouse, server: Server) -> None:
    server.routes["/secret-hook"] = [reply("no", 500), reply("ok")]
    channels = Channels(f"{server.url}/secret-hook")
    with warehouse.connect() as con:
        raise_alerts(con, 30, 2)
    with pytest.raises(DeliveryError, match="answered 500") as error:
        send_alerts(warehouse, channels)
    assert "secret" not in str(error.value)
    with warehouse.connect() as con:
        assert len(unsent(con)) == 3
    assert send_alerts(warehouse, channels) == 3
    assert len(server.asked("/secret-hook")) == 2


def test_without_a_channel_the_table_is_enough_and_nothing_piles_up(warehouse: Warehouse) -> None:
    with warehouse.connect() as con:
        raise_alerts(con, 30, 2)
    assert send_alerts(warehouse, Channels()) == 0
    with warehouse.connect() as con:
        assert unsent(con) == []


def test_a_webhook_that_is_not_there_and_a_file_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1 does not answer"):
        send_failure(Channels("http://127.0.0.1:9/x"), "daily", "0123456789", "disk full")
    with pytest.raises(DeliveryError, match="cannot be written"):
        send_failure(Channels("", tmp_path), "daily", "0123456789", "disk full")
