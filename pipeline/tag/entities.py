"""Named entities: the spaCy model's, put right where the known names are certain.

What belongs here: labels and spans of entities. What does not: who or what an entity stands for (``actors.py``).
"""

from collections.abc import Sequence

from spacy.tokens import Span
from spacy.vocab import Vocab

from pipeline.knowledge.places import Place
from pipeline.records import Entity
from pipeline.tag.actor_context import KnownNames, NameMatch
from pipeline.tag.actor_reading import PlaceReader
from pipeline.tag.draft import Draft

_LABEL_OF_READING = {"capital": "GPE", "adjective": "NORP", "people": "NORP", "seat": "ORG", "building": "ORG"}
# The model's labels for names that can be mistaken for one another; dates, numbers and works are left alone.
_NAME_LABELS = frozenset({"PERSON", "ORG", "NORP", "GPE", "LOC", "FAC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"})


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
        self.reader = PlaceReader(knowledge)

    def __call__(self, draft: Draft) -> list[Entity]:
        """The entities of one article, in text order, none overlapping another."""
        doc = draft.doc
        corrected: dict[tuple[int, int], str] = {}
        taken = bytearray(len(doc.text))
        spans = [e for e in doc.ents if e.label_ not in _NAME_LABELS]
        for span in spans:
            corrected[span.start_char, span.end_char] = span.label_
            taken[span.start_char : span.end_char] = b"\1" * len(span.text)
        longer = {(e.start_char, e.end_char): e for e in doc.ents if e.label_ in _NAME_LABELS}
        inside = _entity_at(doc.ents, len(doc.text))
        for match in self.names.certain(draft):
            entity = inside[match.start_char]
            around = longer.get(entity) if entity else None
            if around is not None and _is_longer_name(around, match):
                continue
            if any(taken[match.start_char : match.end_char]):
                continue
            corrected[match.start_char, match.end_char] = self._label(match)
            taken[match.start_char : match.end_char] = b"\1" * (match.end_char - match.start_char)
        surnames = {e.text.split()[-1] for e in doc.ents if e.label_ == "PERSON" and " " in e.text}
        for (start, end), entity_span in longer.items():
            if not any(taken[start:end]):
                corrected[start, end] = self._checked(entity_span, surnames)
        return [
            Entity(start, end, draft.text(start, end), label)
            for (start, end), label in sorted(corrected.items())
            if label
        ]

    def _label(self, match: NameMatch) -> str:
        known = match.known
        if isinstance(known, Place):
            return "GPE" if known.country else "LOC"
        by_kind = {"state": "GPE", "population": "NORP"}
        return _LABEL_OF_READING.get(known.reading) or by_kind.get(self.by_id[known.actor_id].kind, "ORG")

    def _checked(self, entity: Span, surnames: set[str]) -> str:
        """The model's label, put right where the sentence says otherwise; empty for what is no name at all."""
        if entity.label_ == "GPE" and entity.text in surnames and self.places.find(entity.text) is None:
            return "PERSON"
        if entity.label_ in ("PERSON", "ORG", "NORP"):
            if entity.text in self.not_names or not any(c.isupper() for c in entity.text):
                return ""
            if entity.label_ == "ORG" and (entity.text in surnames or self._has_title(entity)):
                return "PERSON"
            if self.reader.is_in(entity) and not (entity.label_ == "ORG" and entity.text.isupper()):
                return "GPE"
        return entity.label_

    def _has_title(self, entity: Span) -> bool:
        """Whether a personal title stands right before: "Constable Peni Verekauta"."""
        doc, start = entity.doc, entity.start
        return bool(start) and not entity.text.isupper() and doc[start - 1].lower_ in self.personal_titles


def _entity_at(entities: Sequence[Span], length: int) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = [None] * length
    for entity in entities:
        offsets = (entity.start_char, entity.end_char)
        found[slice(*offsets)] = [offsets] * (offsets[1] - offsets[0])
    return found


def _is_longer_name(entity: Span, match: NameMatch) -> bool:
    """Whether the model's entity is a name of its own that only contains the known one ("Bank of China")."""
    around = entity.text.removeprefix("the ").removeprefix("The ").removesuffix("'s").removesuffix("’s")
    return len(around) > match.end_char - match.start_char
