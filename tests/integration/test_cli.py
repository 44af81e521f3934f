"""The ``faultline`` command as a user runs it: a process of its own, its output, its exit code."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from command import faultline

ROOT = Path(__file__).parent.parent.parent
COMMAND = str(Path(sys.executable).with_name("faultline"))


def test_run_sums_up_what_it_read_and_what_to_open_next(project: Path) -> None:
    summary = (project / "stdout.txt").read_text()
    assert "rejected" in summary
    assert "broken.jsonl:2" in summary
    assert "faultline sql" in summary
    assert str(Path("data/published/warehouse.duckdb")) in summary.replace("\n", "")
    assert "data/published/report.html" in summary
    assert "<svg" in (project / "data" / "published" / "report.html").read_text(encoding="utf-8")


def test_sql_answers_as_table_csv_and_json(project: Path) -> None:
    question = "SELECT source, count(*) AS articles FROM raw.articles GROUP BY source ORDER BY source"
    assert "articles" in faultline("sql", question, cwd=project).stdout
    rows = list(csv.DictReader(io.StringIO(faultline("sql", question, "--csv", cwd=project).stdout)))
    records = json.loads(faultline("sql", question, "--json", cwd=project).stdout)
    assert [int(r["articles"]) for r in rows] == [r["articles"] for r in records]
    assert len(rows) > 3


def test_run_moves_the_indicators_over_several_months(project: Path) -> None:
    answer = faultline(
        "sql", "SELECT count(DISTINCT month) AS months, count(*) AS n FROM marts.dyad_month", "--json", cwd=project
    )
    (counts,) = json.loads(answer.stdout)
    assert counts["months"] >= 4
    assert counts["n"] >= 15


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["run", "nowhere"], "nothing at", 1),
        (["sql", "SELECT 1"], "faultline run", 1),
        (["tag", "nowhere.jsonl"], "nowhere.jsonl", 1),
        (["nonsense"], "No such command", 2),
        (["run"], "paths.sources", 1),
    ],
)
def test_a_users_mistake_gets_one_clear_message_and_no_traceback(
    tmp_path: Path, arguments: list[str], said: str, code: int
) -> None:
    result = faultline(*arguments, cwd=tmp_path)
    assert result.returncode == code
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_wrong_sql_is_answered_with_duckdbs_message(project: Path) -> None:
    result = faultline("sql", "SELECT no_such_column FROM raw.articles", cwd=project)
    assert result.returncode == 1
    assert "no_such_column" in result.stderr
    assert "Traceback" not in result.stderr


def test_version_and_help(tmp_path: Path) -> None:
    assert faultline("--version", cwd=tmp_path).stdout.startswith("faultline ")
    for command in ("run", "ingest", "tag", "sql", "status", "doctor", "dev", "models"):
        assert command in faultline("--help", cwd=tmp_path).stdout
        assert faultline(command, "--help", cwd=tmp_path).returncode == 0


def test_help_and_a_run_with_nothing_to_do_load_nothing_heavy() -> None:
    code = """
import sys
from pipeline.cli import app
from pipeline.last_run import made_from
app(["--help"], standalone_mode=False)
print("loaded:", sorted({"pydantic", "rich", "duckdb", "pyarrow", "pandas", "spacy", "dagster", "sqlalchemy"} & set(sys.modules)))
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "loaded: ['pydantic']"  # the settings, which last_run reads


def test_status_and_doctor_find_a_sound_project(project: Path) -> None:
    assert "articles" in faultline("status", cwd=project).stdout
    doctor = faultline("doctor", cwd=project)
    # Without a faultline.toml the default source, the inbox, is not there: that is the one thing it must name.
    assert "inbox" in doctor.stdout
    (project / "inbox").mkdir(exist_ok=True)
    sound = faultline("doctor", cwd=project)
    assert sound.returncode == 0, sound.stdout
    assert "FAIL" not in sound.stdout


def test_doctor_names_a_missing_model(tmp_path: Path) -> None:
    (tmp_path / "faultline.toml").write_text('[model]\nname = "no_such_model"\n')
    result = faultline("doctor", cwd=tmp_path)
    assert result.returncode == 1
    assert "no_such_model" in result.stdout


