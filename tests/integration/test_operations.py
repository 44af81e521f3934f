"""A deployment over its life: years of articles in portions, a new coder, maintenance, word of failures. One corpus, in order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from local_server import Server, reply

from automation.runs import coding_config, folder_config
from pipeline.definitions import build_definitions
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.codings import ArticleSelection, diff_codings
from pipeline.warehouse.store import Warehouse
from pipeline.warehouse.upkeep import verify_snapshot

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TEXT = "Colombia condemned Venezuela on 03/04/{year}. Rebels attacked an army post in Colombia on 3 May {year}, killing four soldiers."


@dataclass
class Deployment:
    """A data folder with the instance of Dagster that runs over it."""

    folder: Path
    instance: dg.DagsterInstance

    def settings(self, **more: dict[str, object]) -> Settings:
        paths = {"data": str(self.folder / "data"), "sources": [], "inbox": str(self.folder / "inbox")}
        return load_settings(root=self.folder, paths=paths, **more)

    def run(
        self, job: str, config: dict[str, Any] | None = None, **more: dict[str, object]
    ) -> dg.ExecuteInProcessResult:
        definitions = build_definitions(settings=self.settings(**more))
        return definitions.resolve_job_def(job).execute_in_process(
            instance=self.instance, run_config={**(config or {}), **QUIET}, raise_on_error=False
        )

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.folder / "data" / "published" / "warehouse.duckdb"), read_only=True) as con:
            return con.execute(statement).fetchall()

    def sensor(self, name: str, **more: dict[str, object]) -> dg.SensorDefinition:
        return build_definitions(settings=self.settings(**more)).resolve_sensor_def(name)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    for year in (2019, 2020, 2021):
        (folder / "archive" / str(year)).mkdir(parents=True)
        article = {"text": TEXT.format(year=year), "published": f"{year}-05-06", "source": "The Test Herald"}
        (folder / "archive" / str(year) / "news.jsonl").write_text(json.dumps(article) + "\n")
    with dg.DagsterInstance.ephemeral() as instance:
        yield Deployment(folder, instance)


@pytest.fixture(scope="module")
def portions(deployment: Deployment) -> list[tuple[dg.ExecuteInProcessResult, list[tuple[Any, ...]]]]:
    """Two runs of backfill over the archive, each with the years that the snapshot held after it."""
    config = folder_config(deployment.folder / "archive", 2)
    years = "SELECT DISTINCT year(published) FROM core.current_runs JOIN raw.articles USING (article_id) ORDER BY 1"
    return [(deployment.run("backfill", config), deployment.ask(years)) for _ in range(2)]


@pytest.fixture(scope="module")
def retagged(deployment: Deployment, portions: object) -> dg.ExecuteInProcessResult:
    """The article of 2020 coded by another coder: one that reads 03/04 as a day in April."""
    selection = ArticleSelection(published_from=None, published_to=None, sources=["The Test Herald"], actors=["VEN"])
    config = coding_config(selection)
    config["ops"]["core"]["config"] |= {"published_from": "2020-01-01", "published_to": "2020-12-31"}  # type: ignore[index]
    return deployment.run("retag", config, knowledge={"day_first": True})


def metadata(result: dg.ExecuteInProcessResult, *key: str) -> dict[str, Any]:
    events = result.get_asset_materialization_events()
    found = next(e.materialization.metadata for e in events if e.asset_key == dg.AssetKey(list(key)))
    return {name: value.value for name, value in found.items()}


def test_a_folder_of_years_is_read_in_portions_and_each_is_published(deployment: Deployment, portions: Any) -> None:
    (first, years_first), (second, years_second) = portions
    assert first.success and second.success
    assert years_first == [(2019,), (2020,)]
    assert years_second == [(2019,), (2020,), (2021,)]
    assert [metadata(r, "raw", "articles")["folder is read"] for r in (first, second)] == [False, True]
    assert metadata(second, "raw", "articles")["read"] == 1, "what is read already is not read again"


def test_the_sensor_asks_for_the_next_portion_until_the_folder_is_read(deployment: Deployment, portions: Any) -> None:
    sensor = deployment.sensor("backfill_goes_on")

    def after(result: dg.ExecuteInProcessResult) -> Any:
        (event,) = (e for e in result.all_events if e.event_type_value == "PIPELINE_SUCCESS")
        context = dg.build_run_status_sensor_context(
            sensor_name="backfill_goes_on",
            dagster_instance=deployment.instance,
            dagster_run=deployment.instance.get_run_by_id(result.run_id),
            dagster_event=event,
        )
        return sensor(context)

    (first, _), (second, _) = portions
    asked = after(first)
    assert isinstance(asked, dg.RunRequest)
    assert asked.run_config["ops"]["raw__articles"]["config"]["most_files"] == 2
    assert isinstance(after(second), dg.SkipReason)


def test_the_sensor_for_untagged_articles_asks_once_for_a_new_coder(deployment: Deployment, portions: Any) -> None:
    def tick(**more: dict[str, object]) -> Any:
        sensor = deployment.sensor("untagged", **more)
        return sensor.evaluate_tick(dg.build_sensor_context(instance=deployment.instance))

    assert "Every article is coded" in tick().skip_message
    (request,) = tick(knowledge={"day_first": True}).run_requests
    assert request.tags["faultline/untagged"] == "3"
    assert tick(knowledge={"day_first": True}).run_requests[0].run_key == request.run_key


def test_retag_codes_what_was_selected_and_keeps_the_older_coding(
    deployment: Deployment, retagged: dg.ExecuteInProcessResult
) -> None:
    assert retagged.success
    assert metadata(retagged, "core", "tagging_runs")["articles tagged"] == 1
    codings = "SELECT year(published), count(*) FROM core.tagging_runs JOIN raw.articles USING (article_id) GROUP BY 1 ORDER BY 1"
    assert deployment.ask(codings) == [(2019, 1), (2020, 2), (2021, 1)]
    diff = diff_codings(deployment.settings().snapshot_path)
    assert diff.articles == 1
    dates = next(t for t in diff.tables if t.table == "date_mentions")
    assert (dates.same, dates.changed, dates.added, dates.removed) == (1, 1, 0, 0)
    (change,) = (c for c in diff.changes if c.table == "date_mentions")
    assert "value: 2020-03-04 → 2020-04-03" in change.said
    assert change.sentence == "Colombia condemned Venezuela on 03/04/2020."


def test_a_window_that_is_no_day_is_named(deployment: Deployment, portions: object) -> None:
    result = deployment.run("retag", {"ops": {"core": {"config": {"published_from": "last May"}}}})
    assert not result.success
    (failure, *_) = (e for e in result.all_events if e.is_step_failure)
    assert "'last May' is no day" in str(failure.event_specific_data)


def test_maintenance_drops_the_superseded_coding_and_proves_the_snapshot(
    deployment: Deployment, retagged: dg.ExecuteInProcessResult
) -> None:
    result = deployment.run("maintenance", maintenance={"keep_superseded_days": 0})
    assert result.success
    with Warehouse(deployment.folder / "data" / "warehouse.duckdb").connect() as con:
        assert con.execute("SELECT count(*) FROM core.tagging_runs").fetchall() == [(3,)]
    assert verify_snapshot(deployment.settings().snapshot_path) == []


def test_word_of_a_failed_run_goes_to_the_webhook_with_its_cause(
    deployment: Deployment, portions: object, server: Server
) -> None:
    server.routes["/hook"] = reply("ok")
    result = deployment.run("retag", model={"name": "no_such_model"})
    assert not result.success
    (event,) = (e for e in result.all_events if e.event_type_value == "PIPELINE_FAILURE")
    context = dg.build_run_status_sensor_context(
        sensor_name="run_failed",
        dagster_instance=deployment.instance,
        dagster_run=deployment.instance.get_run_by_id(result.run_id),
        dagster_event=event,
    ).for_run_failure()
    deployment.sensor("run_failed", alerts={"webhook": f"{server.url}/hook"})(context)
    (posted,) = server.asked("/hook")
    message = json.loads(posted.body)
    assert message["kind"] == "run failed"
    assert "retag failed: " in message["text"]
    assert "no_such_model" in message["text"]


def test_a_row_that_contradicts_its_article_is_not_published_not_even_by_hand(
    deployment: Deployment, retagged: dg.ExecuteInProcessResult
) -> None:
    snapshot = deployment.settings().snapshot_path
    old = snapshot.read_bytes()
    with Warehouse(deployment.folder / "data" / "warehouse.duckdb").connect() as con:
        con.execute("UPDATE core.date_mentions SET text = 'not what the article says'")
    assert not deployment.run("retag", knowledge={"day_first": True}).success
    assert snapshot.read_bytes() == old
    by_hand = dg.materialize(
        [
            a
            for a in build_definitions(settings=deployment.settings()).assets or ()
            if isinstance(a, dg.AssetsDefinition)
        ],
        instance=deployment.instance,
        selection=dg.AssetSelection.assets(["published", "warehouse"]),
        resources=build_definitions(settings=deployment.settings()).resources,
        run_config=QUIET,
        raise_on_error=False,
    )
    assert not by_hand.success
    assert snapshot.read_bytes() == old
