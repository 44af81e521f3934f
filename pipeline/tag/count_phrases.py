"""Where the parse keeps the people that a casualty word speaks of: subjects, objects, owners of wounds, the number beside a word.

What belongs here: walks through the dependency parse from one token. What does not: which words count what (``count_arguments.py``).
"""

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.tag.numbers import Number

SUBJECTS = frozenset({"nsubj", "nsubjpass"})
OBJECTS = frozenset({"dobj", "obj"})
HE_OR_SHE = frozenset({"he", "she", "him", "her", "his"})
ORDINALS = frozenset({"second", "third", "fourth"})
_RELATIVE = frozenset({"who", "that", "which", "whom"})
_WINDOW = 4
# How far behind "toll" or "number of dead" its figure may stand, and what leads to it.
_TOLL_REACH = 20
_TOLL_LINKS = frozenset({"to", "at", "of", "is", "was", "hit", "reached", "crossed", "exceeded", "passed", "topped"})
# What a passive verb may hang on whose subject suffers it: "fled after being shot".
_SHARES_SUBJECT = frozenset({"conj", "pcomp", "xcomp", "advcl"})
# How a participle hangs on the verb whose object it tells of: "was found shot", "left him wounded".
_FOUND_SO = frozenset({"oprd", "xcomp", "ccomp", "acomp"})


def of_phrase(head: Token) -> Token | None:
    """The noun behind "of": the people of "two of the men"."""
    for prep in head.children:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            return next((p for p in prep.children if p.dep_ == "pobj"), None)
    return None


def all_conjuncts(head: Token) -> Iterator[Token]:
    """Noun phrases joined to this one on its right."""
    for child in head.children:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "NUM", "PRON"}:
            yield child
            yield from all_conjuncts(child)


def _antecedent(subject: Token, verb: Token) -> Token:
    return verb.head if subject.lower_ in _RELATIVE and verb.dep_ == "relcl" else subject


def is_passive(verb: Token) -> bool:
    """Whether a verb has a passive auxiliary or subject."""
    return any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children)


def subjects_of(verb: Token) -> list[Token]:
    """Subject of a verb: its own, its antecedent, or that of the verb that it is joined to or depends on."""
    seen = 0
    while seen < 4:  # noqa: PLR2004 - longer chains are parse errors
        own = [_antecedent(c, verb) for c in verb.children if c.dep_ in SUBJECTS]
        if own:
            return own
        if verb.dep_ == "acl" and verb.head.pos_ in {"NOUN", "PROPN", "NUM"}:
            return [verb.head]
        if verb.dep_ not in {"conj", "xcomp", "advcl", "ccomp", "pcomp", "prep", "dep"} or verb.head.i == verb.i:
            return []
        verb, seen = verb.head, seen + 1
    return []


def objects_of(verb: Token) -> list[Token]:
    """Who suffers a verb's act: object, passive subject, or the noun that a participle belongs to."""
    own = [c for c in verb.children if c.dep_ in OBJECTS]
    if own:
        return own
    if is_passive(verb):
        return [_antecedent(c, verb) for c in verb.children if c.dep_ == "nsubjpass"] or (
            [verb.head] if verb.dep_ == "relcl" else subjects_of(verb) if verb.dep_ in _SHARES_SUBJECT else []
        )
    if verb.tag_ in {"VBN", "VBD"} and verb.dep_ in {"acl", "amod"}:
        named = verb.head.pos_ in {"NOUN", "PROPN", "NUM"} or verb.head.lower_ == "those"
        if named:
            return [verb.head]
    if verb.tag_ == "VBN" and verb.dep_ in _FOUND_SO and verb.head.pos_ == "VERB":
        return objects_of(verb.head)
    for joined in verb.conjuncts:
        shared = [c for c in joined.children if c.dep_ in OBJECTS]
        if shared and joined.i > verb.i:
            return shared
    if verb.dep_ == "conj" and verb.tag_ in {"VBN", "VBD"} and is_passive(verb.head):
        return subjects_of(verb)
    return []


def clause_of(token: Token) -> Token:
    """The verb that heads the token's clause (the sentence's root where there is none)."""
    node = token
    while node.head.i != node.i and not (node.pos_ in {"VERB", "AUX"} and node.dep_ not in {"aux", "auxpass", "amod"}):
        node = node.head
    return node


def predicate_of(adjective: Token) -> list[Token]:
    """Who is said to be dead, missing, …: "12 dead", "left two people dead", "was found dead", "three are dead"."""
    head = adjective.head
    if any(c.dep_ == "nummod" for c in adjective.children):
        return [adjective]
    own = [c for c in adjective.children if c.dep_ in SUBJECTS]
    if own:
        return own
    if adjective.dep_ == "amod" and head.pos_ in {"NOUN", "PROPN", "NUM"}:
        return [head]
    if adjective.dep_ == "appos" and head.pos_ == "PROPN":  # "found Ann Roe, 27, and Mark Roe, 28, dead": of both
        while head.dep_ == "conj":
            head = head.head
        return [head]
    if adjective.dep_ in {"acomp", "oprd", "advmod", "ccomp", "xcomp"} and head.pos_ in {"VERB", "AUX"}:
        return [c for c in head.children if c.dep_ in OBJECTS] or subjects_of(head)
    return []


def toll_figure(token: Token, numbers: dict[int, Number]) -> Iterator[Token]:
    """The figure of a toll: "a toll of 31", "the toll rose to 31"."""
    for i in range(token.i + 1, min(token.i + _TOLL_REACH, token.sent.end)):
        if i in numbers and {t.lower_ for t in token.doc[numbers[i].start - 1 : numbers[i].start + 1]} & _TOLL_LINKS:
            yield token.doc[numbers[i].end - 1]
            return


def among(head: Token) -> Iterator[Token]:
    """Who is said to be one of those counted: "among the dead was a lawmaker", "among those killed were two children"."""
    verb = head.head.head
    if head.dep_ == "pobj" and head.head.lower_ == "among" and verb.lemma_ == "be" and head.i < verb.i:
        yield from (c for c in verb.children if c.dep_ in {"attr", "nsubj"} and c.i > verb.i)


def bearers_of(wound: Token, preposition: frozenset[str] = frozenset({"with", "from"})) -> Iterator[Token]:
    """Who has the wound: "a man with a gunshot wound", "was found with gunshot wounds", "the victim's wounds"."""
    owner = next((c for c in wound.children if c.dep_ == "poss"), None)
    if owner is not None:
        yield owner
        return
    prep = wound.head
    if prep.lower_ not in preposition or prep.dep_ != "prep":
        return
    if prep.head.pos_ in {"NOUN", "PROPN", "NUM"}:
        yield prep.head
    elif prep.head.pos_ in {"VERB", "AUX"}:
        yield from objects_of(prep.head) or subjects_of(prep.head)


def number_beside(token: Token, numbers: dict[int, Number]) -> list[Token]:
    """Where the parse gives nothing: a number just before, or just after the trigger."""
    if token.tag_ == "VBG":  # "two men were seen shooting"
        return []
    sentence = token.sent
    for i in range(token.i - 1, max(token.i - _WINDOW, sentence.start) - 1, -1):
        if token.doc[i].is_punct:
            break
        if i in numbers:
            return [token.doc[i]]
    if token.i + 1 < sentence.end and token.i + 1 in numbers:
        return [token.doc[numbers[token.i + 1].end - 1]]
    return []
