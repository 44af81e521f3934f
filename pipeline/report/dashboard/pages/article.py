"""Article: the whole text with everything that was read in it, and for each reading its normalization and its rule.

A reading is *reported* where the words themselves say it (a name, a full date, an exact figure) and *inferred* where the coder had to add
something: whom a pronoun takes up, which year "Monday" is in, from which sentence an event has its date.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.report.dashboard.page import NotFoundError, Page, Visit, actor_address, article_address
from pipeline.report.dashboard.selection import address
from pipeline.report.dashboard.tables import Column, Table
from pipeline.warehouse.snapshot import Row

_LAYERS = {
    "actor": ("core.current_actor_mentions", "mention_id"),
    "date": ("core.current_date_mentions", "mention_id"),
    "count": ("core.current_attack_counts", "count_id"),
    "event": ("core.current_events", "event_id"),
    "relation": ("core.current_relation_statements", "relation_id"),
    "incident": ("core.current_incidents", "incident_id"),
}
_INFERRED_ACTORS = ("coreference", "description", "metonym")
_REPORTED_DATES = ("explicit", "times", "durations", "sets")


@dataclass(frozen=True, slots=True)
class Reading:
    """One coded row of the text: span, layer, what it was read as (lines), and whether the words alone say so."""

    layer: str
    id: str
    start: int
    end: int
    lines: tuple[str, ...]
    inferred: bool
    link: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same readings."""

    text: str
    readings: tuple[Reading, ...]
    here: bool

    @property
    def classes(self) -> str:
        """CSS classes of the layers, ``inferred`` if one of them is, and ``here`` for what was asked for."""
        found = dict.fromkeys(r.layer for r in self.readings)
        return " ".join(
            [
                *found,
                *(["inferred"] if any(r.inferred for r in self.readings) else []),
                *(["here"] if self.here else []),
            ]
        )

    @property
    def tip(self) -> str:
        """What was read, for a tooltip."""
        return "\n\n".join("\n".join(r.lines) for r in self.readings)


def article(visit: Visit) -> Page:
    """The article ``id``; ``at`` is kind:id of the coded row to show first."""
    wanted = {"id": visit.get("id")}
    text = visit.snapshot.row("SELECT * FROM raw.articles WHERE article_id = $id", wanted)
    if text is None:
        raise NotFoundError(f"There is no article “{wanted['id']}” in this snapshot.")
    names = {
        r["actor_id"]: r["name"]
        for r in visit.snapshot.rows(
            "SELECT DISTINCT actor_id, name FROM core.current_actor_mentions WHERE article_id = $id", wanted
        )
    }
    readings = [r for layer in _LAYERS for r in _readings(visit, layer, wanted, names)]
    here = _here(visit, wanted)
    sentences = visit.snapshot.rows(
        "SELECT sentence, start_char, end_char FROM core.current_sentences WHERE article_id = $id ORDER BY sentence",
        wanted,
    )
    run = visit.snapshot.row("SELECT coder_version, tagged_at FROM core.current_runs WHERE article_id = $id", wanted)
    context = {
        "article": text, "paragraphs": list(paragraphs(str(text["text"]), readings, sentences, here)), "run": run,
        "tally": {layer: sum(r.layer == layer for r in readings) for layer in _LAYERS}, "inferred": sum(r.inferred for r in readings),
        "original_href": article_address(text["duplicate_of"]), "here": here is not None,
        "copies": visit.snapshot.rows("SELECT article_id, source, published FROM raw.articles WHERE duplicate_of = $id ORDER BY published", wanted),
    }  # fmt: skip
    return Page("article.html", text["title"] or "Article without a title", context, _tables(wanted))


def _here(visit: Visit, wanted: dict[str, Any]) -> tuple[int, int] | None:
    kind, _, item = visit.get("at").partition(":")
    if not item or kind not in ("event", "count", "relation", "incident"):
        return None
    row = visit.snapshot.row(
        "SELECT start_char, end_char FROM marts.evidence WHERE kind = $kind AND id = $item AND article_id = $id",
        {"kind": kind, "item": item, **wanted},
    )
    return (int(row["start_char"]), int(row["end_char"])) if row else None


