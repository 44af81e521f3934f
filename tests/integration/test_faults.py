"""What can go wrong on a machine, with real processes: each fault gets a clear message, loses nothing, and doctor explains it."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from command import environment, faultline

from pipeline.warehouse.upkeep import verify_snapshot

COMMAND = str(Path(sys.executable).with_name("faultline"))
pytestmark = pytest.mark.one_file


@pytest.fixture
def used(project: Path, tmp_path: Path) -> Path:
    """A copy of a project in which the bundled corpus was run, with one article more to read."""
    shutil.copytree(project / "data", tmp_path / "data")
    (tmp_path / "inbox").mkdir()
    article = {"text": "Ghana condemned Togo on 3 May 2021. " * 4, "published": "2021-05-06", "source": "a"}
    (tmp_path / "inbox" / "more.jsonl").write_text(json.dumps(article) + "\n")
    (tmp_path / "faultline.toml").write_text("[warehouse]\nlock_timeout_seconds = 1\n")
    return tmp_path


def articles(folder: Path) -> int:
    with duckdb.connect(str(folder / "data" / "warehouse.duckdb"), read_only=True) as con:
        return int(con.execute("SELECT count(*) FROM core.tagging_runs").fetchall()[0][0])


def said(result: subprocess.CompletedProcess[str]) -> str:
    """What a command said, on one line; a fault of the machine is no reason for a traceback."""
    assert "Traceback" not in result.stderr, result.stderr
    return " ".join((result.stdout + result.stderr).split())


def test_full_disk_is_named_and_the_next_run_completes_the_work(used: Path) -> None:
    before, snapshot = articles(used), (used / "data" / "published" / "warehouse.duckdb").read_bytes()
    # No file may grow beyond the present size of the warehouse: what a disk does that is full.
    limit = (used / "data" / "warehouse.duckdb").stat().st_size // 2
    failed = subprocess.run(
        [COMMAND, "run"],
        cwd=used,
        env=environment(used),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert failed.returncode == 1, said(failed)
    assert "disk is full" in said(failed) or "not full" in said(failed)
    assert articles(used) >= before
    assert (used / "data" / "published" / "warehouse.duckdb").read_bytes() == snapshot
    assert faultline("run", cwd=used).returncode == 0
    assert articles(used) == before + 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"text": "Ghana condemned Togo on 3 May 2021."}\n')
    (tmp_path / "data").write_text("a file where the folder should be")
    for command in (("run", "in.jsonl"), ("ingest", "in.jsonl"), ("doctor",)):
        result = faultline(*command, cwd=tmp_path)
        assert result.returncode == 1
        assert "paths.data" in said(result)


def test_a_program_that_holds_the_warehouse_open_is_named_and_a_reader_of_the_snapshot_is_none(used: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb, time; c = duckdb.connect({str(used / 'data' / 'warehouse.duckdb')!r}); print('open', flush=True); time.sleep(300)"],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "open\n"
        for command in (("ingest", "inbox"), ("doctor",), ("maintain",)):
            result = faultline(*command, cwd=used)
            assert result.returncode == 1
            assert "locked by another process" in said(result)
            assert str(holder.pid) in said(result), "DuckDB says who holds it"
        assert faultline("sql", "SELECT 1", cwd=used).returncode == 0, "the snapshot is nobody's to lock"
    finally:
        holder.kill()
        holder.communicate()


def test_a_damaged_snapshot_is_found_by_doctor_and_replaced_by_the_next_run(used: Path) -> None:
    snapshot = used / "data" / "published" / "warehouse.duckdb"
    damaged = bytearray(snapshot.read_bytes())
    damaged[8192 : len(damaged) : 4096 * 8] = b"\xff" * len(range(8192, len(damaged), 4096 * 8))
    snapshot.write_bytes(damaged)
    doctor = faultline("doctor", cwd=used)
    assert doctor.returncode == 1
    assert "FAIL snapshot" in said(doctor)
    assert "publishes a new snapshot" in said(doctor)
    assert faultline("run", cwd=used).returncode == 0
    assert verify_snapshot(snapshot) == []


def test_a_damaged_warehouse_is_named_and_the_snapshot_stays_readable(used: Path) -> None:
    warehouse = used / "data" / "warehouse.duckdb"
    warehouse.write_bytes(b"no database at all" * 1000)
    for command in (("run",), ("doctor",)):
        result = faultline(*command, cwd=used)
        assert result.returncode == 1
        assert "restore a backup" in said(result)
    assert faultline("sql", "SELECT count(*) FROM raw.articles", cwd=used).returncode == 0


def test_a_row_that_contradicts_itself_is_published_to_nobody_and_the_check_is_named(used: Path) -> None:
    snapshot = (used / "data" / "published" / "warehouse.duckdb").read_bytes()
    with duckdb.connect(str(used / "data" / "warehouse.duckdb")) as con:
        con.execute(
            "UPDATE core.events SET target_actor_id = 'NOWHERE' WHERE event_id = (SELECT min(event_id) FROM core.events)"
        )
    run = faultline("run", cwd=used)
    assert run.returncode == 1
    assert "Not published, the last snapshot stays: a check failed (core/events: rows_are_sound)" in said(run)
    assert (used / "data" / "published" / "warehouse.duckdb").read_bytes() == snapshot


def test_damaged_run_history_is_found_and_a_run_says_what_to_look_at(used: Path) -> None:
    (used / "data" / "dagster" / "history" / "runs.db").write_bytes(b"no database at all" * 1000)
    doctor = faultline("doctor", cwd=used)
    assert "Only the history of runs is lost" in said(doctor)
    run = faultline("run", cwd=used)
    assert run.returncode == 1
    assert "Dagster's storage" in said(run)


def test_a_reader_that_stays_open_blocks_no_run_and_sees_no_half_built_state(used: Path) -> None:
    """A program as DBeaver is one: it opens the snapshot and asks again and again while a run replaces it."""
    program = """
