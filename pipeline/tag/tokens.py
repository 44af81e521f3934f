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
