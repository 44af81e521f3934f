"""Who did what to whom with what: the slots of one mention of an incident, as strings of the text.

What belongs here: reading the noun phrases around one trigger word. What does not: which mentions are one incident (``incident_merge.py``)
and how many were hurt (``incident_casualties.py``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.knowledge.incidents import IncidentKnowledge
from pipeline.records import ActorMention
from pipeline.tag.count_context import actor_at, agent_of, between
from pipeline.tag.count_phrases import all_conjuncts, objects_of, subjects_of
from pipeline.tag.draft import Draft

# Acts whose grammatical subject is who suffers them, or the weapon, not who does them.
_UNAGENTIVE = frozenset({"die", "explode", "detonate", "burn"})
_VICTIM_PREPOSITIONS = frozenset({"of", "against", "on", "at", "upon"})
_GENERIC_HEADS = frozenset(
    {"member", "group", "leader", "element", "unit", "officer", "patrol", "band", "squad", "chief", "president"}
)
_ARMED = frozenset({"armed_group", "military", "police"})
_OBJECT_OF = frozenset({"dobj", "obj", "nsubjpass"})
_NAME_PARTS = {"compound", "amod", "nmod", "nummod", "punct", "flat", "poss", "case"}
_SKIPPED_WORDS = {"several", "other", "others", "some", "many", "alleged", "unidentified", "unknown", "another"}


@dataclass(slots=True)
class Slots:
    """Strings of the text, each once, in order of appearance."""

    perpetrator_individuals: list[str] = field(default_factory=list)
    perpetrator_organizations: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    victims: list[str] = field(default_factory=list)
    weapons: list[str] = field(default_factory=list)

    def add(self, other: "Slots") -> None:
        """Take over what the other has and this has not."""
        for name in self.__slots__:
            mine: list[str] = getattr(self, name)
            mine += [v for v in getattr(other, name) if v.lower() not in {m.lower() for m in mine}]


class SlotReader:
    """Reads the slots of a mention from parse, actors and entities."""

    def __init__(self, counts: CountKnowledge, incidents: IncidentKnowledge) -> None:
        self.persons = counts.nouns["person"]
        self.physical = incidents.physical
        self.perpetrators = incidents.perpetrators
        self.weapons = incidents.weapons
        self.doing = incidents.cues

    def read(self, draft: Draft, trigger: Token) -> Slots:
        """Slots that the trigger's own clause fills, and the weapons of its sentence."""
        slots = Slots()
        if trigger.pos_ == "VERB":
            self._verb(draft, trigger, slots)
        else:
            self._noun(draft, trigger, slots)
            self._each(draft, self._doers(trigger), slots, suffers=False)
        self._scene(draft, trigger, slots)
        self._weapons(draft, trigger, slots)
        return slots

    def victim(self, draft: Draft, head: Token, slots: Slots) -> None:
        """Puts the noun phrase under victims or targets by what it is."""
        if head.pos_ == "PRON" or head.lower_ in self.weapons:
            return
        lemma = head.lemma_.lower()
        actor = actor_at(draft, head.idx, head.idx + len(head))
        if lemma in self.physical or head.ent_type_ == "FAC":
            slots.targets.append(phrase(draft, head))
        elif (
            lemma in self.persons
            or head.ent_type_ == "PERSON"
            or (actor is not None and actor.kind in {"person", "police", "military", "population"})
        ):
            slots.victims.append(phrase(draft, head))
            slots.victims += [phrase(draft, c) for c in head.children if c.dep_ == "appos" and c.ent_type_ == "PERSON"]

    def perpetrator(self, draft: Draft, head: Token, slots: Slots) -> None:
        """Puts the noun phrase under individuals or organizations, and a group named inside it under organizations."""
        if head.pos_ == "PRON":
            actor = actor_at(draft, head.idx, head.idx + len(head))
            if actor is not None and actor.kind in _ARMED and not actor.actor_id.startswith("collective:"):
                slots.perpetrator_organizations.append(taken_up(draft, actor).text)
            return
        left = head.left_edge.idx
        right = head.right_edge.idx + len(head.right_edge)
        slots.perpetrator_organizations += [
            taken_up(draft, a).text
            for a in between(draft.actors, left, right)
            if a.kind in _ARMED and not a.actor_id.startswith("collective:")
        ]
        lemma = head.lemma_.lower()
        if lemma in self.perpetrators or lemma in self.persons or head.ent_type_ == "PERSON":
            slots.perpetrator_individuals.append(phrase(draft, head))
        elif head.ent_type_ == "ORG" and phrase(draft, head) not in slots.perpetrator_organizations:
            slots.perpetrator_organizations.append(phrase(draft, head))

    def _verb(self, draft: Draft, verb: Token, slots: Slots) -> None:
        objects = objects_of(verb)
        agent = agent_of(verb)
        if verb.lemma_ in _UNAGENTIVE and not objects:
            objects = subjects_of(verb) if verb.lemma_ in {"die", "burn"} else []
            # "A bomb planted by X exploded": X stands with the bomb.
            planters = [agent_of(c) for o in subjects_of(verb) for c in o.children if c.dep_ in {"acl", "relcl"}]
            self._each(draft, [p for p in planters if p is not None], slots, suffers=False)
        elif agent is not None:
            self._each(draft, [agent], slots, suffers=False)
        else:
            suffering = {o.i for o in objects}
            self._each(draft, [s for s in subjects_of(verb) if s.i not in suffering], slots, suffers=False)
        self._each(draft, objects, slots, suffers=True)

    def _noun(self, draft: Draft, noun: Token, slots: Slots) -> None:
        agent = agent_of(noun)
        if agent is not None:
            self._each(draft, [agent], slots, suffers=False)
        for child in noun.children:
            if child.dep_ in {"compound", "amod"} and child.lemma_.lower() in self.perpetrators:
                slots.perpetrator_individuals.append(child.text)
            if child.dep_ == "poss":
                person = child.ent_type_ == "PERSON" and noun.lemma_ in {
                    "murder",
                    "death",
                    "killing",
                    "assassination",
                    "kidnapping",
                }
                self._each(draft, [child], slots, suffers=person)
            if child.dep_ == "prep" and child.lower_ in _VICTIM_PREPOSITIONS:
                self._each(draft, [p for p in child.children if p.dep_ == "pobj"], slots, suffers=True)

    def _doers(self, noun: Token) -> list[Token]:
        """Those whom another verb makes the doers of a named act: "staged an attack", "blamed X for", "responsible for"."""
        head = noun.head
        if noun.dep_ in _OBJECT_OF and head.lemma_ in self.doing["light"]:
            agent = agent_of(head)
            return [agent] if agent is not None else [] if noun.dep_ == "nsubjpass" else subjects_of(head)
        if noun.dep_ != "pobj" or head.dep_ != "prep":
            return []
        link = head.head
        if link.lemma_ in self.doing["accuse"]:
            return objects_of(link)
        if link.lemma_ == "responsible":
            return [c for c in link.head.children if c.dep_ == "dobj"] or subjects_of(link.head)
        if link.lemma_ == "responsibility" and link.head.lemma_ in self.doing["claim"]:
            return subjects_of(link.head)
        if link.lemma_ in self.doing["involve"]:
            return objects_of(link) or subjects_of(link)
        return []

    def _scene(self, draft: Draft, trigger: Token, slots: Slots) -> None:
        """Buildings and vehicles where it happened: "exploded in front of the embassy"."""
        for prep in trigger.children:
            if prep.dep_ != "prep" or prep.lower_ not in self.doing["scene"]:
                continue
            for place in prep.subtree:
                if place.dep_ == "pobj" and place.lemma_.lower() in self.physical and place.i - prep.i < 8:  # noqa: PLR2004
                    slots.targets.append(phrase(draft, place))

    def _each(self, draft: Draft, heads: Iterable[Token], slots: Slots, suffers: bool) -> None:
        for head in heads:
            for one in (head, *all_conjuncts(head)):
                (self.victim if suffers else self.perpetrator)(draft, one, slots)

    def _weapons(self, draft: Draft, trigger: Token, slots: Slots) -> None:
        for token in trigger.sent:
            if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
                continue
            if token.lower_ in self.weapons or token.lemma_.lower() in self.weapons:
                slots.weapons.append(phrase(draft, token))


def taken_up(draft: Draft, mention: ActorMention) -> ActorMention:
    """The named mention that a pronoun or description goes back to; a name is its own."""
    while mention.antecedent is not None:
        before = next((a for a in draft.actors if a.start_char == mention.antecedent), None)
        if before is None:
            break
        mention = before
    return mention


def phrase(draft: Draft, head: Token) -> str:
    """The noun phrase up to its head without determiners and numbers; with its of-phrase where the head alone says little."""
    start = head
    for token in reversed(list(head.lefts)):
        if token.dep_ not in _NAME_PARTS or token.is_punct and token.text not in {"-", '"'}:
            break
        if token.dep_ in {"nummod", "poss"} or token.lower_ in _SKIPPED_WORDS:
            break
        start = token.left_edge
    end = head
    if head.lemma_.lower() in _GENERIC_HEADS:
        for child in head.rights:
            if child.lower_ == "of" and child.i == head.i + 1:
                inner = next((p for p in child.children if p.dep_ == "pobj"), None)
                end = inner if inner is not None else head
    return draft.text(start.idx, end.idx + len(end)).strip("\"' ")
