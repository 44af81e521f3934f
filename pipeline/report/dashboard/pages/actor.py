"""Actor: with whom it deals, what it is said to have done, who it is, and what the knowledge base may lack near it."""

from typing import Any

import pandas as pd

from pipeline.report import charts
from pipeline.report.dashboard.page import (
    Chart,
    NotFoundError,
    Page,
    Visit,
    actor_address,
    linked,
    month_of,
    pair_address,
    sourced,
)
from pipeline.report.dashboard.pages.incidents import incidents_table
from pipeline.report.dashboard.pages.series import tempo_table
from pipeline.report.dashboard.selection import address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_SHOWN_MONTHS = 24
_PERIOD = "($start IS NULL OR month >= $start) AND ($end IS NULL OR month <= $end)"
_MONTHS = f"SELECT * FROM marts.actor_month WHERE actor = $id AND {_PERIOD}"
_TEMPO = f"SELECT * FROM marts.attack_tempo WHERE perpetrator = $id AND {_PERIOD}"


def actor(visit: Visit) -> Page:
    """The page of the actor ``id``."""
    p = {"id": visit.get("id"), "dataset": visit.selection.dataset, **visit.selection.period()}
    who = visit.snapshot.row(
        "SELECT a.*, p.name AS parent_name FROM core.actors a LEFT JOIN core.actors p ON p.actor_id = a.parent_id WHERE a.actor_id = $id",
        p,
    )
    if who is None:
        raise NotFoundError(f"There is no actor “{p['id']}” in this snapshot.")
    name, months, tempo = who["name"], _months(p), tempo_table(_TEMPO, p)
    frame = linked(visit, months)
    if visit.selection.start is None and len(frame):  # a treaty of 1948 would press the rest together
        frame = frame[frame["month"] > frame["month"].max() - pd.DateOffset(months=_SHOWN_MONTHS)]
    figures = charts.attack_tempo(linked(visit, tempo), f"Reported attacks of {name}", sourced(visit, "figures"))
    drawn = {
        "months": Chart(charts.actor_months(frame, name, sourced(visit)), "months"),
        "tempo": Chart(figures, "tempo"),
    }
    context = {
        "who": who,
        "parent_href": actor_address(who["parent_id"]),
        "figures_href": address("/figures", actor=p["id"]),
    }
    tables = (_pairs(p), months, tempo, incidents_table(visit, actor=p["id"]), *_knowledge(p))
    return Page("actor.html", name, context, tables, drawn)


def _months(p: dict[str, Any]) -> Table:
    def events(row: Row) -> str:
        first, last = month_of(row["month"])
        return address("/evidence", actor=p["id"], start=first, end=last)

    columns = (
        Column("month", "Month", "month", link=events),
        Column("n_events_source", "Acts", "number"),
        Column("n_events_target", "Acted upon", "number"),
        Column("n_conflict_source", "Conflict, acting", "number"),
        Column("n_conflict_target", "Conflict, acted upon", "number"),
        Column("n_mentions", "Mentions", "number"),
        Column("n_articles", "Articles", "number"),
    )
    return Table("months", "By month", _MONTHS, columns, p, "month DESC", size=12)


def _pairs(p: dict[str, Any]) -> Table:
    return Table(
        "pairs",
        "With whom",
        """SELECT d.*, CASE WHEN d.a = $id THEN d.b ELSE d.a END AS other, CASE WHEN d.a = $id THEN d.b_name ELSE d.a_name END AS other_name,
            NOT d.is_stale AS is_shown
        FROM marts.dyad_current d WHERE d.dataset = $dataset AND (d.a = $id OR d.b = $id)""",
        (
            Column("other_name", "Other side", link=lambda r: pair_address(r, p["dataset"])),
            Column("tension_now", "Tension now", "decimal"),
            Column("effective_n", "n now", "decimal"),
            Column("net_cooperation_now", "Mean score", "score"),
            Column("n_events", "Events", "number"),
            Column("last_event_date", "Newest event", "date"),
        ),
        p,
        order="is_shown DESC, n_events DESC, other",
        grey="is_shown",
        empty="No dated event with another actor.",
    )


def _knowledge(p: dict[str, Any]) -> tuple[Table, ...]:
    """What the knowledge base holds of it, and names that it does not know in the articles that name it."""
    aliases = (
        Column("alias", "Name"),
        Column("reading", "Kind of name"),
        Column("needs_context", "Needs context"),
        Column("source", "Source"),
    )
    roles = (
        Column("role", "As"), Column("parent_name", "Of", link=lambda r: actor_address(r["parent_id"])), Column("start_date", "Since", "date"),
        Column("end_date", "Until", "date"), Column("source", "Source"),
    )  # fmt: skip
    people = (
        Column("name", "Who", link=lambda r: actor_address(r["actor_id"])), Column("role", "As"), Column("start_date", "Since", "date"),
        Column("end_date", "Until", "date"), Column("source", "Source"),
    )  # fmt: skip
    unknown = (Column("name", "Name", link=lambda r: actor_address(r["actor_id"])), Column("kind", "Taken for"), Column("shared", "Articles with both", "number"),
               Column("n_mentions", "Mentions", "number"), Column("example", "Example", "cut"))  # fmt: skip
    return (
        Table("aliases", "Names that it goes by", "SELECT * FROM core.actor_aliases WHERE actor_id = $id", aliases, p, "alias", empty="Only its own."),
        Table(
            "roles", "What it was, and when",
            """SELECT r.*, coalesce(x.name, r.parent_id) AS parent_name FROM core.actor_roles r LEFT JOIN core.actors x ON x.actor_id = r.parent_id
            WHERE r.actor_id = $id""",
            roles, p, "start_date NULLS FIRST, role", empty="No dated role is known.",
        ),
        Table(
            "members", "Who stood for it, and when",
            """SELECT r.*, x.name FROM core.actor_roles r JOIN core.actors x USING (actor_id) WHERE r.parent_id = $id""",
            people, p, "start_date DESC NULLS LAST, name", empty="Nobody, as far as known.",
        ),
        Table(
            "unresolved", "Names nearby that are not known",
            """SELECT u.*, n.shared FROM marts.unresolved_names u JOIN (
                SELECT m.actor_id, count(DISTINCT m.article_id) AS shared FROM core.current_actor_mentions m
                WHERE m.article_id IN (SELECT article_id FROM staging.actors_rolled_up WHERE rolled_actor_id = $id OR actor_id = $id) GROUP BY 1
            ) n USING (actor_id)""",
            unknown, p, "shared DESC, n_mentions DESC, name",
            note="Names in the same articles that the knowledge base lacks: some may be aliases of it.", empty="None.",
        ),
    )  # fmt: skip
