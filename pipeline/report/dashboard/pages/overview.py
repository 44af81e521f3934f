"""Overview: which pairs are tensest, which move fastest, and how far that can be trusted."""

from typing import Any

from pipeline.report.dashboard.page import Page, Visit, actor_address, article_address, pair_address
from pipeline.report.dashboard.selection import one_of, regions
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_LEADING = 6
_SPARK_MONTHS = 24

# A pair is named where the knowledge base holds both: "gunmen" and "civilians" are many, and stand behind.
_PAIRS = """
SELECT d.a, d.b, d.a_name, d.b_name, d.a_name || ' – ' || d.b_name AS pair, concat_ws(', ', x.kind, nullif(y.kind, x.kind)) AS kinds,
    d.tension_now, t.low AS tension_low, t.high AS tension_high, d.net_cooperation_now, d.effective_n, d.n_events, d.last_event_date,
    NOT d.is_stale AS is_shown, coalesce(w.arrow, 'insufficient data') AS arrow, w.z AS arrow_z, w.n AS arrow_n, w.net_cooperation AS arrow_now,
    w.base_net_cooperation AS arrow_before, w.base_months, w.month AS arrow_month, coalesce(r.is_shown, false) AS arrow_shown,
    s.reading AS surge, s.value AS surge_z, coalesce(s.is_shown, false) AS surge_shown, q.reading AS cusum, o.value AS momentum,
    o.n AS momentum_n, coalesce(o.is_shown, false) AS momentum_shown, c.confidence, d.event_id, d.article_id, d.sentence_text, d.source AS publisher,
    d.published, coalesce(x.source <> 'text' AND y.source <> 'text', false) AS named
FROM marts.dyad_current d
LEFT JOIN core.actors x ON x.actor_id = d.a
LEFT JOIN core.actors y ON y.actor_id = d.b
LEFT JOIN marts.dyad_dashboard t ON t.dataset = d.dataset AND t.a = d.a AND t.b = d.b AND t.indicator = 'tension_now'
LEFT JOIN marts.dyad_dashboard r ON r.dataset = d.dataset AND r.a = d.a AND r.b = d.b AND r.indicator = 'arrow'
LEFT JOIN marts.arrow_month w ON w.dataset = d.dataset AND w.a = d.a AND w.b = d.b AND w.month = r.period_start
LEFT JOIN marts.dyad_dashboard s ON s.dataset = d.dataset AND s.a = d.a AND s.b = d.b AND s.indicator = 'surge'
LEFT JOIN marts.dyad_dashboard q ON q.dataset = d.dataset AND q.a = d.a AND q.b = d.b AND q.indicator = 'cusum'
LEFT JOIN marts.dyad_dashboard o ON o.dataset = d.dataset AND o.a = d.a AND o.b = d.b AND o.indicator = 'momentum'
LEFT JOIN staging.events_clean c ON c.event_id = d.event_id
WHERE d.dataset = $dataset
    AND ($start IS NULL OR d.last_event_date >= $start) AND ($end IS NULL OR d.last_event_date <= $end)
    AND ($actor = '' OR d.a = $actor OR d.b = $actor OR contains(lower(d.a_name || '|' || d.b_name), lower($actor)))
    AND ($kind = '' OR x.kind = $kind OR y.kind = $kind)
    AND (len($countries) = 0 OR list_contains($countries, coalesce(x.country, d.a)) OR list_contains($countries, coalesce(y.country, d.b)))
"""
_TENSEST = "is_shown DESC, named DESC, tension_now DESC, pair"
_FASTEST = "arrow_shown DESC, momentum_shown DESC, named DESC, abs(coalesce(arrow_z, 0)) DESC, abs(coalesce(momentum, 0)) DESC, pair"


def overview(visit: Visit) -> Page:
    """The first page."""
    chosen = visit.selection
    parameters = {
        "dataset": chosen.dataset, **chosen.period(), "actor": chosen.actor, "kind": chosen.kind,
        "countries": regions().get(chosen.region, ["?"]) if chosen.region else [],
    }  # fmt: skip
    ask = visit.snapshot.rows
    tensest = ask(f"{_PAIRS} ORDER BY {_TENSEST} LIMIT {_LEADING}", parameters)
    fastest = ask(f"{_PAIRS} AND d.tension_rank IS NOT NULL ORDER BY {_FASTEST} LIMIT {_LEADING}", parameters)
    flagged = ask(
        f"SELECT * FROM ({_PAIRS}) WHERE surge IN ('surge', 'elevated') AND surge_shown ORDER BY surge_z DESC LIMIT 12",
        parameters,
    )  # noqa: S608
    sparks = _sparks(visit, tensest + fastest)
    for row in tensest + fastest + flagged:
        row["href"] = pair_address(row, chosen.dataset)
        row["reason"] = reason(row)
        row["spark"] = sparks.get((row["a"], row["b"]), [])
        row["quote_href"] = article_address(row["article_id"], "event", row["event_id"])
    kinds = [
        r["kind"]
        for r in ask(
            "SELECT DISTINCT kind FROM core.actors WHERE actor_id IN (SELECT a FROM marts.dyad_current UNION SELECT b FROM marts.dyad_current) ORDER BY 1"
        )
    ]
    context = {
        "tensest": tensest, "fastest": fastest, "flagged": flagged, "kinds": kinds, "regions": list(regions()), "filter": chosen,
        "told": any(r["arrow_shown"] or r["momentum_shown"] for r in fastest), "region": one_of(chosen.region, regions()),
    }  # fmt: skip
    return Page("overview.html", "Overview", context, (_table(visit, parameters),))


