"""Which known names to believe, and which of several owners of a name is meant, from what stands around them.

What belongs here: dropping a match that is part of a longer name ("Paris Hilton", "Bank of China") or an ambiguous word that nothing
supports ("Jordan" the basketball player), choosing between "Congress" in Delhi and in Washington, between two ministers of one
family name. What does not: place or actor (``actor_reading.py``).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spacy.tokens import Doc, Span

from pipeline.knowledge.actors import ActorKnowledge, Alias, Role
from pipeline.knowledge.places import Place, PlaceKnowledge
from pipeline.knowledge.words import common_words
from pipeline.tag.actor_gazetteer import Gazetteer, Known, NameHit
from pipeline.tag.draft import Draft

_LABELS_OF_NO_ACTOR = frozenset({"", "PERSON", "DATE", "WORK_OF_ART", "CARDINAL", "TIME", "PRODUCT"})
_LABELS_OF_A_PERSON = frozenset({"PERSON", "ORG", "GPE", "NORP"})
_AFTER_LOCATIVE = frozenset({"in", "near", "at", "from", "to", "around", "outside"})
# Whom news calls by the family name alone, whatever else it names.
HEADS = frozenset({"president", "prime minister", "premier", "chancellor", "supreme leader"})
# News names ministers-to-be before they take office, and former ones long afterwards.
_BEFORE_OFFICE = timedelta(days=400)
_FORGOTTEN = timedelta(days=5 * 365)
# A name that no more leaders bear, as any part of theirs, is no common one such as "Khan".
_RARE = 2


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A known name at ``[start_char, end_char)`` and whom it stands for. ``capitals`` says that it stands in a line of capitals."""

    start_char: int
    end_char: int
    known: Known
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the unambiguous names of an article say about the ambiguous ones.

    ``certain`` are actors under such names, ``countries`` theirs and those of places, ``home`` the state that is named most,
    ``persons`` the full names that the model finds, by their last words, and ``given`` their first ones.
    """

    doc: Doc
    certain: frozenset[str]
    countries: Counter[str]
    home: str | None
    published: date | None
    persons: dict[str, set[str]]
    given: frozenset[str]


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


def office_at(roles: Iterable[Role], day: date | None) -> Role | None:
    """The office that a person held on a day, the one taken last if there were several; None without a day, unless it is the only one."""
    roles = list(roles)
    if day is None:
        return roles[0] if len(roles) == 1 and roles[0].end is None else None
    held = [r for r in roles if (r.start or date.min) <= day <= (r.end or date.max)]
    return max(held, key=lambda r: r.start or date.min, default=None)


class KnownNames:
    """Reads the known names of an article once, for all layers that ask."""

    def __init__(self, actors: ActorKnowledge, places: PlaceKnowledge) -> None:
        self.actors = actors
        self.places = places
        self.gazetteer = Gazetteer(actors, places)
        self._titles = frozenset(w for t in actors.titles for w in t.split())
        self._bearers = Counter(w for i in actors.offices for w in set(actors.by_id[i].name.split()))

    def certain(self, draft: Draft) -> Sequence[NameMatch]:
        """The names that stand for what they name, in text order; read once and kept with the document."""
        kept: list[NameMatch] | None = draft.doc.user_data.get("certain_names")
        if kept is None:
            hits = self.gazetteer.scan(draft.doc.text)
            evidence = self._evidence(draft, hits)
            kept = []
            for hit in hits:
                known = self._meant(hit, evidence)
                if known is not None:
                    kept.append(NameMatch(hit.start_char, hit.end_char, known, hit.capitals))
            draft.doc.user_data["certain_names"] = kept
        return kept

    def _evidence(self, draft: Draft, hits: Iterable[NameHit]) -> _Evidence:
        named: Counter[str] = Counter()
        countries: Counter[str] = Counter()
        for hit in hits:
            known = hit.owners[0]
            if len(hit.owners) > 1:
                continue
            if isinstance(known, Place):
                countries[known.country or ""] += 1
            elif not known.needs_context:
                named[known.actor_id] += 1
                countries[self.actors.by_id[known.actor_id].country or ""] += 1
        states = [(n, actor_id) for actor_id, n in named.items() if self.actors.by_id[actor_id].kind == "state"]
        persons: dict[str, set[str]] = {}
        given: set[str] = set()
        for entity in draft.doc.ents:
            if entity.label_ == "PERSON" and len(entity) > 1:
                words = [t.text for t in entity if t.is_alpha and t.lower_ not in self._titles]
                if len(words) > 1:
                    persons.setdefault(words[-1], set()).add(" ".join(words))
                    given.add(words[0])
        return _Evidence(
            draft.doc,
            frozenset(named),
            countries,
            max(states)[1] if states else None,
            draft.article.published,
            persons,
            frozenset(given),
        )

    def _meant(self, hit: NameHit, evidence: _Evidence) -> Known | None:
        span = evidence.doc.char_span(hit.start_char, hit.end_char, alignment_mode="expand")
        if not span:
            return None
        surnames = [k for k in hit.owners if isinstance(k, Alias) and k.reading == "surname"]
        others = [k for k in hit.owners if not (isinstance(k, Alias) and k.reading == "surname")]
        likely: Sequence[Known] = [k for k in others if self._believable(span, k, hit.capitals, evidence)]
        if len(likely) > 1:
            likely = self._nearest(likely, evidence)
        if len(likely) == 1 or others and not (surnames and span.root.ent_type_ == "PERSON"):
            return likely[0] if len(likely) == 1 else None
        return self._person_meant(span, surnames, evidence) if surnames and not hit.capitals else None

    def _nearest(self, likely: Sequence[Known], evidence: _Evidence) -> Sequence[Known]:
        """Of several actors of one name, those under another, certain name in the article, else those of the state it is about."""
        actors = [k for k in likely if isinstance(k, Alias)]
        named = [k for k in actors if k.actor_id in evidence.certain]
        return named or [k for k in actors if self.actors.by_id[k.actor_id].country == evidence.home]

    def _believable(self, span: Span, known: Known, capitals: bool, evidence: _Evidence) -> bool:
        doc = span.doc
        entity, label = entity_around(span), span.root.ent_type_
        longer = entity is not None and _without_frame(entity) != (span.start, span.end)
        if isinstance(known, Place):
            if longer and label in ("PERSON", "ORG", "FAC", "WORK_OF_ART"):
                return False
            located = span.start > 0 and doc[span.start - 1].lower_ in _AFTER_LOCATIVE
            if span.text in evidence.persons and not located:
                return False
            return label != "PERSON" or located or capitals
        if longer and label == "PERSON" and known.reading in ("name", "capital"):
            return False
        if longer and entity is not None and known.reading == "person":
            # "Gonzalo de Jesús Pérez" is not Jesús Pérez; a second family name may follow, a first name not go before
            before = doc[entity.start : span.start]
            if any(t.is_alpha and t.pos_ == "PROPN" and t.lower_ not in self._titles for t in before):
                return False
        if (
            known.needs_context
            and known.reading == "name"
            and (span.text in evidence.persons or span.text in evidence.given)
        ):
            return False  # "Michael Jordan … Jordan"
        if longer and label == "ORG" and known.reading == "capital" and span.root.head.ent_type_ == "ORG":
            return False
        if known.needs_context and known.reading == "seat":
            # whose "Senate": that of the state which the article is about
            return self.actors.by_id[known.actor_id].parent == evidence.home
        if known.needs_context and known.alias.islower():  # "mujahideen": a noun that one country's news uses as a name
            return self.actors.by_id[known.actor_id].country in evidence.countries
        if known.needs_context and known.reading == "name" and not self._fits_country(known, evidence):
            return False
        if known.needs_context and not capitals:
            if label == "PERSON" and known.reading != "person":
                return self._is_state_after_all(span, known, longer, evidence)
            return label not in _LABELS_OF_NO_ACTOR or known.actor_id in evidence.certain or known.reading == "person"
        return True

    def _is_state_after_all(self, span: Span, known: Alias, longer: bool, evidence: _Evidence) -> bool:
        """Whether what the model takes for a person is a state: the article names other countries too."""
        state = self.actors.by_id[known.actor_id]
        return (
            state.kind == "state"
            and known.reading == "name"
            and not longer
            and bool(set(evidence.countries) - {state.country, ""})
        )

    def _fits_country(self, known: Alias, evidence: _Evidence) -> bool:
        """Whether the actor's own country, or the actor under a certain name, is in the article."""
        actor = self.actors.by_id[known.actor_id]
        return (
            not actor.country
            or actor.kind in ("media", "state")
            or actor.country in evidence.countries
            or actor.actor_id in evidence.certain
        )

    def _person_meant(self, span: Span, owners: list[Alias], evidence: _Evidence) -> Alias | None:
        """The leader whom a bare family name means: named in full elsewhere, or of a country that the article names, in office then."""
        doc, entity, label = span.doc, entity_around(span), span.root.ent_type_
        before = doc[span.start - 1] if span.start else None
        has_title = before is not None and before.lower_ in self._titles
        # The model takes names that it does not know for nouns, most of all at the head of a sentence.
        proper = span.root.pos_ == "PROPN" or (span.root.pos_ == "NOUN" and span.text.lower() not in common_words())
        if label not in _LABELS_OF_A_PERSON and not (proper and (has_title or not label)):
            return None
        if entity is not None:
            inside = [t for t in doc[entity.start : entity.end] if not span.start <= t.i < span.end]
            if any(t.is_alpha and t.lower_ not in self._titles and t.tag_ != "POS" for t in inside):
                return None
        if label not in ("PERSON", "ORG") and not has_title and len(owners) > 1:
            return None
        if before is not None and before.pos_ == "PROPN" and before.lower_ not in self._titles and before.is_title:
            return None
        namesakes = evidence.persons.get(span.text, set())
        certain = [k for k in owners if k.actor_id in evidence.certain]
        if certain:
            return certain[0] if len({k.actor_id for k in certain}) == 1 else None
        if namesakes or span.text in evidence.given:
            return None
        near = [k for k in owners if self.actors.by_id[k.actor_id].country in evidence.countries]
        if not near and span.text.lower() not in common_words():
            return self._head_meant(owners, evidence.published)
        near = [k for k in near if self._known_by_then(k, evidence.published, has_title)]
        if len(near) > 1:
            in_office = [k for k in near if office_at(self.actors.offices[k.actor_id], evidence.published)]
            most = max(evidence.countries[self.actors.by_id[k.actor_id].country or ""] for k in near)
            near = in_office or near
            if len(near) > 1:
                near = [k for k in near if evidence.countries[self.actors.by_id[k.actor_id].country or ""] == most]
        return near[0] if len(near) == 1 else None

    def _head_meant(self, owners: list[Alias], published: date | None) -> Alias | None:
        """The head of a state or government in office on that day, if the name is rare and nobody else of it held an office lately."""
        if published is None or self._bearers[owners[0].alias] > _RARE:
            return None
        recent = [
            k
            for k in owners
            if any(
                (r.start or date.min) <= published + _BEFORE_OFFICE and (r.end or date.max) >= published - _FORGOTTEN
                for r in self.actors.offices[k.actor_id]
            )
        ]
        held = office_at(self.actors.offices[recent[0].actor_id], published) if recent else None
        alone = len({k.actor_id for k in recent}) == 1
        return recent[0] if alone and held is not None and held.role in HEADS else None

    def _known_by_then(self, known: Alias, published: date | None, has_title: bool) -> bool:
        """Whether the person had taken office; of an undated text only a title tells."""
        if published is None:
            return has_title
        starts = [r.start for r in self.actors.offices[known.actor_id]]
        return any(s is None or s <= published + _BEFORE_OFFICE for s in starts)


def _without_frame(entity: Span) -> tuple[int, int]:
    """First and last token of an entity without its article and possessive ending."""
    start = entity.start + (entity[0].lower_ == "the")
    return start, entity.end - (entity[-1].tag_ == "POS")
