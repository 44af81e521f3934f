"""The reference tables hold every code that a coding may use."""

from collections.abc import Callable
from pathlib import Path

from pipeline.indicator_settings import Indicators
from pipeline.records import Article, TaggedArticle
from pipeline.steps import load_knowledge
from pipeline.warehouse.integrity import unsound_rows
from pipeline.warehouse.schema import events
from pipeline.warehouse.store import Warehouse


def test_who_visits_a_town_of_a_territory_that_no_table_of_actors_holds_has_a_known_other_side(
    tag_text: Callable[..., TaggedArticle], tmp_path: Path
) -> None:
    text = "President Emmanuel Macron visited Pointe-à-Pitre on Monday."
    tagged = tag_text(text)
    assert [e.target.actor_id for e in tagged.events if e.target] == ["GLP"]
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    load_knowledge(warehouse, Indicators())
    warehouse.add([Article("test", text)], "b")
    warehouse.store_tagged([tagged])
    with warehouse.connect() as con:
        assert con.execute("SELECT target_actor_id FROM core.events").fetchall() == [("GLP",)]
        assert not any(unsound_rows(con, events).values())
