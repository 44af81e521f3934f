"""Why a text was coded as it was: its words as the parser reads them, and every event with the entry and features behind it.

What belongs here: the explanation as plain records. What does not: how it is printed (``cli_lexicon.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records import Article, Event, UncodedEvent
from pipeline.tag.draft import Draft
from pipeline.tag.tagger import Tagger


@dataclass(frozen=True, slots=True)
class Word:
    """A token as the parser reads it; ``actor`` is the actor_id of the mention that it belongs to."""

    text: str
    lemma: str
    part: str
    relation: str
    head: str
    actor: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """``weights`` holds, for each event, what each of its features adds to the log odds of being right, the heaviest first."""

    words: tuple[Word, ...]
    events: tuple[Event, ...]
    weights: tuple[Mapping[str, float], ...]
    uncoded: tuple[UncodedEvent, ...]


def explain(tagger: Tagger, article: Article) -> Explanation:
    """Tag one article and say why its events are what they are."""
    draft, coded, uncoded, by_feature = tagger.coded(article)
    weights = [
        dict(sorted(((n, v * by_feature.get(n, 0.0)) for n, v in shown.items()), key=lambda f: -abs(f[1])))
        for _, shown in coded
    ]
    return Explanation(_words(draft), tuple(e for e, _ in coded), tuple(weights), tuple(uncoded))


def _words(draft: Draft) -> tuple[Word, ...]:
    actor_at = {i: a.actor_id for a in draft.actors for i in range(a.start_char, a.end_char)}
    return tuple(
        Word(t.text, t.lemma_, t.pos_, t.dep_, t.head.text, actor_at.get(t.idx)) for t in draft.doc if not t.is_space
    )