def _table(visit: Visit, parameters: dict[str, Any]) -> Table:
    def pair(row: Row) -> str:
        return pair_address(row, visit.selection.dataset)

    return Table(
        "pairs",
        "All pairs",
        _PAIRS,
        (
            Column("pair", "Pair", link=pair),
            Column("tension_now", "Tension now", "decimal", help="decayed share of conflict, 0 to 100"),
            Column("tension_low", "from", "decimal", help="lower end of the band of 95 %"),
            Column("tension_high", "to", "decimal", help="upper end"),
            Column(
                "effective_n",
                "n now",
                "decimal",
                help="effective events: the sum of their weights, which halve every half_life_long_days",
            ),
            Column("net_cooperation_now", "Mean score", "score", help="decayed mean Goldstein score, −10 to +10"),
            Column("arrow", "Arrow", help="newest month against the months before"),
            Column("surge", "Week", help="newest week against its baseline"),
            Column("n_events", "Events", "number"),
            Column("last_event_date", "Newest event", "date"),
            Column(
                "confidence",
                "Its confidence",
                "share",
                help="how sure the coding of the newest event is; no part of any score",
            ),
        ),
        parameters,
        order=_TENSEST,
        grey="is_shown",
        note="Grey: fewer effective events than min_effective_n, so that the reading is drawn to the middle and says little.",
        empty="No pair fits these filters.",
    )


def reason(row: Row) -> str:
    """Why the arrow points where it does, in a line."""
    moved = ""
    if row.get("momentum_shown"):
        moved = f"; mean score of 30 days {row['momentum']:+.1f} against that of 90 (n {row['momentum_n']:.0f})"
    if row["arrow_n"] is None:
        return f"no month with events{moved}"
    month, n = f"{row['arrow_month']:%b %Y}", f"n {row['arrow_n']:.0f}"
    if row["arrow"] == "insufficient data" or row["arrow_before"] is None:
        return f"too few events in a month to tell ({n} in {month}){moved}"
    text = f"{row['arrow']}: mean score {row['arrow_now']:+.1f} in {month} against {row['arrow_before']:+.1f} in the {row['base_months']} months before"
    certainty = f"z {row['arrow_z']:+.1f}, {n}" if row["arrow_z"] is not None else n
    return f"{text} ({certainty}){moved}"


def _sparks(visit: Visit, pairs: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """The tension of the last months of each pair, oldest first."""
    found: dict[tuple[str, str], list[Row]] = {}
    keys = [f"{r['a']}\t{r['b']}" for r in pairs]
    for row in visit.snapshot.rows(
        f"""SELECT a, b, month, tension, enough FROM marts.dyad_month
        WHERE dataset = $dataset AND list_contains($keys, a || chr(9) || b)
            AND month >= (SELECT max(as_of) FROM marts.dyad_current WHERE dataset = $dataset) - INTERVAL {_SPARK_MONTHS} MONTH
        ORDER BY month""",  # noqa: S608
        {"keys": keys, "dataset": visit.selection.dataset},
    ):
        found.setdefault((row["a"], row["b"]), []).append(row)
    return found


def actors(visit: Visit) -> Page:
    """All actors of the corpus, to find one by its name."""
    table = Table(
        "actors",
        "Actors in the corpus",
        """SELECT m.actor AS actor_id, any_value(m.actor_name) AS name, any_value(a.kind) AS kind, any_value(a.country) AS country,
            sum(m.n_mentions)::BIGINT AS mentions, sum(m.n_articles)::BIGINT AS articles, sum(m.n_events_source)::BIGINT AS acts,
            sum(m.n_events_target)::BIGINT AS acted_upon, coalesce(any_value(a.source) <> 'text', false) AS known
        FROM marts.actor_month m LEFT JOIN core.actors a ON a.actor_id = m.actor GROUP BY m.actor""",
        (
            Column("name", "Actor", link=lambda r: actor_address(r["actor_id"])),
            Column("kind", "Kind"),
            Column("country", "Country"),
            Column("mentions", "Mentions", "number"),
            Column("articles", "Articles", "number", help="original articles that name it"),
            Column("acts", "Acts", "number", help="clean events in which it acts"),
            Column("acted_upon", "Acted upon", "number"),
            Column("actor_id", "Id", "code"),
        ),
        order="mentions DESC, actor_id",
        grey="known",
        note="Persons and parts of a government count with whom they act for. Grey: a name that only the texts know.",
        size=30,
    )
    return Page("table.html", "Actors", {"lead": "Who is named, and who does what."}, (table,))
