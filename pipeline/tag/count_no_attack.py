"""Nouns for attacks that name none: strikes of workers, gas explosions, heart attacks, clashes of opinions.

What belongs here: reading the words around such a noun. What does not: the words themselves (``knowledge/counts/no_attacks.csv``).
"""

from spacy.tokens import Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.tag.count_phrases import OBJECTS, SUBJECTS, of_phrase

_BEFORE = frozenset({"compound", "amod", "nmod", "poss"})


class NoAttackReader:
    """Tells what only sounds like an attack."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self._words = knowledge.no_attacks
        self._nouns = frozenset(noun for noun, _ in knowledge.no_attacks)

    def is_none(self, noun: Token) -> bool:
        """Whether the words around a noun say that nobody attacked."""
        lemma = noun.lemma_.lower()
        if lemma not in self._nouns:
            return False
        return any(self._words.get((lemma, role), frozenset()) & words for role, words in _around(noun).items())


def _around(noun: Token) -> dict[str, set[str]]:
    by = [p for c in noun.children if c.lower_ == "by" for p in c.children if p.dep_ == "pobj"]
    verb = noun.head if noun.dep_ in OBJECTS | {"nsubjpass"} else noun.head.head if noun.head.lower_ == "on" else None
    doers = [] if verb is None else [c for c in verb.children if c.dep_ in SUBJECTS and c != noun]
    inner = of_phrase(noun)
    return {
        # The parse may hang the first of several modifiers on the second.
        "modifier": {t.lemma_.lower() for c in noun.lefts if c.dep_ in _BEFORE for t in (c, *c.lefts)},
        "agent": {t.lemma_.lower() for t in (*by, *doers)},
        "verb": set() if verb is None else {verb.lemma_.lower()},
        "of": set() if inner is None else {inner.lemma_.lower()},
    }
