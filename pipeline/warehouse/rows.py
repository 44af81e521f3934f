"""Tagged articles as rows of the core tables."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from pipeline.records import ActorMention, Count, Event, Incident, Participant, TaggedArticle, UncodedEvent

Row = dict[str, Any]


def row_id(*parts: object) -> str:
    """Hash of what a row says; the same parts give the same id on every machine."""
    text = "\x1f".join(["" if p is None else str(p) for p in parts])
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


@cache
def _reader(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(f.name for f in fields(kind))
    return names, attrgetter(*names)


def _fields(record: Any) -> Row:
    """A record's fields by name, as they are: ``dataclasses.asdict`` copies every value, in several times the time."""
    names, values = _reader(record.__class__)
    return dict(zip(names, values(record), strict=True))


class _Context:
    """What every row of one tagged article shares."""

    def __init__(self, tagged: TaggedArticle) -> None:
        self.tagged = tagged
        self._starts = [s.start_char for s in tagged.sentences]

    def base(self, span: Any) -> Row:
        """The columns that trace a row to its sentence."""
        return {
            "article_id": self.tagged.article_id,
            "coder_version": self.tagged.coder_version,
            "sentence": self.sentence(span),
            "start_char": span.start_char,
            "end_char": span.end_char,
            "text": span.text,
        }

    def sentence(self, span: Any) -> int:
        """Index of the sentence in which a span begins."""
        return max(bisect_right(self._starts, span.start_char) - 1, 0)

    def id(self, span: Any, *parts: object) -> str:
        return row_id(self.tagged.article_id, span.start_char, span.end_char, *parts)


def _sentences(c: _Context) -> Iterable[Row]:
    for i, s in enumerate(c.tagged.sentences):
        yield {
            "article_id": c.tagged.article_id,
            "coder_version": c.tagged.coder_version,
            "sentence": i,
            "start_char": s.start_char,
            "end_char": s.end_char,
        }


def _entities(c: _Context) -> Iterable[Row]:
    for e in c.tagged.entities:
        yield {**c.base(e), "entity_id": c.id(e, e.label), "label": e.label}


def _actor_mentions(c: _Context) -> Iterable[Row]:
    for m in c.tagged.actors:
        yield {**c.base(m), **_fields(m), "mention_id": c.id(m, m.actor_id)}


def _location_mentions(c: _Context) -> Iterable[Row]:
    for m in c.tagged.locations:
        yield {**c.base(m), **_fields(m), "mention_id": c.id(m)}


def _date_mentions(c: _Context) -> Iterable[Row]:
    for m in c.tagged.dates:
        yield {**c.base(m), **_fields(m), "mention_id": c.id(m, m.value)}


def _count(c: _Context, n: Count) -> Row:
    row = {**c.base(n), **_fields(n), "count_id": c.id(n, n.measure, n.low, n.best, n.high)}
    comparison = row.pop("comparison")
    return {
        **row,
        "comparison_text": comparison.text if comparison else None,
        "comparison_relation": comparison.relation if comparison else None,
        "comparison_start": comparison.frame_start if comparison else None,
        "comparison_end": comparison.frame_end if comparison else None,
    }


def _participant(role: str, p: Participant | None) -> Row:
    return {
        f"{role}_actor_id": p.actor_id if p else None,
        f"{role}_start": p.start_char if p else None,
        f"{role}_end": p.end_char if p else None,
        f"{role}_text": p.text if p else None,
    }


def event_id(article_id: str, e: Event) -> str:
    """Hash of article, trigger span, type and participants, without the coder: the same coding keeps its id across coders."""
    ends = [(p.start_char, p.end_char) if p else None for p in (e.source, e.target)]
    return row_id(article_id, e.start_char, e.end_char, e.event_type, *ends)


def _event(c: _Context, e: Event) -> Row:
    row = {**c.base(e), **_fields(e), "event_id": event_id(c.tagged.article_id, e), "quad_scheme": "plover"}
    del row["source"], row["target"]
    return {**row, **_participant("source", e.source), **_participant("target", e.target)}


def _uncoded_event(c: _Context, u: UncodedEvent) -> Row:
    sides = {**_participant("source", u.source), **_participant("target", u.target)}
    named = {k: v for k, v in sides.items() if not k.endswith(("_start", "_end"))}
    return {**c.base(u), **named, "uncoded_id": c.id(u, u.reason), "lemma": u.lemma, "reason": u.reason}


def _incident(c: _Context, ordinal: int, i: Incident) -> Row:
    row = {**c.base(i), **_fields(i), "incident_id": c.id(i, i.incident_type), "ordinal": ordinal}
    indexes = row.pop("event_indexes")
    del row["mentions"]
    return {
        **row,
        "event_ids": [event_id(c.tagged.article_id, c.tagged.events[k]) for k in indexes],
        "sentences": sorted({c.sentence(i), *(c.sentence(m) for m in i.mentions)}),
    }


def _relations(c: _Context) -> Iterable[Row]:
    for r in c.tagged.relations:
        yield {**c.base(r), **_fields(r), "relation_id": c.id(r, r.actor_a, r.actor_b, r.cue_type)}


_BUILDERS: Mapping[str, Callable[[_Context], Iterable[Row]]] = {
    "sentences": _sentences,
    "entities": _entities,
    "actor_mentions": _actor_mentions,
    "location_mentions": _location_mentions,
    "date_mentions": _date_mentions,
    "attack_counts": lambda c: (_count(c, n) for n in c.tagged.counts),
    "events": lambda c: (_event(c, e) for e in c.tagged.events),
    "incidents": lambda c: (_incident(c, k, i) for k, i in enumerate(c.tagged.incidents)),
    "relation_statements": _relations,
    "uncoded_events": lambda c: (_uncoded_event(c, u) for u in c.tagged.uncoded_events),
}


def tagged_rows(tagged: Iterable[TaggedArticle]) -> dict[str, list[Row]]:
    """Rows of each tagged table, by table name."""
    rows: dict[str, list[Row]] = {name: [] for name in _BUILDERS}
    for article in tagged:
        context = _Context(article)
        for name, build in _BUILDERS.items():
            rows[name].extend(build(context))
    return rows


def discovered_actors(mentions: Iterable[ActorMention]) -> list[Row]:
    """Actors that the texts name, as rows of core.actors; those of the knowledge base are there already and stay."""
    return [
        {
            "actor_id": m.actor_id,
            "name": m.name,
            "kind": m.kind,
            # "collective:gunmen:pak" is of the country that its id names
            "country": m.actor_id.split(":")[2].upper() if m.actor_id.count(":") > 1 else None,
            "source": "text",
        }
        for m in mentions
    ]


def discovered_roles(tagged: TaggedArticle) -> list[Row]:
    """Ties of persons to organizations that the text states, undated, as rows of core.actor_roles."""
    source = f"text:{tagged.article_id}"
    return [
        {
            "role_id": row_id(m.actor_id, m.affiliation, m.role, source),
            "actor_id": m.actor_id,
            "parent_id": m.affiliation,
            "role": m.role or "member",
            "source": source,
        }
        for m in tagged.actors
        if m.affiliation_source == "text" and m.affiliation != m.actor_id
    ]
