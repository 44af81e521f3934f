"""The graph, run for real: DuckDB, spaCy and Dagster in this process."""

import base64
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import dagster as dg
import duckdb
import pytest

from assets.metadata import bar_chart
from automation.runs import articles_config
from pipeline.definitions import build_definitions
from pipeline.settings import Settings, load_settings

SNAPSHOT = Path(__file__).parent / "graph.json"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
REPORT = (
    "Rebels of the Red Banner Front attacked an army post in Colombia on 3 May 2021, killing four soldiers, the army said. "
    "Colombia condemned Venezuela on 4 May 2021. Colombia and Ecuador signed an agreement on 5 May 2021."
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "news").mkdir()
    return load_settings(
        root=tmp_path,
        paths={"data": str(tmp_path / "data"), "sources": [str(tmp_path / "news")], "inbox": str(tmp_path / "inbox")},
    )


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def write_article(folder: Path, name: str, text: str, published: str = "2021-05-06") -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(
        json.dumps({"doc_id": name, "text": text, "published": published, "source": "The Test Herald"}) + "\n"
    )
    return file


def run(settings: Settings, instance: dg.DagsterInstance, *, raises: bool = True) -> dg.ExecuteInProcessResult:
    job = build_definitions(settings=settings).resolve_job_def("daily")
    config = {**articles_config(settings.source_paths), **QUIET}
    return job.execute_in_process(instance=instance, run_config=config, raise_on_error=raises)


