"""Names that are in no table: persons, organizations and groups that the model recognizes.

What belongs here: ids and display names for them, their titles, their short forms later in the text, and acronyms that the text
itself introduces. What does not: known names (``actor_gazetteer.py``), nouns without a name (``actor_descriptions.py``).
"""

import re

from spacy.tokens import Span

from pipeline.knowledge.actors import folded

_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_POSSESSIVE = re.compile(r"\s?['’]s?$")
_PARTICLES = {"al", "el", "bin", "ibn", "abu", "van", "von", "de", "da", "del", "der", "jr", "sr", "ii", "iii"}


def slug(name: str) -> str:
    """A name as part of an id: "Zabihullah Mujahid" becomes "zabihullah-mujahid"."""
    return _NOT_IN_SLUG.sub("-", folded(name).lower()).strip("-")


def bare_name(span: Span, titles: frozenset[str]) -> Span:
    """The span without leading titles and articles and without a possessive ending."""
    start, end = span.start, span.end
    while start < end - 1 and (span.doc[start].lower_ in titles or span.doc[start].lower_ == "the"):
        start += 1
    while end > start + 1 and (
        span.doc[end - 1].text in {"'s", "’s", "'", "’", ",", "."} or span.doc[end - 1].is_space
    ):
        end -= 1
    return span.doc[start:end]


def short_forms(name: str) -> list[str]:
    """The words by which a person is named later: the last one, and the first where the name has more than one."""
    words = [w for w in _POSSESSIVE.sub("", name).split() if w.lower().strip(".") not in _PARTICLES and len(w) > 2]
    return [words[-1], words[0]] if len(words) > 1 else []


def initials(name: str) -> str:
    """Capitals of a name: "Moro Islamic Liberation Front" gives "MILF"."""
    return "".join(w[0] for w in re.split(r"[\s\-–]+", folded(name)) if w and w[0].isupper())