import duckdb, sys, time
question = "SELECT (SELECT count(*) FROM core.current_runs), (SELECT sum(n_tagged) FROM marts.quality_month)"
path = sys.argv[1]
held = duckdb.connect(path, read_only=True)
first = held.execute(question).fetchall()
print("open", flush=True)
seen = set()
while True:
    assert held.execute(question).fetchall() == first, "an open reader's state moved"
    fresh = duckdb.connect()
    fresh.execute(f"ATTACH '{path}' AS w (READ_ONLY)")
    fresh.execute("USE w")
    seen.add(fresh.execute(question).fetchall()[0])
    fresh.close()
    print(sorted(seen), flush=True)
    time.sleep(0.3)
"""
    snapshot = used / "data" / "published" / "warehouse.duckdb"
    reader = subprocess.Popen([sys.executable, "-c", program, str(snapshot)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert reader.stdout is not None and reader.stdout.readline() == "open\n"
    run = faultline("run", cwd=used)
    assert run.returncode == 0, run.stderr
    time.sleep(1)
    assert reader.poll() is None, reader.communicate()[1]
    reader.kill()
    states = eval(reader.communicate()[0].splitlines()[-1])  # noqa: S307 - printed by our own program
    assert len(states) == 2, "the state before the run and the one after it, and none between"
    assert states[1][0] == states[0][0] + 1


def test_backup_and_restore_as_the_guide_says_bring_everything_back(used: Path) -> None:
    guide = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    (block,) = (b for b in guide.split("```sh\n")[1:] if b.startswith("# backup"))
    commands = [line for line in block.split("```")[0].splitlines() if not line.startswith("#")]
    backup, restore = commands[:1], commands[1:]
    with_command = {**environment(used), "PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}"}

    def sh(lines: list[str]) -> None:
        subprocess.run(["sh", "-e", "-c", "\n".join(lines)], cwd=used, env=with_command, check=True, capture_output=True, timeout=300)  # fmt: skip

    before = articles(used)
    sh(backup)
    (used / "data" / "warehouse.duckdb").write_bytes(b"lost")
    sh(restore)
    assert articles(used) == before + 1, "all that was there, and what the inbox brought since"


def test_commands_of_operations_say_what_they_did(used: Path) -> None:
    assert "no two to compare" in said(faultline("diff-codings", cwd=used))
    assert faultline("alerts", "--json", cwd=used).stdout.startswith("[")
    assert "0 codings dropped" in said(faultline("maintain", cwd=used))
    assert "holds no coding of 'nobody'" in said(faultline("maintain", "--drop-coding", "nobody", cwd=used))
    assert "No article is selected" in said(faultline("retag", "--actor", "Nobodyland", cwd=used))
    assert "coded by" in (again := said(faultline("retag", cwd=used)))
    assert "already" in again
    assert "There is no folder nowhere" in said(faultline("backfill", "nowhere", cwd=used))
    before = articles(used)
    assert "run 1: 1 articles read, 1 new" in said(faultline("backfill", "inbox", "--files", "1", cwd=used))
    assert articles(used) == before + 1
