"""Articles of more text than is read at once: read window by window, with offsets into the whole.

What belongs here: where to cut, and putting together what was found. Names, pronouns and incidents are followed within a window, so that
only books and long reports are cut: below the limit an article is read in one piece.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.records import Article, TaggedArticle

# 15,000 words: more than any news article or essay has.
WINDOW_CHARS = 100_000
# Where a text is cut, the best first: between paragraphs, between lines, behind a sentence, between words.
_CUTS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])[\"'”’)]*\s"), re.compile(r"\s"))
# How far back from the end of a window a better cut is looked for.
_LOOK_BACK = 20_000
_OFFSETS = frozenset({"start_char", "end_char", "antecedent", "part_of"})


def windows(article: Article, size: int = WINDOW_CHARS) -> Iterator[tuple[int, Article]]:
    """Parts of an article with their offsets: consecutive, none longer than ``size`` characters; one where it is no longer."""
    text = article.text
    start = 0
    while len(text) - start > size:
        end = _cut(text, start, start + size)
        yield start, dataclasses.replace(article, text=text[start:end])
        start = end
    yield start, dataclasses.replace(article, text=text[start:]) if start else article


def _cut(text: str, start: int, end: int) -> int:
    for cut in _CUTS:
        places = [m.end() for m in cut.finditer(text, max(end - _LOOK_BACK, start + 1), end)]
        if places:
            return places[-1]
    return end


def joined(parts: Iterable[tuple[int, TaggedArticle]]) -> TaggedArticle:
    """What was found in the windows of one article, as found in the whole."""
    (_, whole), *others = parts
    if not others:
        return whole
    found = {name: list(records) for name, records in _records(whole)}
    for offset, part in others:
        before = len(found["events"])
        for name, records in _records(part):
            found[name] += [_moved(record, offset, before) for record in records]
    together: dict[str, Any] = {name: tuple(records) for name, records in found.items()}
    return dataclasses.replace(whole, **together)


def _records(tagged: TaggedArticle) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for field in dataclasses.fields(tagged):
        value = getattr(tagged, field.name)
        if isinstance(value, tuple):
            yield field.name, value


def _moved(value: Any, offset: int, events: int) -> Any:
    """A record, and all records in it, with offsets into the whole text, and events counted from its first."""
    if isinstance(value, tuple):
        return tuple(_moved(v, offset, events) for v in value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changed = {}
    for field in dataclasses.fields(value):
        old = getattr(value, field.name)
        if field.name in _OFFSETS:
            changed[field.name] = None if old is None else old + offset
        elif field.name == "event_indexes":
            changed[field.name] = tuple(i + events for i in old)
        elif isinstance(old, tuple) or dataclasses.is_dataclass(old):
            changed[field.name] = _moved(old, offset, events)
    return dataclasses.replace(value, **changed)
