"""The mentions of one article while the actor layer collects them.

What belongs here: which characters are taken, and the records made so far. What does not: deciding what a span means.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from spacy.tokens import Doc, Span

from pipeline.knowledge.places import Place
from pipeline.records import ActorKind, ActorMention, ActorMethod, LocationMention
from pipeline.tag.draft import Draft


class Named(Protocol):
    """Whoever a mention can stand for: an actor of the tables, or another mention."""

    @property
    def actor_id(self) -> str: ...  # noqa: D102

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def kind(self) -> ActorKind: ...  # noqa: D102


@dataclass(slots=True)
class ActorPage:
    """Mentions of one article. A character belongs to one mention at most: the first that claims it keeps it.

    ``confidence`` tells for each rule how often it is right.
    """

    draft: Draft
    confidence: Mapping[str, float]
    actors: list[ActorMention] = field(default_factory=list)
    places: list[LocationMention] = field(default_factory=list)
    _taken: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._taken = bytearray(len(self.draft.article.text))

    @property
    def doc(self) -> Doc:
        """The parsed article."""
        return self.draft.doc

    def is_free(self, start: int, end: int) -> bool:
        """Whether no mention holds any of these characters."""
        return not any(self._taken[start:end])

    def _claim(self, start: int, end: int) -> bool:
        if end <= start or not self.is_free(start, end):
            return False
        self._taken[start:end] = b"\1" * (end - start)
        return True

    def span(self, start: int, end: int) -> Span:
        """The tokens that the characters touch."""
        found = self.doc.char_span(start, end, alignment_mode="expand")
        return found if found is not None else self.doc[0:0]

    def add_actor(
        self,
        start: int,
        end: int,
        actor: Named,
        method: ActorMethod,
        rule: str,
        *,
        of: str = "",
        antecedent: int | None = None,
    ) -> bool:
        """Add an actor mention unless something already holds its characters.

        Args:
            start: offset of the first character.
            end: offset behind the last one.
            actor: who is meant.
            method: how that was found out, in the words of the record.
            rule: which way of reading it was: a line of ``knowledge/actors/confidence.csv``.
            of: by which name.
            antecedent: offset of the mention that it takes up.
        """
        if not self._claim(start, end):
            return False
        text = self.draft.text(start, end)
        said = f"{rule}: {of}" if of else rule
        self.actors.append(
            ActorMention(
                start, end, text, actor.actor_id, actor.name, actor.kind, method,
                confidence=self.confidence[rule], rule=said,antecedent=antecedent,
            )
        )  # fmt: skip
        return True

    def add_place(self, start: int, end: int, place: Place) -> bool:
        """Add a place mention unless something already holds its characters."""
        if not self._claim(start, end):
            return False
        text = self.draft.text(start, end)
        self.places.append(LocationMention(start, end, text, place.name, place.country, place.lat, place.lon))
        return True

    def countries(self) -> frozenset[str]:
        """The countries of the places and actors that the page holds so far."""
        return frozenset(p.country for p in self.places if p.country)

    def sort(self) -> None:
        """Put the mentions into text order."""
        self.actors.sort(key=lambda m: m.start_char)
        self.places.sort(key=lambda m: m.start_char)
