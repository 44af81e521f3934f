"""Who stands where around a trigger: subjects, objects and prepositional objects in the dependency parse.

What belongs here: walking the parse. What does not: which noun phrases are participants (``event_participants``), what a trigger
means (``event_triggers``) or whether it happened (``event_status``).
"""

from collections.abc import Iterator

from spacy.tokens import Token

_DEEPEST = 6
_MOST_CONJUNCTS = 4
_LONGEST_DATELINE = 6
# "according to", "because of": what stands behind them has no part in the act.
NO_SLOTS = frozenset({"according", "because", "instead", "due", "prior", "thanks", "based", "including"})
_DIRECTIONS = frozenset({"away", "back", "out", "together", "jointly"})
_DASHES = frozenset({"-", "--", "—", "–"})
_RELATIVE = frozenset({"WDT", "WP"})


def is_passive(verb: Token) -> bool:
    """Whether the verb has a passive subject, a passive auxiliary, or is a bare participle behind its noun ("men held by …")."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    return verb.dep_ == "acl" and verb.tag_ == "VBN"


def own_subject(verb: Token) -> Token | None:
    """The subject that hangs on the verb itself; for a relative pronoun the noun that it stands for."""
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass"):
            behind_dateline = _behind_dateline(child, verb)
            if behind_dateline is not None:
                return behind_dateline
            owned = any(c.lower_ == "whose" for c in child.children)  # "A, whose army attacked B"
            if (child.tag_ in _RELATIVE or owned) and verb.dep_ == "relcl":
                return verb.head
            return child
    return None


def _behind_dateline(subject: Token, verb: Token) -> Token | None:
    """The real subject where the parser took the dateline for it: "KABUL, Afghanistan - Police arrested …"."""
    if subject.pos_ != "PROPN":
        return None
    start = subject.sent.start
    if subject.i - start > _LONGEST_DATELINE:
        return None
    doc = subject.doc
    dash = next(
        (i for i in range(subject.i + 1, min(start + 2 * _LONGEST_DATELINE, verb.i)) if doc[i].text in _DASHES), None
    )
    if dash is None or any(t.pos_ not in ("PROPN", "PUNCT", "NUM", "SYM") for t in doc[start:dash]):
        return None
    modifying = ("compound", "amod", "nmod", "poss", "nummod", "det", "case", "punct", "advmod")
    return next((t for t in doc[dash + 1 : verb.i] if t.pos_ in ("NOUN", "PROPN") and t.dep_ not in modifying), None)


def subject_of(verb: Token, depth: int = 0) -> Token | None:
    """The verb's own subject, or the one that it shares with or inherits from the verb or noun above it."""
    own = own_subject(verb)
    if own is not None or depth > _DEEPEST:
        return own
    head = verb.head
    if head == verb:
        return None
    if verb.dep_ in ("acl", "relcl"):
        return _copular_subject(head) or head
    if verb.dep_ == "acomp" and head.pos_ in ("VERB", "AUX"):
        return subject_of(head, depth + 1)  # "is likely to attack"
    if verb.dep_ == "xcomp":
        controlled = object_of(head)
        return controlled if controlled is not None and verb.tag_ == "VB" else subject_of(head, depth + 1)
    if verb.dep_ in ("conj", "advcl") and head.pos_ in ("VERB", "AUX"):
        return subject_of(head, depth + 1)
    if verb.dep_ == "pcomp" and head.head.pos_ in ("VERB", "AUX"):
        accused = object_of(head.head) if head.lower_ == "of" else None
        return accused if accused is not None else subject_of(head.head, depth + 1)
    return None


def _copular_subject(noun: Token) -> Token | None:
    """The subject that a predicate noun describes: "A was one of three countries to …"."""
    at = noun
    while at.dep_ in ("pobj", "prep") and at.head != at:
        at = at.head
    return own_subject(at.head) if at.dep_ == "attr" else None


def object_of(verb: Token) -> Token | None:
    """The direct object, shared by a conjoined verb where it has none of its own."""
    for child in verb.children:
        if child.dep_ in ("dobj", "obj"):
            return verb.head if child.tag_ in _RELATIVE and verb.dep_ == "relcl" else child
    return next((c for c in verb.children if c.dep_ == "attr"), None)


def agent_of(verb: Token) -> Token | None:
    """Who does it, of a passive: the noun behind "by"."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return next((g for g in child.children if g.dep_ == "pobj"), None)
    return None


def prepositional_objects(token: Token) -> Iterator[tuple[str, Token]]:
    """(preposition, object) of every prepositional phrase and dative that hangs directly on a token, but for times."""
    for child in token.children:
        if child.lower_ in NO_SLOTS:
            continue
        if child.dep_ == "advmod" and child.lower_ in _DIRECTIONS:  # "away from talks", "together with Kenya"
            yield from prepositional_objects(child)
        if child.dep_ in ("prep", "dative", "agent"):
            objects = [g for g in child.children if g.dep_ == "pobj" and g.ent_type_ not in ("DATE", "TIME")]
            if not objects and child.dep_ == "dative" and child.pos_ in ("NOUN", "PROPN", "PRON"):
                yield "to", child
            for found in objects:
                yield child.lower_, found
            for nested in child.children:  # "out of", "up to"
                if nested.dep_ == "prep":
                    for found in nested.children:
                        if found.dep_ == "pobj":
                            yield nested.lower_, found


def conjoined(token: Token) -> list[Token]:
    """The token and what is joined to it by "and"; with the first of a list of names that the parser cut off ("A, B and C")."""
    joined = [token, *(c for c in token.conjuncts if c.i > token.i)]
    comma = token.left_edge.i - 1
    if len(joined) > 1 and token.pos_ == "PROPN" and comma > token.sent.start and token.doc[comma].text == ",":
        first = token.doc[comma - 1]
        if first.pos_ == "PROPN" and first.head == token.head and first.dep_ in ("npadvmod", "dep", "nsubj"):
            joined.insert(0, first)
    return joined[:_MOST_CONJUNCTS]


def complements(verb: Token) -> list[Token]:
    """Adjectives, nouns and words that complete a verb: "is critical of", "found guilty", "call … friend", "say no"."""
    return [
        c
        for c in verb.children
        if c.dep_ in ("acomp", "attr", "oprd", "intj") or (c.dep_ == "ccomp" and c.pos_ in ("ADJ", "NOUN"))
    ]
