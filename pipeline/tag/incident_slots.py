"""Who did what to whom with what: the slots of one mention of an incident, as strings of the text.

What belongs here: reading the noun phrases around one trigger word. What does not: the strings themselves (``incident_phrases.py``),
the weapons (``incident_weapons.py``), which mentions are one incident (``incident_merge.py``), how many were hurt
(``incident_casualties.py``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.knowledge.incidents import IncidentKnowledge
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.count_context import actor_at, agent_of
from pipeline.tag.count_phrases import all_conjuncts, objects_of, subjects_of
from pipeline.tag.draft import Draft
from pipeline.tag.incident_organizations import OrganizationReader
from pipeline.tag.incident_phrases import is_named, is_vague, lemma_of, phrase, taken_up
from pipeline.tag.incident_weapons import WeaponReader

# Acts whose grammatical subject is who suffers them, or the weapon, not who does them.
_UNAGENTIVE = frozenset({"die", "explode", "detonate", "burn", "go"})
_VICTIM_PREPOSITIONS = frozenset({"of", "against", "on", "at", "upon", "to", "in"})
# What stands behind these is hit only if it is a thing: "an attack in the market", "damage to the office".
_PLACE_PREPOSITIONS = frozenset({"at", "to", "in"})
_ARMED = frozenset({"armed_group", "military", "police"})
_HURT_KINDS = frozenset({"person", "police", "military", "population"})
# Entities that nobody can hurt; a town that is hit is the place of an incident.
_NOT_HURT = frozenset(
    {"DATE", "TIME", "CARDINAL", "ORDINAL", "PERCENT", "MONEY", "QUANTITY", "GPE", "LOC", "EVENT", "LAW"}
)
_PASSIVE = frozenset({"auxpass", "nsubjpass"})
_OBJECT_OF = frozenset({"dobj", "obj", "nsubjpass"})
_PARTICIPLES = frozenset({"acl", "relcl"})
_SCENE_REACH = 12


@dataclass(slots=True)
class Slots:
    """Strings of the text, each once, in order of appearance.

    ``vague_``: phrases that say nothing more where another is known: "people", "the officer" beside a name.
    """

    perpetrator_individuals: list[str] = field(default_factory=list)
    perpetrator_organizations: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    victims: list[str] = field(default_factory=list)
    weapons: list[str] = field(default_factory=list)
    vague_individuals: list[str] = field(default_factory=list)
    vague_victims: list[str] = field(default_factory=list)

    def add(self, other: "Slots") -> None:
        """Take over what the other has and this has not."""
        for name in self.__slots__:
            mine: list[str] = getattr(self, name)
            for value in getattr(other, name):
                if value.lower() not in {m.lower() for m in mine}:
                    mine.append(value)


class SlotReader:
    """Reads the slots of a mention from parse, actors and entities."""

    def __init__(self, counts: CountKnowledge, incidents: IncidentKnowledge, names: KnownNames) -> None:
        self.persons = frozenset(p.lower() for p in counts.nouns["person"])
        self.reports = counts.cues["report"]
        self.physical = incidents.physical
        self.fighters = incidents.perpetrators["fighter"]
        self.individuals = incidents.perpetrators["individual"] | self.fighters | self.persons
        self.combatants = incidents.perpetrators["combatant"]
        self.collective = incidents.perpetrators["organization"]
        self.cues = incidents.cues
        self.organizations = OrganizationReader(names, (self.individuals | self.physical) - self.collective)
        self.weapons = WeaponReader(incidents)

    def read(self, draft: Draft, trigger: Token) -> Slots:
        """Slots that the trigger's own clause fills, and the weapons of its sentence."""
        slots = Slots()
        if trigger.pos_ == "VERB":
            self._verb(draft, trigger, slots)
        else:
            self._noun(draft, trigger, slots)
        self._each(draft, self._doers(trigger), slots)
        self._scene(draft, trigger, slots)
        slots.weapons += self.weapons.read(draft, trigger)
        return slots

    def bystanders(self, victims: Iterable[str]) -> list[str]:
        """Those victims of a fight who did not fight: soldiers who fall in one are a side's losses."""
        return [v for v in victims if v.split()[-1].lower().rstrip("s") not in self.combatants]

    def victim(self, draft: Draft, head: Token, slots: Slots, act: Token | None = None) -> None:
        """Puts the noun phrase under victims or targets by what it is. ``act`` is what was done to it."""
        actor = actor_at(draft, head.idx, head.idx + len(head))
        if head.pos_ == "PRON":
            if actor is not None and actor.kind == "person" and actor.antecedent is not None:
                slots.victims.append(taken_up(draft, actor).text)
            return
        if not is_named(head) or self.weapons.is_weapon(head) or head.ent_type_ in _NOT_HURT:
            return
        where = slots.vague_victims if is_vague(head) else slots.victims
        lemma, done = lemma_of(head), lemma_of(act) if act is not None else ""
        if lemma in self.physical or head.ent_type_ == "FAC":
            slots.targets.append(phrase(draft, head))
        elif lemma in self.fighters and done not in self.cues["deliberate"]:
            return  # who falls in his own attack is a casualty, not its victim
        elif (
            lemma in self.persons
            or head.ent_type_ in {"PERSON", "NORP"}
            or (actor is not None and actor.kind in _HURT_KINDS)
        ):
            where.append(phrase(draft, head))
            slots.victims += [phrase(draft, c) for c in head.children if c.dep_ == "appos" and c.ent_type_ == "PERSON"]
        elif head.ent_type_ == "ORG" and done in self.cues["hits_things"]:
            slots.targets.append(phrase(draft, head))

    def perpetrator(self, draft: Draft, head: Token, slots: Slots) -> None:
        """Puts the noun phrase under individuals or organizations, and a group named inside it under organizations."""
        if head.pos_ == "PRON":
            slots.perpetrator_organizations += self.organizations.of_pronoun(draft, head)
            return
        if not is_named(head):
            return
        organizations = self.organizations.inside(draft, head) or [
            phrase(draft, part) for part in _belongs_to(head) if lemma_of(part) in self.collective
        ]
        slots.perpetrator_organizations += organizations
        lemma = lemma_of(head)
        named = head.ent_type_ == "ORG" and head.pos_ == "PROPN" and lemma not in self.individuals | self.physical
        if lemma in self.collective or named:
            if not organizations:
                slots.perpetrator_organizations.append(phrase(draft, head))
        elif lemma in self.individuals or head.ent_type_ == "PERSON" and not organizations:
            vague = is_vague(head) or lemma in self.fighters and head.dep_ == "compound"
            (slots.vague_individuals if vague else slots.perpetrator_individuals).append(phrase(draft, head))

    def _verb(self, draft: Draft, verb: Token, slots: Slots) -> None:
        objects = objects_of(verb)
        if any(o.lower_ == "fire" for o in objects):  # "set fire to", "opened fire on"
            objects = [p for word in (verb, *objects) for p in _behind(word, {"to", "on", "at"})]
        agent = agent_of(verb)
        if verb.lemma_ in self.cues["accuse"]:
            self._each(draft, objects, slots)
            return
        if verb.lemma_ in self.cues["claim"]:
            self._each(draft, [agent] if agent is not None else self._said_to(verb), slots)
            return
        if verb.lemma_ in _UNAGENTIVE and not objects:
            objects = subjects_of(verb) if verb.lemma_ in {"die", "burn"} else []
            # "A bomb planted by X exploded": X stands with the bomb.
            planters = [agent_of(c) for o in subjects_of(verb) for c in o.children if c.dep_ in _PARTICIPLES]
            self._each(draft, [p for p in planters if p is not None], slots)
        elif agent is not None:
            self._each(draft, [agent], slots)
        elif not any(c.dep_ in _PASSIVE for c in verb.children):
            suffering = {o.i for o in objects}
            self._each(draft, [s for s in self._said_to(verb) if s.i not in suffering], slots)
        self._each(draft, objects, slots, act=verb)

    def _noun(self, draft: Draft, noun: Token, slots: Slots) -> None:
        agent = agent_of(noun)
        if agent is not None:
            self._each(draft, [agent], slots)
        if lemma_of(noun) in self.cues["stand_for_victim"]:
            self._each(draft, _equated(noun), slots, act=noun)
        if noun.dep_ == "pobj" and lemma_of(noun.head.head) in self.cues["stand_for_victim"]:
            self._each(draft, _equated(noun.head.head), slots, act=noun)
        if noun.dep_ in _OBJECT_OF and noun.head.lemma_ in self.cues["suffer"]:
            self._each(draft, subjects_of(noun.head), slots, act=noun)
        doer = lemma_of(noun) in self.fighters
        if doer and is_named(noun):
            slots.vague_individuals.append(phrase(draft, noun))
        deadly = doer or lemma_of(noun) in self.cues["owned_by_victim"]
        for child in (*noun.children, *_shared(noun)):
            if child.dep_ == "poss":
                self._owner(draft, child, noun, slots, deadly)
            elif child.dep_ == "compound":
                self._modifier(draft, child, noun, slots, deadly)
            elif child.dep_ == "prep" and child.lower_ in _VICTIM_PREPOSITIONS:
                hit = [p for p in child.children if p.dep_ == "pobj"]
                if child.lower_ in _PLACE_PREPOSITIONS:
                    hit = [p for p in hit if lemma_of(p) in self.physical]
                self._each(draft, hit, slots, act=noun)

    def _owner(self, draft: Draft, owner: Token, noun: Token, slots: Slots, deadly: bool) -> None:
        """Whose act it is: "the rebels' attack"; whose death: "the mayor's murder", "the mayor's murderers"."""
        if deadly:
            self._each(draft, [owner], slots, act=noun)
        elif lemma_of(noun) not in self.cues["stand_for_victim"]:
            self._each(draft, [owner], slots)

    def _modifier(self, draft: Draft, word: Token, noun: Token, slots: Slots, deadly: bool) -> None:
        """Who is named before the act: "a rebel attack", "the Jesuit killings"."""
        lemma = lemma_of(word)
        if lemma in self.fighters and word.tag_ == "NN":
            self._each(draft, [word], slots)
        elif deadly and (word.ent_type_ == "PERSON" or lemma in self.persons):
            self._each(draft, [word], slots, act=noun)

    def _doers(self, act: Token) -> list[Token]:
        """Those whom another verb makes the doers of a named act: "staged an attack", "blamed X for", "responsible for"."""
        found = []
        for child in act.children:
            if child.dep_ in _PARTICIPLES and child.lemma_ in self.cues["light"]:
                agent = agent_of(child)
                found += [agent] if agent is not None else []
            elif child.dep_ in _PARTICIPLES and child.lemma_ in self.cues["ascribe"]:
                found += _behind(child, {"to", "on"})
        head = act.head
        if self._is_denied(head):
            return found
        if head.lemma_ == "be":
            found += [p for c in head.children if c.dep_ == "attr" and c.lemma_ == "work" for p in _behind(c, {"of"})]
        if act.dep_ in _OBJECT_OF and head.lemma_ in self.cues["light"] | self.cues["claim"]:
            agent = agent_of(head)
            found += [agent] if agent is not None else [] if act.dep_ == "nsubjpass" else self._said_to(head)
        if act.dep_ in _OBJECT_OF and head.lemma_ in self.cues["ascribe"]:
            found += _behind(head, {"to", "on"})
        if act.dep_ not in {"pobj", "pcomp"} or head.dep_ != "prep":
            return found
        if head.lower_ == "behind" and head.head.lemma_ == "be":
            return found + subjects_of(head.head)
        return found + self._linked(head.head)

    def _is_denied(self, verb: Token) -> bool:
        """Whether somebody is said not to have done it: "denied having carried out", "did not claim"."""
        return verb.head.lemma_ in self.cues["deny"] or any(c.dep_ == "neg" for c in verb.children)

    def _linked(self, link: Token) -> list[Token]:
        """The doers that stand with what a preposition joins to the act: "X is accused of", "claimed responsibility for"."""
        if link.lemma_ in self.cues["accuse"]:
            if link.pos_ == "VERB":
                return objects_of(link)
            # "The arrest of X for", "a suspect in".
            named = _behind(link, {"of"})
            return named or ([link] if lemma_of(link) in self.individuals else [])
        if link.lemma_ in {"responsible", "guilty"}:
            return [c for c in link.head.children if c.dep_ == "dobj"] or self._said_to(link.head)
        if link.lemma_ in {"responsibility", "credit", "blame"}:
            if link.head.lemma_ in self.cues["ascribe"]:
                return [
                    p for c in link.head.children if c.lower_ in {"to", "on"} for p in c.children if p.dep_ == "pobj"
                ]
            return self._said_to(link.head) if link.head.lemma_ in self.cues["claim"] else []
        if link.lemma_ in self.cues["involve"]:
            return objects_of(link) or subjects_of(link)
        return []

    def _said_to(self, verb: Token) -> list[Token]:
        """Subject of a verb; of one behind an accusation ("accused X of being …") the accused."""
        accuser = verb.head.head
        if verb.dep_ == "pcomp" and accuser.pos_ == "VERB" and not any(c.dep_ == "nsubj" for c in verb.children):
            return objects_of(accuser) or (subjects_of(accuser) if accuser.lemma_ in self.cues["claim"] else [])
        return [s for s in subjects_of(verb) if s.head.i == verb.i or s.head.lemma_ not in self.reports]

    def _scene(self, draft: Draft, trigger: Token, slots: Slots) -> None:
        """Buildings and vehicles where it happened: "exploded in front of the embassy"."""
        for prep in trigger.children:
            if prep.dep_ != "prep" or prep.lower_ not in self.cues["scene"]:
                continue
            for place in prep.subtree:
                known = lemma_of(place) in self.physical and place.i - prep.i < _SCENE_REACH
                if place.dep_ == "pobj" and known:
                    slots.targets.append(phrase(draft, place))

    def _each(self, draft: Draft, heads: Iterable[Token], slots: Slots, act: Token | None = None) -> None:
        """Enters phrases and those joined to them: as those who suffer ``act``, without it as those who do it."""
        for head in heads:
            for one in (head, *_listed(head)):
                if act is not None:
                    self.victim(draft, one, slots, act)
                else:
                    self.perpetrator(draft, one, slots)


