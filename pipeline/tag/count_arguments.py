"""Ties figures to what they count: for each trigger word, the counted noun phrases and the number that each states.

What belongs here: trigger lookup, the walk through the dependency parse, the token window where the parse gives nothing. What does not:
dates, attribution and status of a figure (``count_context.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Doc, Token

from pipeline.knowledge.counts import CountKnowledge, CountTrigger
from pipeline.tag.count_no_attack import NoAttackReader
from pipeline.tag.count_phrases import (
    HE_OR_SHE,
    OBJECTS,
    ORDINALS,
    SUBJECTS,
    all_conjuncts,
    among,
    bearers_of,
    clause_of,
    number_beside,
    objects_of,
    of_phrase,
    predicate_of,
    subjects_of,
    toll_figure,
)
from pipeline.tag.count_wounds import REFLEXIVE, WoundReader, goals_of
from pipeline.tag.numbers import Number

# "figure" states a number, "zero" says none; the others stand for one each, or for an unknown number ("plural").
ReadingKind = Literal["figure", "zero", "indefinite", "named", "definite", "plural"]
_IN_PHRASE = {"nummod", "quantmod", "amod", "det", "compound", "advmod", "nmod", "predet", "prep"}
_TO_DEATH = {"fatally", "mortally", "dead"}
_FATAL = frozenset({"fatal", "deadly", "mortal"})
_TO_OR_AT = frozenset({"to", "at"})
_ATTEMPTED = frozenset({"attempted"})
_NO = {"no", "nobody", "none", "neither"}
_IN = frozenset({"in"})
_PLURAL = frozenset({"NNS", "NNPS"})
# Measures that count people: nothing else fits them.
PEOPLE = frozenset(
    {"killed", "injured", "casualties", "detained", "kidnapped", "released", "displaced", "missing", "surrendered"}
)
_NOT_PEOPLE = {"GPE", "LOC", "MONEY", "PERCENT", "FAC", "DATE", "TIME", "LAW", "PRODUCT", "EVENT"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one noun phrase (tokens ``start``..``end``, head ``head``) of one trigger token says about a measure.

    ``counted``: where the trigger has it from (``knowledge/counts/triggers.csv``).
    """

    measure: str
    trigger: int
    head: int
    start: int
    end: int
    number: Number
    kind: ReadingKind
    counted: str


