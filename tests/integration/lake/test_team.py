"""All of it at once: two runs of the bundled corpus at the same time, on one lake in S3, with Dagster's storage in PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import yaml
from command import faultline
from lakes import Lakes

from pipeline.read import open_snapshot
from pipeline.warehouse.integrity import repeated_keys
from pipeline.warehouse.lake import DuckLake
from pipeline.warehouse.schema import metadata
from pipeline.warehouse.snapshot import SnapshotReader
from pipeline.warehouse.store import Warehouse
from pipeline.warehouse.upkeep import verify_snapshot

ROOT = Path(__file__).parent.parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("faultline"))
# What no two runs have alike: when something was done, and the identifiers of runs.
OF_THE_RUN = ["fetched_at", "tagged_at", "seconds", "ingest_batch", "done_at", "first_seen", "raised_at", "sent_at"]


@dataclass
class Team:
    """What two members did: their folders, the lake that both wrote, what their runs said, Dagster's instance."""

    folders: list[Path]
    lake: DuckLake
    said: list[str]
    codes: list[int]
    instance: dg.DagsterInstance


@pytest.fixture(scope="module")
def team(lakes: Lakes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    base = tmp_path_factory.mktemp("team")
    lake = lakes.make(base, lakes.endpoint, empty_catalog=True)
    name = lake.catalog.split("dbname=")[1].split()[0]
    settings = yaml.safe_load((ROOT / "deploy" / "dagster.postgres.yaml").read_text())
    settings["storage"]["postgres"]["postgres_db"] |= {
        "hostname": "127.0.0.1", "port": lakes.postgres.port, "username": "postgres", "db_name": f"dagster_{name}",
        "password": {"env": "PGPASSWORD"},
    }  # fmt: skip
    lakes.postgres.create(f"dagster_{name}")
    settings["concurrency"]["pools"]["default_limit"] = 4  # a lake takes several writers
    home = base / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text(yaml.safe_dump(settings))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FAULTLINE_")}
    environment |= {**lakes.environment(lake), "DAGSTER_HOME": str(home)}
    environment["FAULTLINE_PUBLISH__ADDRESS"] = f"s3://lake/published-{name}"
    folders = [base / "one", base / "two"]
    runs = []
    for folder in folders:
        folder.mkdir()
        runs.append(
            subprocess.Popen(
                [COMMAND, "run", ROOT / "examples"],
                cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
        )  # fmt: skip
    said = [run.communicate(timeout=1500)[0] for run in runs]
    with pytest.MonkeyPatch.context() as patch:
        for key, value in environment.items():
            patch.setenv(key, value)
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield Team(folders, lake, said, [run.returncode for run in runs], instance)


def published(folder: Path) -> Path:
    return folder / "data" / "published" / "warehouse.duckdb"


def test_both_runs_end_well_and_dagster_remembers_both_in_postgresql(team: Team) -> None:
    assert team.codes == [0, 0], "\n\n".join(team.said)
    assert "postgres" in type(team.instance.run_storage).__module__
    assert [run.status for run in team.instance.get_runs()] == [dg.DagsterRunStatus.SUCCESS] * 2


def test_every_check_passed_also_that_keys_are_unique(team: Team) -> None:
    results = [
        event.asset_check_evaluation_data
        for run in team.instance.get_runs()
        for record in team.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        if (event := record.get_dagster_event())
    ]
    assert {r.check_name for r in results} >= {"keys_are_unique", "rows_are_sound", "tests_error"}
    assert not [(r.check_name, r.asset_key) for r in results if r.blocking and not r.passed]


def test_no_table_of_the_lake_holds_a_key_twice(team: Team) -> None:
    with Warehouse(team.lake).connect() as con:
        assert {t.name: n for t in metadata.sorted_tables if (n := repeated_keys(con, t))} == {}


def test_all_tables_hold_the_rows_that_one_run_on_a_file_gives(team: Team, project: Path) -> None:
    con = duckdb.connect()
    con.execute(f"ATTACH '{published(project)}' AS file (READ_ONLY)")
    con.execute("CREATE TABLE differing (name VARCHAR, alone BIGINT)")
    # The run that published last saw all that both wrote.
    last = max((published(folder) for folder in team.folders), key=lambda p: p.stat().st_mtime_ns)
    con.execute(f"ATTACH '{last}' AS lake (READ_ONLY)")
    tables = con.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = 'file' "
        "AND schema_name IN ('raw', 'core', 'staging', 'marts')"
    ).fetchall()
    assert len(tables) > 60
    differing = {}
    for (table,) in tables:
        columns = [
            # Means of floats depend on the order in which rows are read.
            f"round({name}, 9) AS {name}" if kind in ("DOUBLE", "FLOAT") else f'"{name}"'
            for name, kind, *_ in con.execute(f"DESCRIBE file.{table}").fetchall()
            if name not in OF_THE_RUN
        ]
        mine, other = (f"SELECT {', '.join(columns)} FROM {where}.{table}" for where in ("lake", "file"))
        alone = con.execute(
            f"SELECT (SELECT count(*) FROM ({mine} EXCEPT ALL {other})), (SELECT count(*) FROM ({other} EXCEPT ALL {mine}))"
        ).fetchall()[0]
        if any(alone):
            differing[table] = alone
    assert differing == {}


def test_what_is_published_is_read_as_ever(team: Team) -> None:
    for folder in team.folders:
        assert verify_snapshot(published(folder)) == []
        answer = faultline("sql", "@tensest", "--json", cwd=folder)
        assert answer.returncode == 0, answer.stderr
        with open_snapshot(published(folder)) as snapshot:
            assert len(snapshot.events()) > 50
        assert SnapshotReader(published(folder)).row("SELECT count(*) AS n FROM marts.evidence")["n"] > 100  # type: ignore[index]


def test_commands_of_the_lake_say_what_there_is(team: Team, tmp_path: Path, lakes: Lakes) -> None:
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER_", "FAULTLINE_"))
    } | lakes.environment(team.lake)

    def said(*arguments: str) -> str:
        done = subprocess.run([COMMAND, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return " ".join((done.stdout + done.stderr).split())

    assert "earlier ones" in said("snapshots", "-n", "3")
    count = "SELECT count(*) AS n FROM raw.articles"
    assert '"n": 64' in said("sql", "--json", "--at", "2100-01-01", count)
    with Warehouse(team.lake).connect() as con:
        newest = team.lake.snapshots(con)[0].number
    assert '"n": 64' in said("sql", "--json", "--at", str(newest), count)
    assert "is no time" in said("sql", "--at", "yesterday", count)
    assert "--at needs a query" in said("sql", "--at", "2100-01-01")
    assert "MB after" in said("maintain")
    assert "names no publish.address" in said("pull")
    environment["FAULTLINE_PUBLISH__ADDRESS"] = os.environ["FAULTLINE_PUBLISH__ADDRESS"]
    assert "fetched to" in said("pull")
    assert '"n": 64' in said("sql", "--json", count)
    doctor = said("doctor")
    assert "ok warehouse: the lake postgres:" in doctor
    assert "reads whole" in doctor
