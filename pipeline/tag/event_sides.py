"""The two sides of a verb: who does it, and upon whom, by the slots that its lexicon entry and the parse give.

What belongs here: choosing among subjects, objects, prepositional objects and what lies deeper. What does not: which entry a verb
has (``event_triggers``), event nouns (``event_nouns``).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from pipeline.knowledge.lexicon import VerbEntry
from pipeline.records import Participant
from pipeline.tag.event_arguments import (
    NO_SLOTS,
    agent_of,
    complements,
    conjoined,
    is_passive,
    object_of,
    own_subject,
    prepositional_objects,
    subject_of,
)
from pipeline.tag.event_participants import Participants
from pipeline.tag.event_status import StatusReader

Slot = Literal["object", "preposition", "place", "owner", "clause", "reached"]

# What leads to a target, the surest first: of several the first with a known actor is followed, places come last.
_LEADING = (
    "against",
    "with",
    "between",
    "to",
    "toward",
    "towards",
    "on",
    "upon",
    "at",
    "for",
    "from",
    "of",
    "over",
    "about",
)
# Prepositions so sure that they lead to a target even where nobody is named: "sent aid to the region".
_AIMED = ("against", "to", "with", "on", "into")
_PLACES = ("into", "in", "near", "along", "through", "across", "outside")
# Prepositions that say with what or why: beside a person as object, that person is the target ("accuse … of", "supply … with").
_ASIDE = frozenset({"of", "with", "for", "from", "into", "as", "over"})
_OWN = frozenset({"its", "their", "his", "her", "our", "my"})
# Where a search for a target goes down from a trigger: not into subjects, nor clauses that tell of something else.
_DOWN = frozenset(
    [
        "prep",
        "pobj",
        "pcomp",
        "dobj",
        "dative",
        "attr",
        "acomp",
        "oprd",
        "xcomp",
        "ccomp",
        "acl",
        "relcl",
        "agent",
        "conj",
        "appos",
        "poss",
        "compound",
        "amod",
        "nmod",
        "advcl",
        "nsubj",
        "nsubjpass",
        "npadvmod",
        "dep",
    ]
)
# Prepositions that lead from a deed to whom it is done to: who judges "the attack on B" does not judge B.
_DONE_TO = frozenset({"against", "on", "upon", "over", "about"})
# Circumstances that name nobody upon whom the act falls; what it came after or because of often does ("quit after Peru's protest").
_ASIDE_FROM = frozenset({"without", "besides", "except", "unlike", "like", "than", "including"})
# Types whose object may be a deed or word of the target.
_JUDGING = frozenset({"SUPPORT", "ACCUSE", "REJECT"})
_UNTIL = frozenset({"until", "till", "unless", "if", "before"})
_FARTHEST = 7
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
# What hangs on the object is nearer to the act than what hangs on the verb.
_ORDER = {"dobj": 0, "nsubjpass": 0, "attr": 0, "xcomp": 2, "ccomp": 2, "advcl": 3}


@dataclass(frozen=True, slots=True)
class Targets:
    """Who stands on the receiving side, and in which slot they were found, behind which preposition."""

    participants: tuple[Participant, ...]
    slot: Slot
    word: str = ""


class Sides:
    """Finds the sources and targets of verbs in one article."""

    def __init__(self, participants: Participants, status: StatusReader) -> None:
        self._participants = participants
        self._status = status
        self.all = participants.all

    def sources(self, verb: Token) -> tuple[Participant, ...]:
        """Who does it; behind a thing that seems to act ("a report accusing …") the one who made it."""
        doer = agent_of(verb) if is_passive(verb) else subject_of(verb)
        found = self._parties(doer) or self.all(doer)
        if doer is None or any(map(self._participants.can_act, found)):
            return found
        return self._behind(doer, verb) or found

    def objects(self, verb: Token) -> tuple[Participant, ...]:
        """Who stands in the verb's own slots but the doer's: its object, or behind its prepositions."""
        thing = subject_of(verb) if is_passive(verb) else object_of(verb)
        return (*self.all(thing), *(p for _, o in prepositional_objects(verb) for p in self.all(o)))

    def _parties(self, noun: Token | None) -> tuple[Participant, ...]:
        """Those who act together under one noun: "the leaders of A and B" met."""
        if noun is None or noun.tag_ not in ("NNS", "NNPS"):
            return ()
        members = [o for p, o in prepositional_objects(noun) if p == "of"]
        found = [p for m in members for t in conjoined(m) if (p := self._participants.of(t)) is not None and p.actor_id]
        return tuple(found) if len({p.actor_id for p in found}) > 1 else ()

    def halves(self, verb: Token, source: Participant) -> tuple[Participant, ...]:
        """Both parties of a subject that the parser took for one: "the president of A and the premier of B"."""
        subject = subject_of(verb)
        if subject is None:
            return ()
        for other in subject.subtree:
            if other.dep_ != "conj" or other.i > verb.i or other.pos_ not in ("NOUN", "PROPN"):
                continue
            second = self._participants.of(other)
            if second is None or second.actor_id in (None, source.actor_id):
                continue
            if second.start_char >= source.end_char:
                return source, second
            first = self._participants.before(source, second)
            return (first, second) if first is not None else ()
        return ()

    def _behind(self, thing: Token, verb: Token) -> tuple[Participant, ...]:
        owner = self._participants.adjectival(thing)
        if owner is not None:
            return (owner,)
        makers = [o for p, o in prepositional_objects(thing) if p in ("by", "from")]
        made = [c for c in thing.children if c.dep_ == "acl" and c != verb]  # "missiles fired by A struck"
        makers += [a for c in made if (a := agent_of(c)) is not None]
        if verb.dep_ in ("acl", "relcl") and thing == verb.head and thing.dep_ in ("dobj", "pobj"):
            above = thing.head if thing.dep_ == "dobj" else thing.head.head
            if above.pos_ == "VERB" and "light" in self._status.roles(above) and not is_passive(above):
                makers += [s] if (s := subject_of(above)) is not None else []
        return tuple(p for maker in makers for p in self.all(maker) if self._participants.can_act(p))

    def targets(self, verb: Token, entry: VerbEntry | None, sources: Iterable[Participant]) -> Targets:
        """Upon whom: the object, or who stands behind a preposition, owns the object, or is named below the verb."""
        sources = tuple(sources)
        thing = subject_of(verb) if is_passive(verb) else object_of(verb)
        clause = next((c for c in verb.children if c.dep_ == "ccomp"), None)
        told = subject_of(clause) if clause is not None else None
        own = () if thing is not None and _is_own(thing) else self.all(thing)  # "withdrew its troops": no target
        own = own or tuple(p for p in self.all(told) if self._participants.can_act(p))
        acting = any(map(self._participants.can_act, own))
        if acting and entry is not None:
            if thing is None and entry.objects:
                return Targets(own, "clause")  # "found A guilty"
            if thing is not None and self._is_target(thing, own, verb, entry):
                return Targets(own, "object")
        behind = self._behind_prepositions(verb, entry, sources)
        if entry is not None and (entry.preposition or entry.objects):
            named = [o for _, o in prepositional_objects(verb) if o.lemma_.lower() in entry.objects]
            found = self._of_pattern(thing, named, own, behind, entry, sources)
            if found is not None:
                return found
        elif acting:
            return Targets(own, "object")
        found = self._farther(verb, entry, own, behind, sources)
        whose = any(p.actor_id and not p.actor_id.startswith("collective:") for p in own)
        if found is None and entry is not None and thing is not None and not whose and _is_given(thing, entry):
            return Targets((), "object")
        return found or Targets(own or self.all(told), "object")

    def _is_target(self, thing: Token, own: tuple[Participant, ...], verb: Token, entry: VerbEntry) -> bool:
        """Whether the object is the target itself although the entry leads to a preposition or names objects."""
        meant = thing.lemma_.lower() in entry.objects
        if not meant:
            if not entry.objects and _is_upon(entry) and self._participants.is_somebody(thing):
                return True  # "condemned the men to death": the preposition only tells which sense it is
            behind_particle = bool(entry.objects and entry.particle) and not entry.preposition  # "put A on notice"
            return behind_particle or entry.preposition in _aside(entry)
        if entry.meaning.mode == "expel":
            return any(p.actor_id for p in own)  # "a diplomat from B" needs the preposition
        if entry.meaning.mode == "release":  # "handed the hostages over to B"
            to = (p for w, o in prepositional_objects(verb) if w == "to" for p in self.all(o))
            if any(p.actor_id for p in to):
                return False
        return _is_upon(entry) and self._participants.is_somebody(thing)

    def _of_pattern(
        self,
        thing: Token | None,
        of_pattern: list[Token],
        own: tuple[Participant, ...],
        behind: Targets | None,
        entry: VerbEntry,
        sources: tuple[Participant, ...],
    ) -> Targets | None:
        """Targets of an entry that asks for a preposition or names objects."""
        if behind is not None and any(map(self._participants.can_act, behind.participants)):
            first = behind.participants[0]
            judged = entry.meaning.event_type in _JUDGING and own and thing is not None and behind.slot != "place"
            if judged and "@deed" in entry.rule and behind.word in _DONE_TO:
                return Targets(own[:1], "object")  # "welcomed the ruling against B"
            if judged and first.start_char >= own[0].end_char:
                # "welcomed the decision of B": the decision is what is welcomed, and B says whose.
                known = (thing is not None and thing.lemma_.lower() in entry.objects) or behind.word not in _DONE_TO
                return Targets((self._participants.joined(own[0], first, known=known),), behind.slot, behind.word)
            return behind
        ids = {s.actor_id for s in sources}
        held = [t for t in (thing, *of_pattern) if t is not None and entry.objects]  # "came to B's aid"
        owners = (owner for t in held if (owner := self._participants.adjectival(t)) is not None)
        return next((Targets((owner,), "owner") for owner in owners if owner.actor_id not in ids), None)

    def _farther(
        self,
        verb: Token,
        entry: VerbEntry | None,
        own: tuple[Participant, ...],
        behind: Targets | None,
        sources: tuple[Participant, ...],
    ) -> Targets | None:
        """Targets that no slot of the verb gives: whose the object is, of whom it depends, who is named below."""
        deeper = self.reached(verb, sources, clauses=not own or bool(entry and entry.objects))
        known = bool(deeper) and deeper[0].actor_id is not None
        if behind is not None and any(p.actor_id for p in behind.participants):
            first = behind.participants[0]
            judged = entry is not None and entry.meaning.event_type in _JUDGING
            known = not (judged and behind.word in _DONE_TO)
            if own and not known and _overlap(own[0], first):
                return Targets(own[:1], "object")  # "condemned the attack on B"
            if own and first.start_char >= own[0].end_char:
                # "attacked a camp in Syria": the camp is the target, and Syria says whose.
                joined = self._participants.joined(own[0], first, known=known)
                return Targets((joined, *behind.participants[1:]), behind.slot)
            return behind
        waits_for = self._condition(verb, sources)
        if waits_for and not known and not any(map(self._participants.can_act, own)):
            return Targets(waits_for, "clause")
        aimed = behind is not None and behind.slot == "preposition"
        if deeper and (known or not aimed) and not (own and own[0].actor_id and _overlap(own[0], deeper[0])):
            return Targets(deeper, "reached")
        return behind if aimed or not own else None

    def _condition(self, verb: Token, sources: tuple[Participant, ...]) -> tuple[Participant, ...]:
        """Of whom it is made to depend: "will not end the strike until the ministry pays"."""
        ids = {s.actor_id for s in sources if s.actor_id}
        for holder in (verb, verb.head):
            for clause in holder.children:
                marks = {c.lower_ for c in clause.children if c.dep_ in ("mark", "advmod")}
                if clause.dep_ == "advcl" and marks & _UNTIL:
                    found = tuple(p for p in self.all(own_subject(clause)) if p.actor_id not in ids)
                    if found and self._participants.can_act(found[0]):
                        return found
        return ()

    def _behind_prepositions(
        self, verb: Token, entry: VerbEntry | None, sources: tuple[Participant, ...]
    ) -> Targets | None:
        """Who stands behind a preposition of the verb or of its object: the entry's own first, then by what leads surest."""
        thing = subject_of(verb) if is_passive(verb) else object_of(verb)
        near = [*([thing] if thing is not None else []), *complements(verb)]
        of_verb = list(prepositional_objects(verb))
        of_things = [pair for token in near for pair in prepositional_objects(token)]
        if entry is not None and entry.objects:  # "on alert in", "in talks with": the thing itself is no target
            things = [o for _, o in of_verb if o.lemma_.lower() in entry.objects]
            of_things += [deeper for o in things for deeper in prepositional_objects(o)]
            of_verb = [pair for pair in of_verb if pair[1] not in things]
            if is_means(entry):
                of_things = [pair for pair in of_things if pair[0] != "of"]  # "a team of experts"
        ids = {s.actor_id for s in sources if s.actor_id}

        def behind(pairs: list[tuple[str, Token]], words: Iterable[str], slot: Slot) -> Iterator[Targets]:
            for word in words:
                found = [
                    p for w, o in pairs if w == word for p in self.all(o) if not p.actor_id or p.actor_id not in ids
                ]
                if found:
                    acting = [p for p in found if self._participants.can_act(p)]
                    yield Targets(tuple([p for p in found if p.actor_id] or acting or found), slot, word)

        named = entry is not None and bool(entry.objects - {"*"})
        first, second = (of_things, of_verb) if named else (of_verb, of_things)
        own_word = (entry.preposition,) if entry is not None and entry.preposition else ()
        candidates = [
            Targets(p, "object", "dative") for c in verb.children if c.dep_ == "dative" and (p := self.all(c))
        ]
        candidates += [*behind([*first, *second], own_word, "preposition")]
        candidates += [*behind(first, _LEADING, "preposition"), *behind(second, _LEADING, "preposition")]
        places = list(behind([*first, *second], _PLACES, "place"))
        for group in (candidates, places):
            for candidate in group:
                if any(p.actor_id for p in candidate.participants):
                    return candidate
            for candidate in group:
                if any(map(self._participants.can_act, candidate.participants)):
                    return candidate
        aimed = behind([*first, *second], (*own_word, *_AIMED), "preposition")
        return next(iter([*aimed, *places, *candidates]), None)

    def reached(self, start: Token, sources: Iterable[Participant], *, clauses: bool = True) -> tuple[Participant, ...]:
        """The participant nearest below a trigger: a known actor first, else somebody who can act; never one of the sources.

        ``clauses``: whether to look into adverbial clauses too that are no purpose ("sent food to help B").
        """
        sources = tuple(sources)
        ids = {s.actor_id for s in sources if s.actor_id}
        somebody: Participant | None = None
        first = [c for c in start.children if c.dep_ in _DOWN and not (c.dep_ in _SUBJECTS and not is_passive(start))]
        for root in sorted(first, key=lambda c: _ORDER.get(c.dep_, 1)):
            if root.dep_ == "conj" or (root.dep_ == "advcl" and not clauses and root.tag_ != "VB"):
                continue
            waiting = deque([(root, 1)])
            while waiting:
                token, depth = waiting.popleft()
                if token.lower_ in NO_SLOTS or (token.dep_ == "prep" and token.lower_ in _ASIDE_FROM):
                    continue
                if token.dep_ == "advcl" and token.tag_ not in ("VB", "VBG"):
                    continue
                if token.pos_ in ("NOUN", "PROPN", "PRON", "ADJ") and not _is_own(token):
                    found = self._participants.of(token)
                    if found is not None and not any(_overlap(found, s) for s in sources) and found.actor_id not in ids:
                        if found.actor_id:
                            return (found,)
                        if somebody is None and self._participants.can_act(found):
                            somebody = found
                if depth < _FARTHEST:
                    waiting.extend((c, depth + 1) for c in token.children if c.dep_ in _DOWN)
        return (somebody,) if somebody is not None else ()