class ArgumentFinder:
    """Finds the readings of a parsed text."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self.triggers = knowledge.triggers
        self.nouns = knowledge.nouns
        self.cues = knowledge.cues
        self.no_attacks = NoAttackReader(knowledge)
        self.wounds = WoundReader(knowledge)
        self.multipliers = frozenset(w for w, n in knowledge.numerals.items() if n.kind == "multiplier")

    def find(self, doc: Doc, numbers: list[Number]) -> list[Reading]:
        """Readings in text order; a noun phrase that two triggers of a measure count appears once."""
        by_token = {i: n for n in numbers for i in range(n.start, n.end)}
        found: dict[tuple[str, int], Reading] = {}
        late: list[tuple[Token, CountTrigger]] = []
        for token in doc:
            trigger = self.trigger(token)
            if trigger is None or (token.dep_ == "compound" and token.pos_ == "NOUN"):
                continue
            if trigger.measure == "attacks" and self.no_attacks.is_none(token):
                continue
            if trigger.counted == "self_unclaimed":
                late.append((token, trigger))
                continue
            for head in self._heads(token, trigger, by_token):
                reading = self._reading(token, trigger, head, by_token)
                if reading and self._fits(doc[reading.head], trigger, reading):
                    found.setdefault((reading.measure, reading.head), reading)
        taken = {head for _, head in found}
        for token, trigger in late:
            reading = self._reading(token, trigger, token, by_token)
            if token.i not in taken and reading and reading.kind == "figure":
                found[trigger.measure, token.i] = reading
        return sorted(found.values(), key=lambda r: (r.start, r.trigger))

    def part_of(self, figure: Reading, head: Token, numbers: list[Number]) -> Reading | None:
        """What a noun that is counted within a figure says about the same measure; None where it counts nobody, or nothing like it."""
        trigger = self.trigger(head.doc[figure.trigger])
        by_token = {i: n for n in numbers for i in range(n.start, n.end)}
        reading = self._reading(head.doc[figure.trigger], trigger, head, by_token) if trigger is not None else None
        if trigger is None or reading is None or reading.kind not in {"figure", "indefinite"}:
            return None
        if figure.measure not in PEOPLE:
            own = self.trigger(head)
            alike = own is not None and own.measure == figure.measure
        else:
            alike = self._fits(head, trigger, reading) and head.pos_ in {"NOUN", "PROPN", "NUM"}
        return replace(reading, measure=figure.measure) if alike else None

    def trigger(self, token: Token) -> CountTrigger | None:
        """The table's entry for a token, whether the model reads a participle as a verb or as an adjective."""
        lemma, pos = token.lemma_.lower(), token.pos_
        pos = "NOUN" if pos == "PROPN" and token.is_lower else pos
        particle = next((c.lower_ for c in token.children if c.dep_ in {"prt", "advmod"} and c.i == token.i + 1), None)
        return (
            (self.triggers.get((f"{lemma} {particle}", pos)) if particle else None)
            or self.triggers.get((lemma, pos))
            or self.triggers.get((token.lower_, "ADJ"))
            or (self.triggers.get((lemma, "VERB")) if token.tag_.startswith("VB") else None)
        )

    def _measure(self, token: Token, trigger: CountTrigger) -> str:
        """A shooting kills where the text says so: "fatally shot", "shot to death", "shot and killed", "a fatal wound"."""
        if trigger.counted == "number_of":
            return self._numbered(token) or trigger.measure
        if trigger.counted == "object_to_hospital":
            goals = goals_of(token)
            return "detained" if any(self.wounds.is_custody(g) for g in goals) else trigger.measure
        if trigger.measure == "attacks" and (self._people_of(token) is not None or self._is_multiple(token)):
            return "casualties"
        if trigger.counted in {"subject_of_wound", "bearer"}:
            wounds = [t for t in (token, *token.subtree) if t.lemma_ in self.nouns["wound"]]
            fatal = any(c.lower_ in _FATAL for w in wounds for c in w.children)
            return "killed" if fatal else trigger.measure
        if trigger.counted != "object" or trigger.measure not in {"casualties", "injured"} or token.pos_ != "VERB":
            return trigger.measure
        children = {c.lower_ for c in token.children}
        near = {t.lower_ for t in token.doc[token.i + 1 : token.i + 3]}
        to = {p.lower_ for c in token.children if c.lower_ == "to" for p in c.children}
        dying = bool(children & _TO_DEATH) or "dead" in near or {"to", "death"} <= near or "death" in to
        return "killed" if dying or any(self._kills_the_same(c, token) for c in token.conjuncts) else trigger.measure

    def _numbered(self, noun: Token) -> str | None:
        """What is numbered in "the number of dead", "the number of people wounded"."""
        inner = of_phrase(noun)
        words = () if inner is None else (inner, *(c for c in inner.rights if c.dep_ in {"acl", "amod"}))
        found = (self.trigger(w) for w in words)
        return next((f.measure for f in found if f and f.measure in PEOPLE), None)

    def _kills_the_same(self, verb: Token, shot: Token) -> bool:
        """The second verb of "shot and killed", with neither a subject nor an object of its own."""
        if all(any(c.dep_ in OBJECTS for c in v.children) for v in (verb, shot)):
            return False  # "killing one and injuring seven"
        trigger = self.triggers.get((verb.lemma_, "VERB"))
        own = any(c.dep_ in SUBJECTS for c in verb.children)
        return trigger is not None and trigger.measure == "killed" and not own

    def _fits(self, head: Token, trigger: CountTrigger, reading: Reading) -> bool:
        """Animals and things do not count as casualties; "lost thousands of soldiers" is a loss of combatants only."""
        inner = of_phrase(head) or head
        lemma = inner.lemma_.lower()
        if trigger.counted == "object_combatants":
            return lemma in self.nouns["combatant"]
        if trigger.counted == "object_person":  # points and passengers' bags are picked up too
            return lemma in self.nouns["person"] or inner.ent_type_ in {"PERSON", "NORP"}
        if trigger.measure not in PEOPLE or trigger.counted in {"self", "toll", "number_of"}:
            return True
        if lemma in self.nouns["thing"] or (inner.ent_type_ in _NOT_PEOPLE and not _stands_for_somebody(inner)):
            return False
        named = inner.pos_ in {"PROPN", "PRON", "NUM", "ADJ"} or inner.ent_type_ in {"PERSON", "NORP"}
        return named or lemma in self.nouns["person"] or reading.kind == "figure"

    def _heads(self, token: Token, trigger: CountTrigger, numbers: dict[int, Number]) -> list[Token]:
        counted = trigger.counted
        if counted in {"object", "object_combatants", "object_person"}:
            heads = [] if _misses(token) else self._hit(token) or number_beside(token, numbers)
        elif counted == "subject":
            heads = subjects_of(token)
        elif counted == "subject_of_protest":
            staged = {self.triggers.get((o.lemma_, "NOUN")) for o in token.children if o.dep_ in OBJECTS}
            heads = subjects_of(token) if any(s and s.measure == "protests" for s in staged) else []
        elif counted == "subject_of_wound":
            suffered = [o for c in token.children for o in (c, *c.children) if o.dep_ in {"dobj", "obj", "pobj"}]
            # The parse may make one noun of "a gunshot wound Sunday evening".
            words = {w.lemma_ for o in suffered for w in (o, *o.lefts)}
            heads = [self._who(h, token) for h in subjects_of(token)] if words & self.nouns["wound"] else []
        elif counted == "object_to_hospital":
            heads = self._hit(token) if self.wounds.is_taken(token) else []
        elif counted == "object_treated":
            heads = objects_of(token) if self.wounds.is_treated(token) else []
        elif counted == "subject_recovering":
            heads = subjects_of(token) if self.wounds.recovers(token) else []
        elif counted == "object_if_wounded":
            heads = objects_of(token) if self.wounds.is_wounding(token) else []
        elif counted == "subject_by_own_hand":
            heads = subjects_of(token) if self.wounds.is_by_own_hand(token) else []
        elif counted == "number_before":
            heads = [token.nbor(-1)] if token.i and token.i - 1 in numbers else []
        elif counted == "bearer":
            named = {token.lemma_, *(c.lemma_ for c in token.children)}
            heads = [self.wounds.bearer(h) for h in bearers_of(token)] if named & self.nouns["wound"] else []
        elif counted == "bearer_of_state":
            grave = {c.lemma_ for c in token.children} & self.nouns["medical_state"]
            heads = [self.wounds.bearer(h) for h in bearers_of(token, _IN)] if grave else []
        elif counted == "predicate":
            if token.i and token.i - 1 in numbers:  # "left 12 dead and 40 wounded": each word has its own number
                return [token.nbor(-1)]
            heads = predicate_of(token) or number_beside(token, numbers)
        elif counted == "self_fired":  # arms in a store are not fired ones
            above = {token.head.lemma_.lower(), token.head.head.lemma_.lower()}
            heads = [token] if above & self.cues["flies"] else []
        elif counted == "toll":
            heads = list(toll_figure(token, numbers))
        elif counted == "number_of":
            heads = list(toll_figure(token, numbers)) if self._numbered(token) else []
        else:
            own = None if self._is_suffered(token) else _own_number(token, numbers)
            people = self._people_of(token) or self._changed_to(token, numbers)
            if people is not None:
                heads = [people]
            else:
                heads = [token] if own or _kind(token) == "zero" else self._noun(token, trigger)
        heads = [_meant(h) for h in heads]
        heads = [*heads, *(h for head in (*heads, token) for h in among(head))]
        joined = [h for head in heads for h in (head, *self._joined(head, token))]
        return [h for h in joined if not self._counted_by_the_next(h, token, numbers)]

    def _joined(self, head: Token, token: Token) -> Iterator[Token]:
        """The noun phrases that are counted with one; "no injuries or damage" counts no damage.

        A participle behind a noun tells of nobody behind itself: "a man shot by police and the officers who fired".
        """
        if head != token:
            own = token.dep_ in {"acl", "relcl"} and token.head == head
            yield from (c for c in all_conjuncts(head) if not (own and c.i > token.i) and not self._has_own(c, token))

    def _hit(self, verb: Token) -> list[Token]:
        """Who suffers an act; in "one man was killed and another wounded" the second one has no noun."""
        before = verb.nbor(-1) if verb.i else None
        if (
            before is not None
            and before.lower_ == "another"
            and verb.tag_ in {"VBN", "VBD"}
            and before.i > verb.sent.start
            and not any(c.dep_ in OBJECTS for c in verb.children)  # "and another killed two": it is the one that kills
        ):
            noun = verb.head if verb.dep_ == "amod" else None
            if noun is None or noun.lemma_.lower() not in self.nouns["person"]:
                return [before]
        return [self._who(h, verb) for h in objects_of(verb)]

    def _who(self, head: Token, verb: Token) -> Token:
        """Whom a clause is about: not the thing beside it, "a man was found at the scene who had been shot"."""
        relative = verb.dep_ == "acl" and verb.tag_ == "VBG" or any(c.lower_ == "who" for c in verb.children)
        if head != verb.head or not relative:
            return head
        if head.lemma_.lower() in self.nouns["person"] or head.ent_type_ == "PERSON" or head.dep_ != "pobj":
            return head
        return next(iter(subjects_of(clause_of(head))), head)

    def _people_of(self, noun: Token) -> Token | None:
        """The people in "the shooting of five people", where the noun says that somebody was hit."""
        if noun.lemma_.lower() not in self.nouns["act_of_hitting"]:
            return None
        inner = of_phrase(noun)
        return inner if inner is not None and self._is_somebody(inner) else None

    def _changed_to(self, noun: Token, numbers: dict[int, Number]) -> Token | None:
        """The figure in "attacks fell to 12", "arrests rose by half to 300"."""
        verb = noun.head
        if noun.tag_ != "NNS" or noun.dep_ not in SUBJECTS or verb.lemma_ not in self.cues["change"]:
            return None
        goals = (p for t in verb.subtree if t.lower_ in _TO_OR_AT and t.i > verb.i for p in t.children)
        return next((p for p in goals if p.dep_ == "pobj" and p.i in numbers), None)

    def _is_multiple(self, noun: Token) -> bool:
        """Whether a word for an act counts those whom it hit: "a double shooting" is one."""
        if noun.lemma_.lower() not in self.nouns["act_of_hitting"]:
            return False
        return any(c.lower_ in self.multipliers for c in noun.lefts)

    def _has_own(self, joined: Token, token: Token) -> bool:
        """Whether a joined noun has a casualty word of its own: "killing one and injuring seven", "one dead and two in hospital"."""
        first = joined.left_edge.i
        before = [t for t in joined.doc[max(first - 1, token.i + 1) : joined.i] if t.tag_.startswith("VB")]
        if any((found := self.trigger(t)) and found.measure in PEOPLE and found.counted == "object" for t in before):
            return True
        behind = [t for c in joined.rights if c.dep_ in {"acl", "amod", "prep", "acomp"} for t in (c, *c.children)]
        own = self.trigger(token)
        return any(
            t.lemma_.lower() in self.nouns["hospital"]
            or ((found := self.trigger(t)) and own and found.measure in PEOPLE and found.measure != own.measure)
            for t in behind
        )

    def _counted_by_the_next(self, head: Token, token: Token, numbers: dict[int, Number]) -> bool:
        """Whether a bare number is followed by a casualty word of its own: the "40" of "12 dead and 40 wounded"."""
        if head.i not in numbers or head.i + 1 >= len(head.doc) or head.i + 1 == token.i:
            return False
        following = self.trigger(head.nbor())
        return following is not None and following.counted == "predicate" and following.measure in PEOPLE

    def _is_suffered(self, noun: Token) -> bool:
        """Whether wounds are somebody's, and their number is none of people: "suffered three injuries"."""
        if noun.lemma_.lower() not in self.nouns["wound"]:
            return False
        verb = noun.head.head if noun.head.dep_ == "prep" else noun.head
        trigger = self.trigger(verb)
        return trigger is not None and trigger.counted == "subject_of_wound"

    def _noun(self, token: Token, trigger: CountTrigger) -> list[Token]:
        if trigger.counted == "self_claimed":
            verb = token.head
            return [of_phrase(token) or token] if verb.lemma_ in {"claim", "take", "cost", "lose"} else []
        if trigger.counted == "self_found":
            found = token.head.lemma_ in self.cues["finds"] or (
                token.dep_ in {"compound", "conj"} and token.head.head.lemma_ == "find"
            )
            owner = next((c for c in token.children if c.dep_ == "poss" and self._is_somebody(c)), None)
            return [of_phrase(token) or owner or token] if found else []
        if trigger.measure not in {"killed", "injured", "detained"}:
            return [token]
        # The bare noun names an act or a charge ("murder"), not somebody who died; nobody died of an attempted one.
        if any(c.lower_ in _ATTEMPTED for c in token.lefts):
            return []
        inner = of_phrase(token)
        owners = [c for c in token.children if c.dep_ == "poss" and self._is_somebody(c)]
        return [inner] if inner is not None else owners

    def _is_somebody(self, owner: Token) -> bool:
        return owner.ent_type_ == "PERSON" or owner.lemma_.lower() in self.nouns["person"] or owner.lower_ in HE_OR_SHE

    def _reading(self, trigger: Token, entry: CountTrigger, head: Token, numbers: dict[int, Number]) -> Reading | None:
        measure = self._measure(trigger, entry)
        if head.lower_ in REFLEXIVE:
            subject = next(iter(subjects_of(trigger)), None)
            if subject is None:
                return None
            head = subject
        edge = min((c.left_edge.i for c in head.children if c.i < head.i and c.dep_ in _IN_PHRASE), default=head.i)
        inner = of_phrase(head) if head.i in numbers or head.lower_ in {"one", "pair", "group"} else None
        end = (inner or head).i + 1
        number = _own_number(head, numbers)
        if number and _kind(head) != "zero":
            return Reading(measure, trigger.i, head.i, min(number.start, head.i), end, number, "figure", entry.counted)
        kind = _kind(head)
        if kind is None:
            return None
        many = None if kind == "plural" else 0 if kind == "zero" else 1
        implied = Number(edge, end, many, many, many)
        return Reading(measure, trigger.i, head.i, edge, end, implied, kind, entry.counted)


