"""Finding the cues of the lexicon in a parsed text.

What belongs here: matching patterns on tokens and choosing among matches that overlap. What does not: between whom a cue holds
(``relation_pairs.py``), and how negation, qualifiers and hedges change it (``relation_colour.py``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.knowledge.relations import Cue, Element
from pipeline.tag.tokens import lemma_ids, word_ids

_NOUN_PHRASE = frozenset({"ADJ", "ADV", "NOUN", "PROPN", "DET", "PRON", "NUM", "PART", "CCONJ"})
_NOUN_PHRASE_MARKS = frozenset("-–'\"“”’‘,")


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A cue at the tokens ``start`` to ``end`` (exclusive); ``words`` is how many of the pattern's words it matched."""

    cue: Cue
    start: int
    end: int
    words: int


class CueMatcher:
    """Matches all patterns in one pass: each token looks up the patterns that begin with its lemma or text."""

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._by_first: dict[str, list[Cue]] = defaultdict(list)
        for cue in cues:
            for word in cue.elements[0].words:
                self._by_first[word].append(cue)
        self._first = word_ids(self._by_first)
        self._first_lemmas = lemma_ids(self._by_first)

    def __call__(self, doc: Doc) -> list[CueMatch]:
        """Matches in text order that do not overlap: of two that do, the one with more words, then the one that begins first."""
        found: list[CueMatch] = []
        begins = zip(doc.to_array("LOWER").tolist(), doc.to_array("LEMMA").tolist(), strict=True)
        for token in [doc[i] for i, (w, lemma) in enumerate(begins) if w in self._first or lemma in self._first_lemmas]:
            keys = {token.lemma_.lower(), token.lower_}
            tried: set[int] = set()
            for key in keys:
                for cue in self._by_first.get(key, ()):
                    if cue.line in tried or not _fits(cue.elements[0], token):
                        continue
                    tried.add(cue.line)
                    matched = _match(doc, token.i + 1, cue.elements[1:])
                    if matched:
                        found.append(CueMatch(cue, token.i, matched[0], matched[1] + 1))
        found.sort(key=lambda m: (-m.words, m.start - m.end, m.start))
        taken: set[int] = set()
        chosen = []
        for match in found:
            span = range(match.start, match.end)
            if taken.isdisjoint(span):
                taken.update(span)
                chosen.append(match)
        return sorted(chosen, key=lambda m: m.start)


def _fits(element: Element, token: Token) -> bool:
    """Whether a token is one of the element's words in a part of speech that it may have."""
    for word in (token.lemma_.lower(), token.lower_):
        parts = element.words.get(word)
        if parts is not None and (not parts or token.pos_ in parts):
            return True
    return False


def _passable(token: Token, loose: bool) -> bool:
    """Whether a gap may run over the token."""
    if loose:
        return not token.is_space and token.text not in {".", ";", ":"}
    return token.pos_ in _NOUN_PHRASE or token.text in _NOUN_PHRASE_MARKS or token.dep_ == "amod"


def _match(doc: Doc, at: int, elements: tuple[Element, ...]) -> tuple[int, int] | None:
    """End of the shortest match of the elements from token ``at`` on, within the sentence, and its number of words."""
    if not elements:
        return at, 0
    first, rest = elements[0], elements[1:]
    if first.gap:
        for skipped in range(first.gap + 1):
            matched = _match(doc, at + skipped, rest)
            if matched:
                return matched
            here = at + skipped
            if here >= len(doc) or doc[here].is_sent_start or not _passable(doc[here], first.loose):
                return None
        return None
    if at < len(doc) and not doc[at].is_sent_start and _fits(first, doc[at]):
        matched = _match(doc, at + 1, rest)
        if matched:
            return matched[0], matched[1] + 1
    return _match(doc, at, rest) if first.optional else None