def _is_own(noun: Token) -> bool:
    """Whether a noun is the doer's own: "its troops"."""
    return any(c.dep_ == "poss" and c.lower_ in _OWN for c in noun.children)


def is_means(entry: VerbEntry) -> bool:
    """Whether the object of a pattern is what the source acts with ("sent troops to"), and not upon whom it acts."""
    meaning = entry.meaning
    if meaning.mode == "expel":
        return False
    return meaning.event_type in ("MOBILIZE", "SANCTION", "AID") or meaning.mode in ("withdraw", "disarm")


def _is_mere_means(thing: Token, entry: VerbEntry) -> bool:
    """Whether the object is nobody's but what is given or sent: "will send 2,000 soldiers", and to whom is not said."""
    given = entry.meaning.event_type in ("MOBILIZE", "AID") and thing.lemma_.lower() in entry.objects
    return given and not any(c.dep_ == "poss" for c in thing.children)


def _is_given(thing: Token, entry: VerbEntry) -> bool:
    """Whether the object is what is given or sent, and nobody to whom: "will send 2,000 soldiers"."""
    return entry.meaning.event_type in ("MOBILIZE", "AID") and thing.lemma_.lower() in entry.objects


def _is_upon(entry: VerbEntry) -> bool:
    """Whether the object of a pattern is whom it is done to: "summoned the envoy", "released the hostages"."""
    meaning = entry.meaning
    upon = meaning.event_type in ("ACCUSE", "ASSAULT", "COERCE") or meaning.mode in ("release", "access", "expel")
    return upon or entry.rule.startswith("verb:accept")


def _aside(entry: VerbEntry) -> frozenset[str]:
    if entry.meaning.mode == "withdraw":
        return frozenset()  # "withdrew soldiers from": the soldiers are one's own
    together = entry.meaning.event_type in ("CONSULT", "COOPERATE", "AGREE", "SUPPORT")
    return _ASIDE - {"with"} if together else _ASIDE


def _overlap(one: Participant, other: Participant) -> bool:
    return one.start_char < other.end_char and other.start_char < one.end_char
