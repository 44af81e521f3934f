"""Named entities: the spaCy model's, put right where the known names, the sentence or the rest of the article are certain.

What belongs here: labels and spans of entities. What does not: who or what an entity stands for (``actors.py``).

An article uses a name in one sense: what the model calls a person here and a town there is the one that the evidence favours,
everywhere, and also where the model saw no name at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from spacy.strings import get_string_id
from spacy.tokens import Span, Token
from spacy.vocab import Vocab

from pipeline.knowledge.places import Place
from pipeline.records import Entity
from pipeline.tag.actor_context import KnownNames, NameMatch
from pipeline.tag.actor_parts import StatePartFinder
from pipeline.tag.actor_reading import PlaceReader
from pipeline.tag.draft import Draft

_LABEL_OF_READING = {
    "capital": "GPE",
    "adjective": "NORP",
    "people": "NORP",
    "seat": "ORG",
    "building": "ORG",
    "person": "PERSON",
    "surname": "PERSON",
}
# The model's labels for names that can be mistaken for one another; dates, numbers and works are left alone.
_NAME_LABELS = frozenset({"PERSON", "ORG", "NORP", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"})
# Those among which an article keeps to one label a name.
_ONE_SENSE = frozenset({"PERSON", "ORG", "GPE"})
_PROPER_NOUN = get_string_id("PROPN")
_EVIDENCE_OF_TOWN = 3
_EVIDENCE_OF_PERSON = 4
_EVIDENCE_OF_FULL_NAME = 100
_EVIDENCE_OF_PLACE_IN_TABLE = 2
# A name of the tables that what stands around it confirms.
_EVIDENCE_OF_TABLE = 3


class EntityLayer:
    """Named entities with OntoNotes labels."""

    def __init__(self, vocab: Vocab, names: KnownNames) -> None:
        self.vocab = vocab
        self.names = names
        knowledge = names.actors
        self.by_id = knowledge.by_id
        self.places = names.places
        self.not_names = knowledge.not_names
        self.personal_titles = {t for t, part in knowledge.titles.items() if part or t in knowledge.forms_of_address}
        self.cues = knowledge.reading_cues
        self.name_kinds = knowledge.name_kinds
        self.reader = PlaceReader(knowledge)
        self.parts = StatePartFinder(knowledge)

    def __call__(self, draft: Draft) -> list[Entity]:
        """The entities of one article, in text order, none overlapping another."""
        doc = draft.doc
        found: dict[tuple[int, int], str] = {}
        taken = bytearray(len(doc.text))

        def take(start: int, end: int, label: str) -> None:
            found[start, end] = label
            taken[start:end] = b"\1" * (end - start)

        for span in doc.ents:
            if span.label_ not in _NAME_LABELS:
                take(span.start_char, span.end_char, span.label_)
        longer = {(e.start_char, e.end_char): e for e in doc.ents if e.label_ in _NAME_LABELS}
        inside = _entity_at(doc.ents, len(doc.text))
        known_names = set()
        compounds = _compounds(inside, self.names.certain(draft))
        for match in self.names.certain(draft):
            start, end = self._with_part(draft, match)
            entity = inside[match.start_char]
            around = longer.get(entity) if entity and entity not in compounds else None
            if end - start == match.end_char - match.start_char and around is not None and _is_longer(around, match):
                continue
            if any(taken[start:end]):
                continue
            known_names.add(draft.text(match.start_char, match.end_char))
            take(start, end, "ORG" if (start, end) != (match.start_char, match.end_char) else self._label(match))
        model = [e for (start, end), e in longer.items() if not any(taken[start:end])]
        senses = self._senses(draft, model)
        for span in model:
            take(span.start_char, span.end_char, self._checked(span, senses.get(_bare(span))))
        for token, label in self._unseen(draft, senses, known_names):
            if not any(taken[token.idx : token.idx + len(token)]):
                take(token.idx, token.idx + len(token), label)
        return [
            Entity(start, end, draft.text(start, end), label) for (start, end), label in sorted(found.items()) if label
        ]

    def _with_part(self, draft: Draft, match: NameMatch) -> tuple[int, int]:
        """The match, or the capitalized name of a state's institution that it begins: "Iraqi Security Forces"."""
        known = match.known
        if not isinstance(known, Place) and known.reading in ("name", "adjective"):
            span = draft.doc.char_span(match.start_char, match.end_char, alignment_mode="expand")
            part = self.parts.find(span) if span is not None and self.by_id[known.actor_id].kind == "state" else None
            if part is not None and part[2] != "CVL":
                phrase = draft.doc[part[0] : part[1]]
                words = [t for t in phrase if t.is_alpha and t.lower_ not in ("of", "the", "and")]
                if all(t.text[0].isupper() for t in words) and phrase[-1].ent_type_ != "PERSON":
                    if phrase[-1].lower_ in self.personal_titles or phrase[0].lower_ in self.personal_titles:
                        return match.start_char, match.end_char
                    return min(match.start_char, phrase.start_char), max(match.end_char, phrase.end_char)
        return match.start_char, match.end_char

    def _label(self, match: NameMatch) -> str:
        known = match.known
        if isinstance(known, Place):
            return "GPE" if known.country else "LOC"
        by_kind = {"state": "GPE", "population": "NORP"}
        return _LABEL_OF_READING.get(known.reading) or by_kind.get(self.by_id[known.actor_id].kind, "ORG")

    def _senses(self, draft: Draft, model: Sequence[Span]) -> dict[str, str]:
        """The one label of each name that the model or the sentences give several."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for match in self.names.certain(draft):
            label = self._label(match)
            if label in _ONE_SENSE:
                votes[draft.text(match.start_char, match.end_char)][label] += _EVIDENCE_OF_TABLE
        places = {m.known.country for m in self.names.certain(draft) if isinstance(m.known, Place) and m.known.country}
        places |= {
            self.by_id[m.known.actor_id].country or ""
            for m in self.names.certain(draft)
            if not isinstance(m.known, Place)
        }
        for span in model:
            if span.label_ not in _ONE_SENSE:
                continue
            name = _bare(span)
            votes[name][span.label_] += 1
            if self.reader.is_in(span):
                votes[name]["GPE"] += _EVIDENCE_OF_TOWN
            if self._has_title(span):
                votes[name]["PERSON"] += _EVIDENCE_OF_PERSON
            words = name.split()
            if span.label_ == "PERSON" and len(words) > 1:
                votes[words[-1]]["PERSON"] += _EVIDENCE_OF_FULL_NAME
        for name, vote in votes.items():
            if vote["GPE"] or len(vote) > 1 or vote["PERSON"] == 1:
                place = self.places.find(name, places)
                if place is not None and place.country in places:
                    vote["GPE"] += _EVIDENCE_OF_PLACE_IN_TABLE
        return {name: vote.most_common(1)[0][0] for name, vote in votes.items() if len(vote) > 1}

    def _unseen(self, draft: Draft, senses: dict[str, str], known: set[str]) -> Iterable[tuple[Token, str]]:
        """Names of one word that the model overlooks: used as a name elsewhere in the article, or a town behind "near"."""
        unnamed = (draft.doc.to_array("POS") == _PROPER_NOUN) & (draft.doc.to_array("ENT_TYPE") == 0)
        for i in np.flatnonzero(unnamed):
            token = draft.doc[int(i)]
            if not token.text[:1].isupper() or not token.is_alpha:
                continue
            if token.text in known or token.lower_ in self.personal_titles:
                continue
            label = senses.get(token.text)
            if label is not None:
                yield token, label
            elif token.lower_ in self.name_kinds and token.i and draft.doc[token.i - 1].lower_ == "the":
                yield token, "ORG"  # "the Coalition", "the Front": a name that the article explains or its readers know
            elif self.reader.is_in(draft.doc[token.i : token.i + 1]) and self.places.find(token.text) is not None:
                yield token, "GPE"

    def _checked(self, entity: Span, sense: str | None) -> str:
        """The sense of the name in the article, else the model's label; empty for what is no name at all."""
        first, last = entity[0].lower_, entity[-1].lower_
        if self.cues.get(("begins_name", first)) is False and len(entity) > 1:
            return "EVENT"
        if sense is not None:
            return sense
        if entity.label_ in ("PERSON", "ORG", "NORP"):
            if entity.text in self.not_names or not any(c.isupper() for c in entity.text):
                return ""
            if entity.label_ == "ORG" and self._has_title(entity):
                return "PERSON"
            if ("ends_name", last) in self.cues:
                return "GPE" if self.cues["ends_name", last] is False and entity.label_ != "ORG" else entity.label_
            if self.reader.is_in(entity) and not (entity.label_ == "ORG" and entity.text.isupper()):
                return "GPE"
        return entity.label_

    def _has_title(self, entity: Span) -> bool:
        """Whether a personal title stands right before, or begins the name itself: "Constable Peni Verekauta"."""
        doc, start = entity.doc, entity.start
        if entity.text.isupper():
            return False
        if start > 0 and doc[start - 1].lower_ in self.personal_titles:
            return True
        # one word alone begins other names too: "Major League", "General Motors"
        return len(entity) > 2 and entity.text.istitle() and entity[:2].text.lower() in self.personal_titles  # noqa: PLR2004


