"""How a text tells that somebody is wounded without saying so: in hospital, recovering, hit by a bullet, by his own hand.

What belongs here: reading the words around such a verb or wound. What does not: whom it speaks of and how many
(``count_arguments.py``).
"""

from spacy.tokens import Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.tag.count_phrases import OBJECTS, clause_of, objects_of, subjects_of

REFLEXIVE = frozenset({"himself", "herself", "themselves", "itself"})


class WoundReader:
    """Tells wounds from what is none."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self._nouns = knowledge.nouns

    def is_taken(self, verb: Token) -> bool:
        """Whether somebody is taken to a hospital, not only for a look, or (which is no wound) into custody."""
        goals = goals_of(verb)
        cared = any(g.lemma_.lower() in self._nouns["hospital"] or self.is_custody(g) for g in goals)
        return cared and not self._is_checked(verb)

    def is_treated(self, verb: Token) -> bool:
        """Whether what somebody is treated for is a wound."""
        return any(t.lemma_.lower() in self._nouns["wound"] for g in goals_of(verb) for t in (g, *g.lefts))

    def is_custody(self, place: Token) -> bool:
        """Whether somebody is held there: "into custody", "to jail", "to the correctional center"."""
        return any(t.lower_ in self._nouns["custody"] for t in (place, *place.lefts))

    def _is_checked(self, verb: Token) -> bool:
        """Whether somebody is only looked at in hospital: "for observation", "as a precaution", "to be evaluated"."""
        behind = verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.sent.end)]
        return any(t.lemma_.lower() in self._nouns["checkup"] and verb.is_ancestor(t) for t in behind)

    def recovers(self, verb: Token) -> bool:
        """Whether somebody is recovering, and from nothing but wounds as far as is told."""
        causes = {
            t.lemma_.lower() for c in verb.children if c.lower_ == "from" for p in c.children for t in (p, *p.lefts)
        }
        return verb.tag_ == "VBG" and (not causes or bool(causes & self._nouns["wound"]))

    def is_wounding(self, verb: Token) -> bool:
        """Whether a blow is told of as a wound: "hit by a bullet", "struck in the chest"."""
        around = {
            t.lemma_.lower() for c in verb.children if c.dep_ in {"prep", "agent", "nsubj"} for t in (c, *c.children)
        }
        if verb.dep_ == "xcomp" and verb.head.lemma_ == "use":  # "used the butt of his rifle to strike"
            around |= {t.lemma_.lower() for o in objects_of(verb.head) for t in (o, *o.subtree)}
        return bool(around & (self._nouns["body"] | self._nouns["projectile"] | self._nouns["held_weapon"]))

    def is_by_own_hand(self, verb: Token) -> bool:
        """Whether somebody "turned the gun on himself" or "committed suicide"; not who "turned himself in"."""
        objects = {t.lemma_.lower() for c in verb.children if c.dep_ in OBJECTS for t in (c, *c.children)}
        on = {t.lower_ for c in verb.children if c.lower_ == "on" for t in c.children}
        return bool(on & REFLEXIVE) or "suicide" in objects

    def bearer(self, head: Token) -> Token:
        """Who has the wound where the parse has it with the hospital: "she is at the Oak Clinic in critical condition"."""
        # Or one noun of both: "came to a hospital suffering from a wound".
        in_hospital = any(t.lemma_.lower() in self._nouns["hospital"] for t in (head, *head.lefts))
        if head.tag_ != "VBG" and not in_hospital:
            return head
        return next(iter(subjects_of(clause_of(head))), head)


def goals_of(verb: Token) -> list[Token]:
    """Where somebody is taken or sent."""
    return [p for c in verb.children if c.dep_ in {"prep", "dative"} for p in c.children]
