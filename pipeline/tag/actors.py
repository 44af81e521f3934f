"""Who is meant: every span that stands for an actor, and every place that only is a place.

What belongs here: the order in which evidence is read (known names, the model's names, short forms, descriptions) and the making of
mentions. What does not: the single questions, each in its own module: which known names stand where (``actor_gazetteer.py``), place
or actor (``actor_reading.py``), parts of a state (``actor_parts.py``), unknown names (``actor_names.py``), nouns without a name
(``actor_descriptions.py``).
"""

from spacy.tokens import Span
from spacy.vocab import Vocab

from pipeline.knowledge.actor_tables import slug
from pipeline.knowledge.actors import Actor, Alias
from pipeline.knowledge.places import Place
from pipeline.records import ActorMention, ActorMethod, LocationMention
from pipeline.tag.actor_context import KnownNames, NameMatch, entity_around
from pipeline.tag.actor_descriptions import DescriptionReader
from pipeline.tag.actor_names import ORGANIZATION, POPULATION, NamesSoFar, bare_name
from pipeline.tag.actor_page import ActorPage
from pipeline.tag.actor_parts import StatePartFinder
from pipeline.tag.actor_persons import PersonReader
from pipeline.tag.actor_pronouns import PronounReader
from pipeline.tag.actor_reading import PlaceReader
from pipeline.tag.draft import Draft
from pipeline.tag.tokens import tokens_of, word_ids

_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_NAME_LABELS = {"PERSON", "ORG", "NORP"}
# Kinds of actors that are called by the last word of their name: "the Front", "the Party".
_WITH_HEADS = frozenset({"armed_group", "party", "organization", "media"})
# Parts of a state that have names of their own in every state.
_INSTITUTIONS = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})