def _bare(entity: Span) -> str:
    """The name without article and possessive ending."""
    start = entity.start + (len(entity) > 1 and entity[0].lower_ == "the")
    end = entity.end - (len(entity) > 1 and entity[-1].tag_ == "POS")
    return entity.doc[start:end].text


def _entity_at(entities: Sequence[Span], length: int) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = [None] * length
    for entity in entities:
        offsets = (entity.start_char, entity.end_char)
        found[slice(*offsets)] = [offsets] * (offsets[1] - offsets[0])
    return found


def _compounds(inside: Sequence[tuple[int, int] | None], matches: Iterable[NameMatch]) -> set[tuple[int, int]]:
    """The model's entities that are nothing but known names joined by hyphens: "U.S.-China"."""
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for match in matches:
        entity = inside[match.start_char]
        if entity is not None:
            parts[entity].append(match.end_char - match.start_char)
    return {(a, b) for (a, b), found in parts.items() if len(found) > 1 and sum(found) + len(found) - 1 == b - a}


def _is_longer(entity: Span, match: NameMatch) -> bool:
    """Whether the model's entity is a name of its own that only contains the known one ("Bank of China")."""
    around = entity.text.removeprefix("the ").removeprefix("The ").removesuffix("'s").removesuffix("’s")
    return len(around) > match.end_char - match.start_char
