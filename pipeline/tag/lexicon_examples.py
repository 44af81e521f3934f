"""Whether each example of the event lexicon codes as its entry says.

What belongs here: tagging the examples and comparing. What does not: checks on the tables alone (``knowledge/lexicon_lint.py``).
"""

from collections.abc import Iterator, Sequence

from pipeline.knowledge.lexicon import EventLexicon, Meaning
from pipeline.knowledge.lexicon_lint import Example, Finding
from pipeline.records import Article, Event
from pipeline.tag.tagger import Tagger


def check_examples(tagger: Tagger, lexicon: EventLexicon, examples: Sequence[Example]) -> Iterator[Finding]:
    """Findings for examples in which their entry codes no event, or one that means something else."""
    meanings = {e.rule: e.meaning for entries in lexicon.verbs.values() for e in entries}
    meanings |= {n.rule: n.meaning for n in lexicon.nouns.values()}
    known = [e for e in examples if e.rule in meanings]
    articles = (Article("", e.sentence) for e in known)
    for example, tagged in zip(known, tagger.tag(articles), strict=True):
        fired = [e for e in tagged.events if e.rule == example.rule]
        if any(_as_meant(e, meanings[example.rule]) for e in fired):
            continue
        others = ", ".join(f"{e.rule} ({e.event_type})" for e in tagged.events) or "nothing"
        yield Finding("example", example.rule, f"{example.where}: {example.sentence!r} codes {others}")


def _as_meant(event: Event, meaning: Meaning) -> bool:
    return (event.event_type, event.mode, event.cameo_code) == (meaning.event_type, meaning.mode, meaning.cameo_code)
