"""Which words speak of a violent incident, of what kind, and whether of one that happened.

What belongs here: kind and standing of one word in its clause. What does not: which mentions are one incident (``incident_merge.py``), who took
part (``incident_slots.py``).
"""

from collections.abc import Iterable
from datetime import date, timedelta

from spacy.tokens import Doc, Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.knowledge.incidents import IncidentKnowledge
from pipeline.records import DateMention, Status
from pipeline.tag.count_context import ContextReader
from pipeline.tag.count_no_attack import NoAttackReader
from pipeline.tag.count_phrases import objects_of, subjects_of
from pipeline.tag.incident_phrases import lemma_of
from pipeline.tag.tokens import lemma_ids, tokens_with_lemma

_POINTING = frozenset({"the", "this", "that", "these", "those"})
_COUNTED = frozenset({"nummod", "poss"})
_NOUNS = frozenset({"NOUN", "PROPN"})
_SOMEBODY = frozenset({"he", "she", "they", "him", "her", "them", "who"})
_TIMES = frozenset({"DATE", "TIME", "CARDINAL"})
_EITHER = frozenset({"either", "each"})
_IN = frozenset({"in", "during"})
_HELPERS = frozenset({"aux", "auxpass"})
# What lies further back than this is told as background.
BACKGROUND = timedelta(days=62)
_MONTH = timedelta(days=31)
# Acts spoken of by a word that fits any: they carry on an incident and never open one.
REFERENCE = "reference"


