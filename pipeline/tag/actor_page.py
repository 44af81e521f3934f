"""The mentions of one article while the actor layer collects them.

What belongs here: which characters are taken, and the records made so far. What does not: deciding what a span means.
"""

from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span

from pipeline.records import ActorKind, ActorMention, ActorMethod, LocationMention
from pipeline.tag.draft import Draft


@dataclass(slots=True)
class ActorPage:
    """Mentions of one article. A character belongs to one mention at most: the first that claims it keeps it."""

    draft: Draft
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
        actor_id: str,
        name: str,
        kind: ActorKind,
        method: ActorMethod,
        *,
        role: str | None = None,
        affiliation: str | None = None,
    ) -> bool:
        """Add an actor mention unless something already holds its characters."""
        if not self._claim(start, end):
            return False
        text = self.draft.text(start, end)
        self.actors.append(ActorMention(start, end, text, actor_id, name, kind, method, role, affiliation))
        return True

    def add_place(self, start: int, end: int, name: str, country: str | None) -> bool:
        """Add a place mention unless something already holds its characters."""
        if not self._claim(start, end):
            return False
        self.places.append(LocationMention(start, end, self.draft.text(start, end), name, country))
        return True

    def replace_actor(self, index: int, *, role: str | None, affiliation: str | None) -> None:
        """Give a mention its role and affiliation."""
        self.actors[index] = replace(self.actors[index], role=role, affiliation=affiliation)

    def sort(self) -> None:
        """Put the mentions into text order."""
        self.actors.sort(key=lambda m: m.start_char)
        self.places.sort(key=lambda m: m.start_char)
