"""Tagging by more than one process, with real ones: the same rows whoever tags, and what happens when one of them goes wrong."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from command import faultline
from lakes import BUCKET, SECRETS, serving_s3
from strange_taggers import Fragile, Strange

from pipeline.errors import WorkersError
from pipeline.progress import Advance
from pipeline.records import Article
from pipeline.steps import TagReport, tag_untagged
from pipeline.warehouse.batches import articles_table
from pipeline.warehouse.rows import row_id
from pipeline.warehouse.schema import TAGGED_TABLES, actor_roles, actors, full_name
from pipeline.warehouse.store import Warehouse
from pipeline.workers.bucket import Bucket
from pipeline.workers.coder import Coder
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import Folder, Place
from pipeline.workers.pool import Broken
from pipeline.workers.processes import Worker

ROOT = Path(__file__).parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("faultline"))
ENGINES = ["process", "dask"]


# -- Processes


def descendants(pid: int) -> dict[int, str]:
    """Command lines of the processes below one, by their number."""
    parents, commands = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, IndexError):
                continue
    below, found = {pid}, {}
    while more := {p for p, parent in parents.items() if parent in below and p not in found}:
        found |= {p: commands.get(p, "") for p in more}
        below = more
    return found


def tagging(pid: int | None = None) -> list[int]:
    """The processes that tag for one."""
    return [p for p, command in descendants(pid or os.getpid()).items() if "pipeline.workers.child" in command]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def wait_until(holds: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


# -- Places of batches


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    with serving_s3() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A prefix of its own, with a lease that a test can wait for."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    return Bucket(f"s3://{BUCKET}/{tmp_path.name}", s3, lease_seconds=3)


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Folder(tmp_path / "batches")
    found: Bucket = request.getfixturevalue("bucket")
    return found


def objects(bucket: Bucket) -> list[str]:
    """All that lies there, whatever its name."""
    return bucket.do(lambda s3, store: [m["path"] for some in s3.list(store) for m in some])


# -- Warehouses


class Filled(Warehouse):
    """A warehouse in a folder of the test's, where batches may lie too."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "w.duckdb", lock_timeout_seconds=30)
        self.folder = folder


def warehouse_of(folder: Path, texts: list[str]) -> Filled:
    warehouse = Filled(folder)
    warehouse.add([Article(f"a{i}", f"{text} {i}", text_hash=row_id(text, i), origin=f"wire.jsonl:{i}") for i, text in enumerate(texts)], "1")  # fmt: skip
    return warehouse


def stored(warehouse: Warehouse) -> tuple[list[str], list[tuple[str, str]]]:
    """Articles as often as they were tagged and have rows, and those rejected with the reason."""
    with warehouse.connect() as con:
        tagged = con.execute(
            "SELECT article_id FROM core.tagging_runs JOIN core.sentences USING (article_id) ORDER BY 1"
        )
        articles = [a for (a,) in tagged.fetchall()]
        rejected = con.execute("SELECT article_id, reason FROM raw.rejected ORDER BY 1").fetchall()
    return articles, rejected