class TriggerReader:
    """Reads kind and standing of words."""

    def __init__(self, counts: CountKnowledge, incidents: IncidentKnowledge, context: ContextReader) -> None:
        self.persons = frozenset(p.lower() for p in counts.nouns["person"])
        self.wounds = counts.nouns["wound"]
        self.triggers = incidents.triggers
        self.kinds_with_arms = incidents.armed
        self.weapons = incidents.weapons
        self.hit = self.persons | incidents.physical
        self.cues = incidents.cues
        self.no_attacks = NoAttackReader(counts)
        self.context = context
        firsts = (lemma.split()[0] for lemma, _ in (*incidents.triggers, *incidents.armed))
        self._lemmas = lemma_ids({*firsts, *self.cues["wield"], *self.cues["try"]})
        self.hypothetical = counts.cues["hypothetical"]

    def candidates(self, doc: Doc) -> list[Token]:
        """The words of a text that can speak of an incident, in text order."""
        return tokens_with_lemma(doc, self._lemmas)

    def kind(self, token: Token) -> str | None:
        """The incident type that a word speaks of; None where it speaks of none."""
        if token.tag_.startswith("VB"):
            kind = self._verb(token)
            # "The murdered mayor" takes up what is known; it reports nothing.
            kind = REFERENCE if kind is not None and token.dep_ == "amod" else kind
        elif token.pos_ in _NOUNS:
            kind = self._noun(token)
        else:
            kind = self.triggers.get((lemma_of(token), token.pos_))
        return None if kind is None or self._is_dismissal(token) or self._is_figurative(token) else kind

    def is_mishap(self, mentions: Iterable[Token]) -> bool:
        """Whether the words say only that people died, and around one of them stands what they died of: a crash, a flood, a disease."""
        tokens = list(mentions)
        if any(lemma_of(t) not in self.cues["neutral"] for t in tokens):
            return False
        return any(
            lemma_of(near) in self.cues["mishap"] or self.no_attacks.is_none(near) for t in tokens for near in t.sent
        )

    def is_of_several(self, noun: Token) -> bool:
        """Whether a noun sums up acts that have nothing to do with each other: "in separate shootings"."""
        if noun.tag_ != "NNS" or not self._is_act(noun):
            return False
        return any(c.lower_ in self.cues["several"] for c in noun.lefts)

    def sums_up(self, noun: Token) -> bool:
        """Whether a noun may sum up acts of which each is told for itself: "wounded in shootings on Sunday", "two incidents"."""
        if noun.tag_ != "NNS":
            return noun.tag_ == "NN" and self._is_act(noun) and any(c.lower_ in _EITHER for c in noun.lefts)
        counted = noun.head.lower_ != "of" and any(
            c.dep_ == "nummod" for c in noun.children
        )  # not "one of five shootings"
        return self._is_act(noun) and (counted or (noun.dep_ == "pobj" and noun.head.lower_ in _IN))

    def _is_act(self, noun: Token) -> bool:
        return (lemma_of(noun), "NOUN") in self.triggers or lemma_of(noun) == "incident"

    def armed(self, token: Token) -> str | None:
        """The type of an act without violence beside which the sentence names arms: a find, a theft, a threat."""
        pos = "VERB" if token.tag_.startswith("VB") else "NOUN" if token.pos_ in _NOUNS else token.pos_
        kind = self.kinds_with_arms.get((lemma_of(token), pos))
        return kind if kind and any(lemma_of(t) in self.cues["arms"] for t in token.sent) else None

    def _verb(self, verb: Token) -> str | None:
        """A verb of violence, alone or with its particle or object ("set fire", "go off"), or one by which a weapon is used."""
        for child in verb.children:
            if child.dep_ in {"prt", "dobj", "advmod", "acomp", "prep"}:
                words = [child.lower_, *(p.lower_ for p in child.children if p.dep_ == "pobj")]
                kind = self.triggers.get((" ".join((verb.lemma_, *words)), "VERB"))
                if kind is not None:
                    return kind
        if verb.lemma_ in self.cues["wield"]:
            for used in objects_of(verb):
                kind = self._kind_of_weapon(used)
                if kind is not None:
                    return kind
        return self.triggers.get((lemma_of(verb), "VERB"))

    def _noun(self, noun: Token) -> str | None:
        lemma = lemma_of(noun)
        if noun.dep_ == "compound" and lemma_of(noun.head) not in self.wounds:
            return None
        kind = self.triggers.get((lemma, "NOUN"))
        if lemma not in self.cues["try"] and kind not in {"attack", REFERENCE}:
            return kind
        # "Assassination attempt", "sabotage operation", "bomb attack": the first word says which.
        for child in noun.lefts:
            if child.dep_ == "compound":
                specific = self.triggers.get((lemma_of(child), "NOUN")) or self._kind_of_weapon(child)
                if specific not in {None, REFERENCE}:
                    return specific
        return kind

    def _kind_of_weapon(self, token: Token) -> str | None:
        return self.weapons.get(lemma_of(token)) or self.weapons.get(token.lower_)

    def _is_dismissal(self, token: Token) -> bool:
        """Shots are fired; people who are "fired" lose their posts."""
        return token.lemma_ == "fire" and any(
            o.ent_type_ == "PERSON" or o.pos_ == "PRON" or lemma_of(o) in self.persons for o in objects_of(token)
        )

    def _is_figurative(self, token: Token) -> bool:
        """No violence: "a verbal attack", "attacked him for his silence", "struck a deal", "executed a warrant"."""
        if len({lemma_of(t) for t in token.sent} & self.cues["game"]) > 1:
            return True
        if token.pos_ in _NOUNS:
            return self.no_attacks.is_none(token) or any(lemma_of(c) in self.cues["figurative"] for c in token.lefts)
        if token.lemma_ in self.cues["needs_victim"]:
            return not any(o.ent_type_ or o.lower_ in _SOMEBODY or lemma_of(o) in self.hit for o in objects_of(token))
        if token.lemma_ != "attack":
            return False
        return any(lemma_of(s) in self.cues["text"] for s in subjects_of(token)) or any(
            p.ent_type_ not in _TIMES
            for c in token.children
            if c.dep_ == "prep" and c.lower_ in {"for", "over", "as"}
            for p in c.children
        )

    def standing(self, token: Token, when: DateMention | None, published: date | None) -> Status | None:
        """Status of the act; None where it is denied outright. ``when`` is the date that stands with it.

        What is done over and over ("they kill peasants", "attacks on villages", "600 were killed this year") is a state, not one
        incident.
        """
        status = self.context.status(token)
        if status in {"hypothetical", "unconfirmed"} and token.pos_ in _NOUNS and self._is_taken_for_granted(token):
            status = "actual"
        if status == "unconfirmed" and token.dep_ == "pcomp" and token.head.head.lemma_ in self.cues["accuse"]:
            status = "actual"  # who is "suspected of killing the judge" may be innocent; the judge was killed
        if status != "actual":
            return status
        if self._is_purpose(token):
            return "hypothetical"
        if when is not None and when.start_date and when.end_date:
            if published and published - when.end_date > BACKGROUND:
                return "historical"
            return "ongoing_state" if when.end_date - when.start_date > _MONTH else "actual"
        return "ongoing_state" if self._is_habit(token) else "actual"

    def _is_taken_for_granted(self, noun: Token) -> bool:
        """Who "may have taken part in the massacre" is open; that there was one is not."""
        if not any(c.lower_ in _POINTING for c in noun.lefts):
            return False
        node = noun
        while node.head.i != node.i:
            node = node.head
            if node.lemma_ in self.hypothetical:
                return False
            if node.pos_ == "VERB":
                break
        return True

    def _is_purpose(self, verb: Token) -> bool:
        """A bare "to kill" is an aim, unless the verb before it says that it was reached: "managed to kill", "used it to kill"."""
        if verb.tag_ != "VB" or not any(c.lower_ == "to" for c in verb.children):
            return False
        return verb.head.lemma_ not in self.cues["implicative"]

    def _is_habit(self, token: Token) -> bool:
        if token.pos_ in _NOUNS:
            marked = any(c.dep_ in _COUNTED or c.lower_ in _POINTING for c in token.lefts)
            return token.tag_ in {"NNS", "NNPS"} and not marked and lemma_of(token) not in self.cues["one_act"]
        if any(c.ent_type_ in {"CARDINAL", "QUANTITY"} for o in objects_of(token) for c in o.children):
            return False
        helpers = {c.tag_ for c in token.children if c.dep_ in _HELPERS}
        present = token.tag_ in {"VBP", "VBZ"} or token.tag_ == "VBG" and bool(helpers & {"VBP", "VBZ"})
        return present and token.sent.start > 0
