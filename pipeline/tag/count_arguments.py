"""Ties figures to what they count: for each trigger word, the counted noun phrases and the number that each states.

What belongs here: trigger lookup, the walk through the dependency parse, the token window where the parse gives nothing. What does not:
dates, attribution and status of a figure (``count_context.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc, Token

from pipeline.knowledge.counts import CountKnowledge, CountTrigger
from pipeline.tag.numbers import Number

# "figure" states a number, "zero" says none; the others stand for one each, or for an unknown number ("plural").
ReadingKind = Literal["figure", "zero", "indefinite", "named", "definite", "plural"]
_SUBJECTS = {"nsubj", "nsubjpass"}
_OBJECTS = {"dobj", "obj"}
_RELATIVE = {"who", "that", "which", "whom"}
_REFLEXIVE = {"himself", "herself", "themselves", "itself"}
_IN_PHRASE = {"nummod", "quantmod", "amod", "det", "compound", "advmod", "nmod", "predet", "prep"}
_TO_DEATH = {"fatally", "dead"}
_NO = {"no", "nobody", "none"}
_WINDOW = 4
# Measures that count people: nothing else fits them.
PEOPLE = frozenset({"killed", "injured", "casualties", "detained", "kidnapped", "displaced", "missing", "surrendered"})
_NOT_PEOPLE = {"GPE", "LOC", "MONEY", "PERCENT", "FAC", "DATE", "TIME", "LAW", "PRODUCT", "EVENT"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one noun phrase (tokens ``start``..``end``, head ``head``) of one trigger token says about a measure."""

    measure: str
    trigger: int
    head: int
    start: int
    end: int
    number: Number
    kind: ReadingKind


