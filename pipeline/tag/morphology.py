"""Parts of speech, morphology and lemmas as the model's own attribute ruler and lemmatizer give them, from tables.

What belongs here: a faster way to the very same annotation. What does not: rules of ours (``knowledge/words``) or the choice of a model.

spaCy matches every rule of the attribute ruler against every token and asks the lemmatizer for each anew: a quarter of a model's time. But
what a rule on a single token says follows from its tag, its dependency and, for the few words that rules name, its form; and a lemma from
form, part of speech and morphology. Each combination goes through spaCy's own components once. The few rules on two neighbours ("gonna")
or with regular expressions are matched in the text, where all the words that they name occur.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

_RULED_BY: list[int | str] = ["TAG", "DEP", "IS_SPACE", "LOWER"]
_RULED: list[int | str] = ["POS", "MORPH", "LEMMA", "DEP"]
_LEMMA_BY: list[int | str] = ["ORTH", "POS", "MORPH", "LEMMA"]
Key = tuple[int, ...]


def add_morphology(nlp: Language) -> None:
    """Put the component in the place of a model's attribute ruler and lemmatizer, where it knows all that decides what these say.

    A model whose lemmatizer works by other means than rules keeps its own components.
    """
    if not {"attribute_ruler", "lemmatizer"} <= set(nlp.pipe_names):
        return
    lemmatizer: Any = nlp.get_pipe("lemmatizer")
    if lemmatizer.mode != "rule":
        return
    nlp.add_pipe("morphology_tables", before="attribute_ruler")
    nlp.remove_pipe("attribute_ruler")
    nlp.remove_pipe("lemmatizer")


class Morphology:
    """A spaCy component that stands for a model's attribute ruler and lemmatizer.

    Args:
        ruler: the attribute ruler with all its rules.
        lemmatizer: the lemmatizer in its mode "rule".
    """

    def __init__(self, ruler: Any, lemmatizer: Any) -> None:
        self.vocab = ruler.vocab
        self.ruler, self.lemmatizer = AttributeRuler(ruler.vocab, validate=False), lemmatizer
        self.rest = AttributeRuler(ruler.vocab, validate=False)
        self.rest_words: list[list[set[int]]] = []
        words: set[str] = set()
        for rule in ruler.patterns:
            by_token = [pattern for pattern in rule["patterns"] if _is_tabled(pattern)]
            others = [pattern for pattern in rule["patterns"] if not _is_tabled(pattern)]
            if by_token:
                self.ruler.add(by_token, rule["attrs"], rule["index"])
            if others:
                self.rest.add(others, rule["attrs"], rule["index"])
            words.update(word for (token,) in by_token for word in _forms(token))
            self.rest_words += [[{self.vocab.strings[w] for w in _forms(t)} for t in p if _forms(t)] for p in others]
        # A list in the model's tables, of thousands of words, which the lemmatizer searches from the front for each form it tries.
        index = lemmatizer.lookups.get_table("lemma_index")
        for part_of_speech, known in index.items():
            index[part_of_speech] = frozenset(known)
        self.words = frozenset(self.vocab.strings.add(w) for w in words)
        self.ruled: dict[Key, Key] = {}
        self.lemmas: dict[Key, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set part of speech, morphology and lemma of every token, and the dependency where a rule does."""
        if not len(doc):
            return doc
        rows = doc.to_array(_RULED_BY).tolist()
        forms = {row[3] for row in rows}
        keys: list[Key] = [(tag, dep, space, form if form in self.words else 0) for tag, dep, space, form in rows]
        for key in set(keys).difference(self.ruled):
            self.ruled[key] = self._rule(doc, keys.index(key))
        doc.from_array(_RULED, _array([self.ruled[key] for key in keys]))
        if any(all(options & forms for options in words) for words in self.rest_words):
            self.rest(doc)
        self._lemmatize(doc)
        return doc

    def _rule(self, doc: Doc, index: int) -> Key:
        """What the rules say of a token, which stands alone for that."""
        alone = Doc(self.vocab, words=[doc[index].text])
        given: Any = doc.to_array(["TAG", "DEP"])[index : index + 1]
        alone.from_array(["TAG", "DEP"], given)
        (row,) = self.ruler(alone).to_array(_RULED).tolist()
        return tuple(row)

    def _lemmatize(self, doc: Doc) -> None:
        keys = list(map(tuple, doc.to_array(_LEMMA_BY).tolist()))
        for index, key in enumerate(keys):
            if key not in self.lemmas:
                lemma = self.lemmatizer.lemmatize(doc[index])[0]
                self.lemmas[key] = key[3] or self.vocab.strings.add(lemma)
        doc.from_array(["LEMMA"], _array([self.lemmas[key] for key in keys]))

    @contextmanager
    def memory_zone(self, _: Any) -> Iterator[None]:
        """Forgets the lemmas when a zone ends, as spaCy forgets their strings. ``Language.memory_zone`` calls it."""
        try:
            yield
        finally:
            self.lemmas.clear()
            self.lemmatizer.cache.clear()


@Language.factory("morphology_tables")
def _make(nlp: Language, name: str) -> Morphology:
    return Morphology(nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer"))


def _array(values: Sequence[Any]) -> Any:
    return np.array(values, dtype="uint64")


def _is_tabled(pattern: list[dict[str, Any]]) -> bool:
    """Whether a pattern looks at one token only, and at nothing of it that is no key of the table."""
    token, *others = pattern
    lower = token.get("LOWER", "")
    plain = isinstance(lower, str) or set(lower) == {"IN"}
    return not others and plain and set(token) <= {"TAG", "DEP", "IS_SPACE", "LOWER"}


def _forms(token: dict[str, Any]) -> list[str]:
    """The forms that a pattern's token names: one, several of which any will do, or none."""
    lower = token.get("LOWER", [])
    return [lower] if isinstance(lower, str) else list(lower.get("IN", [])) if isinstance(lower, dict) else []
