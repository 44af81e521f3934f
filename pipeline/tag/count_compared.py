"""The figure that another is compared with: "32 attacks in August, up from 21 in July" reports two months.

What belongs here: finding the second number, its date and the direction. What does not: superlatives ("the highest this year"), which
name no second number (``count_context.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.records import Comparison, ComparisonRelation, DateMention
from pipeline.tag.count_arguments import Reading
from pipeline.tag.count_context import between
from pipeline.tag.draft import Draft
from pipeline.tag.numbers import Number

# How far behind the figure its comparison may begin, in tokens, and how far behind the second number its date, in characters.
_REACH = 12
_DATE_REACH = len(", during the ")
_DIRECTED: Mapping[str, ComparisonRelation] = {"up": "increase", "down": "decrease"}
# What rises or falls "from" a number.
_TOLLS = frozenset({"toll", "number_of"})
_LINKS = frozenset({("compared", "with"), ("compared", "to"), ("as", "against"), ("versus",), ("against",)})


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison, the number compared with, and the date of that."""

    comparison: Comparison
    number: Number
    when: DateMention | None


def compared_with(draft: Draft, reading: Reading, numbers: Mapping[int, Number]) -> Compared | None:
    """The second figure of a comparison that follows a figure; ``numbers`` by their first token."""
    doc = draft.doc
    sentence_end = doc[reading.head].sent.end
    for i in range(reading.end, min(reading.end + _REACH, sentence_end)):
        if i != reading.start and i in numbers:
            return None  # another figure comes first
        length = _link(doc, i) or (reading.counted in _TOLLS and doc[i].lower_ == "from")
        number = numbers.get(i + length) if length else None
        if number is None or number.end > sentence_end or _counts_else(doc, number, reading):
            continue
        end = doc[number.end - 1].idx + len(doc[number.end - 1])
        when = next(iter(between(draft.dates, end, end + _DATE_REACH)), None)
        relation = _DIRECTED.get(doc[i].lower_) or _by_size(reading.number, number)
        if relation is None:
            return None
        close = when.end_char if when else end
        frame = (when.start_date, when.end_date) if when else (None, None)
        return Compared(Comparison(draft.text(doc[i].idx, close), relation, *frame), number, when)
    return None


def _link(doc: Doc, i: int) -> int:
    """Number of tokens that lead from a figure to the one that it is compared with; 0 for none."""
    words = tuple(t.lower_ for t in doc[i : i + 2])
    if len(words) == 2 and words[0] in _DIRECTED and words[1] == "from":  # noqa: PLR2004
        return 2
    return 2 if words in _LINKS else 1 if words[:1] in _LINKS else 0


def _counts_else(doc: Doc, number: Number, reading: Reading) -> bool:
    """Whether the second number counts something of its own: "up from 21 soldiers" after attacks."""
    if number.end >= len(doc) or doc[number.end].pos_ not in ("NOUN", "PROPN"):
        return False
    return doc[number.end].lemma_.lower() not in {doc[i].lemma_.lower() for i in range(reading.start, reading.end)}


def _by_size(mine: Number, other: Number) -> ComparisonRelation | None:
    if mine.best is None or other.best is None or mine.best == other.best:
        return None
    return "increase" if mine.best > other.best else "decrease"
