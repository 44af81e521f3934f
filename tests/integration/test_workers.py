"""Tagging by more than one process, with real ones: the same rows whoever tags, and what happens when one of them goes wrong."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from command import faultline
from strange_taggers import Fragile, Strange
from workforces import (
    descendants,
    free_port,
    is_gone,
    many_articles,
    once,
    parent_of,
    runs,
    stored,
    tag,
    tagging,
    wait_until,
    warehouse_of,
)

from pipeline.errors import WorkersError
from pipeline.progress import Advance
from pipeline.records import Article
from pipeline.warehouse.batches import articles_table
from pipeline.warehouse.schema import TAGGED_TABLES, actor_roles, actors, full_name
from pipeline.workers.coder import Coder
from pipeline.workers.pool import Broken
from pipeline.workers.processes import Worker

ROOT = Path(__file__).parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("faultline"))
ENGINES = ["process", "dask"]


# -- The same rows


@pytest.fixture(scope="session")
def rows_of_one(project: Path) -> dict[str, list[tuple[object, ...]]]:
    return core_rows(project)


def core_rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(folder / "data" / "published" / "warehouse.duckdb"), read_only=True) as con:
        return {
            t.name: con.execute(f"SELECT * FROM {full_name(t)} ORDER BY ALL").fetchall()
            for t in (*TAGGED_TABLES, actors, actor_roles)
        }


@pytest.mark.parametrize("engine", ENGINES)
def test_two_workers_write_the_rows_of_one_process(
    engine: str, rows_of_one: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    (tmp_path / "faultline.toml").write_text(f'[tagging]\nengine = "{engine}"\nworkers = 2\nbatch_size = 7\n')
    result = faultline("run", ROOT / "examples", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    rows = core_rows(tmp_path)
    for table, expected in rows_of_one.items():
        assert expected
        assert rows[table] == expected, table
    assert not list((tmp_path / "data").glob("batches/*/*")), "batches that are stored are removed"


def test_two_processes_write_the_lines_of_one_in_order(tmp_path: Path) -> None:
    lines = [f'{{"doc_id": "d{i}", "text": "Rebels killed {i} soldiers in Mali on 3 May 2021.", "published": "2021-05-0{i % 9 + 1}"}}\n' for i in range(150)]  # fmt: skip
    (tmp_path / "in.jsonl").write_text("".join(lines))
    one = faultline("tag", "in.jsonl", cwd=tmp_path)
    two = faultline("tag", "in.jsonl", "--workers", "2", cwd=tmp_path)
    assert one.returncode == two.returncode == 0, two.stderr
    assert one.stdout.count("\n") == 150
    assert two.stdout == one.stdout


# -- Faults


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("killed", [1, 2])
def test_workers_that_are_killed_are_replaced_and_nothing_is_lost(engine: str, killed: int, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["SLOW"] * 24)
    victims: list[int] = []

    def kill() -> None:
        found = tagging()
        victims.extend({parent_of(p) for p in found} if engine == "dask" else found)
        del victims[killed:]
        for victim in victims:
            os.kill(victim, signal.SIGKILL)

    report = tag(warehouse, engine, once(kill))
    assert len(victims) == killed
    assert report.articles == 24
    assert stored(warehouse) == (sorted(f"a{i}" for i in range(24)), [])
    assert not tagging(), "workers end with the run"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_worker_that_hangs_is_replaced(engine: str, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["SLOW"] * 24)
    report = tag(warehouse, engine, once(lambda: os.kill(tagging()[0], signal.SIGSTOP)), patience_seconds=10)
    assert report.articles == 24
    assert stored(warehouse) == (sorted(f"a{i}" for i in range(24)), [])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_article_that_kills_its_worker_is_isolated_and_the_rest_completes(engine: str, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["Fine."] * 5 + ["POISON"] + ["Fine."] * 2)
    report = tag(warehouse, engine, tries=2)
    assert (report.articles, report.rejected) == (7, 1)
    articles, rejected = stored(warehouse)
    assert articles == [f"a{i}" for i in range(8) if i != 5]
    assert rejected == [("a5", "2 workers ended while they tagged it: ended by SIGKILL")]
    with warehouse.connect() as con:
        where = con.execute("SELECT origin, excerpt, coder_version FROM raw.rejected").fetchall()
    assert where == [("wire.jsonl:5", "POISON 5", Strange().coder_version)]
    again = tag(warehouse, engine)
    assert (again.articles, again.rejected) == (0, 0), "it is not tried again by the same coder"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_article_that_hangs_is_isolated(engine: str, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["HANG", "Fine.", "Fine."])
    tag(warehouse, engine, patience_seconds=10, tries=1)
    assert stored(warehouse) == (
        ["a1", "a2"],
        [("a0", "1 workers ended while they tagged it: it took longer than 10 s")],
    )


@pytest.mark.parametrize(("engine", "workers"), [("process", 1), ("process", 2), ("dask", 2)])
def test_an_article_that_the_tagger_fails_on_is_isolated(engine: str, workers: int, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["Fine.", "ERROR", "Fine.", "Fine.", "Fine."])
    report = tag(warehouse, engine, workers=workers)
    assert (report.articles, report.rejected) == (4, 1)
    assert stored(warehouse)[1] == [("a1", "the tagger fails on it: ValueError: seven is no verb")]


@pytest.mark.parametrize(("engine", "workers"), [("process", 1), ("process", 2), ("dask", 2)])
def test_progress_tells_of_each_article_once_however_often_it_is_tried(
    engine: str, workers: int, tmp_path: Path
) -> None:
    told: list[int] = []

    @contextmanager
    def progress(what: str, total: int | None = None) -> Iterator[Advance]:
        assert total == 10
        yield lambda done=1: told.append(done)

    tag(warehouse_of(tmp_path, [*["Fine."] * 5, "ERROR", *["Fine."] * 4]), engine, progress=progress, workers=workers)
    assert sum(told) == 10
    assert min(told) > 0
    if workers == 1:
        assert told == [1] * 10, "the process itself tells of each"


def test_a_tagger_that_fails_on_everything_rejects_nothing(tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["ERROR"] * 40)
    with pytest.raises(WorkersError, match="the articles are not the cause"):
        tag(warehouse, "process", workers=1)
    assert stored(warehouse)[0] == []


def test_workers_that_cannot_start_are_named(tmp_path: Path) -> None:
    articles = articles_table([Article("a", "Fine.")])
    for worker, said in (
        (Worker(Coder.of(Fragile())), "ended with exit code 7"),
        (Worker(replace(Coder.of(Strange()), coder_version="another")), "not another: install the same version"),
    ):
        outcome = worker.code(articles)
        assert isinstance(outcome, Broken)
        assert said in outcome.reason
        worker.close()


@contextmanager
def cluster(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler and two workers as a team starts them, each by its own command; yields the scheduler."""
    dask = [str(Path(sys.executable).with_name("dask"))]
    here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests"), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    address = f"tcp://127.0.0.1:{port}"
    commands = [[*dask, "scheduler", *here, "--port", str(port)]]
    commands += [[*dask, "worker", address, *here, "--nthreads", "1", "--death-timeout", "60"]] * 2
    started = [subprocess.Popen(c, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for c in commands]  # fmt: skip
    try:
        yield started[0]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_scheduler_that_is_killed_ends_the_run_and_the_next_one_completes_it(tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["SLOW"] * 40)
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    with cluster(port, tmp_path) as scheduler, pytest.raises(WorkersError, match=f"scheduler at {address} is gone"):
        tag(warehouse, "dask", once(scheduler.kill), scheduler=address)
    assert 0 < len(stored(warehouse)[0]) < 40
    with pytest.raises(WorkersError, match=f"No Dask scheduler answers at {address}"):
        tag(warehouse, "dask", scheduler=address)
    before = stored(warehouse)[0]  # with the batches that were tagged and not yet stored when the scheduler went
    with cluster(port, tmp_path):
        report = tag(warehouse, "dask", scheduler=address)
    assert report.articles == 40 - len(before)
    assert stored(warehouse) == (sorted(f"a{i}" for i in range(40)), []), "nothing twice, nothing missing"


def test_what_a_cluster_needs_is_named_where_it_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkersError, match="uv sync --extra dask"):
        tag(warehouse_of(tmp_path, ["Fine."]), "dask")


