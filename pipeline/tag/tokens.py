"""Finding tokens by their words without a Python object for every token of a text."""

from collections.abc import Iterable

from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

type WordIds = frozenset[int]


def word_ids(words: Iterable[str]) -> WordIds:
    """The ids under which spaCy knows words, whether or not a text has held them yet."""
    return frozenset(get_string_id(w) for w in words)


def tokens_of(doc: Doc, words: WordIds, *, lower: bool = True) -> list[Token]:
    """The tokens that are one of the words, in text order; ``lower``: compared in small letters."""
    return _tokens_with("LOWER" if lower else "ORTH", doc, words)


def lemma_ids(lemmas: Iterable[str]) -> WordIds:
    """The ids of lemmas as the model writes them: small, or as a name is written, which it may leave in the plural ("Assassins")."""
    return word_ids({f for w in lemmas for f in (w, w.capitalize(), w.upper(), f"{w.capitalize()}s", f"{w.upper()}S")})


def tokens_with_lemma(doc: Doc, lemmas: WordIds) -> list[Token]:
    """The tokens that have one of the lemmas, in text order."""
    return _tokens_with("LEMMA", doc, lemmas)


def _tokens_with(attribute: str, doc: Doc, ids: WordIds) -> list[Token]:
    return [doc[i] for i, value in enumerate(doc.to_array(attribute).tolist()) if value in ids] if ids else []