class ActorLayer:
    """Reads the actors and places of one article."""

    def __init__(self, vocab: Vocab, names: KnownNames) -> None:
        self.vocab = vocab
        self.names = names
        self.knowledge = names.actors
        self.places = names.places
        self.reader = PlaceReader(self.knowledge)
        self.parts = StatePartFinder(self.knowledge)
        self.persons = PersonReader(self.knowledge)
        self.descriptions = DescriptionReader(self.knowledge)
        self.pronouns = PronounReader(self.knowledge)
        self.titles = frozenset(self.knowledge.titles)

    def __call__(self, draft: Draft) -> tuple[list[ActorMention], list[LocationMention]]:
        """The actor and place mentions of one article, in text order, no two of them overlapping."""
        page = ActorPage(draft, self.knowledge.confidence)
        for match in self.names.certain(draft):
            self._read_known(page, match)
        self._read_model_names(page)
        self.persons.read(page)
        self.persons.read_later(page)
        self.descriptions.read(page)
        self.pronouns.read(page)
        self.persons.read_owned(page)
        page.sort()
        return page.actors, page.places

    def _read_known(self, page: ActorPage, match: NameMatch) -> None:
        known, start, end = match.known, match.start_char, match.end_char
        span = page.span(start, end)
        if isinstance(known, Place):
            self._read_place(page, span, known)
            return
        actor = self.knowledge.by_id[known.actor_id]
        if actor.kind == "state":
            self._read_state(page, match, known, span)
        elif known.reading in ("building", "capital") and not self.reader.acts(
            span, default=known.reading == "building"
        ):
            page.add_place(start, end, self._place(known.alias, actor.country))
        else:
            method: ActorMethod = "gazetteer"
            if known.reading in ("seat", "building", "capital"):
                method = "metonym"
            elif _is_acronym(known.alias) and known.alias != actor.name:
                method = "acronym"
            rule = known.reading if known.reading != "name" else "name in context" if known.needs_context else "name"
            page.add_actor(start, end, actor, method, rule, of=known.alias)

    def _place(self, name: str, country: str | None) -> Place:
        """A place of the tables, or one of which only name and country are known."""
        place = self.places.find(name, {country} if country else ())
        return place if place is not None and place.country == country else Place(name, country)

    def _read_place(self, page: ActorPage, span: Span, place: Place) -> None:
        """A town or region: nearly always a place, now and then somebody who acts ("Karachi demands")."""
        if self.reader.acts(span, default=False):
            town = Actor(f"org:{slug(place.name)}", place.name, "unknown", place.country)
            page.add_actor(span.start_char, span.end_char, town, "metonym", "town", of=place.name)
        else:
            page.add_place(span.start_char, span.end_char, place)

    def _read_state(self, page: ActorPage, match: NameMatch, alias: Alias, span: Span) -> None:
        state = self.knowledge.by_id[alias.actor_id]
        reading = alias.reading
        start, end = match.start_char, match.end_char
        if self.reader.is_currency(span):
            return
        entity = entity_around(span)
        part = self.parts.find(span) if reading != "people" and not self.reader.is_aimed_at(span) else None
        if part and reading != "capital":
            phrase = page.doc[part[0] : part[1]]
            actor = self.knowledge.by_id[state.actor_id + part[2]]
            start_of_part, end_of_part = min(start, phrase.start_char), max(end, phrase.end_char)
            if page.add_actor(start_of_part, end_of_part, actor, "gazetteer", "part of a state", of=phrase.text):
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
            page.add_actor(start, end, actor, "gazetteer", "people", of=alias.alias)
        elif reading == "adjective":
            page.add_actor(start, end, state, "gazetteer", "adjective", of=alias.alias)
        elif self.reader.acts(span, default=reading == "name"):
            method: ActorMethod = "metonym" if reading == "capital" else "gazetteer"
            page.add_actor(start, end, state, method, "capital" if reading == "capital" else "state", of=alias.alias)
        elif reading == "name":
            page.add_place(start, end, Place(state.name, state.country))
        else:
            page.add_place(start, end, self._place(alias.alias, state.country))

    def _read_model_names(self, page: ActorPage) -> None:
        """Persons, organizations, groups and places that the model recognizes and the tables do not hold."""
        names = NamesSoFar()
        text = page.doc.text  # put together anew each time it is asked for
        for mention in page.actors:
            names.learn_acronym(text, mention)
            written = text[mention.start_char : mention.end_char]
            if mention.kind in _WITH_HEADS and written.rsplit(" ", 1)[-1].lower() in self.knowledge.name_kinds:
                names.learn_head(mention, written)
            if mention.kind == "person":
                names.learn_person(mention, written)
        countries = page.countries()
        home = self.descriptions.main_country(page)
        for entity in page.draft.entities:
            if entity.label not in _PLACE_LABELS | _NAME_LABELS or not page.is_free(entity.start_char, entity.end_char):
                continue
            span = bare_name(page.span(entity.start_char, entity.end_char), self.titles)
            start, end = span.start_char, span.end_char
            name = span.text
            if not slug(name):
                continue
            known = names.known(name)
            if known is not None:
                page.add_actor(start, end, known, *names.way(name))
            elif entity.label == "PERSON":
                person = Actor(f"person:{slug(name)}", name, "person")
                if page.add_actor(start, end, person, "ner", "model's person"):
                    names.learn_person(page.actors[-1], name)
            elif entity.label == "NORP" and span.root.dep_ in ("amod", "compound"):
                continue  # "Shiite militia": says of what kind, not who
            elif entity.label in ("ORG", "NORP"):
                part = self.knowledge.state_parts.get(name.lower())
                if (
                    part in _INSTITUTIONS and home is not None
                ):  # "the Interior Ministry", in an article about one country
                    page.add_actor(start, end, self.knowledge.by_id[home + part], "description", "institution", of=name)
                    continue
                prefix, kind = ORGANIZATION if entity.label == "ORG" else POPULATION
                kind = self.knowledge.name_kinds.get(span[-1].lower_, kind)
                rule = "model's organization" if entity.label == "ORG" else "model's people"
                if page.add_actor(start, end, Actor(f"{prefix}:{slug(name)}", name, kind), "ner", rule):
                    names.learn_acronym(text, page.actors[-1])
                    if span[-1].lower_ in self.knowledge.name_kinds:
                        names.learn_head(page.actors[-1], name)
            elif entity.label in _PLACE_LABELS:
                place = self.places.find(name, countries) or Place(name, None)
                if entity.label == "GPE":
                    self._read_place(page, span, place)
                else:
                    page.add_place(start, end, place)
        self._read_later_names(page, names, text)

    @staticmethod
    def _read_later_names(page: ActorPage, names: NamesSoFar, text: str) -> None:
        """Short forms and acronyms that the article introduced, where the model saw no name, and handles of persons."""
        handles = {"@" + slug(m.name).replace("-", ""): m for m in page.actors if m.kind == "person"}
        for token in tokens_of(page.doc, word_ids(handles)) if "@" in text else ():
            page.add_actor(token.idx, token.idx + len(token), handles[token.lower_], "coreference", "handle")
        for token in tokens_of(page.doc, word_ids(names.later), lower=False):
            later = names.later[token.text]
            if later and token.idx > later.start_char and token.pos_ in ("PROPN", "NOUN"):
                page.add_actor(token.idx, token.idx + len(token), later, *names.way(token.text))


def _is_acronym(name: str) -> bool:
    return name.isupper() and " " not in name