class ArgumentFinder:
    """Finds the readings of a parsed text."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self.triggers = knowledge.triggers
        self.nouns = knowledge.nouns

    def find(self, doc: Doc, numbers: list[Number]) -> list[Reading]:
        """Readings in text order; a noun phrase that two triggers of a measure count appears once."""
        by_token = {i: n for n in numbers for i in range(n.start, n.end)}
        found: dict[tuple[str, int], Reading] = {}
        late: list[tuple[Token, CountTrigger]] = []
        for token in doc:
            trigger = self.trigger(token)
            if trigger is None or (token.dep_ == "compound" and token.pos_ == "NOUN"):
                continue
            if trigger.counted == "self_unclaimed":
                late.append((token, trigger))
                continue
            for head in self._heads(token, trigger, by_token):
                reading = self._reading(self._measure(token, trigger), token, head, by_token)
                if reading and self._fits(doc[reading.head], trigger, reading):
                    found.setdefault((reading.measure, reading.head), reading)
        taken = {head for _, head in found}
        for token, trigger in late:
            reading = self._reading(trigger.measure, token, token, by_token)
            if token.i not in taken and reading and reading.kind == "figure":
                found[trigger.measure, token.i] = reading
        return sorted(found.values(), key=lambda r: (r.start, r.trigger))

    def trigger(self, token: Token) -> CountTrigger | None:
        """The table's entry for a token, whether the model reads a participle as a verb or as an adjective."""
        lemma, pos = token.lemma_.lower(), token.pos_
        pos = "NOUN" if pos == "PROPN" and token.is_lower else pos
        return (
            self.triggers.get((lemma, pos))
            or self.triggers.get((token.lower_, "ADJ"))
            or (self.triggers.get((lemma, "VERB")) if token.tag_.startswith("VB") else None)
        )

    def _measure(self, token: Token, trigger: CountTrigger) -> str:
        """A shooting kills where the text says so: "fatally shot", "shot to death", "shot and killed"."""
        if trigger.counted != "object" or trigger.measure not in {"casualties", "injured"} or token.pos_ != "VERB":
            return trigger.measure
        children = {c.lower_ for c in token.children}
        near = {t.lower_ for t in token.doc[token.i + 1 : token.i + 3]}
        dying = bool(children & _TO_DEATH) or "dead" in near or {"to", "death"} <= near
        return "killed" if dying or any(self._kills_the_same(c) for c in token.conjuncts) else trigger.measure

    def _kills_the_same(self, verb: Token) -> bool:
        """The second verb of "shot and killed", which has no subject of its own."""
        trigger = self.triggers.get((verb.lemma_, "VERB"))
        own = any(c.dep_ in _SUBJECTS for c in verb.children)
        return trigger is not None and trigger.measure == "killed" and not own

    def _fits(self, head: Token, trigger: CountTrigger, reading: Reading) -> bool:
        """Animals and things do not count as casualties; "lost thousands of soldiers" is a loss of combatants only."""
        inner = _of(head) or head
        lemma = inner.lemma_.lower()
        if trigger.counted == "object_combatants":
            return lemma in self.nouns["combatant"]
        if trigger.measure not in PEOPLE or trigger.counted in {"self", "toll"}:
            return True
        if lemma in self.nouns["thing"] or inner.ent_type_ in _NOT_PEOPLE:
            return False
        named = inner.pos_ in {"PROPN", "PRON", "NUM", "ADJ"} or inner.ent_type_ in {"PERSON", "NORP"}
        return named or lemma in self.nouns["person"] or reading.kind == "figure"

    def _heads(self, token: Token, trigger: CountTrigger, numbers: dict[int, Number]) -> list[Token]:
        counted = trigger.counted
        if counted in {"object", "object_combatants"}:
            heads = objects_of(token) or _beside(token, numbers)
        elif counted == "subject":
            heads = subjects_of(token)
        elif counted == "subject_of_protest":
            staged = {self.triggers.get((o.lemma_, "NOUN")) for o in token.children if o.dep_ in _OBJECTS}
            heads = subjects_of(token) if any(s and s.measure == "protests" for s in staged) else []
        elif counted == "subject_of_wound":
            suffered = [o for c in token.children for o in (c, *c.children) if o.dep_ in {"dobj", "obj", "pobj"}]
            heads = subjects_of(token) if any(o.lemma_ in self.nouns["wound"] for o in suffered) else []
        elif counted == "object_to_hospital":
            goals = {p.lemma_.lower() for c in token.children if c.dep_ == "prep" for p in c.children}
            heads = objects_of(token) if goals & self.nouns["hospital"] else []
        elif counted == "number_before":
            heads = [token.nbor(-1)] if token.i - 1 in numbers and token.head.i != token.i - 1 else []
        elif counted == "bearer":
            heads = list(_bearer(token)) if {c.lemma_ for c in token.children} & self.nouns["wound"] else []
        elif counted == "predicate":
            if token.i and token.i - 1 in numbers:  # "left 12 dead and 40 wounded": each word has its own number
                return [token.nbor(-1)]
            heads = _predicate_of(token) or _beside(token, numbers)
        elif counted == "toll":
            heads = list(_toll(token, numbers))
        else:
            own = _own_number(token, numbers)
            heads = [token] if own or _kind(token) == "zero" else self._noun(token, trigger)
        joined = (h for head in heads for h in (head, *all_conjuncts(head)))
        return [h for h in joined if not self._counted_by_the_next(h, token, numbers)]

    def _counted_by_the_next(self, head: Token, token: Token, numbers: dict[int, Number]) -> bool:
        """Whether a bare number is followed by a casualty word of its own: the "40" of "12 dead and 40 wounded"."""
        if head.i not in numbers or head.i + 1 >= len(head.doc) or head.i + 1 == token.i:
            return False
        following = self.trigger(head.nbor())
        return following is not None and following.counted == "predicate" and following.measure in PEOPLE

    def _noun(self, token: Token, trigger: CountTrigger) -> list[Token]:
        if trigger.counted == "self_claimed":
            verb = token.head
            return [_of(token) or token] if verb.lemma_ in {"claim", "take", "cost", "lose"} else []
        if trigger.counted == "self_found":
            found = token.head.lemma_ in {"find", "discover", "recover"} or (
                token.dep_ in {"compound", "conj"} and token.head.head.lemma_ == "find"
            )
            return [_of(token) or token] if found else []
        if trigger.measure not in {"killed", "injured", "detained"}:
            return [token]
        # The bare noun names an act or a charge ("murder"), not somebody who died.
        inner = _of(token)
        owners = [c for c in token.children if c.dep_ == "poss" and c.ent_type_ == "PERSON"]
        return [inner] if inner is not None else owners

    def _reading(self, measure: str, trigger: Token, head: Token, numbers: dict[int, Number]) -> Reading | None:
        if head.lower_ in _REFLEXIVE:
            subject = next(iter(subjects_of(trigger)), None)
            if subject is None:
                return None
            head = subject
        edge = min((c.left_edge.i for c in head.children if c.i < head.i and c.dep_ in _IN_PHRASE), default=head.i)
        inner = _of(head) if head.i in numbers or head.lower_ in {"one", "pair", "group"} else None
        end = (inner or head).i + 1
        number = _own_number(head, numbers)
        if number and _kind(head) != "zero":
            return Reading(measure, trigger.i, head.i, min(number.start, head.i), end, number, "figure")
        kind = _kind(head)
        if kind is None:
            return None
        many = None if kind == "plural" else 0 if kind == "zero" else 1
        implied = Number(edge, end, many, many, many)
        return Reading(measure, trigger.i, head.i, edge, end, implied, kind)