def listening() -> dict[int, str]:
    """Addresses in hexadecimal that this process and those below it listen on, by inode."""
    owned = set()
    for pid in [os.getpid(), *descendants(os.getpid())]:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                owned.add(str(link.readlink()))
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {int(f[9]): f[1] for f in lines if f[3] == "0A" and f"socket:[{f[9]}]" in owned}


def test_a_cluster_of_this_machine_listens_on_loopback_only(tmp_path: Path) -> None:
    found: dict[int, str] = {}
    tag(warehouse_of(tmp_path, ["Fine."] * 4), "dask", once(lambda: found.update(listening())))
    assert len(found) >= 3, "scheduler and workers"
    assert all(address.startswith("0100007F:") for address in found.values()), found


@pytest.mark.one_file  # looks into the file while the run writes; tests/integration/lake kills a writer of a lake
@pytest.mark.parametrize(("engine", "signal_"), [("process", signal.SIGKILL), ("dask", signal.SIGKILL), ("process", signal.SIGINT)])  # fmt: skip
def test_a_run_that_is_ended_leaves_no_process_and_the_next_one_completes_it(
    engine: str, signal_: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "faultline.toml").write_text(f'[tagging]\nengine = "{engine}"\nworkers = 2\nbatch_size = 5\n')
    many_articles(tmp_path)
    run = subprocess.Popen([COMMAND, "run", "many.jsonl"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=0)  # fmt: skip
    wait_until(lambda: runs(tmp_path) >= 10 or run.poll() is not None, 300)
    below = [pid for pid, command in descendants(run.pid).items() if "python" in command]
    assert len(tagging(run.pid)) == 2
    if signal_ is signal.SIGINT:
        os.killpg(run.pid, signal_)  # as the terminal does it
    else:
        run.send_signal(signal_)
    _, errors = run.communicate(timeout=60)
    assert 0 < runs(tmp_path) < 120, "the run was to be ended in its middle"
    wait_until(lambda: all(is_gone(pid) for pid in below), 60)
    if signal_ is signal.SIGINT:
        assert run.returncode == 130
        said = errors.decode()
        assert "Traceback" not in said
        assert said.rstrip().endswith("Stopped. What was committed stays; the same command goes on from there.")
    result = faultline("run", "many.jsonl", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    with duckdb.connect(str(tmp_path / "data" / "published" / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*), count(DISTINCT article_id) FROM core.tagging_runs").fetchall() == [
            (120, 120)
        ]
        sentences = con.execute("SELECT DISTINCT n FROM (SELECT count(*) AS n FROM core.sentences GROUP BY article_id)")
        assert sentences.fetchall() == [(12,)]


CODE_LOCATION = """
import dagster as dg
from assets.core import CORE_TABLES
from automation.dask_steps import steps_on_dask
from pipeline.definitions import build_definitions


@dg.definitions
def defs():
    tagging = dg.define_asset_job("tagging", dg.AssetSelection.assets("raw/articles", *(f"core/{t.name}" for t in CORE_TABLES)))
    return dg.Definitions.merge(build_definitions(executor=steps_on_dask), dg.Definitions(jobs=[tagging]))
"""
RUN = "execution: {config: {cluster: {local: {n_workers: 2, host: 127.0.0.1, dashboard_address: '127.0.0.1:0'}}}}"


def test_whole_steps_run_on_dask_by_dagster_dask_and_tag_with_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "faultline.toml").write_text(
        '[paths]\nsources = ["many.jsonl"]\n[tagging]\nworkers = 2\nbatch_size = 40\n'
    )
    many_articles(tmp_path)
    (tmp_path / "steps.py").write_text(CODE_LOCATION)
    (tmp_path / "run.yaml").write_text(RUN)
    (tmp_path / "home").mkdir()
    shutil.copy(ROOT / "dagster.yaml", tmp_path / "home")
    command = [
        str(Path(COMMAND).with_name("dagster")),
        "job",
        "execute",
        "-f",
        "steps.py",
        "-j",
        "tagging",
        "-c",
        "run.yaml",
    ]
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(tmp_path / "home"),
        "FAULTLINE_PATHS__DATA": str(tmp_path / "data"),
    }
    result = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert result.returncode == 0, result.stderr
    assert runs(tmp_path) == 120
