"""Evidence: from a mark in a chart to its events, figures or statements, and from each to its sentences."""

from typing import Any

from pipeline.report.dashboard.page import NotFoundError, Page, Visit, article_address
from pipeline.report.dashboard.selection import OWN, address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_EVENTS = """
SELECT e.event_id, e.event_date, e.date_precision, e.source, e.target, coalesce(x.name, e.source) AS source_name,
    coalesce(y.name, e.target) AS target_name, e.event_type, e.quad_class, e.goldstein, e.confidence, e.n_reports, e.n_articles, e.event_ids, e.location
FROM staging.events_clean e
LEFT JOIN core.actors x ON x.actor_id = e.source
LEFT JOIN core.actors y ON y.actor_id = e.target
WHERE e.dataset = $dataset
    AND ($id = '' OR list_contains(e.event_ids, $id))
    AND ($a = '' OR least(e.source, e.target) = $a) AND ($b = '' OR greatest(e.source, e.target) = $b)
    AND ($actor = '' OR e.source = $actor OR e.target = $actor)
    AND ($start IS NULL OR e.event_date >= $start) AND ($end IS NULL OR e.event_date <= $end)
    AND ($source = '' OR e.source = $source) AND ($target = '' OR e.target = $target)
    AND ($type = '' OR e.event_type = $type) AND ($quad = '' OR ($quad = 'conflict') = (e.quad_class >= 3))
"""
# Filtered before the join with the texts, so that only the chosen sentences are cut out of them.
_SENTENCES = f"""
SELECT v.published, v.source AS publisher, e.event_type AS what, e.source_name || ' → ' || e.target_name AS who, v.sentence_text, v.article_id, v.id, v.title,
    v.text AS trigger_text, e.event_date, v.url, v.coder_version, 'event' AS kind
FROM (SELECT *, unnest(event_ids) AS report FROM ({_EVENTS})) e JOIN marts.evidence v ON v.kind = 'event' AND v.id = e.report
"""  # noqa: S608 - our own SQL
_STATEMENTS = """
SELECT v.published, v.source AS publisher, s.cue_type AS what, coalesce(x.name, s.actor_a) || ' – ' || coalesce(y.name, s.actor_b) AS who,
    s.polarity * s.strength AS score, v.sentence_text, v.article_id, v.id, v.title, v.text AS trigger_text, v.url, v.coder_version, 'relation' AS kind
FROM staging.cues s JOIN marts.evidence v ON v.kind = 'relation' AND v.id = s.relation_id
LEFT JOIN core.actors x ON x.actor_id = s.actor_a
LEFT JOIN core.actors y ON y.actor_id = s.actor_b
WHERE ($id = '' OR s.relation_id = $id) AND ($a = '' OR least(s.actor_a, s.actor_b) = $a) AND ($b = '' OR greatest(s.actor_a, s.actor_b) = $b)
    AND ($start IS NULL OR v.published >= $start) AND ($end IS NULL OR v.published <= $end)
"""
_FIGURES = """
SELECT c.start_date, c.end_date, c.grain, c.measure, c.low, c.best, c.high, coalesce(x.name, c.perpetrator) AS who, coalesce(y.name, c.target) AS upon,
    c.attribution_type, c.attributed_to, c.comparison_text, v.published, v.source AS publisher, v.sentence_text, v.article_id, v.id, v.title,
    v.text AS trigger_text, c.measure AS what, v.url, v.coder_version, 'count' AS kind
FROM staging.counts_clean c JOIN marts.evidence v ON v.kind = 'count' AND v.id = c.count_id
LEFT JOIN core.actors x ON x.actor_id = c.perpetrator
LEFT JOIN core.actors y ON y.actor_id = c.target
WHERE c.perpetrator = $actor AND ($start IS NULL OR c.start_date >= $start) AND ($end IS NULL OR c.end_date <= $end)
    AND ($whose = '' OR c.attribution_type = $whose AND c.measure = 'attacks')
"""


def quote_address(row: Row) -> str:
    """The article of a sentence, at the coded row."""
    return article_address(row["article_id"], row["kind"], row["id"])