def _listed(head: Token) -> Iterator[Token]:
    """What is joined to a phrase, also where the parse takes a list for an apposition: "two boys, a girl and a nun"."""
    yield from all_conjuncts(head)
    for child in head.children:
        if child.dep_ == "appos" and any(c.dep_ == "cc" for c in child.children):
            yield child
            yield from all_conjuncts(child)


def _equated(noun: Token) -> list[Token]:
    """Who a sentence says somebody is: "the victims were X and Y", "X was the target of", "the victim was identified as X"."""
    head = noun.head
    if head.lemma_ == "be":
        return [c for c in head.children if c.dep_ in {"nsubj", "attr"} and c.i != noun.i]
    if head.lemma_ in {"identify", "name"}:
        found = _behind(head, {"as"})
        return found + [c for c in head.children if c.dep_ == "oprd"]
    return []


def _shared(noun: Token) -> list[Token]:
    """Phrases that the last of joined acts has for all: "the disappearance and kidnapping of X"."""
    if any(c.dep_ == "prep" for c in noun.children):
        return []
    joined = [noun.head] if noun.dep_ == "conj" else [c for c in noun.rights if c.dep_ == "conj"]
    return [c for j in joined for c in j.rights if c.dep_ == "prep" and c.lower_ == "of"]


def _behind(word: Token, prepositions: set[str]) -> list[Token]:
    """What the prepositions join to a word: X and Y of "blamed on X", "the arrest of Y"."""
    return [p for c in word.children if c.lower_ in prepositions for p in c.children if p.dep_ == "pobj"]


def _belongs_to(head: Token) -> list[Token]:
    """Nouns for what people belong to: "members of the army", "army troops"."""
    return _behind(head, {"of", "from"}) + [c for c in head.lefts if c.dep_ in {"compound", "nmod"}]
