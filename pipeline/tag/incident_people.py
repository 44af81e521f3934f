"""Who is who among the people whom an incident hurt: "a 20-year-old woman", "Jane Roe, 20" and "the victim" are one person.

What belongs here: telling the people of one incident apart by surname, age, sex and words such as "another". What does not: how many
they are with the figures that the text states (``incident_casualties.py``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.tag.count_arguments import Reading, ReadingKind
from pipeline.tag.count_context import agent_of
from pipeline.tag.count_phrases import HE_OR_SHE, OBJECTS, ORDINALS, subjects_of

_AGE_BEFORE = re.compile(r"\b(\d{1,3})[- ]years?[- ]old\b")
_AGE_BEHIND = re.compile(r"\s*,\s*(\d{1,3})(?=\s*[,.;:)]|\s+of\b|\s+and\b|\s*$)|\s*\((\d{1,3})\)")
_AGE_REACH = 12
# First names that begin with so many same letters may be one: Will and Wilbert, not Emma and Earl.
_LETTERS_ALIKE = 2
_NAME_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "'s", "’s"})
_WORD = re.compile(r"[\w'’-]+")
# Words that set somebody apart from those named before.
_APART = frozenset({"another", "other", "others"}) | ORDINALS
_BY_OWN_HAND = frozenset({"himself", "herself", "themselves"})


@dataclass(slots=True)
class Person:
    """Somebody hurt, with all that is said to tell him from others.

    ``measures``: what happened to him; ``counted``: only a figure speaks of him so far ("one of them"); ``told_by``: the words that
    tell of it, each with the noun for him; ``by_police``: by whom; ``ordinal``: as which of several.
    """

    surname: str | None
    given: tuple[str, ...]
    age: str | None
    sex: str | None
    apart: bool
    attacker: bool
    own_hand: bool
    has_assailant: bool
    counted: bool
    by_police: bool
    ordinal: str | None
    heads: list[Token]
    told_by: dict[int, int] = field(default_factory=dict)
    measures: set[str] = field(default_factory=set)

    def differs(self, other: "Person") -> bool:
        """Whether something that is said of the two shows that they are not one."""
        if any(other.told_by.get(trigger, head) != head for trigger, head in self.told_by.items()):
            return True  # "shot a clerk and a guard"
        if self.surname and self.surname == other.surname:
            return _are_relatives(self.given, other.given)
        if self.surname in other.given or other.surname in self.given:
            return False  # called by the first name
        for mine, theirs in ((self.surname, other.surname), (self.age, other.age), (self.sex, other.sex)):
            if mine and theirs and mine != theirs:
                return True
        # Who shot himself is not who was shot by somebody; the gunman is not the man whom he shot.
        if (self.own_hand and other.has_assailant) or (other.own_hand and self.has_assailant):
            return True
        if self.own_hand or other.own_hand or self.by_police or other.by_police:
            return False  # may be the attacker, though not called so
        return self.attacker != other.attacker

    def merge(self, other: "Person") -> None:
        """Takes over what the other mention adds."""
        self.surname, self.age, self.sex = self.surname or other.surname, self.age or other.age, self.sex or other.sex
        self.given = self.given or other.given
        self.attacker, self.own_hand = self.attacker or other.attacker, self.own_hand or other.own_hand
        self.has_assailant = self.has_assailant or other.has_assailant
        self.by_police = self.by_police or other.by_police
        self.ordinal = self.ordinal or other.ordinal
        self.heads += other.heads
        self.apart, self.counted = (other.apart, other.counted) if self.counted else (self.apart, False)
        self.measures |= other.measures
        self.told_by |= other.told_by


class PeopleReader:
    """Tells the people of an incident apart."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self._persons = knowledge.nouns["person"]
        self._attackers = knowledge.nouns["attacker"]
        self._police = knowledge.nouns["police"]
        self._sex = {w: sex for sex in ("female", "male") for w in knowledge.nouns[sex]}

    def people(self, doc: Doc, readings: Iterable[Reading]) -> list[Person]:
        """The different people among readings that speak of one person each, in text order."""
        found: list[Person] = []
        for reading in readings:
            if reading.kind in ("zero", "plural") or reading.number.best != 1 or reading.number.low != 1:
                continue
            mention = self._mention(doc, reading)
            same = _same_person(mention, found, reading.kind)
            if same is None:
                mention.apart = mention.apart and bool(found)  # "a man killed another man": another than the killer
                found.append(mention)
            else:
                same.merge(mention)
        return found

    def is_attacker(self, doc: Doc, reading: Reading) -> bool:
        """Whether a reading speaks of those who attacked, hurt by their own hand or by others."""
        return _own_hand(doc[reading.trigger], reading) or doc[reading.head].lemma_.lower() in self._attackers

    def is_killed_by_police(self, doc: Doc, reading: Reading) -> bool:
        """Whether the text names the police as those who killed."""
        return self._is_police(self._assailant(doc[reading.trigger], doc[reading.head]))

    def is_killed_by_somebody(self, doc: Doc, reading: Reading) -> bool:
        """Whether the text names who killed, somebody else than the police: "a miner killed three"; not a blast, nor by his own hand."""
        killer = self._assailant(doc[reading.trigger], doc[reading.head])
        if killer is None or self._is_police(killer) or _own_hand(doc[reading.trigger], reading):
            return False
        return (
            killer.ent_type_ == "PERSON"
            or killer.lower_ in HE_OR_SHE
            or killer.lemma_.lower() in self._persons | self._attackers
        )

    def _assailant(self, trigger: Token, hurt: Token) -> Token | None:
        """Who hurt somebody: "police shot him", "shot by police"."""
        if hurt.dep_ in OBJECTS:
            return next(iter(subjects_of(trigger)), None)
        return agent_of(trigger)

    def _is_one_of_two(self, head: Token) -> bool:
        """Whether a noun is joined to another by "and": "a clerk and a guard"; a list may name one person twice."""
        first = head.head if head.dep_ == "conj" else head
        both = (first, *first.conjuncts)
        joined = any(c.lower_ == "and" for c in first.children if c.dep_ == "cc")
        return (
            len(both) == 2
            and joined
            and all(n.lemma_.lower() in self._persons or n.ent_type_ == "PERSON" for n in both)
        )  # noqa: PLR2004

    def _is_police(self, somebody: Token | None) -> bool:
        return somebody is not None and somebody.lemma_.lower() in self._police

    def _mention(self, doc: Doc, reading: Reading) -> Person:
        head, trigger = doc[reading.head], doc[reading.trigger]
        lemma = head.lemma_.lower()
        words = {t.lower_ for t in doc[reading.start : reading.end]}
        assailant = self._assailant(trigger, head)
        shot = head.dep_ in OBJECTS
        if shot and assailant is not None and assailant.pos_ != "PRON":
            words -= {"another"}  # "a man shot another man": another than himself
        own_hand = _own_hand(trigger, reading)
        named = head if reading.kind == "named" else _apposed(head)
        return Person(
            surname=_surname(named) if named else None,
            given=_given(named) if named else (),
            age=_age(doc, head),
            sex=self._sex.get(lemma) or self._sex.get(head.lower_),
            apart=bool(words & _APART),
            attacker=lemma in self._attackers,
            own_hand=own_hand,
            has_assailant=shot and assailant is not None and not own_hand and reading.counted != "object_to_hospital",
            counted=reading.kind == "figure" and head.lower_ == "one",
            by_police=self._is_police(assailant),
            ordinal=next(iter(words & ORDINALS), None),
            heads=[head],
            told_by={reading.trigger: reading.head} if self._is_one_of_two(head) else {},
            measures={reading.measure},
        )