def _readings(visit: Visit, layer: str, wanted: dict[str, Any], names: dict[str, str]) -> Iterator[Reading]:
    table, key = _LAYERS[layer]
    for row in visit.snapshot.rows(f"SELECT * FROM {table} WHERE article_id = $id", wanted):  # noqa: S608 - our own names
        lines, inferred, link = _DESCRIBED[layer](row, names)
        yield Reading(
            layer,
            str(row[key]),
            int(row["start_char"]),
            int(row["end_char"]),
            tuple(x for x in lines if x),
            inferred,
            link,
        )


def _actor(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    side = (
        f"of {names.get(row['affiliation'], row['affiliation'])} ({row['affiliation_source']})"
        if row["affiliation"]
        else ""
    )
    lines = [
        f"ACTOR  {row['name']} ({row['actor_id']}), {row['kind'].replace('_', ' ')}", side, f"by {row['method']}: {row['rule'] or 'no rule'}",
        f"confidence {row['confidence']:.0%}" if row["confidence"] is not None else "",
    ]  # fmt: skip
    return lines, row["method"] in _INFERRED_ACTORS, actor_address(row["actor_id"])


def _date(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    rule = row["rule"] or "no rule"
    lines = [f"{row['timex_type']}  {row['value']}{' (about)' if row['approximate'] else ''}", _days(row), f"by {rule}"]
    return lines, rule.partition(":")[0] not in _REPORTED_DATES, ""


def _count(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    bounds = f"{_n(row['low'])} to {_n(row['high'])}" if row["low"] != row["high"] else _n(row["low"])
    stated = _n(row["best"]) if row["best"] is not None else f"{bounds}, no exact figure"
    who = [
        f"by {names.get(row['actor_id'], row['actor_id'])}" if row["actor_id"] else "",
        f"upon {row['target_text']}" if row["target_text"] else "",
    ]
    lines = [
        f"COUNT  {stated} {row['measure']}", f"bounds {bounds}", ", ".join(x for x in who if x),
        f"on whose word: {row['attribution_type'].replace('_', ' ')}" + (f" ({row['attributed_to']})" if row["attributed_to"] else ""),
        f"{_days(row)}, per {row['grain']}" + (f", date from {row['date_source']}" if row["date_source"] else ""),
        f"compared: {row['comparison_text']} ({row['comparison_relation']})" if row["comparison_text"] else "", f"status {row['status']}",
    ]  # fmt: skip
    return lines, row["best"] is None or row["date_source"] in ("sentence", "narrative"), ""


def _event(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    who = [names.get(row[k], row[k]) or "unknown" for k in ("source_actor_id", "target_actor_id")]
    lines = [
        f"EVENT  {who[0]} → {who[1]}: {row['event_type']}" + (f" ({row['mode']})" if row["mode"] else ""), f"Goldstein score {row['goldstein']:+.1f}",
        f"confidence {row['confidence']:.0%}",
        _days(row) + (f", from the {row['date_source']}" if row["date_source"] else ""), f"status {row['status']}{', negated' if row['negated'] else ''}",
        f"said by {row['attributed_to']}" if row["attributed_to"] else "", f"by entry {row['rule']}" if row["rule"] else "",
    ]  # fmt: skip
    return lines, row["date_source"] in ("sentence", "narrative"), address("/evidence", id=row["event_id"])


def _relation(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    tone = {1: "cooperative", 0: "neutral", -1: "tense"}[row["polarity"]]
    pair = f"{names.get(row['actor_a'], row['actor_a'])} {'→' if row['directed'] else '–'} {names.get(row['actor_b'], row['actor_b'])}"
    return (
        [
            f"STATEMENT  {pair}: {row['cue_type'].replace('_', ' ')}",
            f"{tone}, strength {row['strength']} of 3",
            f"status {row['status']}",
        ],
        False,
        "",
    )


def _incident(row: Row, names: dict[str, str]) -> tuple[list[str], bool, str]:
    toll = [f"{what} {_n(row[f'{what}_best'])}" for what in ("killed", "injured") if row[f"{what}_best"] is not None]
    lines = [
        f"INCIDENT  {row['incident_type'].replace('_', ' ')}",
        ", ".join(x for x in (_days(row), row["location"]) if x),
        ", ".join(toll),
        f"status {row['status']}",
    ]
    return lines, False, address("/incident", report=row["incident_id"])


_DESCRIBED = {
    "actor": _actor,
    "date": _date,
    "count": _count,
    "event": _event,
    "relation": _relation,
    "incident": _incident,
}


def _n(value: Any) -> str:
    return "open" if value is None else f"{value:,}"


def _days(row: Row) -> str:
    start, end = row["start_date"], row["end_date"]
    if start is None and end is None:
        return "no days"
    return str(start) if start == end else f"{start or '…'} to {end or '…'}"


def paragraphs(
    text: str, readings: list[Reading], sentences: list[Row], here: tuple[int, int] | None
) -> Iterator[list[list[Piece]]]:
    """Paragraphs of sentences of pieces. Blank lines part paragraphs; text outside sentences is kept."""
    cuts = {0, len(text)}
    for r in readings:
        cuts |= {r.start, r.end}
    ends = {int(s["end_char"]) for s in sentences}
    cuts |= ends | {int(s["start_char"]) for s in sentences} | (set(here) if here else set())
    breaks = [i for i in range(len(text) - 1) if text[i] == "\n" and text[i + 1] == "\n"]
    cuts |= set(breaks)
    order = sorted(cuts)
    starting = sorted(readings, key=lambda r: r.start)
    open_readings: list[Reading] = []
    paragraph: list[list[Piece]] = [[]]
    broken, at = set(breaks), 0
    for start, end in zip(order, order[1:], strict=False):
        if start in broken and any(paragraph):
            yield [s for s in paragraph if s]
            paragraph = [[]]
        if not any(paragraph) and not text[start:end].strip():
            continue  # blank lines before a paragraph
        open_readings = [r for r in open_readings if r.end > start]
        while at < len(starting) and starting[at].start <= start:
            if starting[at].end > start:
                open_readings.append(starting[at])
            at += 1
        is_here = here is not None and here[0] <= start < here[1]
        paragraph[-1].append(Piece(text[start:end], tuple(open_readings), is_here))
        if end in ends:
            paragraph.append([])
    if any(paragraph):
        yield [s for s in paragraph if s]


def _tables(wanted: dict[str, Any]) -> tuple[Table, ...]:
    events = Table(
        "events",
        "Events coded in this article",
        """SELECT e.event_id, e.start_date, coalesce(x.name, e.source_actor_id) AS who, e.event_type, coalesce(y.name, e.target_actor_id) AS whom,
            e.goldstein, e.confidence, e.status, e.date_source, e.attributed_to, e.text, e.rule, e.start_char, e.article_id, 'event' AS kind
        FROM core.current_events e LEFT JOIN core.actors x ON x.actor_id = e.source_actor_id LEFT JOIN core.actors y ON y.actor_id = e.target_actor_id
        WHERE e.article_id = $id""",
        (
            Column("text", "Words", link=lambda r: article_address(r["article_id"], "event", r["event_id"])),
            Column("who", "Who"),
            Column("event_type", "Did what"),
            Column("whom", "To whom"),
            Column("start_date", "From", "date"),
            Column("date_source", "Dated by"),
            Column("status", "Status"),
            Column("goldstein", "Score", "score"),
            Column("confidence", "Confidence", "share"),
            Column("rule", "Entry", "code"),
        ),
        wanted,
        order="start_char",
        empty="No event was coded in it.",
    )
    counts = Table(
        "counts",
        "Figures read in this article",
        """SELECT c.*, coalesce(x.name, c.actor_id) AS who FROM core.current_attack_counts c LEFT JOIN core.actors x ON x.actor_id = c.actor_id
        WHERE article_id = $id""",
        (
            Column("text", "Words", link=lambda r: article_address(r["article_id"], "count", r["count_id"])),
            Column("measure", "What is counted"),
            Column("low", "At least", "number"),
            Column("best", "Stated", "number"),
            Column("high", "At most", "number"),
            Column("who", "By"),
            Column("target_text", "Upon"),
            Column("start_date", "From", "date"),
            Column("grain", "Per"),
            Column("attribution_type", "Whose word"),
            Column("status", "Status"),
        ),
        wanted,
        order="start_char",
        empty="No figure was read in it.",
    )
    return events, counts
