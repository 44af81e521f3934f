"""Whether a run would find nothing new is told by files alone; here each thing that a run depends on is changed."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import last_run
from pipeline.settings import Settings, load_settings


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a whole run has left it, with own actors, own models and a model at a path."""
    for file, text in {
        "news/a.txt": "Talks.",
        "news/2021/b.txt": "A raid.",
        "own.csv": "actor_id\n",
        "models/marts/x.sql": "SELECT 1",
        "model/meta.json": "{}",
        "data/warehouse.duckdb": "rows",
        "data/published/warehouse.duckdb": "rows",
        "data/published/report.html": "<p>",
        "data/published/marts/x.parquet": "PAR1",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    (tmp_path / "faultline.toml").write_text(
        '[paths]\nmodels = "models"\nsources = ["news"]\n[knowledge]\nactors = "own.csv"\n'
        f'[model]\nname = "{tmp_path / "model"}"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def remembered(*paths: Path, sources: tuple[str, ...] = ()) -> Settings:
    settings = load_settings()
    last_run.remember(settings, last_run.made_from(settings, paths, sources))
    return settings


def stands(*paths: Path, sources: tuple[str, ...] = ()) -> bool:
    settings = load_settings()
    return last_run.ended(settings, last_run.made_from(settings, paths, sources)) is not None


def test_where_nothing_has_changed_the_run_stands_also_after_it_was_read(place: Path) -> None:
    remembered()
    assert (place / "data/published/warehouse.duckdb").read_text() == "rows"
    assert stands()
    assert stands()


def add(place: Path) -> None:
    (place / "news/2021/c.txt").write_text("News.")


def same_size_same_time(place: Path) -> None:
    """As an editor or rsync that keeps times may do: only the time of change of the file's record tells."""
    file = place / "news/a.txt"
    before = file.stat()
    file.write_text("Falls.")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def settings_file(place: Path) -> None:
    with (place / "faultline.toml").open("a") as file:
        file.write("[indicators]\nkappa_events = 6.0\n")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file added": add,
    "a file changed": same_size_same_time,
    "a file removed": lambda p: (p / "news/a.txt").unlink(),
    "a file renamed": lambda p: (p / "news/a.txt").rename(p / "news/z.txt"),
    "a setting": settings_file,
    "own actors": lambda p: (p / "own.csv").write_text("actor_id\nX\n"),
    "a SQL model": lambda p: (p / "models/marts/x.sql").write_text("SELECT 2"),
    "a SQL model added": lambda p: (p / "models/marts/y.sql").write_text("SELECT 2"),
    "the spaCy model": lambda p: (p / "model/meta.json").write_text("{ }"),
    "the snapshot deleted": lambda p: (p / "data/published/warehouse.duckdb").unlink(),
    "the snapshot damaged": lambda p: (p / "data/published/warehouse.duckdb").write_text("rots"),
    "a mart deleted": lambda p: (p / "data/published/marts/x.parquet").unlink(),
    "the report deleted": lambda p: (p / "data/published/report.html").unlink(),
    "all that is published deleted": lambda p: shutil.rmtree(p / "data/published"),
    "the warehouse written": lambda p: (p / "data/warehouse.duckdb").write_text("more rows"),
    "the warehouse deleted": lambda p: (p / "data/warehouse.duckdb").unlink(),
    "a writer killed": lambda p: (p / "data/warehouse.duckdb.wal").write_text("row"),
    "a run begun": lambda p: last_run.forget(load_settings()),
    "the record damaged": lambda p: (p / "data/last_run.json").write_text("{"),
    "the record of another form": lambda p: (p / "data/last_run.json").write_text("[]"),
    "the data folder moved": lambda p: (shutil.copytree(p / "data", p / "x"), shutil.rmtree(p / "data"), (p / "x").rename(p / "data")),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_asks_for_a_run(place: Path, change: Callable[[Path], object]) -> None:
    remembered()
    assert stands()
    change(place)
    assert not stands()


@pytest.mark.parametrize(
    "room", ["pipeline/knowledge/events/verbs.csv", "pipeline/tag/tagger.py", "assets/core.py", "automation/runs.py"]
)
def test_changed_code_or_knowledge_asks_for_a_run(place: Path, monkeypatch: pytest.MonkeyPatch, room: str) -> None:
    for name in (
        "pipeline/knowledge/events/verbs.csv",
        "pipeline/tag/tagger.py",
        "assets/core.py",
        "automation/runs.py",
        "resources/r.py",
    ):
        (place / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "code" / name).write_text("x")
    monkeypatch.setattr(last_run, "_ROOT", place / "code")
    remembered()
    cache = (place / "code" / room).parent / "__pycache__"
    cache.mkdir()
    (cache / "r.pyc").write_text("x")
    assert stands()  # bytecode is no change
    (place / "code" / room).write_text("y")
    assert not stands()


def test_an_installed_package_asks_for_a_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(place / "site-packages")
    (place / "site-packages" / "spacy-3.8.1.dist-info").mkdir(parents=True)
    remembered()
    assert stands()
    (place / "site-packages" / "spacy-3.8.1.dist-info").rename(place / "site-packages" / "spacy-3.8.2.dist-info")
    assert not stands()


def test_the_environment_is_a_setting(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered()
    monkeypatch.setenv("FAULTLINE_KNOWLEDGE__DAY_FIRST", "true")
    assert not stands()


def test_a_run_over_something_else_is_another_run(place: Path) -> None:
    remembered(place / "news")
    assert stands(place / "news")
    assert not stands()
    assert not stands(place / "news/a.txt")


def test_a_declared_folder_can_be_told_and_the_network_cannot(place: Path) -> None:
    with (place / "faultline.toml").open("a") as file:
        file.write(
            '[[sources]]\nkind = "files"\nname = "old"\npaths = ["old"]\n'
            '[[sources]]\nkind = "feed"\nname = "post"\nurl = "https://borderpost.example/rss.xml"\n'
        )
    (place / "old").mkdir()
    (place / "old/a.txt").write_text("Talks.")
    remembered(sources=("old",))
    assert stands(sources=("old",))
    (place / "old/b.txt").write_text("Talks.")
    assert not stands(sources=("old",))
    for sources in ((), ("post",), ("old", "post"), ("no such source",)):
        assert last_run.made_from(load_settings(), [], sources) is None


def test_a_pipe_cannot_be_told(place: Path) -> None:
    os.mkfifo(place / "news/pipe")
    assert last_run.made_from(load_settings(), [], []) is None


def test_a_link_is_what_it_leads_to(place: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = tmp_path_factory.mktemp("elsewhere") / "c.txt"
    (place / "news/link.txt").symlink_to(target)
    remembered()
    assert stands()
    target.write_text("Talks.")
    assert not stands()


def test_a_warehouse_written_after_its_snapshot_leaves_something_to_publish(place: Path) -> None:
    (place / "data/warehouse.duckdb").write_text("more")
    os.utime(place / "data/published/warehouse.duckdb", (1, 1))
    remembered()
    assert not stands()


def test_without_a_snapshot_nothing_is_remembered(place: Path) -> None:
    shutil.rmtree(place / "data")
    remembered()
    assert not stands()


def test_a_lake_may_have_been_written_by_others(place: Path) -> None:
    lake = '[warehouse]\nkind = "ducklake"\ncatalog = "postgres:dbname=x"\ndata_path = "lake"\n'
    (place / "faultline.toml").write_text((place / "faultline.toml").read_text() + lake)
    remembered()
    assert not (place / "data/last_run.json").exists()
