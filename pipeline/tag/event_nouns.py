"""What an event noun tells of, and who stands on its sides: "Pakistan's support for the Taliban", "talks between A and B".

What belongs here: nouns of ``nouns.csv`` with the prepositions, owners and light verbs around them. What does not: verbs
(``event_triggers``).
"""

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon, NounEntry
from pipeline.records import Participant
from pipeline.tag.event_arguments import agent_of, is_passive, object_of, own_subject, prepositional_objects, subject_of
from pipeline.tag.event_participants import Participants
from pipeline.tag.event_sides import Sides, Targets
from pipeline.tag.event_status import StatusReader

_PLACES = frozenset({"in", "at", "near", "outside"})
_TAKE_PART = frozenset({"involve", "engage", "participate", "part", "join", "be"})
_AIMED = frozenset({"against", "on", "to", "with", "into"})
_NOMINAL = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "csubj"})
_DOERS = frozenset({"by", "from"})


class NounReader:
    """Reads the event nouns of one article."""

    def __init__(self, participants: Participants, lexicon: EventLexicon, status: StatusReader, sides: Sides) -> None:
        self._participants = participants
        self._lexicon = lexicon
        self._status = status
        self._sides = sides
        self._all = participants.all

    def entry(self, noun: Token) -> NounEntry | None:
        """The lexicon's entry for a noun, with the word before it where the lexicon knows both together."""
        if noun.dep_ in ("compound", "poss"):
            return None
        if noun.tag_ == "VBG" and noun.dep_ in _NOMINAL and own_subject(noun) is None:
            return self._lexicon.nouns.get(noun.lower_)  # "fighting between A and B"
        if noun.pos_ not in ("NOUN", "PROPN"):
            return None
        before = next((c for c in noun.lefts if c.dep_ in ("compound", "amod") and c.i == noun.i - 1), None)
        lemma = noun.lemma_.lower()
        name = f"{before.lower_} {lemma}" if before is not None else lemma
        return self._lexicon.nouns.get(name) or self._lexicon.nouns.get(lemma)

    def sides(self, noun: Token, entry: NounEntry) -> tuple[tuple[Participant, ...], Targets]:
        """(sources, targets) of an event noun; either may be empty."""
        outermost = self._held(noun)
        by, others, of_whom = self._around(noun, outermost, entry)
        lent = self._lent(outermost)
        owner = self._participants.adjectival(noun) or (
            self._participants.adjectival(outermost) if outermost != noun else None
        )
        undergoing = self._undergoing(outermost)
        if undergoing:
            return by or ((owner,) if owner else ()) or others, Targets(undergoing, "object")
        between = self._participants.compounded(noun)
        if between and not by and not others:
            return between[:1], Targets(between[1:], "owner")  # "the Iran-Iraq war"
        sources = by or lent or ((owner,) if owner else ()) or of_whom
        opposed = self._participants.opposed(noun)
        targets = (opposed,) if opposed else others or (of_whom if lent else ())
        if owner is not None and owner in targets:
            owner, sources = None, by or lent
        if lent and owner is not None and not targets:
            return sources, Targets((owner,), "owner")
        if (entry.symmetric or self._is_between(noun)) and not sources and len(targets) > 1:
            sources, targets = targets[:1], targets[1:]
        if entry.symmetric and len(sources) > 1 and not targets:
            sources, targets = sources[:1], sources[1:]
        if sources and not targets:
            done_to = self._done_to(noun)
            if done_to:
                return sources, Targets(done_to, "clause")
        if sources and not any(p.actor_id for p in targets):
            beside = object_of(outermost.head) if outermost.dep_ == "pobj" else None
            reached = self._sides.reached(noun, sources) or (
                self._sides.reached(outermost.head, sources) if lent and outermost.dep_ == "dobj" else ()
            )
            if reached and beside is None and (lent or any(p.actor_id for p in reached)):
                return sources, Targets(targets or reached, "preposition" if targets else "reached")
        return sources, Targets(targets, "preposition")

    def _is_between(self, noun: Token) -> bool:
        """Whether the act passes between two: "fire between A and B"."""
        return any(w == "between" for w, _ in prepositional_objects(noun))

    def is_lent(self, noun: Token) -> bool:
        """Whether a light verb lends the noun its subject."""
        return bool(self._lent(self._held(noun)))

    def _done_to(self, noun: Token) -> tuple[Participant, ...]:
        """Upon whom an act falls that is itself subject or agent of a verb: "the raid killed three soldiers"."""
        if noun.dep_ == "nsubj" and noun.head.pos_ == "VERB":
            return self._acting(object_of(noun.head))
        if noun.dep_ == "pobj" and noun.head.dep_ == "agent":
            return self._acting(subject_of(noun.head.head))
        return ()

    def _held(self, noun: Token) -> Token:
        """The noun that only holds an event noun: "a round of talks", "a series of attacks"."""
        at = noun
        while at.dep_ == "pobj" and at.head.lower_ == "of" and "container" in self._status.roles(at.head.head):
            at = at.head.head
        return at

    def _around(
        self, noun: Token, outermost: Token, entry: NounEntry
    ) -> tuple[tuple[Participant, ...], tuple[Participant, ...], tuple[Participant, ...]]:
        """(who does it, upon whom, whose it is) from the prepositions behind an event noun and the verb that lends it a subject."""
        pairs = [*prepositional_objects(noun), *(prepositional_objects(outermost) if outermost != noun else ())]
        verb = outermost.head
        if outermost.dep_ in ("dobj", "nsubjpass") and "light" in self._status.roles(verb):
            pairs += prepositional_objects(verb)
        # "the march of A against B": the parser may hang the second phrase on the first one's name.
        names = [o for w, o in pairs if w == "of" and o.pos_ == "PROPN"]
        pairs += [(w, o) for name in names for w, o in prepositional_objects(name) if w in entry.prepositions]
        pairs = [(w, o) for w, o in pairs if o != noun]
        words = {w for w, _ in pairs}
        # "the march of A against B", "the pull-out of A from B": A does it, although "the bombing of A" is done to A.
        led = bool(words & (_AIMED | {"from"}) & entry.prepositions)
        own = entry.prepositions - {"of"} if led else entry.prepositions
        by = [p for w, o in pairs if w in _DOERS - own for p in self._acting(o)]
        # "protests in A against B" are against B: where it happens counts only where nothing else tells.
        leading = (own | {"between"}) - _PLACES
        aimed = [(w, p) for w, o in pairs if w in leading for p in self._all(o)]
        where = [p for w, o in pairs if w in own & _PLACES for p in self._all(o)]
        sure = any(p.actor_id or w in _AIMED for w, p in aimed)
        others = [p for _, p in aimed] if sure else [*(p for _, p in aimed), *where]
        acting = [p for p in others if self._participants.can_act(p)]
        others = [p for p in others if p.actor_id] or acting or others
        of_whom = [p for w, o in pairs if w == "of" and "of" not in own for p in self._all(o) if p.actor_id]
        return tuple(by), tuple(others), tuple(of_whom)

    def _lent(self, noun: Token) -> tuple[Participant, ...]:
        """The subject of a light verb above the noun: "A carried out an attack"."""
        verb = noun.head
        if noun.dep_ == "pobj" and verb.lower_ in ("in", "on"):
            verb = verb.head
            taking_part = verb.lemma_.lower() in _TAKE_PART or "light" in self._status.roles(verb)
            return self._acting(subject_of(verb)) if taking_part else ()
        if verb.pos_ != "VERB" or "light" not in self._status.roles(verb):
            return ()
        if noun.dep_ in ("dobj", "obj"):
            return self._acting(subject_of(verb)) if not is_passive(verb) else ()
        return self._acting(agent_of(verb)) if noun.dep_ == "nsubjpass" else ()

    def _undergoing(self, noun: Token) -> tuple[Participant, ...]:
        """To whom the noun is done, by the verb above it: "A faces charges", "A suffered an attack by B"."""
        verb = noun.head
        if noun.dep_ not in ("dobj", "obj") or verb.pos_ != "VERB" or "undergo" not in self._status.roles(verb):
            return ()
        return self._acting(subject_of(verb))

    def _acting(self, token: Token | None) -> tuple[Participant, ...]:
        return tuple(p for p in self._all(token) if self._participants.can_act(p))
