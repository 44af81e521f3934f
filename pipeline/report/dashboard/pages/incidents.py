"""Incidents: what happened where, each counted once, with every report behind it."""

from typing import Any

from pipeline.report import corpus_charts
from pipeline.report.dashboard.page import (
    Chart,
    NotFoundError,
    Page,
    Visit,
    actor_address,
    article_address,
    sourced,
    with_links,
)
from pipeline.report.dashboard.selection import address, regions
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_MOST_ON_MAP = 2000
_OUTLINES = "/static/countries.geojson"  # Natural Earth 1:110m, public domain, to a tenth of a degree
_INCIDENTS = """
SELECT i.*, coalesce(x.name, i.perpetrator) AS perpetrator_name, c.confidence
FROM marts.linked_incident i
LEFT JOIN core.actors x ON x.actor_id = i.perpetrator
LEFT JOIN (
    SELECT v.incident_id, max(e.confidence) AS confidence
    FROM (SELECT incident_id, unnest(event_ids) AS event_id FROM core.current_incidents) v JOIN core.current_events e USING (event_id) GROUP BY 1
) c USING (incident_id)
WHERE ($start IS NULL OR i.start_date >= $start) AND ($end IS NULL OR i.start_date <= $end)
    AND ($actor = '' OR list_contains(i.perpetrators, $actor) OR list_contains(i.harmed, $actor)
        OR contains(lower(coalesce(x.name, '')), lower($actor)))
    AND ($type = '' OR i.incident_type = $type)
    AND (len($countries) = 0 OR list_contains($countries, i.country))
    AND ($standing = '' OR ($standing = 'actual') = (i.status = 'actual'))
"""


def incident_address(row: Row) -> str:
    """The page of a linked incident."""
    return address("/incident", id=row["linked_incident_id"])


def _parameters(visit: Visit, actor: str) -> dict[str, Any]:
    chosen = visit.selection
    return {
        **chosen.period(), "actor": actor, "type": visit.get("type"), "standing": visit.get("standing"),
        "countries": regions().get(chosen.region, ["?"]) if chosen.region else [],
    }  # fmt: skip


def incidents_table(visit: Visit, actor: str = "") -> Table:
    """Linked incidents, all or those of an actor."""
    return Table(
        "incidents",
        "Incidents",
        _INCIDENTS,
        (
            Column("start_date", "Date", "date"),
            Column("incident_type", "What", link=incident_address),
            Column("place", "Where"),
            Column("country", "Country"),
            Column("perpetrator_name", "By", link=lambda r: actor_address(r["perpetrator"])),
            Column("killed_low", "Killed, from", "number"),
            Column("killed_best", "latest", "number", help="latest exact figure, or a higher “at least” after it"),
            Column("killed_high", "to", "number"),
            Column("injured_best", "Injured", "number"),
            Column("n_reports", "Reports", "number"),
            Column("n_sources", "Publishers", "number"),
            Column("status", "Status"),
            Column(
                "confidence",
                "Confidence",
                "share",
                help="how sure the coding of its surest event is; null where no event belongs to it",
            ),
        ),
        _parameters(visit, actor),
        order="start_date DESC NULLS LAST, linked_incident_id",
        note="Each incident once, however many report it. Tolls are bounds over all reports; undated ones stay undated.",
        empty="No incident fits these filters.",
    )


def incidents(visit: Visit) -> Page:
    """All incidents, on a map and in a table."""
    table = incidents_table(visit, visit.selection.actor)
    found = visit.snapshot.frame(
        f"{_INCIDENTS} ORDER BY (i.lat IS NULL), i.start_date DESC LIMIT {_MOST_ON_MAP}", table.parameters
    )
    placed = with_links(found[found["lat"].notna()], incident_address) if len(found) else found
    total = visit.snapshot.rows(f"SELECT count(*) AS n, count(lat) AS placed FROM ({_INCIDENTS})", table.parameters)[0]  # noqa: S608 - our own SQL
    types = [
        r["incident_type"]
        for r in visit.snapshot.rows("SELECT DISTINCT incident_type FROM marts.linked_incident ORDER BY 1")
    ]
    context = {
        "types": types,
        "regions": list(regions()),
        "filter": visit.selection,
        "type": visit.get("type"),
        "standing": visit.get("standing"),
        "total": total,
    }
    drawn = {
        "map": Chart(
            corpus_charts.incident_map(placed, _OUTLINES, sourced(visit, "incidents") + " Outlines: Natural Earth."),
            "incidents",
        )
    }
    return Page("incidents.html", "Incidents", context, (table,), drawn)


def incident(visit: Visit) -> Page:
    """One incident with its reports; ``id`` is the linked incident, ``report`` one of its reports."""
    p = {"id": visit.get("id"), "report": visit.get("report")}
    row = visit.snapshot.row(
        """SELECT i.*, coalesce(x.name, i.perpetrator) AS perpetrator_name FROM marts.linked_incident i LEFT JOIN core.actors x ON x.actor_id = i.perpetrator
        WHERE i.linked_incident_id = $id OR i.linked_incident_id IN (SELECT linked_incident_id FROM marts.incident_links WHERE incident_id = $report)""",
        p,
    )
    if row is None:
        raise NotFoundError("There is no such incident in this snapshot.")
    names = {
        r["actor_id"]: r["name"]
        for r in visit.snapshot.rows(
            "SELECT actor_id, name FROM core.actors WHERE list_contains($all, actor_id)",
            {"all": [*(row["perpetrators"] or []), *(row["harmed"] or [])]},
        )
    }
    return Page(
        "incident.html",
        f"{row['incident_type'].replace('_', ' ').capitalize()}{', ' + row['place'] if row['place'] else ''}",
        {"row": row, "names": names, "actor_href": actor_address},
        (_reports(row["linked_incident_id"]),),
    )


def _reports(linked_incident_id: str) -> Table:
    return Table(
        "reports",
        "Reports",
        """SELECT l.*, c.start_date, c.location, c.killed_low, c.killed_best, c.killed_high, v.sentence_text, v.title, v.source, p.shared_places, p.days_apart,
            'incident' AS kind, l.incident_id AS id
        FROM marts.incident_links l JOIN core.current_incidents c USING (incident_id)
        JOIN marts.evidence v ON v.kind = 'incident' AND v.id = l.incident_id
        LEFT JOIN staging.incident_pairs p ON p.later_id = l.incident_id AND p.earlier_id = l.joined_id
        WHERE l.linked_incident_id = $id""",
        (
            Column("published", "Published", "date"),
            Column("publisher", "Publisher"),
            Column("reason", "Why it is here"),
            Column("score", "Points", "number", help="for being the same incident: docs/incidents.md"),
            Column("start_date", "Dated", "date"),
            Column("location", "Place"),
            Column("killed_low", "Killed, from", "number"),
            Column("killed_best", "stated", "number"),
            Column("killed_high", "to", "number"),
            Column(
                "sentence_text",
                "Sentence",
                "cut",
                link=lambda r: article_address(r["article_id"], "incident", r["incident_id"]),
            ),
        ),
        {"id": linked_incident_id},
        order="report_rank",
    )
