"""What a verb triggers: the event that it tells of, by the lexicon, with the sides that ``event_sides`` finds.

What belongs here: choosing lexicon entries, verbs that decide over others. What does not: event nouns (``event_nouns``), the parse
(``event_arguments``), status (``event_status``), dates and scores (``events``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon, Meaning, VerbEntry
from pipeline.records import Participant
from pipeline.tag.event_arguments import (
    complements,
    conjoined,
    is_passive,
    object_of,
    prepositional_objects,
    subject_of,
)
from pipeline.tag.event_nouns import NounReader
from pipeline.tag.event_participants import Participants
from pipeline.tag.event_sides import Sides, Slot, Targets, is_means
from pipeline.tag.event_status import StatusReader

_OUTER = ("promise", "refuse", "threaten", "fail", "deny", "stop")
# What an outer verb makes of a hostile act below it: to promise it is to threaten, to stop it is to relent.
_OF_HOSTILE = {"promise": "threaten", "stop": "relent"}
_OBLIGATIONS = frozenset({"must", "should", "ought"})
_INTENTIONS = frozenset({"will", "would", "'ll", "’ll", "wo"})
_POSSIBILITIES = frozenset({"could", "may", "might"})
_SAME = frozenset({"it", "they", "he", "she", "we", "i"})
_TOGETHER = frozenset({"agree", "fail"})
# Acts that need somebody on the other side; others may be done to a thing: "stormed the barracks", "rejected the plan".
_TO_SOMEBODY = frozenset({"CONSULT", "COOPERATE", "AID", "REQUEST", "THREATEN"})
_OF_AUTHORITIES = frozenset({"arrest", "deport", "release", "expel"})
_WILLING = frozenset({"willing", "ready", "prepared", "committed"})
_TO_BLAME = frozenset({"responsible", "guilty", "behind", "complicit"})


@dataclass(frozen=True, slots=True)
class Find:
    """A trigger, what it means, the entry that says so, and who stands on both sides.

    ``verbal``: a verb tells it, or an event noun with a light verb. ``derived``: several words tell it together. ``slot``: where the targets were found. ``specificity``: how much the entry asks for. ``stative``: in the present it tells of a
    lasting state.
    """

    trigger: Token
    meaning: Meaning
    rule: str
    sources: tuple[Participant, ...]
    targets: tuple[Participant, ...]
    slot: Slot
    verbal: bool = True
    derived: bool = False
    specificity: int = 0
    stative: bool = False


class TriggerReader:
    """Reads the triggers of one sentence, left to right; remembers which words an outer verb has already spoken for."""

    def __init__(self, participants: Participants, lexicon: EventLexicon, status: StatusReader) -> None:
        self._participants = participants
        self._lexicon = lexicon
        self._status = status
        self.sides = Sides(participants, status)
        self._nouns = NounReader(participants, lexicon, status, self.sides)
        self._spoken_for: set[int] = set()
        self._entries: dict[int, VerbEntry | None] = {}
        self.all = participants.all

    def find(self, token: Token) -> Find | None:
        """What a token triggers; None where it triggers nothing, or another word has told of it."""
        if token.i in self._spoken_for:
            return None
        if token.pos_ in ("NOUN", "PROPN") or (token.tag_ == "VBG" and self._nouns.entry(token) is not None):
            return self._noun(token)
        return self._verb(token) if token.pos_ in ("VERB", "AUX") else None

    def is_spoken_for(self, token: Token) -> bool:
        """Whether another word has told of what a token tells of."""
        return token.i in self._spoken_for

    def derived(self, act: str) -> Meaning:
        """The meaning of an act that several words tell together."""
        return self._lexicon.derived[act]

    def _noun(self, noun: Token) -> Find | None:
        entry = self._nouns.entry(noun)
        if entry is None:
            return None
        verb = noun.head
        if noun.dep_ in ("dobj", "nsubjpass") and verb.pos_ == "VERB":
            taken = self.entry(verb)
            if taken is not None and taken.objects and not taken.mediates:
                return None  # "signed a treaty": the verb tells it
        sources, targets = self._nouns.sides(noun, entry)
        if not sources:
            return None
        find = self._find(noun, entry.meaning, entry.rule, sources, targets)
        return replace(find, verbal=self._nouns.is_lent(noun)) if find is not None else None

    def _verb(self, verb: Token) -> Find | None:
        lemma = verb.lemma_.lower()
        if lemma not in self._lexicon.verbs and lemma != "be" and not self._status.roles(verb):
            return None
        said = self._obligation(verb) or self._blame(verb) or self._intention(verb) or self._wanted(verb)
        if said is not None:
            return said
        outer = self._outer(verb)
        if outer is not None:
            return outer
        entry = self.entry(verb)
        if entry is None:
            return None
        roles = self._status.roles(verb)
        below = object_of(verb) if not is_passive(verb) else subject_of(verb)
        if below is not None and not entry.objects and self._nouns.entry(below) is not None:
            offered = self._nouns.entry(below)
            hostile = offered is not None and offered.meaning.quad_class >= 3
            if roles & set(_OUTER) and not (hostile and "promise" in roles and "light" in roles):
                self._speak_for([below])  # "rejected the accusation": what is done is the rejection
            elif roles & {"light", "undergo"}:
                return None  # "carried out an attack", "received a visit": the noun tells it
        sources = self.sides.sources(verb)
        if entry.swapped:
            targets = Targets(sources, "object")
            return self._find(verb, entry.meaning, entry.rule, self._behind(verb, entry), targets, entry)
        targets = self.sides.targets(verb, entry, sources)
        if entry.mediates and below is not None:
            parted = tuple(p for w, o in prepositional_objects(below) if w == "between" for p in self.all(o))
            targets = Targets(parted, "preposition", "between") if parted else targets
        if not sources and targets.word == "between" and len(targets.participants) > 1:
            both = targets.participants  # "talks were held between A and B"
            sources, targets = both[:1], Targets(both[1:], "preposition", "between")
        if not sources and is_passive(verb) and is_means(entry):
            # "Russian troops were sent to B": those who are sent are Russia's.
            sources = tuple(p for p in self.all(subject_of(verb)) if p.actor_id and p not in targets.participants)
        if is_passive(verb) and not sources and entry.meaning.mode in _OF_AUTHORITIES:
            # Who is arrested in a country is arrested by its authorities.
            where = [o for w, o in prepositional_objects(verb) if w in ("in", "from")]
            sources = tuple(p for o in where for p in self.all(o) if p.actor_id)
            targets = Targets(self.all(subject_of(verb)), "object")
        if _mutual(verb, entry) and targets.word != "with" and not is_passive(verb):
            parties = self.sides.halves(verb, sources[0]) if len(sources) == 1 else sources
            if len(parties) > 1 and all(p.actor_id or self._participants.can_act(p) for p in parties):
                sources, targets = parties[:1], Targets(parties[1:], "object")  # "A and B signed a treaty"
        elif len(sources) > 1 and entry.meaning.quad_class in (1, 2) and self._one_side(sources, targets):
            sources, targets = sources[:1], Targets(sources[1:], "object")  # "A and B met"
        if roles & {"wish", "allege"}:
            # "urged B to withdraw": the withdrawal is what was asked for, not an event of its own.
            self._speak_for(c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ in ("VERB", "AUX"))
        return self._find(verb, entry.meaning, entry.rule, sources, targets, entry)

    def _one_side(self, sources: tuple[Participant, ...], targets: Targets) -> bool:
        """Whether two subjects do something to each other: nobody else who can act stands in the verb's own slots."""
        if not all(map(self._participants.can_act, sources)):
            return False
        return targets.slot in ("reached", "place") or not any(map(self._participants.can_act, targets.participants))

    def _behind(self, verb: Token, entry: VerbEntry) -> tuple[Participant, ...]:
        things = [t for t in (object_of(verb), *(o for _, o in prepositional_objects(verb))) if t is not None]
        pairs = [*prepositional_objects(verb), *(pair for t in things for pair in prepositional_objects(t))]
        return tuple(p for w, o in pairs if w == entry.preposition for p in self.all(o))

    def entry(self, verb: Token) -> VerbEntry | None:
        """The most demanding lexicon entry that a verb with its particles, prepositions and objects fulfils."""
        if verb.i not in self._entries:
            self._entries[verb.i] = self._fitting(verb)
        return self._entries[verb.i]

    def _fitting(self, verb: Token) -> VerbEntry | None:
        entries = self._lexicon.verbs.get(verb.lemma_.lower())
        if not entries:
            return None
        particles = {c.lower_ for c in verb.children if c.dep_ in ("prt", "advmod")}
        moved = any(c.dep_ == "prt" for c in verb.children)  # "kicked off" is no kick
        # A preposition with an object of its own is a particle only where the entry names that object: "go on strike".
        leading = {c.lower_ for c in verb.children if c.dep_ == "prep"}
        bare = {c.lower_ for c in verb.children if c.dep_ == "prep" and not any(g.dep_ == "pobj" for g in c.children)}
        pairs = list(prepositional_objects(verb))
        thing = subject_of(verb) if is_passive(verb) else object_of(verb)
        near = [*(conjoined(thing) if thing is not None else ()), *complements(verb)]
        if any(c.dep_ == "oprd" for c in near):
            near = complements(verb)  # "called the president a liar": what they are called
        objects = (
            {t.lemma_.lower() for t in near} | {t.lower_ for t in near} | {name for t in near for name in _compounds(t)}
        )
        objects |= {t.ent_type_ for t in near if t.ent_type_ == "PERSON"}
        prepositions = {p for p, _ in pairs} | {p for t in complements(verb) for p, _ in prepositional_objects(t)}
        named = (
            thing is not None and thing.pos_ == "PROPN"
        )  # "suspects Kenya of spying": no part of a name, whatever the parse
        of_object = {p for t in (*near, *(o for _, o in pairs)) for p, _ in prepositional_objects(t)}
        of_object |= {"of" for _, o in pairs if any(c.dep_ == "poss" for c in o.children)}  # "came to B's aid"
        phrasal = all(entry.particle for entry in entries)  # "reined in the militia": "rein" takes no other "in"
        for entry in entries:
            if moved and not entry.particle:
                continue
            led = leading | of_object if entry.objects else leading if phrasal and thing is None else bare
            if entry.particle and entry.particle not in particles | led:
                continue
            if entry.preposition and entry.preposition not in prepositions | (
                of_object if entry.objects or named else set()
            ):
                continue
            if "*" in entry.objects and thing is None:
                continue
            if entry.objects and not entry.objects & (objects | {"*"}):
                words = {entry.particle, entry.preposition} - {""}
                around = [*pairs, *(pair for t in near for pair in prepositional_objects(t))]
                behind = ({o.lemma_.lower(), *_compounds(o)} for w, o in around if w in words)
                if entry.objects.isdisjoint(name for names in behind for name in names):
                    continue
            return entry
        return None

    # -- verbs that decide over what stands below them

    def _outer(self, verb: Token) -> Find | None:
        """A verb that decides over the one below it: agreed to lift, threatened to attack, refused to rein in."""
        roles = self._status.roles(verb)
        role = next((r for r in _OUTER if r in roles), None)
        if role is None:
            return None
        inner = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ in ("VERB", "AUX")), None)
        if inner is None:
            return None
        entry, meant = self.entry(inner), self._meant(inner)
        if role == "promise" and entry is None and inner.dep_ == "ccomp":
            return None
        hostile = meant is not None and _hostile(meant)
        if role in ("fail", "stop") and (meant is None or (hostile and role == "fail")):
            return None
        if role == "stop" and (inner.tag_ != "VBG" or meant is None or meant.quad_class == 3):
            return None
        act = _OF_HOSTILE.get(role, role) if hostile else role
        if role == "promise" and any(c.dep_ == "neg" for c in inner.children):
            act = "promise" if hostile else "refuse"  # "promised not to attack", "vowed not to negotiate"
        meaning = self.derived(act)
        sources = self.sides.sources(verb)
        own = self.all(object_of(verb))
        targets = Targets(own if any(map(self._participants.can_act, own)) else (), "object")
        if not targets.participants:
            with_whom = [p for w, o in prepositional_objects(verb) if w == "with" for p in self.all(o) if p.actor_id]
            targets = Targets(tuple(with_whom), "preposition")
        if not targets.participants:
            targets = self.sides.targets(inner, entry, sources)
        if not any(p.actor_id for p in targets.participants):
            reached = self.sides.reached(verb, sources)
            targets = Targets(reached, "reached") if reached else targets
        together = verb.lemma_ in _TOGETHER and targets.slot != "preposition"
        if len(sources) > 1 and role in ("promise", "fail") and (together or self._one_side(sources, targets)):
            sources, targets = sources[:1], Targets(sources[1:], "object")
        self._speak_for([inner, *self._told_nouns(inner)])
        return self._find(verb, meaning, f"outer:{role}" if act == role else f"outer:{role}:{act}", sources, targets)

    def _meant(self, verb: Token) -> Meaning | None:
        """What a verb tells of; a light verb tells of what its object noun means: "step up attacks"."""
        entry = self.entry(verb)
        if "light" in self._status.roles(verb) and not (entry is not None and entry.objects):
            for noun in self._told_nouns(verb):
                told = self._nouns.entry(noun)
                return told.meaning if told is not None else None
        return entry.meaning if entry is not None else None

    def _told_nouns(self, verb: Token) -> list[Token]:
        """The event noun that is a verb's object: "agreed to lift sanctions" tells of an agreement, not of sanctions."""
        thing = object_of(verb)
        return [thing] if thing is not None and self._nouns.entry(thing) is not None else []

    def _obligation(self, verb: Token) -> Find | None:
        """Read what somebody says another one must do as a request."""
        inner = self._said(verb)
        if inner is None or not _is_obliged(inner):
            return None
        sources, targets = self.sides.sources(verb), self.all(subject_of(inner))
        if not any(p.actor_id for p in targets) or {p.actor_id for p in targets} & {p.actor_id for p in sources}:
            return None
        self._speak_for([inner])
        return self._find(verb, self.derived("request"), "say must", sources, Targets(targets, "clause"))

    def _wanted(self, verb: Token) -> Find | None:
        """Read what somebody wants or tells another one to do as a request: "wants B to leave", "told B to leave"."""
        if "wish" not in self._status.roles(verb) or self.entry(verb) is not None:
            return None
        inner = next((c for c in verb.children if c.dep_ in ("ccomp", "xcomp") and c.tag_ == "VB"), None)
        if inner is None or not any(c.dep_ == "aux" and c.lower_ == "to" for c in inner.children):
            return None
        asked = next((c for c in inner.children if c.dep_ == "nsubj"), None)
        targets = self.all(asked if asked is not None else object_of(verb))
        if not any(map(self._participants.can_act, targets)):
            return None
        self._speak_for([inner])
        return self._find(verb, self.derived("request"), "want", self.sides.sources(verb), Targets(targets, "clause"))

    def _blame(self, verb: Token) -> Find | None:
        """Read that somebody is responsible, as another one says, as an accusation."""
        inner = self._said(verb)
        if inner is None or inner.lemma_ != "be":
            return None
        words = {c.lower_ for c in inner.children if c.dep_ in ("acomp", "attr", "prep")}
        sources, targets = self.sides.sources(verb), self.all(subject_of(inner))
        if not words & _TO_BLAME or not any(map(self._participants.can_act, targets)):
            return None
        return self._find(verb, self.derived("accuse"), "say responsible", sources, Targets(targets, "clause"))

    def _said(self, verb: Token) -> Token | None:
        if "say" not in self._status.roles(verb):
            return None
        return next((c for c in verb.children if c.dep_ == "ccomp" and c.pos_ in ("VERB", "AUX")), None)

    def _intention(self, verb: Token) -> Find | None:
        """Read what somebody says they will do, or are willing to do, as a promise, or as a threat where it is hostile."""
        inner = self._said(verb)
        if inner is not None:
            own = subject_of(inner)
            modals = {c.lower_ for c in inner.children if c.dep_ == "aux"}
            if own is None or own.lower_ not in _SAME or not modals & (_INTENTIONS | _POSSIBILITIES):
                return None
        elif verb.lemma_ == "be":
            willing = next((c for c in verb.children if c.dep_ == "acomp" and c.lower_ in _WILLING), None)
            below = willing if willing is not None else verb
            inner = next((c for c in below.children if c.dep_ == "xcomp" and willing is not None), None)
            modals = set(_INTENTIONS)
        meant = self._meant(inner) if inner is not None else None
        if inner is None or meant is None:
            return None
        name = "threaten" if _hostile(meant) else "promise"
        if any(c.dep_ == "neg" for c in inner.children):
            name = "promise" if name == "threaten" else "refuse"
        if (name != "threaten" and not modals & _INTENTIONS) or (name == "promise" and meant.quad_class == 3):
            return None
        sources = self.sides.sources(verb)
        targets = self.sides.targets(inner, self.entry(inner), sources)
        self._speak_for([inner, *self._told_nouns(inner)])
        return self._find(verb, self.derived(name), f"intention:{name}", sources, targets)

    def _speak_for(self, words: Iterable[Token]) -> None:
        for word in words:
            self._spoken_for.add(word.i)
            self._spoken_for |= {c.i for c in word.conjuncts}

    def _is_somebody(self, meaning: Meaning, targets: Targets) -> bool:
        """Whether a target can take part: somebody who can act, for a visit a known actor or the place of one."""
        if meaning.mode == "visit":
            return any(p.actor_id for p in targets.participants)
        return any(map(self._participants.can_act, targets.participants))

    def _find(
        self,
        trigger: Token,
        meaning: Meaning,
        rule: str,
        sources: tuple[Participant, ...],
        targets: Targets,
        entry: VerbEntry | None = None,
    ) -> Find | None:
        """The find, if somebody acts and something is acted upon."""
        acting = tuple(s for s in sources if self._participants.can_act(s))
        if not targets.participants or not acting:
            return None
        if meaning.event_type in _TO_SOMEBODY and not self._is_somebody(meaning, targets):
            return None
        derived = entry is None and trigger.pos_ in ("VERB", "AUX")
        find = Find(trigger, meaning, rule, acting, targets.participants, targets.slot, derived=derived)
        return replace(find, specificity=entry.specificity, stative=entry.stative) if entry is not None else find


def _mutual(verb: Token, entry: VerbEntry) -> bool:
    """Whether several subjects do it to each other: agreements, talks and exercises rather than visits and help."""
    meaning = entry.meaning
    shared = meaning.cameo_code == "057" or meaning.event_type in ("CONSULT", "COOPERATE")
    return verb.lemma_ in _TOGETHER or (shared and bool(entry.objects) and meaning.mode is None)


def _compounds(noun: Token) -> list[str]:
    """The noun with the noun right before it: "hunger strike"."""
    return [f"{c.lower_} {noun.lemma_.lower()}" for c in noun.lefts if c.dep_ == "compound" and c.i == noun.i - 1]


def _is_obliged(verb: Token) -> bool:
    """Whether its subject must, should, has to or needs to do it."""
    if any(c.dep_ == "aux" and c.lower_ in _OBLIGATIONS for c in verb.children):
        return True
    return verb.lemma_ in ("need", "have") and any(c.dep_ == "xcomp" and c.tag_ == "VB" for c in verb.children)


def _hostile(meaning: Meaning) -> bool:
    """Whether to announce an act is to threaten."""
    return meaning.quad_class == 4 or meaning.event_type in ("SANCTION", "THREATEN")