def _kind(head: Token) -> ReadingKind | None:
    """How a noun phrase without a number stands for its number; None where it counts nobody (pronouns that point back)."""
    determiners = {c.lower_ for c in head.children if c.dep_ in {"det", "poss"}}
    if determiners & _NO or head.lower_ in _NO:
        return "zero"
    if head.tag_ in {"NNS", "NNPS"}:
        return "plural"
    if head.ent_type_ == "PERSON":
        return "named"
    if determiners & {"a", "an", "another"} or head.lower_ in {"someone", "somebody"}:
        return "indefinite"
    if head.pos_ == "PRON":
        return "definite" if head.lower_ in {"he", "she", "him", "her"} else None
    return "definite" if head.pos_ in {"NOUN", "PROPN"} else None


def _own_number(head: Token, numbers: dict[int, Number]) -> Number | None:
    """The number inside the noun phrase to the left of its head, or the head itself."""
    if head.i in numbers:
        return numbers[head.i]
    for i in range(head.i - 1, max(head.left_edge.i, head.i - 8) - 1, -1):
        if i not in numbers:
            continue
        token = head.doc[numbers[i].end - 1]
        while token.dep_ == "conj" and numbers[i].start <= token.head.i:  # "between 30 and 40 rebels"
            token = token.head
        while token.i != head.i and token.dep_ in _IN_PHRASE and token.head.i != token.i:
            token = token.head
        if token.i == head.i:
            return numbers[i]
    return None


def _of(head: Token) -> Token | None:
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


def _is_passive(verb: Token) -> bool:
    return any(c.dep_ in {"auxpass", "nsubjpass"} for c in verb.children)


def subjects_of(verb: Token) -> list[Token]:
    """Subject of a verb: its own, its antecedent, or that of the verb that it is joined to or depends on."""
    seen = 0
    while seen < 4:  # noqa: PLR2004 - longer chains are parse errors
        own = [_antecedent(c, verb) for c in verb.children if c.dep_ in _SUBJECTS]
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
    own = [c for c in verb.children if c.dep_ in _OBJECTS]
    if own:
        return own
    if _is_passive(verb):
        return [_antecedent(c, verb) for c in verb.children if c.dep_ == "nsubjpass"] or (
            [verb.head] if verb.dep_ == "relcl" else subjects_of(verb) if verb.dep_ == "conj" else []
        )
    if verb.tag_ in {"VBN", "VBD"} and verb.dep_ in {"acl", "amod"} and verb.head.pos_ in {"NOUN", "PROPN", "NUM"}:
        return [verb.head]
    for joined in verb.conjuncts:
        shared = [c for c in joined.children if c.dep_ in _OBJECTS]
        if shared and joined.i > verb.i:
            return shared
    if verb.dep_ == "conj" and verb.tag_ in {"VBN", "VBD"} and _is_passive(verb.head):
        return subjects_of(verb)
    return []


def _predicate_of(adjective: Token) -> list[Token]:
    """Who is said to be dead, missing, …: "12 dead", "left two people dead", "was found dead", "three are dead"."""
    head = adjective.head
    if any(c.dep_ == "nummod" for c in adjective.children):
        return [adjective]
    own = [c for c in adjective.children if c.dep_ in _SUBJECTS]
    if own:
        return own
    if adjective.dep_ == "amod" and head.pos_ in {"NOUN", "PROPN", "NUM"}:
        return [head]
    if adjective.dep_ in {"acomp", "oprd", "advmod", "ccomp", "xcomp"} and head.pos_ in {"VERB", "AUX"}:
        return [c for c in head.children if c.dep_ in _OBJECTS] or subjects_of(head)
    return []


def _toll(token: Token, numbers: dict[int, Number]) -> Iterator[Token]:
    """The figure of a toll: "a toll of 31", "the toll rose to 31"."""
    if not any(c.lower_ in {"death", "casualty"} for c in token.children) and token.lower_ != "toll":
        return
    for i in range(token.i + 1, min(token.i + 9, token.sent.end)):
        if i in numbers and token.doc[numbers[i].start - 1].lower_ in {"to", "at", "of", "is", "was", "hit", "reached"}:
            yield token.doc[numbers[i].end - 1]
            return


def _bearer(wound: Token) -> Iterator[Token]:
    """Who has the wound: "a man with a gunshot wound", "was found with gunshot wounds"."""
    prep = wound.head
    if prep.lower_ not in {"with", "from"} or prep.dep_ != "prep":
        return
    if prep.head.pos_ in {"NOUN", "PROPN", "NUM"}:
        yield prep.head
    elif prep.head.pos_ == "VERB":
        yield from objects_of(prep.head) or subjects_of(prep.head)


def _beside(token: Token, numbers: dict[int, Number]) -> list[Token]:
    """Where the parse gives nothing: a number just before, or just after the trigger."""
    sentence = token.sent
    for i in range(token.i - 1, max(token.i - _WINDOW, sentence.start) - 1, -1):
        if token.doc[i].is_punct:
            break
        if i in numbers:
            return [token.doc[i]]
    if token.i + 1 < sentence.end and token.i + 1 in numbers:
        return [token.doc[numbers[token.i + 1].end - 1]]
    return []
