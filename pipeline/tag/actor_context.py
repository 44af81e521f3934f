"""Which matches of known names to believe, from what stands around them.

What belongs here: dropping a match that is part of a longer name ("Paris Hilton", "Bank of China") or an ambiguous word that nothing
supports ("Jordan" the basketball player). What does not: place or actor (``actor_reading.py``).
"""

from collections import Counter

from spacy.tokens import Doc, Span

from pipeline.knowledge.actors import Alias, load_actors
from pipeline.knowledge.places import Place
from pipeline.tag.actor_gazetteer import NameMatch, names_in

_LABELS_OF_NO_ACTOR = frozenset({"", "PERSON", "DATE", "WORK_OF_ART", "CARDINAL", "TIME", "PRODUCT"})
# Marks, among the certain actors, the state whose institutions an article may name without saying whose they are.
_ITS_INSTITUTIONS = "institutions of "
_AFTER_LOCATIVE = frozenset({"in", "near", "at", "from", "to", "around", "outside"})


def entity_around(span: Span) -> Span | None:
    """The model's entity that holds the span's root."""
    if not span.root.ent_type_:
        return None
    doc = span.doc
    start = end = span.root.i
    while start > 0 and doc[start].ent_iob_ != "B":
        start -= 1
    while end + 1 < len(doc) and doc[end + 1].ent_iob_ == "I":
        end += 1
    return doc[start : end + 1]


def _without_frame(entity: Span) -> tuple[int, int]:
    """First and last token of an entity without its article and possessive ending."""
    start = entity.start + (entity[0].lower_ == "the")
    return start, entity.end - (entity[-1].tag_ == "POS")


def _fits_country(known: Alias, certain: set[str]) -> bool:
    """Whether a short acronym's own country, or the actor under a certain name, is in the article."""
    actor = load_actors().by_id[known.actor_id]
    return not actor.country or actor.kind == "media" or actor.country in certain or actor.actor_id in certain


def certain_names(doc: Doc) -> list[NameMatch]:
    """The matches of known names that stand for what they name, in text order; read once and kept with the document."""
    kept: list[NameMatch] | None = doc.user_data.get("certain_names")
    if kept is None:
        matches = names_in(doc)
        named = Counter(m.known.actor_id for m in matches if isinstance(m.known, Alias) and not m.known.needs_context)
        certain = set(named)
        states = [(n, actor_id) for actor_id, n in named.items() if load_actors().by_id[actor_id].kind == "state"]
        if states:
            certain.add(_ITS_INSTITUTIONS + max(states)[1])
        kept = [m for m in matches if _believable(doc, m, certain)]
        doc.user_data["certain_names"] = kept
    return kept


def _believable(doc: Doc, match: NameMatch, certain: set[str]) -> bool:
    span = doc.char_span(match.start_char, match.end_char, alignment_mode="expand")
    if not span:
        return False
    entity, label = entity_around(span), span.root.ent_type_
    longer = entity is not None and _without_frame(entity) != (span.start, span.end)
    known = match.known
    if isinstance(known, Place):
        if longer and label in ("PERSON", "ORG", "FAC", "WORK_OF_ART"):
            return False
        return label != "PERSON" or (span.start > 0 and doc[span.start - 1].lower_ in _AFTER_LOCATIVE) or match.capitals
    if longer and label == "PERSON" and known.reading in ("name", "capital"):
        return False
    if longer and label == "ORG" and known.reading == "capital" and span.root.head.ent_type_ == "ORG":
        return False
    if known.needs_context and known.reading == "seat":
        actor = load_actors().by_id[known.actor_id]
        return (
            f"{_ITS_INSTITUTIONS}{actor.parent}" in certain
        )  # whose "Senate": that of the state which the article is about
    if known.needs_context and known.alias.isupper() and not _fits_country(known, certain):
        return False
    if known.needs_context and not match.capitals:
        if label == "PERSON":
            return False
        return label not in _LABELS_OF_NO_ACTOR or known.actor_id in certain
    return True
