"""Data quality: how good the coder is, how much was read, what was not, and whether any of it drifts."""

import re
from pathlib import Path

from pipeline.report import corpus_charts
from pipeline.report.dashboard.page import (
    Chart,
    Page,
    Visit,
    actor_address,
    article_address,
    month_of,
    sourced,
    with_links,
)
from pipeline.report.dashboard.selection import address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_ACCURACY = Path(__file__).parents[4] / "docs" / "accuracy.md"


def quality(visit: Visit) -> Page:
    """The page."""

    def read(row: Row) -> str:
        first, last = month_of(row["month"])
        return address("/articles", start=first, end=last)

    months = visit.snapshot.frame("SELECT * FROM marts.quality_month WHERE month IS NOT NULL ORDER BY month")
    linked = with_links(months, read)
    drawn = {
        "read": Chart(corpus_charts.quality_months(linked, sourced(visit)), "months"),
        "drift": Chart(corpus_charts.quality_shares(linked, sourced(visit)), "months"),
    }
    return Page(
        "quality.html",
        "Data quality",
        {"accuracy_file": _ACCURACY.is_file()},
        (*_accuracy(), *_coverage(), *_gaps()),
        drawn,
    )


def _accuracy() -> tuple[Table, ...]:
    """The figures of docs/accuracy.md, which ``make score`` writes; none where the project's folder is not there."""
    if not _ACCURACY.is_file():
        return ()
    rows, section = [], ""
    for line in _ACCURACY.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif (found := re.fullmatch(r"\| (.+?) \| (.+?) \|", line)) and found[1] not in ("measure", "---"):
            rows.append((section, found[1], found[2].replace("**", "")))
    layer, gold = "split_part(section, ': ', 1)", "split_part(section, ': ', 2)"
    return (
        Table(
            "accuracy",
            "Accuracy against gold data",
            f"SELECT {layer} AS layer, {gold} AS gold, measure, value, ordinal FROM (SELECT unnest($sections) AS section, unnest($measures) AS measure, "  # noqa: S608
            "unnest($values) AS value, unnest(range(len($values))) AS ordinal)",
            (
                Column("layer", "Layer"),
                Column("gold", "Gold data", "code"),
                Column("measure", "Measure"),
                Column("value", "Value", "code"),
            ),
            {"sections": [r[0] for r in rows], "measures": [r[1] for r in rows], "values": [r[2] for r in rows]},
            order="ordinal",
            note="Shares in percent. Rules were tuned on these sets: expect less on other text. Written by `make score`.",
        ),
    )


def _coverage() -> tuple[Table, ...]:
    share = [
        ("share_names_resolved", "Names known"),
        ("share_actual", "Actual"),
        ("share_dated", "Dated"),
        ("share_dyadic", "Two actors"),
        ("share_usable", "Usable"),
        ("mean_confidence", "Mean confidence"),
    ]
    return (
        Table(
            "months",
            "By month of publication",
            "SELECT * FROM marts.quality_month",
            (
                Column("month", "Month", "month", link=lambda r: address("/articles", start=month_of(r["month"])[0], end=month_of(r["month"])[1]) if r["month"] else ""),
                Column("n_articles", "Articles", "number"), Column("n_reposts", "Reposts", "number"), Column("n_sources", "Publishers", "number"),
                Column("n_events", "Events", "number"), *(Column(name, label, "share") for name, label in share),
            ),
            order="month DESC NULLS LAST",
            note="Shares are of the events found. Without a month: articles without a date.",
        ),
        Table(
            "publishers",
            "By publisher",
            """SELECT coalesce(a.source, '(none stated)') AS publisher, count(*) AS articles, count(a.duplicate_of) AS reposts, min(a.published) AS first,
                max(a.published) AS last, coalesce(sum(e.n), 0)::BIGINT AS events
            FROM raw.articles a LEFT JOIN (SELECT article_id, count(*) AS n FROM core.current_events GROUP BY 1) e USING (article_id) GROUP BY 1""",
            (
                Column("publisher", "Publisher", link=lambda r: address("/articles", **{"articles.q": r["publisher"]})), Column("articles", "Articles", "number"),
                Column("reposts", "Reposts", "number"), Column("events", "Events", "number"), Column("first", "From", "date"), Column("last", "To", "date"),
            ),
            order="articles DESC, publisher",
        ),
        Table(
            "coders",
            "Coders",
            "SELECT coder_version, count(*) AS articles, min(tagged_at) AS first, max(tagged_at) AS last, avg(seconds) AS seconds FROM core.current_runs GROUP BY 1",
            (
                Column("coder_version", "Coder", "code"), Column("articles", "Articles", "number"), Column("first", "From", "date"), Column("last", "To", "date"),
                Column("seconds", "Seconds an article", "decimal"),
            ),
            order="articles DESC, coder_version",
            note="Articles of several coders side by side are not comparable: a run with the newest coder tags them anew.",
        ),
    )  # fmt: skip


def _gaps() -> tuple[Table, ...]:
    return (
        Table(
            "rejected",
            "What could not be read",
            "SELECT origin, line, reason, excerpt, first_seen FROM raw.rejected",
            (Column("origin", "File or address", "code"), Column("line", "Line", "number"), Column("reason", "Why"), Column("excerpt", "Begins", "cut"), Column("first_seen", "When", "date")),
            order="first_seen DESC, origin, line",
            empty="Everything could be read.",
        ),
        Table(
            "names",
            "Names that are not known",
            "SELECT * FROM marts.unresolved_names",
            (
                Column("name", "Name", link=lambda r: actor_address(r["actor_id"])), Column("kind", "Taken for"), Column("n_mentions", "Mentions", "number"),
                Column("n_articles", "Articles", "number"), Column("last_published", "Newest", "date"), Column("example", "Example", "cut"),
            ),
            order="n_mentions DESC, name",
            empty="Every name is known.",
        ),
        Table(
            "verbs",
            "Verbs between known actors that were not coded",
            "SELECT * FROM marts.uncoded_verbs",
            (
                Column("lemma", "Verb"), Column("reason", "Why"), Column("n_times", "Times", "number"), Column("n_articles", "Articles", "number"),
                Column("example", "Example", "cut"),
            ),
            order="n_times DESC, lemma",
            empty="None.",
        ),
    )  # fmt: skip


def articles(visit: Visit) -> Page:
    """All articles, to find one."""
    table = Table(
        "articles",
        "Articles",
        """SELECT a.article_id, a.published, a.source AS publisher, coalesce(a.title, left(a.text, 80)) AS title, a.language, coalesce(e.n, 0) AS events,
            coalesce(a.duplicate_reason, 'original') AS standing, a.duplicate_of IS NULL AS original, length(a.text) AS characters, a.url
        FROM raw.articles a LEFT JOIN (SELECT article_id, count(*) AS n FROM core.current_events GROUP BY 1) e USING (article_id)
        WHERE ($start IS NULL OR a.published >= $start) AND ($end IS NULL OR a.published <= $end)""",
        (
            Column("published", "Published", "date"),
            Column("title", "Title", link=lambda r: article_address(r["article_id"])),
            Column("publisher", "Publisher"),
            Column("events", "Events", "number"),
            Column("characters", "Characters", "number"),
            Column("standing", "Original or repost"),
            Column("language", "Language"),
        ),
        visit.selection.period(),
        order="published DESC NULLS LAST, article_id",
        grey="original",
        note="Grey: a repost, or an old version. It tells nothing new and is not counted.",
        size=30,
    )
    return Page("table.html", "Articles", {"lead": "What was read. Open one to see what was found in it."}, (table,))