def _stands_for_somebody(head: Token) -> bool:
    """Whether words that are otherwise a length of time stand for a person: "a 17-year-old was hurt", "a second was grazed"."""
    return head.lower_ == "old" or (head.lower_ in ORDINALS and head.tag_ not in _PLURAL)


def _meant(head: Token) -> Token:
    """Who "they" are in a clause behind a main one: "two men were taken to a hospital, where they died"."""
    clause = clause_of(head)
    if head.lower_ != "they" or clause.dep_ not in {"relcl", "advcl", "ccomp"}:
        return head
    main = clause_of(clause.head)
    subjects = [s for s in subjects_of(main) if main != clause]
    several = [s for s in subjects if s.tag_ in _PLURAL or any(c.dep_ == "conj" for c in s.children)]
    return several[0] if several else head


def _misses(verb: Token) -> bool:
    """Whether somebody was only shot at."""
    at = verb.nbor() if verb.i + 1 < len(verb.doc) else None
    return at is not None and at.lower_ == "at" and at.head == verb and not any(at.children)


def _kind(head: Token) -> ReadingKind | None:
    """How a noun phrase without a number stands for its number; None where it counts nobody (pronouns that point back)."""
    determiners = {c.lower_ for c in head.children if c.dep_ in {"det", "poss"}}
    if determiners & _NO or head.lower_ in _NO:
        return "zero"
    if head.tag_ in _PLURAL:
        return "plural"
    if head.ent_type_ == "PERSON":
        return "named"
    if determiners & {"a", "an", "another"} or head.lower_ in {"someone", "somebody", "another"}:
        return "indefinite"
    if head.pos_ == "PRON":
        return "definite" if head.lower_ in HE_OR_SHE else None
    return "definite" if head.pos_ in {"NOUN", "PROPN"} else None


def _own_number(head: Token, numbers: dict[int, Number]) -> Number | None:
    """The number inside the noun phrase to the left of its head, or the head itself."""
    if head.i in numbers:
        return numbers[head.i]
    if head.lower_ in HE_OR_SHE:
        return None
    for i in range(head.i - 1, max(head.left_edge.i, head.i - 8) - 1, -1):
        if i not in numbers:
            continue
        if head.doc[i].lower_ == "both" and head.tag_ not in _PLURAL:
            continue  # "both Ann Roe and her son"
        if numbers[i].end == head.i:  # whatever the parse makes of "KABUL - Three men"
            return numbers[i]
        token = head.doc[numbers[i].end - 1]
        while token.dep_ == "conj" and numbers[i].start <= token.head.i:  # "between 30 and 40 rebels"
            token = token.head
        while token.i != head.i and token.dep_ in _IN_PHRASE and token.head.i != token.i:
            token = token.head
        if token.i == head.i:
            return numbers[i]
    return None
