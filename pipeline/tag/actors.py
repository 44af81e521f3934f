"""Who is meant: every span that stands for an actor, and every place that only is a place.

What belongs here: the order in which evidence is read (known names, the model's names, short forms, descriptions) and the making of
mentions. What does not: the single questions, each in its own module: which known names stand where (``actor_gazetteer.py``), place
or actor (``actor_reading.py``), parts of a state (``actor_parts.py``), unknown names (``actor_names.py``), nouns without a name
(``actor_descriptions.py``).
"""

from spacy.tokens import Span
from spacy.vocab import Vocab

from pipeline.knowledge.actors import Alias, load_actors
from pipeline.knowledge.places import Place, load_places
from pipeline.records import ActorMention, ActorMethod, LocationMention
from pipeline.tag.actor_context import certain_names, entity_around
from pipeline.tag.actor_descriptions import DescriptionReader
from pipeline.tag.actor_gazetteer import NameMatch
from pipeline.tag.actor_names import ORGANIZATION, POPULATION, NamesSoFar, bare_name, slug
from pipeline.tag.actor_page import ActorPage
from pipeline.tag.actor_parts import StatePartFinder
from pipeline.tag.actor_persons import PersonReader
from pipeline.tag.actor_reading import PlaceReader
from pipeline.tag.draft import Draft

_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_NAME_LABELS = {"PERSON", "ORG", "NORP"}


class ActorLayer:
    """Reads the actors and places of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self.knowledge = load_actors()
        self.places = load_places()
        self.reader = PlaceReader()
        self.parts = StatePartFinder()
        self.persons = PersonReader()
        self.descriptions = DescriptionReader()
        self.titles = frozenset(self.knowledge.titles)

    def __call__(self, draft: Draft) -> tuple[list[ActorMention], list[LocationMention]]:
        """The actor and place mentions of one article, in text order, no two of them overlapping."""
        page = ActorPage(draft)
        for match in certain_names(draft.doc):
            self._read_known(page, match)
        self._read_model_names(page)
        self.persons.read(page)
        self.persons.read_later(page)
        self.descriptions.read(page)
        page.sort()
        return page.actors, page.places

    def _read_known(self, page: ActorPage, match: NameMatch) -> None:
        known, start, end = match.known, match.start_char, match.end_char
        span = page.span(start, end)
        if isinstance(known, Place):
            self._read_place(page, span, known.name, known.country)
            return
        actor = self.knowledge.by_id[known.actor_id]
        if actor.kind == "state":
            self._read_state(page, match, known, span)
        elif known.reading in ("building", "capital") and not self.reader.acts(
            span, default=known.reading == "building"
        ):
            page.add_place(start, end, known.alias, actor.country)
        else:
            method: ActorMethod = "gazetteer"
            if known.reading in ("seat", "building", "capital"):
                method = "metonym"
            elif _is_acronym(known.alias) and known.alias != actor.name:
                method = "acronym"
            page.add_actor(start, end, actor.actor_id, actor.name, actor.kind, method)

    def _read_place(self, page: ActorPage, span: Span, name: str, country: str | None) -> None:
        """A town or region: nearly always a place, now and then somebody who acts ("Karachi demands")."""
        if self.reader.acts(span, default=False):
            page.add_actor(span.start_char, span.end_char, f"org:{slug(name)}", name, "unknown", "metonym")
        else:
            page.add_place(span.start_char, span.end_char, name, country)

    def _read_state(self, page: ActorPage, match: NameMatch, alias: Alias, span: Span) -> None:
        state = self.knowledge.by_id[alias.actor_id]
        reading = alias.reading
        start, end = match.start_char, match.end_char
        if self.reader.is_currency(span):
            return
        entity = entity_around(span)
        part = self.parts.find(span) if reading != "people" else None
        if part and reading != "capital":
            phrase = page.doc[part[0] : part[1]]
            actor = self.knowledge.by_id[state.actor_id + part[2]]
            if page.add_actor(
                min(start, phrase.start_char),
                max(end, phrase.end_char),
                actor.actor_id,
                actor.name,
                actor.kind,
                "gazetteer",
            ):
                return
        if (
            entity is not None
            and entity.label_ in ("ORG", "FAC")
            and len(entity) > len(span) + 1
            and reading != "people"
        ):
            return
        if reading == "people":
            whole_nation = span.start > 0 and page.doc[span.start - 1].lower_ == "the"
            actor = state if whole_nation else self.knowledge.by_id[state.actor_id + "CVL"]
            page.add_actor(start, end, actor.actor_id, actor.name, actor.kind, "gazetteer")
        elif reading == "adjective":
            page.add_actor(start, end, state.actor_id, state.name, state.kind, "gazetteer")
        elif self.reader.acts(span, default=reading == "name"):
            method: ActorMethod = "metonym" if reading == "capital" else "gazetteer"
            page.add_actor(start, end, state.actor_id, state.name, state.kind, method)
        else:
            page.add_place(start, end, _place_name(alias, state.name), state.country)

    def _read_model_names(self, page: ActorPage) -> None:
        """Persons, organizations, groups and places that the model recognizes and the tables do not hold."""
        names = NamesSoFar()
        for mention in page.actors:
            names.learn_acronym(page.draft.article.text, mention)
        for entity in page.draft.entities:
            if entity.label not in _PLACE_LABELS | _NAME_LABELS or not page.is_free(entity.start_char, entity.end_char):
                continue
            span = bare_name(page.span(entity.start_char, entity.end_char), self.titles)
            start, end = span.start_char, span.end_char
            name = page.draft.text(start, end)
            if not slug(name):
                continue
            known = names.known(name)
            if known is not None:
                page.add_actor(start, end, known.actor_id, known.name, known.kind, names.method(name))
            elif entity.label == "PERSON":
                if page.add_actor(start, end, f"person:{slug(name)}", name, "person", "ner"):
                    names.learn_person(page.actors[-1])
            elif entity.label == "NORP" and span.root.dep_ in ("amod", "compound"):
                continue  # "Shiite militia": says of what kind, not who
            elif entity.label in ("ORG", "NORP"):
                prefix, kind = ORGANIZATION if entity.label == "ORG" else POPULATION
                if page.add_actor(start, end, f"{prefix}:{slug(name)}", name, kind, "ner"):
                    names.learn_acronym(page.draft.article.text, page.actors[-1])
            elif entity.label in _PLACE_LABELS:
                place = self.places.find(name)
                if entity.label == "GPE":
                    self._read_place(page, span, name, place.country if place else None)
                else:
                    page.add_place(start, end, name, place.country if place else None)
        for token in page.doc:
            later = names.later.get(token.text)
            if later and token.idx > later.start_char and token.pos_ in ("PROPN", "NOUN"):
                method = names.method(token.text)
                page.add_actor(token.idx, token.idx + len(token), later.actor_id, later.name, later.kind, method)


def _is_acronym(name: str) -> bool:
    return name.isupper() and " " not in name


def _place_name(alias: Alias, state_name: str) -> str:
    return state_name if alias.reading == "name" else alias.alias