def evidence(visit: Visit) -> Page:
    """What stands behind a mark: the events, or the statements, that the address selects."""
    keys = ("id", "a", "b", "actor", "source", "target", "type", "quad")
    parameters: dict[str, Any] = {
        "dataset": visit.selection.dataset,
        **visit.selection.period(),
        **{k: visit.get(k) for k in keys},
    }
    if parameters["a"] and parameters["b"]:
        parameters["a"], parameters["b"] = sorted((parameters["a"], parameters["b"]))
    elif not (parameters["id"] or parameters["actor"]):
        raise NotFoundError("This address names no pair, no actor and no event: come here by a mark in a chart.")
    context: dict[str, Any] = {
        "parameters": parameters,
        "selection": visit.selection,
        "names": _names(visit, parameters),
        "kind": visit.get("kind"),
    }
    if parameters["a"] and parameters["b"]:
        context["pair_href"] = address("/pair", a=parameters["a"], b=parameters["b"], dataset=visit.selection.dataset)
    if visit.get("kind") == "relation":
        return Page(
            "evidence.html", "Evidence", context, (_sentences("statements", "Statements", _STATEMENTS, parameters),)
        )
    return Page(
        "evidence.html",
        "Evidence",
        context,
        (_events(parameters), _sentences("sentences", "Sentences", _SENTENCES, parameters)),
    )


def _events(parameters: dict[str, Any]) -> Table:
    return Table(
        "events",
        "Events",
        _EVENTS,
        (
            Column("event_date", "Date", "date"),
            Column("date_precision", "to the"),
            Column("source_name", "Who"),
            Column("event_type", "Did what"),
            Column("target_name", "To whom"),
            Column("goldstein", "Score", "score", help="mean Goldstein score of the reports, −10 to +10"),
            Column("confidence", "Confidence", "share", help="how sure the coding is; no part of the score"),
            Column("n_reports", "Reports", "number", help="coded reports that were merged into this event"),
            Column("n_articles", "Articles", "number"),
            Column(
                "event_id",
                "Sentences",
                "open",
                link=lambda r: address("/evidence", dataset=parameters["dataset"], id=r["event_id"]),
            ),
        ),
        parameters,
        order="event_date DESC, event_id",
        note="Reports of one act count once. An undated event has no month and stands in no chart.",
        empty="No event fits this selection.",
    )


def _sentences(key: str, title: str, sql: str, parameters: dict[str, Any]) -> Table:
    return Table(
        key,
        title,
        sql,
        (
            Column("published", "Published", "date"),
            Column("publisher", "Publisher"),
            Column("who", "Who"),
            Column("what", "What"),
            Column("sentence_text", "Sentence", "quote", link=quote_address),
        ),
        parameters,
        order="published DESC NULLS LAST, id",
        empty="No sentence: imported events have none."
        if parameters["dataset"] != OWN
        else "No sentence fits this selection.",
    )


def figures(visit: Visit) -> Page:
    """The reported figures of an actor, with their sentences."""
    actor = visit.get("actor")
    if not actor:
        raise NotFoundError("This address names no actor.")
    parameters = {"actor": actor, "whose": visit.get("whose"), **visit.selection.period()}
    table = Table(
        "figures",
        "Reported figures",
        _FIGURES,
        (
            Column("start_date", "From", "date"),
            Column("end_date", "Until", "date"),
            Column("who", "By"),
            Column("measure", "What is counted"),
            Column("low", "At least", "number"),
            Column("best", "Stated", "number"),
            Column("high", "At most", "number"),
            Column("attribution_type", "Whose word"),
            Column("attributed_to", "Said by"),
            Column("comparison_text", "Compared"),
            Column("sentence_text", "Sentence", "cut", link=quote_address),
        ),
        parameters,
        order="start_date DESC, id",
        note="A claim is no tally: figures on different words are never added up.",
        empty="No figure fits this selection.",
    )
    names = _names(visit, parameters)
    return Page(
        "evidence.html",
        "Reported figures",
        {"parameters": parameters, "selection": visit.selection, "names": names, "kind": "count"},
        (table,),
    )


def _names(visit: Visit, parameters: dict[str, Any]) -> dict[str, str]:
    """Names of the actors that the address mentions."""
    wanted = [str(parameters[k]) for k in ("a", "b", "actor", "source", "target") if parameters.get(k)]
    rows = (
        visit.snapshot.rows(
            "SELECT actor_id, name FROM core.actors WHERE list_contains($wanted, actor_id)", {"wanted": wanted}
        )
        if wanted
        else []
    )
    return {w: w for w in wanted} | {r["actor_id"]: r["name"] for r in rows}
