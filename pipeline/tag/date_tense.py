"""Where the sentence around a time expression points: back, ahead, or neither.

What belongs here: the governing verb's tense and the cues beside an expression. What does not: what follows for a date's year or week
(``date_calendar.py``). Verbs and nouns that look ahead are ``words.csv``'s class ``ahead``.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import Literal

from spacy.tokens import Doc, Token

Tense = Literal["past", "future", ""]

# Cues right before an expression that make it lie ahead, whatever the verb says.
_AHEAD = re.compile(
    r"\b(?:starting|beginning|effective|due|payable|scheduled for|slated for|set for|planned for|of record|upcoming|"
    r"deadline of|expires?|coming)(?: (?:on|in|next))?[ \n]$",
    re.IGNORECASE,
)
# Those that leave it to the verb: what had happened by Thursday is past.
_BOUND = re.compile(r"\b(?:until|till|by|expected)(?: (?:on|in|next))?[ \n]$", re.IGNORECASE)
_WILL = frozenset({"will", "shall", "'ll", "’ll", "wo", "would", "'d", "’d"})
_HAS_BEEN = frozenset({"was", "were", "had", "did", "has", "have", "been", "'ve", "’ve"})
_IS = frozenset({"is", "are", "'s", "'re", "be", "’s", "’re"})
_BEHIND = frozenset({"after", "since", "of", "with"})
_STEPS_UP = 8


class TokenIndex:
    """Tokens by character offset."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.starts = [t.idx for t in doc]

    def at(self, char: int) -> Token | None:
        """The token that begins at or first after the offset."""
        place = bisect_left(self.starts, char)
        return self.doc[place] if place < len(self.starts) else None

    def before(self, char: int) -> Token | None:
        """The last token that begins before the offset."""
        place = bisect_left(self.starts, char) - 1
        return self.doc[place] if place >= 0 else None


def tense_at(text: str, start: int, tokens: TokenIndex, words: Mapping[str, Mapping[str, str]]) -> Tense:
    """Where the verb that governs the expression at an offset, or a cue right before it, points.

    Args:
        text: the article's text.
        start: offset of the expression.
        tokens: the article's tokens.
        words: classes of lemmas: ``ahead``, words that look ahead, whatever they govern ("plan", "always"), or an infinitive only
            ("agree to"); ``speaks_of``, words for speaking of something ("investigate").
    """
    token = tokens.at(start)
    if token is None:
        return ""
    before = text[max(start - 40, 0) : start].rsplit(". ", 1)[-1]
    if _AHEAD.search(before):
        return "future"
    verdict = _governors_tense(token, words)
    return verdict or ("future" if _BOUND.search(before) else "")


def _governors_tense(token: Token, words: Mapping[str, Mapping[str, str]]) -> Tense:
    below, passed = token, False
    for governor in [token, *token.ancestors][:_STEPS_UP]:
        if governor.pos_ in ("VERB", "AUX") and governor.tag_ != "MD":
            # Who is investigating Tuesday's attack looks back.
            looks_on = governor.lemma_.lower() not in words["speaks_of"]
            verdict = _verb_tense(governor, below, words["ahead"], direct=looks_on and not passed)
            passed = True
            if verdict or governor.tag_ in ("VBZ", "VBP"):
                return verdict
        below = governor
    return ""


def _verb_tense(verb: Token, below: Token, ahead: Mapping[str, str], *, direct: bool) -> Tense:
    """What a verb says; ``below`` is its child (or itself) on the way down, ``direct`` that no other verb stands between."""
    words = {c.lower_ for c in verb.lefts if c.dep_ in ("aux", "auxpass")}
    lemma = verb.lemma_.lower()
    if words & _WILL and not words & {"have"}:
        return "future"
    if ahead.get(lemma) == "always" and below.i > verb.i:
        return "future"
    if "to" in words:  # an infinitive: what was planned, feared or agreed to be done
        above = verb.head
        return "future" if above.i < verb.i and above.lemma_.lower() in ahead else ""
    if verb.tag_ == "VBD" or words & _HAS_BEEN or (verb.tag_ == "VBN" and not words):
        return "past"
    if verb.dep_ == "pcomp" and verb.head.lower_ in _BEHIND:  # "charged after being found with a gun on Sunday"
        return "past"
    if direct and verb.tag_ == "VBG" and words & _IS:
        return "future"
    return ""