def _own_hand(trigger: Token, reading: Reading) -> bool:
    return reading.counted == "subject_by_own_hand" or any(c.lower_ in _BY_OWN_HAND for c in trigger.children)


def _same_person(mention: Person, found: list[Person], kind: ReadingKind) -> Person | None:
    """Whom of those found a mention speaks of: the one with its name or age, else the last one for a pronoun or "the victim"."""
    (head,) = mention.heads
    told = next((p for p in found if head in p.heads), None)
    if told is not None:
        return told  # two words tell of the same noun
    alike = [p for p in found if not p.differs(mention)]
    # "One of them died. One of the women is in hospital": what differs is who.
    alike = [p for p in alike if not (mention.counted and p.counted) or p.measures & mention.measures]
    for known in (
        [p for p in alike if mention.surname and (p.surname == mention.surname or mention.surname in p.given)],
        [p for p in alike if mention.age and p.age == mention.age and (p.apart or not mention.apart)],
        [p for p in alike if mention.ordinal and p.ordinal == mention.ordinal],
        [p for p in alike if (p.counted or mention.counted) and p.measures & mention.measures],
    ):
        if known:
            return known[0]
    if head.lower_ in HE_OR_SHE:
        # "Another man was taken to a hospital, where he died": he is the last one of his sentence.
        here = [p for p in alike if p.heads[-1].sent == head.sent]
        if here:
            return max(here, key=lambda p: p.heads[-1].i)
    if kind == "definite" and not mention.apart:
        # "The wounded man" is the last one who was wounded, where there is one.
        return next((p for p in reversed(alike) if p.measures & mention.measures), alike[-1] if alike else None)
    # A new name belongs to somebody who has none yet, to one set apart last of all.
    alike = sorted((p for p in alike if not (mention.surname and p.surname)), key=lambda p: p.apart)
    alike = [p for p in alike if p.apart == mention.apart or (kind == "named" and not mention.apart)]
    return alike[0] if alike else None


