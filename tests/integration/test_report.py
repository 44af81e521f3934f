"""Briefings of the bundled corpus: what they say is what the snapshot says, also where that is little."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pypdfium2
import pytest
from command import faultline

from pipeline import Snapshot, UnknownNameError, open_snapshot
from pipeline.errors import InputError
from pipeline.report.briefing import Briefing
from pipeline.report.pair_briefing import pair_briefing
from pipeline.report.render import as_html, as_markdown, as_pdf
from pipeline.report.week_briefing import week_briefing


@pytest.fixture(scope="module")
def opened(snapshot: Path) -> Iterator[Snapshot[pd.DataFrame]]:
    with open_snapshot(snapshot) as opened:
        yield opened


def titles(briefing: Briefing) -> list[str]:
    return [s.title for s in briefing.sections]


def test_a_pair_has_readings_charts_evidence_and_what_is_not_known(opened: Snapshot[pd.DataFrame]) -> None:
    made = pair_briefing(opened, "pakistan", "Afghanistan")
    assert titles(made)[:3] == ["How they stand", "Series", "What happened, and where it is written"]
    assert titles(made)[-1] == "What is not known"
    readings, series, happened = made.sections[:3]
    assert len(readings.tables[0].rows) == len(opened.readings("AFG", "PAK"))
    grey = [r for r in readings.tables[0].rows if r.is_grey]
    assert len(grey) == (~opened.readings("AFG", "PAK").is_shown).sum()
    assert len(series.figures) >= 5
    assert all(f.chart is not None for f in series.figures)
    assert len(happened.quotes) == opened.events("AFG", "PAK").counts_as.nunique()
    texts = opened.articles(text=True).set_index("article_id").text
    for q in happened.quotes:
        article, start, end = re.match(r"article (\w+), characters (\d+)–(\d+)", q.trace).groups()  # type: ignore[union-attr]
        assert texts[article][int(start) : int(end)] == q.span
        assert q.span in texts[article]
        assert "coder 0." in q.trace
    unknown = " ".join(made.sections[-1].points)
    for said in ("no date in", "feared, planned", "fewer than 5", "64 articles", "what the coder missed"):
        assert said in unknown
    assert any("coder_version" in r.cells[0] for r in made.made.rows)


def test_a_pair_reads_the_same_in_all_three_forms(opened: Snapshot[pd.DataFrame]) -> None:
    made = pair_briefing(opened, "AFG", "PAK")
    page, text = as_html(made), as_markdown(made)
    pdf = " ".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(as_pdf(made)))
    assert page.count("<svg") == sum(len(s.figures) for s in made.sections)
    spans = [q.span for s in made.sections for q in s.quotes]
    for form in (page, text, pdf):
        assert all(span in form for span in spans)
        assert "What is not known" in form
        assert "faultline report --pair AFG PAK" in form


def test_a_period_narrows_the_briefing(opened: Snapshot[pd.DataFrame]) -> None:
    made = pair_briefing(opened, "AFG", "PAK", since="2021-09", until="2021-09")
    happened = next(s for s in made.sections if s.title.startswith("What happened"))
    assert {q.when for q in happened.quotes} <= {f"{d} September 2021" for d in range(1, 31)}
    assert "1 September 2021 to 30 September 2021" in made.subtitle
    assert "--since 2021-09-01 --until 2021-09-30" in made.made.rows[-1].cells[1]


def test_a_pair_without_events_gets_an_honest_page_and_no_chart(opened: Snapshot[pd.DataFrame]) -> None:
    made = pair_briefing(opened, "Iceland", "Fiji")
    assert "No dated event between Fiji and Iceland" in made.lead[0]
    assert any("does not say that nothing happened" in p for p in made.lead)
    assert "<svg" not in as_html(made)
    assert len(pypdfium2.PdfDocument(as_pdf(made))) == 1
    outside = pair_briefing(opened, "AFG", "PAK", since="2019", until="2019")
    n = opened.events("AFG", "PAK").counts_as.nunique()
    assert f"Outside this period there are {n} events" in " ".join(outside.lead)
    assert "silence here means nothing" in " ".join(outside.sections[-1].points)


def test_a_part_of_a_state_is_told_whose_acts_to_ask_for(opened: Snapshot[pd.DataFrame]) -> None:
    part = opened.sql("SELECT actor_id FROM staging.actors_rolled_up WHERE rolled_actor_id = 'PAK' AND actor_id LIKE 'person:%' LIMIT 1").actor_id[0]  # fmt: skip
    made = pair_briefing(opened, part, "Fiji")
    assert any("are counted as those of Pakistan (PAK)" in p for p in made.lead)


def test_unknown_actors_and_periods_are_named(opened: Snapshot[pd.DataFrame]) -> None:
    with pytest.raises(UnknownNameError, match=r"Pakistan \(PAK\)"):
        pair_briefing(opened, "Pakistn", "AFG")
    with pytest.raises(InputError, match="the same actor"):
        pair_briefing(opened, "Pakistan", "PAK")
    with pytest.raises(UnknownNameError, match="no data set 'gdelt'"):
        week_briefing(opened, dataset="gdelt")
    with pytest.raises(InputError, match="Nothing was published since 2031-01-01: the newest is of"):
        week_briefing(opened, since="2031")


def test_the_week_ends_with_the_newest_article_and_counts_what_the_marts_count(opened: Snapshot[pd.DataFrame]) -> None:
    made = week_briefing(opened)
    assert "17 December 2021 to 23 December 2021" in made.subtitle
    year = week_briefing(opened, since="2021", until="2021")
    counted = opened.events(since="2021", until="2021").counts_as.nunique()
    assert year.key_figures[0].value == str(counted)
    (table,) = year.sections[0].tables
    assert table.rows[0].cells[3] != "–", "a pair that moved comes first"
    assert any(q.is_counted for s in year.sections for q in s.quotes)
    silent = week_briefing(opened, since="2020-02", until="2020-02")
    assert "No event from 1 February 2020" in silent.lead[0]
    assert not silent.key_figures


def test_one_snapshot_gives_one_report(opened: Snapshot[pd.DataFrame]) -> None:
    assert as_html(pair_briefing(opened, "AFG", "PAK")) == as_html(pair_briefing(opened, "PAK", "AFG"))
    assert as_markdown(week_briefing(opened)) == as_markdown(week_briefing(opened))


def test_hostile_articles_and_names_stay_text(snapshot: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(snapshot, tmp_path / "s.duckdb"))
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE raw.articles SET text = left(repeat('<script>alert(1)</script> ', 2000), length(text)), title = '<script>t</script>', source = '<img src=x>', url = 'javascript:alert(1)'")  # fmt: skip
        con.execute("UPDATE core.actors SET name = '<script>' || name || '</script>'")
    with open_snapshot(file) as hostile:
        for made in (pair_briefing(hostile, "AFG", "PAK"), week_briefing(hostile, "2021", "2021")):
            page = as_html(made)
            assert "&lt;script&gt;" in page
            assert not re.search(r"<(script|img)\b", page)
            assert "javascript:" not in page
            assert "<script" not in as_markdown(made)
            assert as_pdf(made).startswith(b"%PDF")


def test_an_empty_warehouse_has_a_report_too(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "note.txt").write_text("It rained.")
    assert faultline("run", "empty", cwd=tmp_path).returncode == 0
    with open_snapshot(tmp_path / "data" / "published") as empty:
        assert "nothing to report" in week_briefing(empty).lead[0]
        assert "No dated event" in pair_briefing(empty, "AFG", "PAK").lead[0]
        assert empty.dyad_series("AFG", "PAK", "week").empty


def test_the_command_writes_the_file_and_says_so(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "brief.pdf"
    result = faultline("report", "--pair", "Afghanistan", "PAK", "--since", "2021", "-o", out, cwd=project)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == str(out)
    assert out.read_bytes().startswith(b"%PDF")
    wrong = faultline("report", "--pair", "Afganistan", "PAK", cwd=project)
    assert (wrong.returncode, "Afghanistan (AFG)" in " ".join(wrong.stderr.split())) == (1, True)
    assert faultline("report", "-o", "x.docx", cwd=project).returncode == 1
    assert "Traceback" not in wrong.stderr
