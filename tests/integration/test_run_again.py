"""A run that would find nothing new says so and ends, by real runs of the command."""

import json
from pathlib import Path

import pytest
from command import faultline

from pipeline import last_run
from pipeline.settings import load_settings


def article(text: str) -> str:
    return json.dumps({"text": f"{text} on 3 May 2021.", "published": "2021-05-06", "source": "a"}) + "\n"


@pytest.mark.one_file  # a lake is written by others too: there every run looks
def test_nothing_new_ends_at_once_and_what_is_left_to_do_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faultline.toml").write_text(
        '[[sources]]\nkind = "files"\nname = "late"\npaths = ["late"]\n[paths]\nsources = ["in.jsonl"]\n'
    )
    (tmp_path / "in.jsonl").write_text(article("Ghana condemned Togo"))

    # A source that could not be read is asked again, though nothing has changed.
    run = faultline("run", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "there is nothing at" in run.stdout
    assert not (tmp_path / "data" / "last_run.json").exists()

    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "more.jsonl").write_text(article("Mali praised Chad"))
    run = faultline("run", cwd=tmp_path)
    assert "1 new" in run.stdout
    snapshot = tmp_path / "data" / "published" / "warehouse.duckdb"
    published = snapshot.stat().st_mtime_ns

    again = faultline("run", cwd=tmp_path)
    assert again.returncode == 0
    assert "Nothing new in what faultline.toml declares since 20" in again.stdout
    assert "--force" in again.stdout
    assert len(again.stdout.splitlines()) == 1
    assert snapshot.stat().st_mtime_ns == published

    # Readers change nothing; a command that writes the warehouse does.
    monkeypatch.chdir(tmp_path)
    for reader in (("status",), ("sql", "SELECT 1"), ("doctor",)):
        assert faultline(*reader, cwd=tmp_path).returncode == 0
    settings = load_settings()
    assert last_run.ended(settings, last_run.made_from(settings, [], []))
    (tmp_path / "other.jsonl").write_text(article("Niger threatened Benin"))
    assert faultline("ingest", "other.jsonl", cwd=tmp_path).returncode == 0
    assert not last_run.ended(settings, last_run.made_from(settings, [], []))