def _surname(head: Token) -> str:
    """The last word of a name that is no suffix, without what is glued to it."""
    at = _last(head)
    return _WORD.match(at.lower_)[0] if _WORD.match(at.lower_) else at.lower_  # type: ignore[index]


def _apposed(head: Token) -> Token | None:
    """The name behind a description: "the baker, Ann Roe", "a third man, identified as Mark Roe"."""
    beside = next((c for c in head.rights if c.dep_ == "appos" and c.ent_type_ == "PERSON"), None)
    if beside is not None:
        return beside
    said = (
        a for c in head.rights if c.dep_ == "acl" and c.lemma_ == "identify" for a in c.children if a.lower_ == "as"
    )
    return next((_name_behind(a) for a in said), None)


def _name_behind(word: Token) -> Token | None:
    """The last word of a name that follows, wherever the parse puts it."""
    found = None
    for token in word.doc[word.i + 1 : word.sent.end]:
        if token.ent_type_ != "PERSON" or (found is not None and token.ent_iob_ == "B"):
            break
        found = token
    return found


def _last(head: Token) -> Token:
    """The last word of a name that is no suffix."""
    while head.lower_ in _NAME_SUFFIXES and head.i and head.nbor(-1).ent_type_ == "PERSON":
        head = head.nbor(-1)
    return head


def _given(head: Token) -> tuple[str, ...]:
    """The names that stand before a surname."""
    last = first = _last(head)
    while first.i and first.ent_iob_ == "I" and first.nbor(-1).ent_type_ == "PERSON":
        first = first.nbor(-1)
    return tuple(t.lower_ for t in head.doc[first.i : last.i] if t.is_alpha)


def _are_relatives(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether the first names of two who share a surname tell them apart; a short form or an initial begins like the name."""
    if not mine or not theirs or set(mine) & set(theirs):
        return False
    letters = min(len(mine[0]), len(theirs[0]), _LETTERS_ALIKE)
    return mine[0][:letters] != theirs[0][:letters]


def _age(doc: Doc, head: Token) -> str | None:
    """The age that stands with a person: "a 20-year-old woman", "Jane Roe, 20,"."""
    before = doc.text[head.left_edge.idx : head.idx + len(head)]
    match = _AGE_BEFORE.search(before)
    if match:
        return match[1]
    end = head.idx + len(head)
    behind = _AGE_BEHIND.match(doc.text[end : end + _AGE_REACH])
    return (behind[1] or behind[2]) if behind else None
