"""What a token triggers: the event that a verb or noun tells of, by the lexicon, with the participants around it.

What belongs here: choosing lexicon entries, verbs that decide over others, nouns with borrowed subjects. What does not: the parse
(``event_arguments``), status (``event_status``), dates and scores (``events``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon, Meaning, NounEntry, VerbEntry
from pipeline.records import Participant
from pipeline.tag.event_arguments import (
    Participants,
    agent_of,
    conjoined,
    is_passive,
    object_of,
    prepositional_objects,
    subject_of,
)
from pipeline.tag.event_status import StatusReader

# Prepositions whose object may be the target of a verb that names none; of time and manner they lead nowhere.
_TARGET_PREPOSITIONS = frozenset(
    {
        "against",
        "with",
        "to",
        "from",
        "on",
        "upon",
        "at",
        "in",
        "into",
        "for",
        "toward",
        "towards",
        "over",
        "of",
        "between",
        "about",
        "near",
    }
)
_OUTER = ("promise", "refuse", "threaten", "fail", "deny")
# What an outer verb makes of the act below it, as a lexicon verb: "agreed to lift" is an agreement.
_OUTER_VERB = {"promise": "agree", "refuse": "refuse", "threaten": "threaten", "fail": "refuse", "deny": "deny"}
_OBLIGATIONS = frozenset({"must", "should", "ought"})
_INTENTIONS = frozenset({"will", "would", "'ll", "’ll"})
_SAME = frozenset({"it", "they", "he", "she", "we", "i"})
_OWN = frozenset({"its", "their", "his", "her", "our", "my"})
_PLACES = frozenset({"in", "at", "near", "outside"})
_TAKE_PART = frozenset({"involve", "engage", "participate", "part"})
_WILLING = frozenset({"willing", "ready", "prepared"})


@dataclass(frozen=True, slots=True)
class Find:
    """A trigger, what it means, the entry that says so, and who stands on both sides.

    ``direct``: the targets stand in the trigger's own object slot. ``stative``: in the present it tells of a lasting state.
    """

    trigger: Token
    meaning: Meaning
    rule: str
    sources: tuple[Participant, ...]
    targets: tuple[Participant, ...]
    direct: bool
    stative: bool = False


class TriggerReader:
    """Reads the triggers of one sentence, left to right; remembers which verbs an outer verb has already spoken for."""

    def __init__(self, participants: Participants, lexicon: EventLexicon, status: StatusReader) -> None:
        self._participants = participants
        self._lexicon = lexicon
        self._status = status
        self._spoken_for: set[int] = set()

    def find(self, token: Token) -> Find | None:
        """What a token triggers; None where it triggers nothing, or another word has told of it."""
        if token.i in self._spoken_for:
            return None
        if token.pos_ in ("VERB", "AUX"):
            return self._verb(token)
        return self._noun(token) if token.pos_ in ("NOUN", "PROPN") else None

    def plain_meaning(self, verb: str) -> Meaning:
        """What a verb of the lexicon means by itself."""
        return next(e.meaning for e in self._lexicon.verbs[verb] if not e.specificity)

    # -- verbs

    def _verb(self, verb: Token) -> Find | None:
        said = self._obligation(verb) or self._intention(verb)
        if said is not None:
            return said
        outer = self._outer(verb)
        if outer is not None:
            return outer
        entry = self._entry(verb)
        if entry is None:
            return None
        passive = is_passive(verb)
        direct = True
        targets: tuple[Participant, ...]
        if passive:
            agent, patient = agent_of(verb), subject_of(verb)
            sources = self.all(agent)
            targets = self.all(patient)
            if entry.preposition or entry.objects:
                targets = self._of_prepositions(verb, entry) or targets
                direct = False
            if not sources and entry.meaning.mode in ("arrest", "deport"):
                # Who is arrested in a country is arrested by its authorities.
                sources = tuple(
                    p for w, o in prepositional_objects(verb) if w == "in" for p in self.all(o) if p.actor_id
                )
                direct = False
        else:
            sources = self.all(subject_of(verb))
            targets, direct = self._targets(verb, entry)
            if not targets and len(sources) > 1 and entry.meaning.quad_class in (1, 2):
                sources, targets = sources[:1], sources[1:]  # "A and B met"
        if self._status.roles(verb) & {"wish", "allege"}:
            # "urged B to withdraw": the withdrawal is what was asked for, not an event of its own.
            self._speak_for(c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ in ("VERB", "AUX"))
        return self._find(verb, entry.meaning, entry.rule, sources, targets, direct, stative=entry.stative)

    def _entry(self, verb: Token) -> VerbEntry | None:
        entries = self._lexicon.verbs.get(verb.lemma_.lower())
        if not entries:
            return None
        particles = {c.lower_ for c in verb.children if c.dep_ in ("prt", "advmod", "prep")}
        prepositions = {p for p, _ in prepositional_objects(verb)}
        thing = subject_of(verb) if is_passive(verb) else object_of(verb)
        objects = {t.lemma_.lower() for t in conjoined(thing)} if thing is not None else set()
        objects |= {c.lower_ for c in verb.children if c.dep_ in ("acomp", "attr", "oprd")}
        objects |= {o.lemma_.lower() for p, o in prepositional_objects(verb) if p == "on"}  # "on alert"
        for entry in entries:
            if entry.particle and entry.particle not in particles:
                continue
            if entry.preposition and entry.preposition not in prepositions:
                continue
            if entry.objects and not entry.objects & objects:
                continue
            return entry
        return None

    def _targets(self, verb: Token, entry: VerbEntry) -> tuple[tuple[Participant, ...], bool]:
        """Targets of an active verb, and whether they are its own object."""
        thing = object_of(verb)
        if entry.preposition or entry.objects:
            named = self._of_prepositions(verb, entry)
            if named:
                return named, True
            if entry.objects and thing is not None:
                owner = self._participants.adjectival(thing)
                if owner is not None:
                    return (owner,), False
        own = self.all(thing)
        if thing is not None and any(c.dep_ == "poss" and c.lower_ in _OWN for c in thing.children):
            own = ()  # "withdrew its troops": what is one's own is no target
        if any(p.actor_id for p in own):
            return own, True
        clause = next((c for c in verb.children if c.dep_ in ("ccomp", "xcomp")), None)
        below = self.all(subject_of(clause)) if clause is not None and clause.dep_ == "ccomp" else ()
        others = below or self._of_prepositions(verb, entry) or self._of_purpose(verb, thing)
        known = tuple(p for p in others if p.actor_id)
        if own and known and known[0].start_char >= own[0].end_char:
            # "attacked a camp in Syria": the camp is the target, and Syria says whose.
            return (self._participants.joined(own[0], known[0]), *known[1:]), False
        return known or own or others, False

    def _of_purpose(self, verb: Token, thing: Token | None) -> tuple[Participant, ...]:
        """Whom a purpose clause names: "sent ventilators to assist Ethiopia"."""
        for holder in (verb, *((thing,) if thing is not None else ())):
            for clause in holder.children:
                if clause.dep_ in ("advcl", "acl", "xcomp") and clause.tag_ == "VB":
                    found = self.all(object_of(clause))
                    if any(p.actor_id for p in found):
                        return found
        return ()

    def _of_prepositions(self, verb: Token, entry: VerbEntry) -> tuple[Participant, ...]:
        """Participants behind the verb's or its object's prepositions: the entry's own first, then those with a known actor."""
        thing = object_of(verb)
        pairs = [*prepositional_objects(verb), *(prepositional_objects(thing) if thing is not None else ())]
        if entry.objects:  # "on alert in", "in talks with"
            pairs += [deeper for _, o in list(pairs) for deeper in prepositional_objects(o)]
        wanted = [o for p, o in pairs if p == entry.preposition] if entry.preposition else []
        loose = [o for p, o in pairs if p in _TARGET_PREPOSITIONS]
        for group in (wanted, loose):
            found = [p for o in group for p in self.all(o)]
            known = [p for p in found if p.actor_id]
            if known or (group is wanted and found):
                return tuple(known or found)
        return ()

    def _outer(self, verb: Token) -> Find | None:
        """A verb that decides over the one below it: agreed to lift, threatened to attack, refused to rein in."""
        role = next((r for r in _OUTER if r in self._status.roles(verb)), None)
        inner = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ in ("VERB", "AUX")), None)
        if role is None or inner is None:
            return None
        entry = self._entry(inner)
        if role == "promise" and entry is None and inner.dep_ == "ccomp":
            return None
        conflict = entry is not None and entry.meaning.quad_class == 4
        if role == "fail" and (entry is None or conflict):
            return None
        name = "threaten" if role == "promise" and conflict else _OUTER_VERB[role]
        meaning = self.plain_meaning(name)
        sources = self.all(subject_of(verb))
        own = self.all(object_of(verb))
        targets = own if any(p.actor_id for p in own) else ()
        if len(sources) > 1 and role in ("promise", "fail") and not conflict:
            sources, targets = sources[:1], sources[1:]
        if not targets and entry is not None:
            targets, _ = self._targets(inner, entry)
        if not targets:
            around = [t for t in (inner, object_of(inner), verb) if t is not None]
            loose = [p for t in around for _, o in prepositional_objects(t) for p in self.all(o)]
            targets = tuple(p for p in loose if p.actor_id) or self.all(object_of(inner))
        self._speak_for([inner])
        return self._find(verb, meaning, f"outer:{role}", sources, targets, direct=False)

    def _obligation(self, verb: Token) -> Find | None:
        """Read what somebody says another one must do as a request."""
        if "say" not in self._status.roles(verb):
            return None
        inner = next((c for c in verb.children if c.dep_ == "ccomp" and c.pos_ in ("VERB", "AUX")), None)
        if inner is None or not any(c.dep_ == "aux" and c.lower_ in _OBLIGATIONS for c in inner.children):
            return None
        sources, targets = self.all(subject_of(verb)), self.all(subject_of(inner))
        if not any(p.actor_id for p in targets) or {p.actor_id for p in targets} & {p.actor_id for p in sources}:
            return None
        meaning = self.plain_meaning("urge")
        self._speak_for([inner])
        return self._find(verb, meaning, "say must", sources, targets, direct=True)

    def _intention(self, verb: Token) -> Find | None:
        """Read what somebody says they will do, or are willing to do, as a promise, or as a threat where it is violence."""
        inner = None
        if "say" in self._status.roles(verb):
            inner = next((c for c in verb.children if c.dep_ == "ccomp" and c.pos_ == "VERB"), None)
            if inner is None or not any(c.dep_ == "aux" and c.lower_ in _INTENTIONS for c in inner.children):
                return None
            own = subject_of(inner)
            if own is None or own.lower_ not in _SAME:
                return None
        elif verb.lemma_ == "be":
            willing = next((c for c in verb.children if c.dep_ == "acomp" and c.lower_ in _WILLING), None)
            inner = next((c for c in willing.children if c.dep_ == "xcomp"), None) if willing is not None else None
        entry = self._entry(inner) if inner is not None else None
        if inner is None or entry is None or entry.meaning.quad_class == 3:
            return None
        name = "threaten" if entry.meaning.quad_class == 4 else "agree"
        if any(c.dep_ == "neg" for c in inner.children):
            name = "reject"
        meaning = self.plain_meaning(name)
        targets, _ = self._targets(inner, entry)
        self._speak_for([inner])
        return self._find(verb, meaning, f"intention:{name}", self.all(subject_of(verb)), targets, direct=False)

    def _speak_for(self, verbs: Iterable[Token]) -> None:
        for verb in verbs:
            self._spoken_for.add(verb.i)
            self._spoken_for |= {c.i for c in verb.conjuncts}

    # -- nouns

    def _noun(self, noun: Token) -> Find | None:
        compound = next((c for c in noun.lefts if c.dep_ in ("compound", "amod") and c.i == noun.i - 1), None)
        lemma = noun.lemma_.lower()
        name = f"{compound.lower_} {lemma}" if compound is not None else lemma
        entry = self._lexicon.nouns.get(name) or self._lexicon.nouns.get(lemma)
        if entry is None or noun.dep_ in ("compound", "poss"):
            return None
        by, others = self._around(noun, entry)
        owner = self._participants.adjectival(noun)
        lent = self._lent(noun)
        if lent is None and noun.dep_ in ("dobj", "nsubjpass") and noun.head.pos_ == "VERB":
            taken = self._entry(noun.head)
            if taken is not None and taken.objects:
                return None  # "signed a treaty": the verb tells it
        sources = by or lent or ((owner,) if owner else ())
        opposed = self._participants.opposed(noun)
        targets = (opposed,) if opposed else others
        if not any(p.actor_id for p in targets):
            targets = self._of_purpose(noun, None) or targets
        if owner is not None and owner in targets:
            owner, sources = None, by or lent or ()
        if lent and owner and not targets:
            targets = (owner,)
        if entry.symmetric and not sources and len(targets) > 1:
            sources, targets = targets[:1], targets[1:]
        if not any(s.actor_id for s in sources) or not targets:
            return None
        return self._find(noun, entry.meaning, entry.rule, sources, targets, direct=False)

    def _around(self, noun: Token, entry: NounEntry) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
        """(who does it, upon whom) from the prepositions behind an event noun, and behind the verb that lends it a subject."""
        pairs = list(prepositional_objects(noun))
        if noun.dep_ == "dobj" and "light" in self._status.roles(noun.head):
            pairs += prepositional_objects(noun.head)
        by = [p for preposition, o in pairs if preposition == "by" for p in self.all(o)]
        # "protests in A against B" are against B: where it happens counts only where nothing else tells.
        pairs.sort(key=lambda pair: pair[0] in _PLACES)
        others = [p for preposition, o in pairs if preposition in entry.prepositions for p in self.all(o)]
        aimed = [p for preposition, o in pairs if preposition in entry.prepositions - _PLACES for p in self.all(o)]
        others = aimed if any(p.actor_id for p in aimed) else others
        return tuple(p for p in by if p.actor_id), tuple([p for p in others if p.actor_id] or others)

    def _lent(self, noun: Token) -> tuple[Participant, ...] | None:
        """The subject of a light verb above the noun: "A carried out an attack"."""
        verb = noun.head
        if noun.dep_ == "pobj" and verb.lower_ == "in":
            verb = verb.head
            return self.all(subject_of(verb)) if verb.lemma_.lower() in _TAKE_PART else None
        if verb.pos_ != "VERB" or "light" not in self._status.roles(verb):
            return None
        if noun.dep_ in ("dobj", "obj"):
            return self.all(subject_of(verb)) if not is_passive(verb) else None
        return self.all(agent_of(verb)) if noun.dep_ == "nsubjpass" else None

    def all(self, token: Token | None) -> tuple[Participant, ...]:
        """A token and what is joined to it, as participants."""
        if token is None:
            return ()
        return tuple(p for t in conjoined(token) if (p := self._participants.of(t)) is not None)

    def _find(
        self,
        trigger: Token,
        meaning: Meaning,
        rule: str,
        sources: tuple[Participant, ...],
        targets: tuple[Participant, ...],
        direct: bool,
        *,
        stative: bool = False,
    ) -> Find | None:
        if not any(s.actor_id for s in sources):
            # An unknown doer needs a known counterpart; without any doer only harm is worth a row.
            known = any(t.actor_id for t in targets)
            if not known or not (meaning.quad_class == 4 if not sources else self._can_act(trigger)):
                return None
        if not targets:
            return None
        return Find(trigger, meaning, rule, sources, targets, direct, stative)

    def _can_act(self, trigger: Token) -> bool:
        """Whether the subject of a trigger names people or an institution ("teachers", "the Senate"), not a thing."""
        subject = agent_of(trigger) if is_passive(trigger) else subject_of(trigger)
        return subject is not None and (
            subject.ent_type_ in ("PERSON", "ORG", "NORP", "GPE") or subject.tag_ in ("NNS", "NNP", "NNPS")
        )
