"""How many an incident killed and injured, from all that the article says about it.

What belongs here: joining readings of one incident into bounds, so that a breakdown or a repeated figure is not added twice. What does
not: finding the readings (``count_arguments.py``) and telling people apart (``incident_people.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.tag.count_arguments import Reading
from pipeline.tag.count_phrases import OBJECTS, is_passive, subjects_of
from pipeline.tag.incident_people import PeopleReader, Person
from pipeline.tag.numbers import Number

Bounds = tuple[int | None, int | None, int | None]
_UNKNOWN: Bounds = (None, None, None)
# What is seen at the scene and in hospital leaves open who will live: those wounded are hit, and some may die of it.
_OPEN = frozenset({"subject_of_wound", "bearer", "bearer_of_state", "object_to_hospital", "object_if_wounded"})
_OPEN_VERBS = frozenset({"hospitalize", "stab"})
_POINTING = frozenset({"the", "these", "those"})
# How far before a plural its number may stand, in sentences, and how far behind a number its noun, in words.
_SENTENCES_BACK, _NOUN_REACH = 3, 4
_BESIDES = frozenset({"others", "other", "another", "more"})
# How a text tells the blows of one incident apart: "the first killed three, the second five".
_BLOWS = frozenset({"first", "second", "third", "fourth", "one", "other", "another"})


@dataclass(frozen=True, slots=True)
class Casualties:
    """Bounds of killed and of injured."""

    killed: Bounds
    injured: Bounds


class CasualtyCounter:
    """Adds up readings."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self._people = PeopleReader(knowledge)
        self._persons = knowledge.nouns["person"]
        self._finds = knowledge.cues["finds"]

    def count(self, doc: Doc, readings: Sequence[Reading], numbers: Sequence[Number], fatal: bool) -> Casualties:
        """Bounds over the readings of one incident. ``fatal``: its name alone says that those who were hit died.

        Where nothing says how many, "the victims" take up a number from the ``numbers`` of the text before them.

        The dead are those whom the text counts as dead, the injured those whom it counts as injured, or who were hit and did not die.
        """
        if readings and all(r.kind == "plural" for r in readings):
            readings = [self._taken_up(doc, r, numbers) for r in readings]
        dead = [r for r in readings if r.measure == "killed"]
        hurt = [r for r in readings if r.measure == "injured" and not _is_open(doc, r)]
        hit = [r for r in readings if r.measure == "casualties" or (r.measure == "injured" and _is_open(doc, r))]
        people = self._people.people(doc, sorted(readings, key=lambda r: r.start))
        killed = self._killed(doc, dead, people)
        struck = _highest([*_totals(doc, hit), _exactly(len([p for p in people if not p.attacker]))])
        if fatal and killed == _UNKNOWN:
            killed = struck if struck[1] else _exactly(1)
        gone = {head for p in people if "killed" in p.measures for head in p.heads}
        beside = [r for r in hit if r.kind == "figure" and _is_besides(doc, r) and doc[r.head] not in gone]
        beside = beside if killed[1] else []
        survivors = (struck[1] or struck[0] or 0) - (killed[1] or killed[0] or 0)
        living = [p for p in people if "killed" not in p.measures]
        injured = _highest(
            [*_totals(doc, hurt), *_totals(doc, beside), _exactly(len([p for p in living if "injured" in p.measures]))]
        )
        if survivors > (injured[1] or injured[0] or 0):
            injured = _exactly(survivors)
        return Casualties(killed, injured)

    def _taken_up(self, doc: Doc, reading: Reading, numbers: Sequence[Number]) -> Reading:
        """A plural with the number that stood with its noun before: "fired on four men … the victims were flown to a hospital"."""
        head = doc[reading.head]
        if not any(c.lower_ in _POINTING for c in head.lefts):
            return reading
        since = head.sent.start
        for _ in range(_SENTENCES_BACK):
            since = doc[since - 1].sent.start if since else 0
        for number in reversed(numbers):
            if not since <= number.start < head.i or number.best is None or number.best < 2:  # noqa: PLR2004 - a plural
                continue
            noun = next((t for t in doc[number.end : number.end + _NOUN_REACH] if t.tag_ == "NNS"), None)
            if noun is not None and (noun.lemma_ == head.lemma_ or self._are_victims(noun, head)):
                return replace(reading, number=number, kind="figure")
        return reading

    def _are_victims(self, noun: Token, head: Token) -> bool:
        """Whether "the victims" may be those whom a noun means: people who suffer something, not those who act."""
        suffers = noun.dep_ in {*OBJECTS, "pobj", "nsubjpass"}
        return head.lemma_ == "victim" and suffers and noun.lemma_.lower() in self._persons

    def _is_found(self, doc: Doc, reading: Reading) -> bool:
        """Whether a figure counts all the dead, whoever killed them: "two were found dead", "the deaths of two people"."""
        trigger = doc[reading.trigger]
        seen = reading.counted == "predicate" and trigger.head.lemma_ in self._finds
        return (
            seen or reading.counted == "self_found" or (reading.counted == "self" and trigger.lemma_.lower() == "death")
        )

    def _killed(self, doc: Doc, dead: list[Reading], people: list[Person]) -> Bounds:
        """The dead: victims, and the attackers who died with them; whom the police shot is one where somebody else has killed."""
        died = [p for p in people if "killed" in p.measures]
        others_kill = any(self._people.is_killed_by_somebody(doc, r) for r in dead)
        attackers = [p for p in died if p.attacker or p.own_hand or (p.by_police and others_kill)]
        them = {head for p in attackers for head in p.heads}
        theirs = [
            r
            for r in dead
            if doc[r.head] in them
            or self._people.is_attacker(doc, r)
            or (others_kill and self._people.is_killed_by_police(doc, r))
        ]
        found = [r for r in dead if r not in theirs and r.kind == "figure" and self._is_found(doc, r)]
        victims = [r for r in dead if r not in theirs and r not in found]
        everyone = _highest(_totals(doc, found))
        mine = _highest([*_totals(doc, victims), _exactly(len(died) - len(attackers))])
        others = _highest([*_totals(doc, [r for r in theirs if r.kind == "figure"]), _exactly(len(attackers))])
        return _highest([everyone, _added(mine, others)])


