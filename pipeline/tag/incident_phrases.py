"""Noun phrases of an incident as strings of the text: who, whom, what.

What belongs here: where a phrase begins and ends, which fuller name it goes back to, which phrases name nobody. What does not: which
phrases are parties to an incident (``incident_slots.py``).
"""

import re

from spacy.tokens import Token

from pipeline.records import ActorMention
from pipeline.tag.draft import Draft

_GENERIC_HEADS = frozenset(
    {
        "member",
        "group",
        "leader",
        "element",
        "unit",
        "officer",
        "patrol",
        "band",
        "squad",
        "chief",
        "president",
        "column",
    }
)
_NAME_PARTS = frozenset({"compound", "amod", "nmod", "nummod", "punct", "flat", "poss", "case"})
_SKIPPED_WORDS = frozenset(
    {
        "several",
        "more",
        "other",
        "others",
        "some",
        "many",
        "alleged",
        "unidentified",
        "unknown",
        "another",
        "presumed",
        "suspected",
    }
    | {"murdered", "killed", "slain", "assassinated", "wounded", "injured", "kidnapped", "abducted", "dead", "missing"}
)
# Words that stand for somebody who is named elsewhere.
_STAND_INS = frozenset(
    {
        "one",
        "other",
        "victim",
        "rest",
        "number",
        "dozen",
        "hundred",
        "thousand",
        "casualty",
        "half",
        "none",
        "all",
        "score",
    }
)
# Words for people of any sort.
_ANYBODY = frozenset({"people", "person", "individual", "member", "group", "organization", "unit", "element", "column"})
_PLACE_HEADS = frozenset(
    {
        "headquarters",
        "office",
        "residence",
        "house",
        "home",
        "building",
        "branch",
        "facility",
        "installation",
        "property",
        "station",
    }
)
_BRACKET = re.compile(r"[()\[\]]")
_DASHES = frozenset({"-", "--", "–", "—"})
_DEFINITE = frozenset({"the", "this", "that"})
_NOBODY = frozenset({"no", "neither", "any"})


def lemma_of(token: Token) -> str:
    """The lemma in small letters; the model leaves nouns that it takes for names in the plural ("Assassins")."""
    word: str = token.lemma_.lower()
    return word[:-1] if token.tag_ == "NNPS" and word == token.lower_ and word.endswith("s") else word


def is_named(head: Token) -> bool:
    """Whether the phrase names or describes somebody: not "one of them", "the others", "no group"."""
    if lemma_of(head) in _STAND_INS or head.pos_ in {"NUM", "PRON", "DET", "ADJ"} and not head.ent_type_:
        return False
    first = head.head if head.dep_ == "conj" else head
    return not any(c.lower_ in _NOBODY for h in (head, first) for c in h.children if c.dep_ == "det")


def is_vague(head: Token) -> bool:
    """Whether the phrase tells people apart from nobody ("people") or only takes up somebody known ("the officer")."""
    if head.ent_type_ == "PERSON":
        return False
    own = [c for c in head.children if c.dep_ in {"amod", "compound", "nmod", "appos", "prep", "relcl", "acl", "poss"}]
    if lemma_of(head) in _ANYBODY:
        return not any(c.dep_ in {"amod", "compound", "prep"} for c in own)
    definite = any(c.lower_ in _DEFINITE for c in head.lefts)
    return definite and head.tag_ == "NN" and not own


def taken_up(draft: Draft, mention: ActorMention) -> ActorMention:
    """The named mention that a pronoun or description goes back to; a name is its own."""
    while mention.antecedent is not None:
        before = next((a for a in draft.actors if a.start_char == mention.antecedent), None)
        if before is None:
            break
        mention = before
    return mention


def phrase(draft: Draft, head: Token) -> str:
    """The noun phrase up to its head without determiners and numbers; with its of-phrase where the head alone says little.

    A surname alone is given as the full name by which the article has the person elsewhere.
    """
    start = head
    for token in reversed(list(head.lefts)):
        if token.dep_ not in _NAME_PARTS or token.is_punct and token.text not in {"-", '"'}:
            break
        if any(t.text in _DASHES and t.whitespace_ for t in head.doc[token.left_edge.i : head.i]):
            break  # "CALI, Colombia - Rebels": the dateline
        if token.dep_ in {"nummod", "poss"} or token.lower_ in _SKIPPED_WORDS:
            break
        start = token.left_edge
    end = head
    if lemma_of(head) in _GENERIC_HEADS or lemma_of(head) in _PLACE_HEADS:
        for child in head.rights:
            if child.lower_ == "of" and child.i == head.i + 1:
                inner = next((p for p in child.children if p.dep_ == "pobj"), None)
                end = inner if inner is not None else head
    text = draft.text(start.idx, end.idx + len(end)).strip("\"' ")
    if text.count("(") != text.count(")") or text.count("[") != text.count("]"):
        text = _BRACKET.split(text)[-1].strip()
    named_before = head.i > 0 and head.nbor(-1).ent_type_ == "PERSON"
    surname_only = head.ent_type_ == "PERSON" and head.i - start.i <= 1 and not named_before
    return full_name(draft, head.text, text) if surname_only else text


def full_name(draft: Draft, surname: str, written: str) -> str:
    """The longer form of a surname, where the article has one and no two that differ; else the name as written, with its title."""
    names = [e.text for e in draft.entities if e.label == "PERSON"] + [
        a.text for a in draft.actors if a.kind == "person"
    ]
    longer = {words: name for name in names if surname in (words := tuple(name.split()))[1:]}
    fullest = max(longer, key=len, default=())
    if not fullest or any(not set(words) <= set(fullest) for words in longer):
        return written
    return longer[fullest]
