"""Which article repeats which, in a real warehouse, whatever the order of reading."""

import itertools
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest import near_duplicates
from pipeline.ingest.identity import text_hash
from pipeline.records import Article, Done, Rejected
from pipeline.steps import compare_texts
from pipeline.warehouse.store import Warehouse

STORY = (
    "Border guards opened fire on a column of lorries near the northern pass, killing 4 drivers and wounding others, the interior "
    "ministry said in a statement. The road was closed for the rest of the day while troops searched the villages on both sides of "
    "the river. Traders said that they had been waiting since the weekend when the shooting began, and that nobody had told them why "
    "the crossing was shut. The government of the neighbouring republic called the incident a grave breach of the agreement and "
    "recalled its envoy for consultations, a spokesman for the customs union told reporters in the capital."
)
COPY = "Shots at the pass. " + STORY
LATER_COPY = STORY + " Talks go on."
UPDATE = STORY.replace("killing 4", "killing 9")
OTHER = (
    "Farmers of the southern plain harvested more wheat than in any year since the drought, the ministry of agriculture said. "
    * 2
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "w.duckdb", lock_timeout_seconds=5)


def article(key: str, text: str, day: int = 1) -> Article:
    return Article(
        key, text, url=f"https://{key}.example/a", source=key, published=date(2021, 3, day), text_hash=text_hash(text)
    )


def add(warehouse: Warehouse, *articles: Article) -> None:
    warehouse.add(articles, "batch", "source")
    compare_texts(warehouse)


def found(warehouse: Warehouse) -> dict[str, tuple[str | None, str | None]]:
    with warehouse.connect() as con:
        rows = con.execute("SELECT article_id, duplicate_of, duplicate_reason FROM raw.articles").fetchall()
    return {i: (of, why) for i, of, why in rows}


CORPUS = (
    article("first", STORY, 1), article("same", STORY.upper(), 2), article("copy", COPY, 3), article("later", LATER_COPY, 4),
    article("update", UPDATE, 5), article("other", OTHER, 1),
)  # fmt: skip
EXPECTED = {
    "first": (None, None), "same": ("first", "text"), "copy": ("first", "near"), "later": ("first", "near"),
    "update": (None, None), "other": (None, None),
}  # fmt: skip


@pytest.mark.parametrize("order", [*itertools.islice(itertools.permutations(range(6)), 0, 720, 97)])
def test_originals_are_the_same_whatever_the_order_of_reading(warehouse: Warehouse, order: tuple[int, ...]) -> None:
    for place in order:
        add(warehouse, CORPUS[place])
    assert found(warehouse) == EXPECTED


def test_similarity_is_stored_with_the_repost(warehouse: Warehouse) -> None:
    add(warehouse, *CORPUS)
    with warehouse.connect() as con:
        alike = dict(con.execute("SELECT article_id, similarity FROM raw.articles").fetchall())
    assert alike["first"] is None and alike["same"] == 1
    assert alike["copy"] == pytest.approx(near_duplicates.repost_similarity(STORY, COPY))


def test_texts_of_an_older_warehouse_are_compared_by_the_next_reading(warehouse: Warehouse) -> None:
    warehouse.add([article("first", STORY, 1)], "1")
    warehouse.add([article("copy", COPY, 2)], "2")
    assert found(warehouse)["copy"] == (None, None)
    assert compare_texts(warehouse) == 1
    assert found(warehouse)["copy"] == ("first", "near")
    assert compare_texts(warehouse) == 0


def test_comparing_again_changes_nothing(warehouse: Warehouse) -> None:
    add(warehouse, *CORPUS)
    before = found(warehouse)
    with warehouse.connect() as con:
        con.execute("DELETE FROM raw.fingerprints")
    compare_texts(warehouse)
    assert found(warehouse) == before