def test_tag_writes_one_record_a_line_in_input_order_with_exact_offsets(tmp_path: Path) -> None:
    articles = [
        {
            "doc_id": f"d{i}",
            "published": "2021-09-10",
            "text": f"“Islamabad\u00a0wants talks,” an official said on Sept. {i}. 𝔄 Taliban raid killed {i} men.",
        }
        for i in (3, 1, 2)
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(a) + "\n" for a in articles))
    result = faultline("tag", "in.jsonl", "--output", "out.jsonl", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [r["doc_id"] for r in records] == ["d3", "d1", "d2"]
    for article, record in zip(articles, records, strict=True):
        layers = ("entities", "actors", "locations", "dates", "counts", "events", "relations")
        spans = [s for layer in layers for s in record[layer]]
        assert spans
        assert all(article["text"][s["start_char"] : s["end_char"]] == s["text"] for s in spans)
        assert f"2021-09-0{article['doc_id'][1]}" in [d["value"] for d in record["dates"]]


def test_tag_names_the_line_that_it_cannot_read_and_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"doc_id": "a", "published": null, "text": "Fine."}\n{"doc_id": "b", "tex\n')
    result = faultline("tag", "in.jsonl", "--output", "out.jsonl", cwd=tmp_path)
    assert result.returncode == 1
    assert "in.jsonl" in result.stderr
    assert "2" in result.stderr
    assert not list(tmp_path.glob("out.jsonl*"))


def many_articles(folder: Path, count: int) -> Path:
    file = folder / "many.jsonl"
    with file.open("w") as out:
        for i in range(count):
            text = f"Rebels attacked town number {i} in Mali on 3 May 2021, killing {i % 7 + 1} people. " * 12
            out.write(json.dumps({"doc_id": f"d{i}", "text": text, "published": "2021-05-06"}) + "\n")
    return file


@pytest.mark.one_file  # looks into the file while the run writes; tests/integration/lake kills a writer of a lake
def test_a_run_that_is_killed_is_completed_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "faultline.toml").write_text("[tagging]\nbatch_size = 10\n")
    file = many_articles(tmp_path, 120)
    process = subprocess.Popen(
        [COMMAND, "run", str(file)], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    warehouse = tmp_path / "data" / "warehouse.duckdb"

    def tagged() -> int:
        try:
            with duckdb.connect(str(warehouse), read_only=True) as con:
                return int(con.execute("SELECT count(*) FROM core.tagging_runs").fetchall()[0][0])
        except duckdb.Error:
            return 0

    deadline = time.monotonic() + 120
    while tagged() < 20 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = tagged()
    assert 0 < done < 120, "the run was to be killed in its middle"

    result = faultline("run", file, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    with duckdb.connect(str(tmp_path / "data" / "published" / "warehouse.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*), count(DISTINCT article_id) FROM core.tagging_runs").fetchall() == [
            (120, 120)
        ]
        per_article = con.execute(
            "SELECT DISTINCT n FROM (SELECT count(*) n FROM core.sentences GROUP BY article_id)"
        ).fetchall()
    assert per_article == [(12,)]


def test_actors_show_tells_names_roles_and_codes(tmp_path: Path) -> None:
    shown = " ".join(faultline("actors", "show", "taliban", cwd=tmp_path).stdout.split())
    assert "TALIBAN Taliban" in shown
    assert "government AFG 2021-08-15 to …" in shown
    assert "CAMEO code: AFGREBTAL" in shown


def test_actors_show_suggests_what_comes_close(tmp_path: Path) -> None:
    result = faultline("actors", "show", "Hezbolah movment", cwd=tmp_path)
    assert result.returncode == 1
    assert "HEZBOLLAH" in result.stderr
    assert "Traceback" not in result.stderr


def test_actors_why_names_rule_office_and_places(tmp_path: Path) -> None:
    text = "Islamabad wants talks. Putin spoke in Moscow about Russia. He left."
    said = faultline("actors", "why", text, "--published", "2020-01-02", cwd=tmp_path).stdout
    assert "Islamabad → PAK (Pakistan, state)" in said
    assert "capital: Islamabad; metonym" in said
    assert "president, of RUSGOV" in " ".join(said.split())
    assert "pronoun: takes up 'Putin'" in said
    assert "Moscow → a place (RUS)" in said


def test_dates_names_rule_days_and_what_they_date(tmp_path: Path) -> None:
    text = "Gunmen attacked the Afghan army on Sept. 5, police said on Tuesday."
    said = faultline("dates", text, "--published", "2021-09-10", cwd=tmp_path).stdout
    assert "Sept. 5 → 2021-09-05 (DATE)" in said
    assert "underspecified: month day" in said
    assert "attacked (ASSAULT): 2021-09-05, by its clause" in said
    rows = json.loads(faultline("dates", "They met on Friday.", "--json", cwd=tmp_path).stdout)
    assert [(r["value"], r["first_day"]) for r in rows] == [("XXXX-WXX-5", None)]


def test_counts_names_bounds_parties_and_incidents(tmp_path: Path) -> None:
    text = "At least 9 soldiers died in a blast in Quetta on Sept. 5, officials said, and dozens were wounded."
    said = " ".join(faultline("counts", text, "--published", "2021-09-10", cwd=tmp_path).stdout.split())
    assert "At least 9 soldiers → killed at least 9" in said
    assert "where: Quetta; says: official" in said
    assert "Incident: bombing (died), 2021-09-05, killed at least 9, injured 24 to 99" in said
    rows = json.loads(faultline("counts", "Three miners were killed.", "--json", cwd=tmp_path).stdout)
    assert [(r["measure"], r["best"]) for r in rows] == [("killed", 3)]
    assert "No reported figure." in faultline("counts", "They met on Friday.", cwd=tmp_path).stdout


def test_actors_unresolved_lists_names_with_a_sentence(project: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(faultline("actors", "unresolved", "--csv", "-n", "5", cwd=project).stdout)))
    assert len(rows) == 5
    counts = [int(r["n_articles"]) for r in rows]
    assert counts == sorted(counts, reverse=True)
    assert all(r["example"] for r in rows)


def test_template_of_own_actors_is_a_table_that_the_settings_take(tmp_path: Path) -> None:
    assert faultline("actors", "template", "mine.csv", cwd=tmp_path).returncode == 0
    again = faultline("actors", "template", "mine.csv", cwd=tmp_path)
    assert again.returncode == 1
    assert "stays as it is" in again.stderr
    with (tmp_path / "mine.csv").open("a") as table:
        table.write("XCLUB,Example Chess Club,organization,,,,,,,,,,test\n")
    (tmp_path / "faultline.toml").write_text('[knowledge]\nactors = "mine.csv"\n')
    assert "Example Chess Club" in faultline("actors", "show", "XCLUB", cwd=tmp_path).stdout


def test_fault_in_own_actors_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("actor_id,name,kind\nX,Example,club\n")
    (tmp_path / "faultline.toml").write_text('[knowledge]\nactors = "mine.csv"\n')
    for command in (("actors", "lint"), ("run", ROOT / "examples")):
        result = faultline(*command, cwd=tmp_path)
        assert result.returncode == 1
        assert "mine.csv, line 2: kind 'club' is none of" in " ".join(result.stderr.split())
        assert "Traceback" not in result.stderr


def test_spellings_of_one_name_are_joined_in_the_warehouse(tmp_path: Path) -> None:
    lines = [
        {
            "text": "Officials in Kabul met Mohammad Yunis Akhgar on May 3, 2021.",
            "published": "2021-05-04",
            "source": "a",
        },
        {"text": "Muhammad Yunis Akhgar left Kabul on May 5, 2021.", "published": "2021-05-06", "source": "b"},
        {"text": "Mohammad Yunis Akhgar came back to Kabul.", "published": "2021-05-09", "source": "c"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    assert faultline("run", "in.jsonl", cwd=tmp_path).returncode == 0
    question = "SELECT name, n_mentions, n_articles, spellings FROM marts.unresolved_names WHERE kind = 'person'"
    (row,) = json.loads(faultline("sql", question, "--json", cwd=tmp_path).stdout)
    assert (row["n_mentions"], row["n_articles"], row["spellings"]) == (3, 3, ["Muhammad Yunis Akhgar"])
    question = "SELECT DISTINCT rolled_actor_id FROM staging.actors_rolled_up WHERE actor_id LIKE 'person:m%'"
    rolled = json.loads(faultline("sql", question, "--json", cwd=tmp_path).stdout)
    assert rolled == [{"rolled_actor_id": "person:mohammad-yunis-akhgar"}]


def test_explain_names_entry_features_and_what_was_not_coded(tmp_path: Path) -> None:
    text = "Russia condemned Turkey on Monday. France outflanked Spain."
    said = " ".join(faultline("explain", text, "--published", "2021-09-10", "--words", cwd=tmp_path).stdout.split())
    assert "RUS → TUR: ACCUSE (disapprove), CAMEO 111" in said
    assert "by 'verb:condemn', at 'condemned'; status actual 2021-09-06 to 2021-09-06, by its clause" in said
    assert "confidence 0." in said
    assert "Not coded: FRA … outflanked … ESP no pattern: the lexicon does not know the verb" in said
    assert "No event, and no verb" in faultline("explain", "It rained.", cwd=tmp_path).stdout


def test_lexicon_uncoded_lists_verbs_with_a_sentence(project: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(faultline("lexicon", "uncoded", "--csv", "-n", "3", cwd=project).stdout)))
    assert len(rows) == 3
    assert all(r["reason"] and r["example"] for r in rows)
