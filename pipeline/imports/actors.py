"""Whom the codes and names of other data sets mean, as ids of core.actors.

What belongs here: CAMEO actor codes ("PAKMIL"), and names as UCDP, ACLED and ICEWS write them ("Military Forces of Pakistan (2018-)").
What does not: names in running text (``tag``). Parts of a government stand for their state, as in staging.actors_rolled_up. What is not
known stays as it is written: a data set's own code is a fine key as long as nothing pretends to know it.
"""

import re
from collections.abc import Mapping

from pipeline.knowledge.actors import ActorKnowledge
from pipeline.knowledge.names import name_key

_GOVERNING = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY", "EXE"})
_OF_STATES = frozenset({"government", "military", "police"})
# "Government of Syria", "Military Forces of Pakistan (2018-) Coast Guard": an organ of the state that is named.
_ORGAN = re.compile(
    r"(?:the )?(?:Government|Military Forces|Police Forces|Armed Forces|Military|Army|Police|Coalition Forces) of (?:the )?(?P<state>[^()]+)",
    re.IGNORECASE,
)
# "Police (Pakistan)", "Civilians (Syria)": ICEWS and ACLED.
_WITH_COUNTRY = re.compile(r"(?P<who>[^()]+) \((?P<state>[^()]+)\)$")
_ORGAN_WORDS = re.compile(
    r"government|ministry|minister|military|army|armed forces|police|air force|navy|president|head of state|parliament|court|attorney general",
    re.IGNORECASE,
)
_PEOPLE_WORDS = re.compile(r"civilians?|citizens?|population|villagers?", re.IGNORECASE)


class ActorCodes:
    """Codes and names of other data sets as ids.

    Args:
        known: the knowledge base.
        by_country: whether whoever acts in a country stands for it: a CAMEO code becomes its first three letters. Usual with old event
            data; rebels then count as their country.
    """

    def __init__(self, known: ActorKnowledge, *, by_country: bool = False) -> None:
        self._known, self._by_country = known, by_country
        owners: dict[str, set[str]] = {}
        for actor in known.actors:
            if actor.cameo:
                owners.setdefault(actor.cameo, set()).add(actor.actor_id)
        # A code that several share ("PSENGO") names a kind of actor and nobody in particular.
        self._codes = {code: next(iter(ids)) for code, ids in owners.items() if len(ids) == 1}
        self._names = _names(known)
        self._resolved: dict[str, str] = {}

    def code(self, code: str) -> str:
        """The actor of a CAMEO code, else the code."""
        code = code.strip().upper()
        if code not in self._resolved:
            self._resolved[code] = self._code(code)
        return self._resolved[code]

    def _code(self, code: str) -> str:
        if self._by_country:
            return self._codes.get(code[:3], code[:3])
        if code in self._codes:
            return self._for_whom(self._codes[code])
        if len(code) == 6 and code[3:] in _GOVERNING:
            return self._codes.get(code[:3], code[:3])
        return code

    def name(self, name: str, country: str | None = None) -> str:
        """The actor of a name, else the name.

        Args:
            name: as UCDP, ACLED and ICEWS write it.
            country: the country whose government the actor acts for, where the data set says so.
        """
        key = f"{name}\x1f{country or ''}"
        if key not in self._resolved:
            self._resolved[key] = self._name(" ".join(name.split()), country)
        return self._resolved[key]

    def _name(self, name: str, country: str | None) -> str:
        within = self._state(country) if country else None
        if within:
            return within
        if organ := _ORGAN.match(name):
            state = self._state(organ["state"])
            if state:
                return state
        if bracket := _WITH_COUNTRY.match(name):
            state = self._state(bracket["state"])
            if state and _PEOPLE_WORDS.search(bracket["who"]):
                return self._codes.get(f"{state}CVL", name)
            if state and (self._by_country or _ORGAN_WORDS.search(bracket["who"])):
                return state
        # ACLED: "TTP: Tehreek-i-Taliban Pakistan"
        for part in (name, *name.split(": ")[:2], re.sub(r" \([^()]*\)$", "", name)):
            if found := self._names.get(name_key(part.lower())):
                return self._for_whom(found)
        return name

    def _state(self, name: str) -> str | None:
        found = self._names.get(name_key(name.strip().lower()))
        return found if found and self._known.by_id[found].kind == "state" else None

    def _for_whom(self, actor_id: str) -> str:
        actor = self._known.by_id[actor_id]
        stands_for_parent = actor.kind in _OF_STATES and actor.parent is not None
        return actor.parent or actor_id if stands_for_parent else actor_id


def _names(known: ActorKnowledge) -> Mapping[tuple[str, ...], str]:
    """Names that belong to one actor only, as keys of small letters."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for alias in known.aliases:
        if not alias.needs_context:
            owners.setdefault(name_key(alias.alias.lower()), set()).add(alias.actor_id)
    return {key: next(iter(ids)) for key, ids in owners.items() if len(ids) == 1}
