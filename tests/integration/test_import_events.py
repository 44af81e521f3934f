"""``faultline import-events`` and the models built on what it brings, as a user runs them."""

import json
from pathlib import Path

import pytest
from command import faultline

from pipeline.warehouse.store import Warehouse

ROWS = "date,source,target,code\n" + "".join(
    f"2021-0{1 + day // 28}-{1 + day % 28:02},PAKMIL,IND,{'190' if day % 3 else '040'}\n" for day in range(56)
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("import")
    (folder / "faultline.toml").write_text("[indicators]\nmonth_min_events = 7\n")
    (folder / "events.csv").write_text(
        ROWS + "2021-03-01,PAKMIL,,190\n2021-03-01,PAKMIL,IND,999\n2021-03-02,PAKMIL,IND,999\n"
    )
    return folder


def test_events_come_in_once_and_what_cannot_be_used_is_said_with_its_line(project: Path) -> None:
    first = faultline("import-events", "events.csv", "--format", "cameo", "--dataset", "others", cwd=project)
    assert first.returncode == 0, first.stderr
    said = " ".join(first.stdout.split())
    assert "56 events read: 56 new as others, 0 known already; 3 rows skipped." in said
    assert "events.csv:59: '999' is no CAMEO code" in said
    assert "(2 rows)" in said
    assert "events.csv:58: target is empty (1 rows)" in said
    again = faultline("import-events", "events.csv", "--format", "cameo", "--dataset", "others", cwd=project)
    assert "56 events read: 0 new as others, 56 known already" in " ".join(again.stdout.split())


def built_by(project: Path) -> dict[str, str]:
    """What a build did anew, by model, as the command prints it."""
    lines = faultline("models", "build", cwd=project).stdout.splitlines()
    cells = [[c.strip() for c in line.split("│")] for line in lines if "│" in line]
    return {row[0]: row[-1] for row in cells}


def test_models_are_built_on_them_with_the_users_parameters_and_only_once(project: Path) -> None:
    first = faultline("models", "build", cwd=project)
    assert first.returncode == 0, first.stderr
    with Warehouse(project / "data" / "warehouse.duckdb").connect() as con:
        rows = con.execute(
            "SELECT dataset, a, b, sum(n), bool_and(enough) FROM marts.dyad_month GROUP BY ALL"
        ).fetchall()
        assert rows == [("others", "IND", "PAK", 56, True)]
        assert con.execute("SELECT value FROM core.parameters WHERE name = 'month_min_events'").fetchall() == [(7,)]
        shown = dict(con.execute("SELECT indicator, is_shown FROM marts.dyad_dashboard").fetchall())
        assert shown["tension"]
        assert "press_index" not in shown
    assert built_by(project)["marts.dyad_month"] == "nothing"
    (project / "faultline.toml").write_text("[indicators]\nmonth_min_events = 9\n")
    built = built_by(project)
    assert built["staging.dyad_months"] == "whole"
    assert built["staging.events_clean"] == built["marts.surge_week"] == built["marts.ladder_week"] == "nothing"
    assert faultline("models", "test", cwd=project).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv", "--format", "cameo"], "nowhere.csv cannot be read"),
        (["events.csv", "--format", "gdelt"], "gdelt has 57, 58 or 61 columns"),
        (["events.csv", "--format", "cameo", "--dataset", "faultline"], "cannot name an imported data set"),
    ],
)
def test_a_users_mistake_is_one_clear_message(project: Path, arguments: list[str], said: str) -> None:
    result = faultline("import-events", *arguments, cwd=project)
    assert result.returncode == 1
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_run_publishes_imported_events_and_their_changepoints(project: Path) -> None:
    (project / "news").mkdir()
    article = {"doc_id": "x", "text": "Nothing happened.", "published": "2021-03-01", "source": "The Test Herald"}
    (project / "news" / "a.jsonl").write_text(json.dumps(article) + "\n")
    result = faultline("run", "news", cwd=project)
    assert result.returncode == 0, result.stderr
    answer = faultline(
        "sql", "SELECT dataset, count(*) AS n FROM marts.changepoint_week GROUP BY ALL", "--json", cwd=project
    )
    (row,) = json.loads(answer.stdout)
    assert (row["dataset"], row["n"]) == ("others", 9)


def test_replace_drops_what_was_imported_before(project: Path) -> None:
    (project / "few.csv").write_text("\n".join(ROWS.splitlines()[:3]) + "\n")
    faultline("import-events", "few.csv", "--format", "cameo", "--dataset", "others", "--replace", cwd=project)
    with Warehouse(project / "data" / "warehouse.duckdb").connect() as con:
        assert con.execute("SELECT count(*) FROM core.imported_events").fetchall() == [(2,)]