def test_graph_is_as_recorded(settings: Settings) -> None:
    """A change of the graph shows in the diff of graph.json; UPDATE_GRAPH=1 records a new one."""
    graph = build_definitions(settings=settings).resolve_asset_graph()
    recorded = {
        key.to_user_string(): {
            "group": graph.get(key).group_name,
            "reads": sorted(k.to_user_string() for k in graph.get(key).parent_keys),
            "checks": sorted(c.name for c in graph.get(key).check_keys),
            "pools": sorted(graph.get(key).pools or ()),
        }
        for key in sorted(graph.get_all_asset_keys())
    }
    text = json.dumps(recorded, indent=1, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_GRAPH"):
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text()


@dataclass
class Ran:
    """Two runs over one article, with every row that the snapshot held after each."""

    first: dg.ExecuteInProcessResult
    second: dg.ExecuteInProcessResult
    settings: Settings
    published: Path
    before: dict[str, list[tuple[object, ...]]]
    after: dict[str, list[tuple[object, ...]]]


def rows_of(snapshot: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(snapshot), read_only=True) as con:
        tables = [t for (t,) in con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()]
        return {t: con.execute(f"SELECT * FROM {t} ORDER BY ALL").fetchall() for t in tables}


@pytest.fixture(scope="module")
def ran_twice(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("project")
    settings = load_settings(root=folder, paths={"data": str(folder / "data"), "sources": [str(folder / "news")]})
    write_article(settings.source_paths[0], "a.jsonl", REPORT)
    with dg.DagsterInstance.ephemeral() as instance:
        first = run(settings, instance)
        before = rows_of(settings.snapshot_path)
        return Ran(
            first, run(settings, instance), settings, settings.published_dir, before, rows_of(settings.snapshot_path)
        )


def test_one_run_leads_from_an_article_to_a_published_pair_and_a_second_changes_nothing(ran_twice: Ran) -> None:
    assert ran_twice.first.success
    assert all(e.passed for e in ran_twice.first.get_asset_check_evaluations())
    assert ("COL", "VEN") in {row[1:3] for row in ran_twice.before["marts.dyad_month"]}
    tagged = metadata(ran_twice.second, "core", "tagging_runs")
    assert tagged["articles tagged"].value == 0
    assert ran_twice.after == ran_twice.before


def materialized(result: dg.ExecuteInProcessResult) -> set[str]:
    return {e.asset_key.to_user_string() for e in result.get_asset_materialization_events() if e.asset_key}


def test_where_a_test_that_must_hold_fails_no_model_behind_it_is_built_and_nothing_published(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    models = tmp_path / "models"
    shutil.copytree(Path(__file__).parents[2] / "dbt_like_sql", models)
    (models / "tests" / "no_pair_is_tense.sql").write_text(
        "/*\ndescription: There is no pair.\nseverity: error\n*/\nSELECT * FROM marts.dyad_month\n"
    )
    paths = {"data": str(tmp_path / "data"), "models": str(models), "sources": [str(tmp_path / "news")]}
    settings = load_settings(root=tmp_path, paths=paths)
    write_article(settings.source_paths[0], "a.jsonl", REPORT)
    result = run(settings, instance, raises=False)
    failed = [
        (e.asset_key.to_user_string(), e.check_name) for e in result.get_asset_check_evaluations() if not e.passed
    ]
    assert failed == [("marts/dyad_month", "tests_error")]
    assert "marts/dyad_month" in materialized(result)
    assert not result.success
    behind = {"marts/dyad_dashboard", "published/warehouse", "published/report"}
    assert not behind & materialized(result)
    assert not settings.snapshot_path.exists()


def test_some_models_are_built_alone(ran_twice: Ran) -> None:
    definitions = build_definitions(settings=ran_twice.settings)
    wanted = dg.AssetSelection.assets(["staging", "weeks"], ["marts", "level_week"])
    some = definitions.resolve_implicit_global_asset_job_def().get_subset(
        asset_selection=wanted.resolve(definitions.resolve_asset_graph())
    )
    with dg.DagsterInstance.ephemeral() as instance:
        assert materialized(some.execute_in_process(instance=instance, run_config=QUIET)) == {
            "staging/weeks",
            "marts/level_week",
        }


def test_every_materialization_says_how_many_rows_it_has(ran_twice: Ran) -> None:
    for event in ran_twice.first.get_asset_materialization_events():
        if event.asset_key and event.asset_key.path[0] != "published":
            assert "dagster/row_count" in event.materialization.metadata, event.asset_key


def metadata(result: dg.ExecuteInProcessResult, *key: str) -> Mapping[str, dg.MetadataValue]:
    events = result.get_asset_materialization_events()
    return next(e.materialization.metadata for e in events if e.asset_key == dg.AssetKey(list(key)))


def test_a_marts_columns_have_the_types_and_meanings_that_they_came_out_with(ran_twice: Ran) -> None:
    shown = metadata(ran_twice.first, "marts", "dyad_current")["dagster/column_schema"].value
    assert isinstance(shown, dg.TableSchema)
    columns = {c.name: (c.type, bool(c.description)) for c in shown.columns}
    assert columns["a"] == ("VARCHAR", True)
    assert columns["as_of"] == ("DATE", True)
    assert columns["tension_rank"] == ("BIGINT", True)


def test_the_report_is_written_beside_the_snapshot_and_shown_in_the_page(ran_twice: Ran) -> None:
    made = metadata(ran_twice.second, "published", "report")
    page = Path(str(made["path"].value))
    assert page == ran_twice.published / "report.html"
    assert "Colombia" in page.read_text(encoding="utf-8")
    shown = str(made["report"].value)
    assert shown == (ran_twice.published / "report.md").read_text(encoding="utf-8")
    assert "30 April 2021 to 6 May 2021" in shown


def test_actor_mentions_show_who_is_named_and_who_is_not_known(ran_twice: Ran) -> None:
    shown = metadata(ran_twice.first, "core", "actor_mentions")
    assert 0 < float(str(shown["share of names resolved"].value)) <= 1
    assert "| COL | Colombia | state |" in str(shown["most frequent actors"].value)
    assert "most frequent unresolved names" in shown


def test_events_are_shown_in_their_sentences_and_a_coder_with_its_accuracy(ran_twice: Ran) -> None:
    shown = str(metadata(ran_twice.first, "core", "events")["events in their sentences"].value)
    assert "*Colombia* `COL` **condemned** `ACCUSE` *Venezuela* `VEN` on 4 May 2021." in shown
    coder = metadata(ran_twice.first, "core", "tagging_runs")
    assert "| set | articles | measures | coder |" in str(coder["accuracy"].value)
    assert str(coder["coder_version"].value) in str(coder["coders"].value)


def test_the_snapshot_shows_the_tensest_pairs_as_a_picture_that_is_no_script(ran_twice: Ran) -> None:
    chart = bar_chart("Tension", [("<script>a</script> – b", 40.0, "40")], 100).md_str
    picture = base64.b64decode(chart.split("base64,")[1].rstrip(")")).decode()
    assert ElementTree.fromstring(picture).tag.endswith("svg")  # noqa: S314 - our own text
    assert "<script>" not in picture
    assert {"tensest pairs", "tensest pairs, chart"} <= metadata(ran_twice.first, "published", "warehouse").keys()


def test_sensor_asks_for_one_run_per_state_of_the_inbox(settings: Settings, instance: dg.DagsterInstance) -> None:
    definitions = build_definitions(settings=settings)
    sensor = (
        definitions.resolve_sensor_def("inbox")
        if hasattr(definitions, "resolve_sensor_def")
        else definitions.get_sensor_def("inbox")
    )

    def tick(cursor: str | None) -> object:
        return sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=cursor))

    assert "no folder" in str(tick(None).skip_message)  # type: ignore[attr-defined]
    file = write_article(settings.root / "inbox", "a.jsonl", REPORT)
    assert "being written" in str(tick(None).skip_message)  # type: ignore[attr-defined]
    os.utime(file, (1_700_000_000, 1_700_000_000))
    first = tick(None)
    (request,) = first.run_requests  # type: ignore[attr-defined]
    assert request.run_config["ops"]["raw__articles"]["config"]["paths"] == [str(settings.root / "inbox")]
    assert tick(None).run_requests[0].run_key == request.run_key, "the same state asks for the same run"  # type: ignore[attr-defined]
    assert not tick(first.cursor).run_requests  # type: ignore[attr-defined]
    os.utime(write_article(settings.root / "inbox", "b.jsonl", "More."), (1_700_000_000, 1_700_000_000))
    assert tick(first.cursor).run_requests[0].run_key != request.run_key  # type: ignore[attr-defined]


def test_schedule_runs_the_daily_job_at_the_time_of_the_settings(tmp_path: Path) -> None:
    settings = load_settings(root=tmp_path, schedule={"cron": "15 4 * * *"})
    definitions = build_definitions(settings=settings)
    schedule = (
        definitions.resolve_schedule_def("daily_schedule")
        if hasattr(definitions, "resolve_schedule_def")
        else definitions.get_schedule_def("daily_schedule")
    )
    assert schedule.cron_schedule == "15 4 * * *"
    assert schedule.job_name == "daily"
    with dg.DagsterInstance.ephemeral() as instance:
        moment = datetime(2021, 5, 7, 4, 15, tzinfo=UTC)
        tick = schedule.evaluate_tick(dg.build_schedule_context(instance, scheduled_execution_time=moment))
    assert len(tick.run_requests or ()) == 1
    assert definitions.resolve_schedule_def("maintenance_schedule").cron_schedule == "0 3 * * 0"
