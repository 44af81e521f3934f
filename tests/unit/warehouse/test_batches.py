from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.records import ActorMention, Article, Incident, Sentence, TaggedArticle
from pipeline.warehouse import schema
from pipeline.warehouse.batches import (
    TAGGED,
    TaggedBatch,
    Untaggable,
    articles_of,
    articles_table,
    rows_of,
    tagged_table,
)
from pipeline.warehouse.store import Warehouse


def tagged(key: str, sentences: int) -> TaggedArticle:
    return TaggedArticle(
        doc_id=key,
        coder_version="coder 1",
        sentences=tuple(Sentence(10 * i, 10 * i + 9) for i in range(sentences)),
        actors=(ActorMention(0, 6, "Rebels", "org:rebels", f"Rebels of {key}", "armed_group", "ner"),),
        incidents=(Incident(7, 14, "shelled", "shelling", targets=("the port", "a ship")),) if sentences else (),
        article_id=key,
    )


@pytest.fixture
def table() -> pa.Table:
    return tagged_table([tagged("a", 2), tagged("b", 0), tagged("c", 3)])


def test_articles_come_back_as_they_went() -> None:
    articles = [
        Article("a", "Text.", "doc", published=date(2021, 3, 1), published_precision="month", source="s"),
        Article("b", "𝔄\nb"),
    ]
    assert list(articles_of(articles_table(articles))) == articles


def test_rows_of_a_piece_are_those_of_its_articles(table: pa.Table, tmp_path: Path) -> None:
    pq.write_table(table, tmp_path / "batch.parquet")
    for batch in (
        table,
        pq.read_table(tmp_path / "batch.parquet"),
        pa.concat_tables([table.slice(0, 1), table.slice(1)]),
    ):
        assert rows_of(batch, schema.sentences)["article_id"].to_pylist() == ["a", "a", "c", "c", "c"]
        assert rows_of(batch.slice(1), schema.sentences)["article_id"].to_pylist() == ["c"] * 3
        assert rows_of(batch.slice(1), schema.incidents)["targets"].to_pylist() == [["the port", "a ship"]]
        assert len(rows_of(batch.slice(1, 1), schema.sentences)) == 0
    assert rows_of(TAGGED.empty_table(), schema.events).schema == schema.arrow_schema(schema.events)


def test_of_an_actor_that_several_articles_tell_of_the_first_telling_is_kept(table: pa.Table, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w.duckdb")
    written = warehouse.store_batch(TaggedBatch(table))
    assert (written["sentences"], written["tagging_runs"]) == (5, 3)
    assert set(warehouse.store_batch(TaggedBatch(table)).values()) == {0}
    with warehouse.connect() as con:
        assert con.execute("SELECT name FROM core.actors").fetchall() == [("Rebels of a",)]


def test_what_cannot_be_tagged_is_not_to_do_for_this_coder_any_more(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w.duckdb")
    warehouse.add([Article(key, f"Text of {key}.", text_hash=key, origin=f"{key}.txt") for key in "abc"], "1")
    lost = [Untaggable("b", "coder 1", "too much")]
    for _ in range(2):
        warehouse.store_batch(TaggedBatch(tagged_table([tagged("a", 1)]), lost))
    assert warehouse.untagged("coder 1", 9)["article_id"].to_pylist() == ["c"]
    assert warehouse.backlog("coder 1").untagged == 1
    assert warehouse.untagged_state("coder 1")[0] == 1
    assert warehouse.untagged("coder 2", 9)["article_id"].to_pylist() == ["a", "b", "c"]
    with warehouse.connect() as con:
        assert con.execute("SELECT origin, reason, excerpt, article_id FROM raw.rejected").fetchall() == [
            ("b.txt", "too much", "Text of b.", "b")
        ]


def test_what_is_untagged_is_looked_up_bit_by_bit_in_order(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w.duckdb")
    days = {"a": None, "b": date(2021, 3, 1), "c": date(2021, 3, 1), "d": date(2020, 1, 1), "e": None}
    warehouse.add([Article(k, f"Text of {k}.", published=d, published_precision="day" if d else None, text_hash=k) for k, d in days.items()], "1")  # fmt: skip
    found: list[tuple[object, str]] = []
    after = None
    while len(some := warehouse.untagged("coder", 2, after=after)):
        found += zip(some["published"].to_pylist(), some["article_id"].to_pylist(), strict=True)
        after = (some["published"][-1].as_py(), some["article_id"][-1].as_py())
    assert [key for _, key in found] == ["d", "b", "c", "a", "e"]
    assert warehouse.untagged("coder", 1)["published_precision"].to_pylist() == ["day"]