def _is_open(doc: Doc, reading: Reading) -> bool:
    lemma = doc[reading.trigger].lemma_.lower()
    owned = lemma == "injury" and reading.kind in ("definite", "named")  # "his injuries"
    return owned or reading.counted in _OPEN or lemma in _OPEN_VERBS


def _is_besides(doc: Doc, reading: Reading) -> bool:
    """Whether a figure counts people beside those spoken of: "four others were shot"."""
    return any(t.lower_ in _BESIDES for t in doc[reading.start : reading.end])


def _added(a: Bounds, b: Bounds) -> Bounds:
    """The sum of two bounds; an unknown one adds nothing."""
    if a == _UNKNOWN or b == _UNKNOWN:
        return b if a == _UNKNOWN else a
    low, best, high = (None if x is None or y is None else x + y for x, y in zip(a, b, strict=True))
    return low, best, high


def _exactly(number: int) -> Bounds:
    return (number, number, number) if number else _UNKNOWN


def _highest(totals: Iterable[Bounds]) -> Bounds:
    """The highest total; a figure that is known before a vague one."""
    return max(totals, key=lambda t: (t[1] if t[1] is not None else t[0] or 0, t[1] is not None), default=_UNKNOWN)


def _totals(doc: Doc, readings: Iterable[Reading]) -> list[Bounds]:
    """What each trigger adds up to that states a figure, and all blows that the text tells apart together.

    Who is only named or described is counted as a person.
    """
    by_trigger: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.kind != "plural":
            by_trigger[reading.trigger].append(reading)
    told = [group for group in by_trigger.values() if any(r.kind in ("figure", "zero") for r in group)]
    of_blow = {blow: group for group in told if (blow := _blow(doc[group[0].trigger]))}
    together = [_sum([r for group in of_blow.values() for r in group])] if len(of_blow) > 1 else []
    return [*map(_sum, told), *together]


def _blow(verb: Token) -> str | None:
    """Which blow a verb tells of: "the second killed", "a second bomb killed"."""
    for subject in subjects_of(verb) if verb.pos_ == "VERB" and not is_passive(verb) else ():
        word = next((t.lower_ for t in (subject, *subject.lefts) if t.lower_ in _BLOWS), None)
        if word is not None:
            return word
    return None


def _sum(group: list[Reading]) -> Bounds:
    def add(values: list[int | None]) -> int | None:
        return None if None in values else sum(v for v in values if v is not None)

    numbers = [r.number for r in group]
    # Of "up to 60 people and at least 12 soldiers" at least 12 are sure.
    lows = [n.low for n in numbers if n.low is not None]
    return sum(lows) if lows else None, add([n.best for n in numbers]), add([n.high for n in numbers])
