"""Where batches lie on their way through a cluster, a folder or a prefix in S3: what is left there, and whose it is."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from command import faultline
from lakes import BUCKET, SECRETS, serving_s3
from strange_taggers import Strange
from workforces import free_port, many_articles, once, runs, stored, tag, wait_until, warehouse_of

from pipeline.errors import WorkersError
from pipeline.workers.bucket import Bucket
from pipeline.workers.opening import Workforce, open_engine
from pipeline.workers.places import Folder, Place

COMMAND = str(Path(sys.executable).with_name("faultline"))


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
