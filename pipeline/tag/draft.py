"""The working state of one article while the layers read it. Never leaves ``tag/``."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from spacy.tokens import Doc, Span

from pipeline.records import (
    ActorMention,
    Article,
    Count,
    DateMention,
    Entity,
    Event,
    Incident,
    LocationMention,
    Relation,
    Sentence,
    UncodedEvent,
)
from pipeline.tag.dating import Dating


class HasSpan(Protocol):
    """Any record with offsets into the article's text."""

    @property
    def start_char(self) -> int: ...  # noqa: D102

    @property
    def end_char(self) -> int: ...  # noqa: D102


def _trimmed(sentence: Span) -> Sentence:
    """The sentence's span without white space around it."""
    text = sentence.text
    return Sentence(sentence.start_char + len(text) - len(text.lstrip()), sentence.start_char + len(text.rstrip()))


@dataclass(slots=True)
class Draft:
    """An article, its parsed ``doc``, and what the layers before this one have found.

    ``doc.text`` has the same length as ``article.text`` (see ``text.same_length_cleanup``), so ``token.idx`` is an offset into
    the article. Each layer is called with the draft and returns its own records; the tagger stores them here for the next.
    """

    article: Article
    doc: Doc
    sentences: tuple[Sentence, ...] = ()
    entities: Sequence[Entity] = ()
    actors: Sequence[ActorMention] = ()
    locations: Sequence[LocationMention] = ()
    dates: Sequence[DateMention] = ()
    _dating: Dating | None = None
    counts: Sequence[Count] = ()
    events: Sequence[Event] = ()
    uncoded_events: Sequence[UncodedEvent] = ()
    incidents: Sequence[Incident] = ()
    relations: Sequence[Relation] = ()
    _sentence_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sentences = tuple(_trimmed(s) for s in self.doc.sents if not s.text.isspace())
        self._sentence_starts = [s.start_char for s in self.sentences]

    @property
    def dating(self) -> Dating:
        """What the dates found so far date."""
        if self._dating is None:
            self._dating = Dating(self.doc, self.sentences, self.dates, self.article.published)
        return self._dating

    def text(self, start: int, end: int) -> str:
        """The article's own characters, as read, between two offsets."""
        return self.article.text[start:end]

    def sentence_index(self, char: int) -> int:
        """Index of the sentence that holds the character offset (0 where the text has none)."""
        return max(bisect_right(self._sentence_starts, char) - 1, 0)

    def tokens(self, span: HasSpan) -> Span:
        """The spaCy tokens that a record's span touches."""
        found = self.doc.char_span(span.start_char, span.end_char, alignment_mode="expand")
        return found if found is not None else self.doc[0:0]


def overlaps(a: HasSpan, b: HasSpan) -> bool:
    """Whether two spans share a character."""
    return a.start_char < b.end_char and b.start_char < a.end_char


def free_of(spans: Iterable[HasSpan], taken: Iterable[HasSpan]) -> list[HasSpan]:
    """Those spans that overlap none of the taken ones."""
    blocked = list(taken)
    return [s for s in spans if not any(overlaps(s, t) for t in blocked)]
