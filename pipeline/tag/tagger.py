"""The tagger: runs spaCy once over each article, then the layers in order."""

import gc
import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from spacy.language import Language

from pipeline import __version__
from pipeline.errors import KnowledgeError
from pipeline.knowledge.actors import load_actors
from pipeline.knowledge.places import load_places
from pipeline.records import Article, Event, TaggedArticle, UncodedEvent
from pipeline.settings import Settings
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.actors import ActorLayer
from pipeline.tag.casing import Recaser
from pipeline.tag.counts import CountLayer
from pipeline.tag.dates import DateLayer
from pipeline.tag.draft import Draft
from pipeline.tag.entities import EntityLayer
from pipeline.tag.events import EventLayer
from pipeline.tag.incidents import IncidentLayer
from pipeline.tag.model import find_model, load_model, model_meta
from pipeline.tag.relations import RelationLayer
from pipeline.tag.text import same_length_cleanup
from pipeline.tag.windows import joined, windows


def _own_table(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        msg = f"{path}, which knowledge.actors in the settings names, cannot be read: {error.strerror}"
        raise KnowledgeError(msg) from error


# What lies among code and knowledge without a say in the coding.
_SAYS_NOTHING = frozenset({"__pycache__", "examples.csv"})
# spaCy's string store grows with every new word; a memory zone of this many articles gives it back.
_ARTICLES_PER_MEMORY_ZONE = 64
_CHARS_PER_MEMORY_ZONE = 2_000_000
# The networks read several texts at once: as much text as keeps them below 200 MB.
_CHARS_AT_ONCE = 100_000


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Articles in order, so many at once as one memory zone holds."""
    batch: list[Article] = []
    chars = 0
    for article in articles:
        batch.append(article)
        chars += len(article.text)
        if len(batch) == _ARTICLES_PER_MEMORY_ZONE or chars >= _CHARS_PER_MEMORY_ZONE:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


class Tagger:
    """Turns articles into tagged articles. Model and knowledge are loaded on first use.

    Args:
        model: a spaCy model's package name or path.
        own_actors: a user's own table of actors, over those that come with the package.
        day_first: whether 03/01/1990 is a day in January (else in March).
    """

    def __init__(
        self, model: str = "en_core_web_md", own_actors: Path | None = None, *, day_first: bool = False
    ) -> None:
        self.model = model
        self.own_actors = own_actors
        self.day_first = day_first

    @classmethod
    def from_settings(cls, settings: Settings) -> "Tagger":
        """The tagger that the settings describe."""
        return cls(settings.model.name, settings.own_actors, day_first=settings.knowledge.day_first)

    @cached_property
    def coder_version(self) -> str:
        """Name of this coder: package version, model, and a digest of the tagger's code and knowledge.

        Raises:
            ModelNotFoundError: the model is not installed.
        """
        path = find_model(self.model)
        meta = model_meta(path)
        digest = hashlib.blake2b(digest_size=5)
        digest.update((path / "meta.json").read_bytes())
        package = Path(__file__).parent.parent
        sources = [package / "records.py", *(package / "tag").rglob("*"), *(package / "knowledge").rglob("*")]
        for file in sorted(f for f in sources if f.is_file() and not _SAYS_NOTHING & {f.name, *f.parts}):
            digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
        if self.own_actors is not None:
            digest.update(_own_table(self.own_actors))
        if self.day_first:
            digest.update(b"day first")
        return f"{__version__}+{meta['lang']}_{meta['name']}-{meta['version']}.{digest.hexdigest()}"

    @cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline with the layers' own matchers ready."""
        return load_model(find_model(self.model))

    @cached_property
    def _names(self) -> KnownNames:
        return KnownNames(load_actors(self.own_actors), load_places())

    @cached_property
    def _layers(
        self,
    ) -> tuple[EntityLayer, ActorLayer, DateLayer, CountLayer, EventLayer, IncidentLayer, RelationLayer]:
        vocab = self.nlp.vocab
        names = self._names
        layers = (
            EntityLayer(vocab, names),
            ActorLayer(vocab, names),
            DateLayer(vocab, day_first=self.day_first),
            CountLayer(vocab),
            EventLayer(vocab),
            IncidentLayer(vocab, names),
            RelationLayer(vocab, names.actors),
        )
        # Model and knowledge stay: the garbage collector need not walk through them again and again.
        gc.collect()
        gc.freeze()
        return layers

    def tag(self, articles: Iterable[Article]) -> Iterator[TaggedArticle]:
        """Tag articles, in order, in constant memory. ``seconds`` is each article's share of its batch's time."""
        recase = Recaser(self._names.gazetteer)
        for batch in _batches(articles):
            with self.nlp.memory_zone():
                started = time.perf_counter()
                parts = [list(windows(article)) for article in batch]
                pieces = [(recase(same_length_cleanup(part.text)), part) for cut in parts for _, part in cut]
                at_once = max(_CHARS_AT_ONCE // max(1, *(len(text) for text, _ in pieces)), 1)
                read = (self._read(Draft(p, d)) for d, p in self.nlp.pipe(pieces, as_tuples=True, batch_size=at_once))
                tagged = [joined([(offset, next(read)) for offset, _ in cut]) for cut in parts]
                share = (time.perf_counter() - started) / max(sum(len(a.text) for a in batch), 1)
            for article, record in zip(batch, tagged, strict=True):
                object.__setattr__(record, "seconds", share * len(article.text))
                yield record

    def coded(
        self, article: Article
    ) -> tuple[Draft, list[tuple[Event, dict[str, float]]], list[UncodedEvent], Mapping[str, float]]:
        """One article's draft up to its events, these with their features, what lacks one, and the features' weights."""
        recase = Recaser(self._names.gazetteer)
        draft = Draft(article, self.nlp(recase(same_length_cleanup(article.text))))
        entities, actors, dates, _, events, *_ = self._layers
        draft.entities = entities(draft)
        draft.actors, draft.locations = actors(draft)
        draft.dates = dates(draft)
        return draft, *events.coded(draft), events.lexicon.confidence

    def _read(self, draft: Draft) -> TaggedArticle:
        entities, actors, dates, counts, events, incidents, relations = self._layers
        draft.entities = entities(draft)
        draft.actors, draft.locations = actors(draft)
        draft.dates = dates(draft)
        draft.counts = counts(draft)
        draft.events, draft.uncoded_events = events(draft)
        draft.incidents = incidents(draft)
        draft.relations = relations(draft)
        return TaggedArticle(
            doc_id=draft.article.doc_id or draft.article.article_id,
            coder_version=self.coder_version,
            sentences=draft.sentences,
            entities=tuple(draft.entities),
            actors=tuple(draft.actors),
            locations=tuple(draft.locations),
            dates=tuple(draft.dates),
            counts=tuple(draft.counts),
            events=tuple(draft.events),
            incidents=tuple(draft.incidents),
            relations=tuple(draft.relations),
            uncoded_events=tuple(draft.uncoded_events),
            article_id=draft.article.article_id,
        )
