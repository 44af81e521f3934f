"""The arithmetic of the model's networks, done faster: the same numbers up to the last bits of a float.

What belongs here: how the model's own weights are applied. What does not: rules of ours, or the choice of a model.

What a network makes of a word before it looks at the words beside it (its embedding) follows from the word's form alone, and most of a
text is made of few forms. Each form is embedded once, by the model's own layer, and remembered. And matrices are multiplied by NumPy's
library (OpenBLAS), which is three to four times as fast as the one that spaCy's own arithmetic takes by default (BLIS).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Model, use_ops
from threadpoolctl import threadpool_limits

# Forms that a network remembers, of 96 numbers each: 77 MB at most. When more have come it begins anew.
_MOST_FORMS = 200_000
# The form of a token: its word, what a rule of the tokenizer makes of it ("'s" is "is" or "'s"), and whether a space follows it.
_FORM: list[int | str] = ["ORTH", "NORM", "SPACY"]
_FOLLOWS_FROM_FORM = frozenset({"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"})
_MIX = np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype="uint64")


@contextmanager
def fast_arithmetic() -> Iterator[None]:
    """A context to load a model in, whose matrices NumPy is to multiply.

    With one thread, here and after: products of this size gain little by several, and processes beside each other lose by them.
    """
    threadpool_limits(1, user_api="blas")
    with use_ops("numpy", use_blis=False):
        yield


def remember_embeddings(nlp: Language) -> None:
    """Let every network of the pipeline that embeds words by their form alone do so once a form."""
    for name in nlp.pipe_names:
        model = getattr(nlp.get_pipe(name), "model", None)
        for node in list(model.walk()) if isinstance(model, Model) else ():
            node.layers[:] = [_remembering(layer) if _embeds_forms(layer) else layer for layer in node.layers]


def _embeds_forms(layer: Model[Any, Any]) -> bool:
    """Whether a layer makes one vector a token of documents, from attributes of its form (spaCy's ``MultiHashEmbed``)."""
    columns = {c for node in layer.walk() if node.name == "extract_features" for c in node.attrs["columns"]}
    return (
        layer.name.startswith("extract_features>>")
        and layer.name.endswith(">>ragged2list")
        and bool(columns)
        and columns <= _FOLLOWS_FROM_FORM
    )


def _remembering(embed: Model[Any, Any]) -> Model[Any, Any]:
    rows: dict[int, int] = {}
    table = np.zeros((0, 0), dtype="float32")

    def forward(model: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> tuple[list[Any], Any]:
        nonlocal table
        if is_train:
            return embed(docs, is_train)
        if len(rows) > _MOST_FORMS:
            rows.clear()
        keys = np.concatenate([(doc.to_array(_FORM) * _MIX).sum(axis=1, dtype="uint64") for doc in docs])
        forms, first, which = np.unique(keys, return_index=True, return_inverse=True)
        new = [(form, index) for form, index in zip(forms.tolist(), first.tolist(), strict=True) if form not in rows]
        if new:
            vectors = embed.predict([_of_forms(docs, [index for _, index in new])])[0]
            if len(table) < len(rows) + len(new):
                table = np.resize(table, (2 * (len(rows) + len(new)), vectors.shape[1]))
            table[len(rows) : len(rows) + len(new)] = vectors
            rows.update(zip((form for form, _ in new), range(len(rows), len(rows) + len(new)), strict=True))
        found = table[np.array([rows[form] for form in forms.tolist()], dtype="int64")[which]]
        return np.split(found, np.cumsum([len(doc) for doc in docs])[:-1]), None

    return Model(f"remember({embed.name})", forward, layers=[embed], dims={"nO": embed.get_dim("nO")}, ops=embed.ops)


def _of_forms(docs: Sequence[Doc], indices: Sequence[int]) -> Doc:
    """A document of single tokens, given by their place in all documents together, which stand alone for their embedding."""
    starts = [0, *accumulate(len(doc) for doc in docs)]
    within = [bisect_right(starts, index) - 1 for index in indices]
    chosen = [docs[d][index - starts[d]] for index, d in zip(indices, within, strict=True)]
    doc = Doc(docs[0].vocab, words=[t.orth_ for t in chosen], spaces=[bool(t.whitespace_) for t in chosen])
    for token, like in zip(doc, chosen, strict=True):
        token.norm_ = like.norm_
    return doc