def tag(warehouse: Filled, engine: str, progress: Callable[[], None] = lambda: None, **how: object) -> TagReport:
    """Tag in batches of 4 with two workers; ``progress`` is called after each."""
    who = Workforce(**{"engine": engine, "workers": 2, "batches": Folder(warehouse.folder / "batches"), **how})  # type: ignore[arg-type]

    @contextmanager
    def tell(what: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda done=1: progress()

    with open_engine(Strange(), who) as opened:
        return tag_untagged(warehouse, opened, 4, tell)


def once(action: Callable[[], object]) -> Callable[[], None]:
    """Does something the first time only."""
    left = [action]
    return lambda: left and left.pop()() and None


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


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


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


def test_batches_that_an_ended_run_has_left_are_stored_and_not_tagged_again(place: Place, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["Fine."] * 8)
    with open_engine(Strange(), Workforce("dask", 1, batches=place)) as engine:
        todo = warehouse.untagged(engine.coder_version, 8)
        next(engine.tag([todo.slice(0, 4), todo.slice(4)]))
        wait_until(lambda: sum(n.endswith(".tagged.parquet") for n in place.names()) == 2)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    assert tag(warehouse, "dask", scheduler=nobody, batches=place).articles == 8, "without any worker"
    assert stored(warehouse) == ([f"a{i}" for i in range(8)], [])
    assert not place.names()


def test_two_runs_do_not_share_a_place_of_batches(place: Place) -> None:
    who = Workforce("dask", 1, batches=place)
    with open_engine(Strange(), who), pytest.raises(WorkersError, match="Another run tags through"):
        open_engine(Strange(), who)
    with open_engine(Strange(), who):
        pass  # the first has given it back


def test_a_run_clears_away_batches_that_nobody_can_use_and_nothing_else(place: Place) -> None:
    coder = Strange().coder_version
    kept = {f"{coder}/1.tagged.parquet", "notes/mine.txt", f"{coder}/mine.parquet"}
    for name in (*kept, f"{coder}/1.articles.parquet", "older/2.tagged.parquet", "older/3.articles.parquet"):
        place.put(name, b"something")
    with open_engine(Strange(), Workforce("dask", 1, batches=place)):
        assert set(place.names()) == kept


# -- Batches in S3


def test_two_workers_tag_through_s3_everything_once_and_leave_nothing(bucket: Bucket, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["Fine."] * 40)
    seen: set[str] = set()
    report = tag(warehouse, "dask", lambda: seen.update(objects(bucket)), batches=bucket)
    assert report.articles == 40
    assert stored(warehouse) == (sorted(f"a{i}" for i in range(40)), [])
    assert "lock" in seen
    assert any(n.endswith(".tagged.parquet") for n in seen), "they went through the bucket"
    assert objects(bucket) == []


def test_of_many_runs_that_begin_at_once_one_gets_the_prefix(bucket: Bucket) -> None:
    with ThreadPoolExecutor(8) as threads:
        held = [bucket.held() for _ in range(8)]
        begun = [threads.submit(h.__enter__) for h in held]
        got = [h for h, b in zip(held, begun, strict=True) if b.exception() is None]
    assert len(got) == 1
    got[0].__exit__(None, None, None)
    assert objects(bucket) == []


def test_a_lock_that_is_not_renewed_is_taken_over_after_the_lease(bucket: Bucket) -> None:
    bucket.put("lock", b"of a driver that was killed")
    begun = time.monotonic()
    with bucket.held() as still_ours:
        assert time.monotonic() - begun >= bucket.lease_seconds
        time.sleep(1.5 * bucket.lease_seconds)
        still_ours()  # it is renewed
    assert objects(bucket) == []


def test_a_run_that_lost_the_prefix_stops_and_leaves_it_to_the_other(bucket: Bucket, tmp_path: Path) -> None:
    warehouse = warehouse_of(tmp_path, ["SLOW"] * 80)
    with pytest.raises(WorkersError, match="This run lost s3://"):
        tag(warehouse, "dask", once(lambda: bucket.put("lock", b"of another run")), batches=bucket)
    assert 0 < len(stored(warehouse)[0]) < 80
    assert bucket.get("lock") == b"of another run"


def test_a_bucket_that_cannot_be_used_is_named(bucket: Bucket) -> None:
    for address, endpoint, said in (
        ("s3://nowhere/batches", bucket.endpoint, "no bucket of that name"),
        (bucket.address, f"http://127.0.0.1:{free_port()}", "Check tagging.batches"),
    ):
        with pytest.raises(WorkersError, match=said):
            open_engine(Strange(), Workforce("dask", 1, batches=replace(bucket, address=address, endpoint=endpoint)))


@pytest.mark.one_file  # as below
def test_a_driver_that_is_killed_is_followed_by_the_next_run_through_s3(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "faultline.toml").write_text(
        f'[tagging]\nengine = "dask"\nworkers = 2\nbatch_size = 5\nbatches = "{bucket.address}"\n'
        f'[object_store]\nendpoint = "{bucket.endpoint}"\n'
    )
    many_articles(tmp_path)
    run = subprocess.Popen([COMMAND, "run", "many.jsonl"], cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # fmt: skip
    wait_until(lambda: runs(tmp_path) >= 10 or run.poll() is not None, 300)
    run.kill()
    run.wait()
    assert 0 < runs(tmp_path) < 120, "the run was to be ended in its middle"
    assert "lock" in objects(bucket), "it could not give its lock back"
    result = faultline("run", "many.jsonl", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    with duckdb.connect(str(tmp_path / "data" / "published" / "warehouse.duckdb"), read_only=True) as con:
        counted = con.execute("SELECT count(*), count(DISTINCT article_id) FROM core.tagging_runs").fetchall()
        sentences = con.execute("SELECT DISTINCT n FROM (SELECT count(*) AS n FROM core.sentences GROUP BY article_id)")
        assert counted == [(120, 120)]
        assert sentences.fetchall() == [(12,)]
    assert objects(bucket) == []


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


def many_articles(folder: Path) -> None:
    text = "Rebels attacked a town in Mali on 3 May 2021, killing {} people. " * 12
    lines = [json.dumps({"doc_id": f"d{i}", "text": text.format(*[i] * 12), "published": "2021-05-06"}) for i in range(120)]  # fmt: skip
    (folder / "many.jsonl").write_text("\n".join(lines))


def runs(folder: Path) -> int:
    try:
        with duckdb.connect(str(folder / "data" / "warehouse.duckdb"), read_only=True) as con:
            return int(con.execute("SELECT count(*) FROM core.tagging_runs").fetchall()[0][0])
    except duckdb.Error:
        return 0


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
from pipeline.automation.dask_steps import steps_on_dask
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
