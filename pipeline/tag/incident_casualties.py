"""How many an incident killed and injured, from all that the article says about it.

What belongs here: joining readings of one incident into bounds, so that a breakdown or a repeated figure is not added twice. What does
not: finding the readings (``count_arguments.py``).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.tag.count_arguments import Reading

Bounds = tuple[int | None, int | None, int | None]
_UNKNOWN: Bounds = (None, None, None)
_BY_OWN_HAND = frozenset({"himself", "herself", "themselves"})


@dataclass(frozen=True, slots=True)
class Casualties:
    """Bounds of killed and of injured."""

    killed: Bounds
    injured: Bounds


class CasualtyCounter:
    """Adds up readings. ``attackers`` are lemmas of those on the attacking side, counted apart from their victims and then added."""

    def __init__(self, attackers: frozenset[str]) -> None:
        self.attackers = attackers

    def count(self, doc: Doc, readings: Iterable[Reading], fatal: bool) -> Casualties:
        """Bounds over the readings of one incident. ``fatal``: its name alone says that those who were hit died."""
        by_measure: dict[str, list[Reading]] = defaultdict(list)
        for reading in readings:
            by_measure[reading.measure].append(reading)
        dead = _names(doc, by_measure["killed"])
        killed = self._both_sides(doc, by_measure["killed"], frozenset())
        # Where somebody died, "the wounded man" may be the one who did: only others that the text tells apart are added.
        apart = [r for r in by_measure["injured"] if killed == _UNKNOWN or not killed[1] or r.kind != "definite"]
        injured = self._both_sides(doc, apart, dead)
        hit = self._both_sides(doc, by_measure["casualties"], dead)
        if fatal and killed == _UNKNOWN and hit[1]:
            killed = hit
        survivors = (hit[1] or 0) - (killed[1] or 0)
        if survivors > (injured[1] or injured[0] or 0):
            injured = (survivors, survivors, survivors)
        return Casualties(killed, injured)

    def _both_sides(self, doc: Doc, readings: list[Reading], without: frozenset[str]) -> Bounds:
        theirs = [r for r in readings if self._is_attacker(doc, r)]
        rest = [r for r in readings if r not in theirs]
        victims, attackers = _total(doc, rest, without), _total(doc, theirs, without)
        if attackers == _UNKNOWN:
            return victims
        if victims == _UNKNOWN:
            return attackers
        low, best, high = (None if v is None or a is None else v + a for v, a in zip(victims, attackers, strict=True))
        return low, best, high

    def _is_attacker(self, doc: Doc, reading: Reading) -> bool:
        trigger = doc[reading.trigger]
        own_hand = any(c.lower_ in _BY_OWN_HAND for c in trigger.children)
        return own_hand or doc[reading.head].lemma_.lower() in self.attackers


def _total(doc: Doc, readings: list[Reading], without: frozenset[str]) -> Bounds:
    """The highest total that one trigger states, or the number of different people named, whichever is more."""
    by_trigger: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        if not (reading.kind == "named" and _surname(doc[reading.head]) in without):
            by_trigger[reading.trigger].append(reading)
    totals = [t for group in by_trigger.values() if (t := _sum(group)) != _UNKNOWN]
    named = len(_names(doc, readings) - without)
    if named:
        totals.append((named, named, named))
    return max(totals, key=lambda t: (t[1] if t[1] is not None else t[0] or 0, t[1] is not None), default=_UNKNOWN)


def _sum(group: list[Reading]) -> Bounds:
    numbers = [r.number for r in group if r.kind != "plural"]
    if not numbers:
        return _UNKNOWN

    def add(values: list[int | None]) -> int | None:
        return None if None in values else sum(v for v in values if v is not None)

    return add([n.low for n in numbers]), add([n.best for n in numbers]), add([n.high for n in numbers])


def _surname(head: Token) -> str:
    return head.lower_


def _names(doc: Doc, readings: list[Reading]) -> frozenset[str]:
    return frozenset(_surname(doc[r.head]) for r in readings if r.kind == "named")
