"""Finding tokens by their words without a Python loop over all tokens of a text."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

type WordIds = NDArray[np.uint64]


def word_ids(words: Iterable[str]) -> WordIds:
    """The ids under which spaCy knows words, whether or not a text has held them yet."""
    return np.array([get_string_id(w) for w in words], dtype=np.uint64)


def tokens_of(doc: Doc, words: WordIds, *, lower: bool = True) -> list[Token]:
    """The tokens that are one of the words, in text order; ``lower``: compared in small letters."""
    if not len(words):
        return []
    found = np.isin(doc.to_array("LOWER" if lower else "ORTH"), words)
    return [doc[int(i)] for i in np.flatnonzero(found)]


def lemma_ids(lemmas: Iterable[str]) -> WordIds:
    """The ids of lemmas as the model writes them: small, or as a name is written, which it may leave in the plural ("Assassins")."""
    return word_ids({f for w in lemmas for f in (w, w.capitalize(), w.upper(), f"{w.capitalize()}s", f"{w.upper()}S")})


def tokens_with_lemma(doc: Doc, lemmas: WordIds) -> list[Token]:
    """The tokens that have one of the lemmas, in text order."""
    return [doc[int(i)] for i in np.flatnonzero(np.isin(doc.to_array("LEMMA"), lemmas))]
