"""What an incident was done with.

What belongs here: which weapon words of a sentence were used in the act, and which were only seized, carried or talked about. What does
not: the parties (``incident_slots.py``).
"""

from spacy.tokens import Token

from pipeline.knowledge.incidents import IncidentKnowledge
from pipeline.tag.draft import Draft
from pipeline.tag.incident_phrases import lemma_of, phrase

_UP = frozenset(
    {"dobj", "obj", "nsubj", "nsubjpass", "pobj", "conj", "appos", "prep", "attr", "agent", "compound", "nmod"}
)
_FAR = 8


class WeaponReader:
    """Finds the weapons of a mention in its sentence."""

    def __init__(self, incidents: IncidentKnowledge) -> None:
        self.weapons = incidents.weapons
        self.acts = {lemma for lemma, pos in incidents.triggers if pos == "NOUN"}
        self.unused = incidents.cues["unused"]
        self.vague = incidents.cues["vague_weapon"]
        self.use = incidents.cues["use"]

    def is_weapon(self, token: Token) -> bool:
        """Whether the word is that of a weapon."""
        return token.pos_ in {"NOUN", "PROPN"} and (token.lower_ in self.weapons or lemma_of(token) in self.weapons)

    def read(self, draft: Draft, trigger: Token) -> list[str]:
        """Weapons of the trigger's sentence that were used, as written."""
        found = []
        for token in trigger.sent:
            if not self.is_weapon(token) or token.i == trigger.i:
                continue
            if token.dep_ == "compound" and self._is_part_of_name(token):
                continue
            if not self._is_unused(token):
                found.append(phrase(draft, token))
        return found

    def _is_part_of_name(self, token: Token) -> bool:
        """Part of a longer weapon name or of what is no act: "dynamite charge", "rifle butt"; but "bomb attack" has a bomb."""
        return token.head.pos_ == "PROPN" or self.is_weapon(token.head) or lemma_of(token.head) not in self.acts

    def _is_unused(self, token: Token) -> bool:
        vague = lemma_of(token) in self.vague and not any(c.lower_ in self.weapons for c in token.lefts)
        node = token
        for _ in range(_FAR):
            if lemma_of(node) in self.unused:
                return True
            if vague and node.lower_ in self.use:
                return False
            if node.head.i == node.i or (node.pos_ == "VERB" and node.i != token.i):
                break
            if node.dep_ not in _UP:
                break
            node = node.head
        return vague