def test_changed_text_at_a_known_address_is_a_new_version_and_the_old_one_stays(warehouse: Warehouse) -> None:
    add(warehouse, article("a", STORY, 1))
    assert warehouse.add([article("a", UPDATE, 1)], "2").versions == 1
    add(warehouse, article("a", UPDATE, 1))
    with warehouse.connect() as con:
        rows = con.execute(
            "SELECT version, article_id = 'a', version_of, duplicate_of IS NULL, duplicate_reason, text FROM raw.articles ORDER BY version"
        ).fetchall()
        originals = con.execute("SELECT text FROM raw.articles WHERE duplicate_of IS NULL").fetchall()
    assert rows == [(1, True, None, False, "version", STORY), (2, False, "a", True, None, UPDATE)]
    assert originals == [(UPDATE,)]


def test_versions_are_counted_up_once_each_whatever_comes_again(warehouse: Warehouse) -> None:
    texts = [STORY, UPDATE, STORY, LATER_COPY, UPDATE]
    for text in texts:
        add(warehouse, article("a", text))
    add(warehouse, *(article("a", text) for text in texts))
    with warehouse.connect() as con:
        rows = con.execute("SELECT version, text FROM raw.articles ORDER BY version").fetchall()
    assert rows == [(1, STORY), (2, UPDATE), (3, LATER_COPY)]


def test_copy_of_an_old_version_follows_the_newest_one(warehouse: Warehouse) -> None:
    add(warehouse, article("a", STORY, 1), article("b", STORY, 2), article("c", COPY, 3))
    add(warehouse, article("a", UPDATE, 1))
    newest = next(i for i, (of, _) in found(warehouse).items() if of is None)
    assert newest not in ("a", "b", "c")
    assert found(warehouse) == {
        newest: (None, None), "a": (newest, "version"), "b": (newest, "text"), "c": (newest, "near")
    }  # fmt: skip


def test_story_that_is_rewritten_step_by_step_does_not_collapse_into_its_first_line(warehouse: Warehouse) -> None:
    words = [f"word{i}" for i in range(200)]
    texts = [" ".join([f"new{i}" for i in range(25 * step)] + words[25 * step :]) for step in range(5)]
    add(warehouse, *(article(f"step{step}", text, step + 1) for step, text in enumerate(texts)))
    chains = [of for of, _ in found(warehouse).values() if of is not None]
    assert all(found(warehouse)[of] == (None, None) for of in chains), "who is repeated repeats nothing"
    assert found(warehouse)["step4"][0] != "step0"


def test_items_that_are_done_are_stored_with_what_they_brought_or_not_at_all(warehouse: Warehouse) -> None:
    items = [article("a", STORY), Rejected("b.txt", None, "binary"), Done("in/a.txt", "1"), Done("in/b.txt", "1")]
    warehouse.add(items, "1", "news")
    assert warehouse.seen("news", ["in/a.txt", "in/c.txt"]) == {"in/a.txt": "1"}
    assert warehouse.seen("others", ["in/a.txt"]) == {}
    with pytest.raises(Exception, match="Expected bytes"):  # fails behind the article, in the same transaction
        warehouse.add([article("b", OTHER), Done("in/c.txt", 5)], "2", "news")  # type: ignore[arg-type]
    assert warehouse.seen("news", ["in/c.txt"]) == {}
    assert set(found(warehouse)) == {"a"}
    warehouse.add([Done("in/a.txt", "2")], "3", "news")
    assert warehouse.seen("news", ["in/a.txt"]) == {"in/a.txt": "2"}


def test_page_that_hundreds_of_sites_show_alike_is_one_original_and_does_not_explode(warehouse: Warehouse) -> None:
    compared = 0

    def counting(text: str, other: str) -> float:
        nonlocal compared
        compared += 1
        return near_duplicates.repost_similarity(text, other)

    pages = [
        article(f"site{n}", f"{STORY} Notice of site{chr(97 + n % 26)}{chr(97 + n // 26)}.", n % 28 + 1)
        for n in range(300)
    ]
    pages.insert(150, article("first", STORY + " Notice.", 1))
    for some in (pages[:200], pages[200:]):
        warehouse.add(some, "batch")
        texts = warehouse.uncompared(1000)
        warehouse.compare(
            {h: near_duplicates.bands(t) for h, t in texts.items()}, counting, near_duplicates.REPOST, 1000
        )
    originals = [i for i, (of, _) in found(warehouse).items() if of is None]
    assert len(originals) == 1
    assert compared < 300 * 60
