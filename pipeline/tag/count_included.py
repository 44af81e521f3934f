"""The part of a figure that a text names: "12 people, including two children", "five bombings among them".

What belongs here: finding the nouns that are counted within a figure. What does not: reading a noun's number (``count_arguments.py``).
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from pipeline.tag.count_arguments import Reading
from pipeline.tag.count_phrases import all_conjuncts

# How many words may lie between a figure and what it includes: "were killed on Monday in the southern town, including".
_REACH = 20
# How far behind "among them" its noun may stand: "among them were at least two young children".
_NOUN_REACH = 8
_NOUNS = frozenset({"NOUN", "PROPN"})
_PRONOUNS = frozenset({"them", "whom"})
_MODIFIES = frozenset({"compound", "amod", "nmod", "poss", "nummod"})


def included(doc: Doc, figure: Reading, others: Sequence[Reading]) -> Iterator[Token]:
    """The nouns (or bare numbers) of the sentence that are counted within a figure; ``others``: all figures, each of which ends the search."""
    sentence_end = doc[figure.head].sent.end
    end = min(figure.end + _REACH, sentence_end)
    for i in range(figure.end, end):
        token = doc[i]
        if any(r.start == i and r.head != figure.head and not _is_led_to(doc, r.start) for r in others):
            return
        if token.lower_ == "including":
            head = next((c for c in token.children if c.dep_ == "pobj"), None) or _noun_behind(doc, i, sentence_end)
            if head is not None and head.pos_ == "NUM" and token.head.pos_ in _NOUNS and token.head.i != figure.head:
                return  # "killed 12 soldiers in three towns, including two": two towns
        elif token.lower_ == "among" and i + 1 < sentence_end and doc[i + 1].lower_ in _PRONOUNS:
            head = _noun_behind(doc, i + 1, sentence_end)
        elif token.lower_ == "of" and i + 1 < sentence_end and doc[i + 1].lower_ in _PRONOUNS:
            # "two of them children", "of whom five were women": the number stands for them
            head = (
                next((doc[n] for n in (i - 1, i + 2) if doc[n].pos_ == "NUM"), None) if i + 2 < sentence_end else None
            )
        else:
            continue
        if head is not None:
            yield head
            yield from all_conjuncts(head)
        return


def _is_led_to(doc: Doc, i: int) -> bool:
    """Whether the words before a figure say that it is a part of the one before."""
    before = [t.lower_ for t in doc[max(i - 3, 0) : i]]
    return before[-1:] == ["including"] or bool({"among", "of"} & set(before) and _PRONOUNS & set(before))


def _noun_behind(doc: Doc, i: int, end: int) -> Token | None:
    """The first noun behind a token that heads its phrase."""
    for token in doc[i + 1 : min(i + 1 + _NOUN_REACH, end)]:
        if token.text in {",", ";", ":", "(", ")"}:
            return None
        if token.pos_ in _NOUNS and not (token.dep_ in _MODIFIES and token.head.i > token.i):
            return token
    return None
