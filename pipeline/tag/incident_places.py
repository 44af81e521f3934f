"""Where an incident was: the place that is named with one of its mentions.

What belongs here: which of an article's places is an incident's. What does not: what a place is (``actors.py``).
"""

import math
import re
from collections.abc import Iterable

from spacy.tokens import Token

from pipeline.knowledge.datelines import find_dateline
from pipeline.records import LocationMention
from pipeline.tag.count_context import ContextReader, between
from pipeline.tag.count_phrases import clause_of
from pipeline.tag.draft import Draft

# "PESHAWAR, Pakistan - ", "CALI (Agency) - ", "QUETTA: ": a line of capitals that no day follows.
_FILED = re.compile(
    r"\s{0,20}[A-ZÀ-Þ][^a-z\n]{1,40}(?:,? [A-Z][A-Za-z. ]{2,30})?(?: \([^)\n]{2,40}\))?\s*(?:[-–—]{1,2}\s|:\s)"
)


_WHERE = frozenset({"in", "at", "near", "outside", "inside"})
_KM_PER_DEGREE = 111
_APART_KM = 25


def place_of(draft: Draft, mentions: Iterable[Token], context: ContextReader) -> LocationMention | None:
    """The place beside the first mention that has one in its sentence. Where an article was filed is not where something happened."""
    filed = filed_until(draft.article.text)
    for mention in mentions:
        place = context.place(draft, mention, after=filed)
        if place is not None:
            return place
    return None


def town_of(draft: Draft, mention: Token) -> LocationMention | None:
    """The town on the map in which an act is said to be: "in Kunduz five guards were killed"; not the home of somebody who is in it."""
    clause = clause_of(mention)
    within = between(draft.locations, clause.left_edge.idx, clause.right_edge.idx + 1)
    for place in within:
        if place.lat is not None:
            root = draft.tokens(place).root
            if root.head.lower_ == "of" and root.head.head.dep_ == "pobj":  # "in the northern city of Kunduz"
                root = root.head.head
            preposition = root.head if root.dep_ == "pobj" else None
            if (
                preposition is not None
                and preposition.lower_ in _WHERE
                and _place_of_what(preposition) in (clause, mention)
            ):
                return place
    return None


def _place_of_what(preposition: Token) -> Token:
    """What a place belongs to, through those that lie in it: "exploded in a market in Quetta", "died in an attack in Kabul"."""
    head = preposition.head
    while head.dep_ == "pobj" and head.head.lower_ in _WHERE:
        head = head.head.head
    return head


def are_apart(a: LocationMention, b: LocationMention) -> bool:
    """Whether two towns are too far from each other for one incident to be of both."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    east = (a.lon - b.lon) * math.cos(math.radians(a.lat))
    return _KM_PER_DEGREE * math.hypot(a.lat - b.lat, east) > _APART_KM


def country_filed(draft: Draft) -> str | None:
    """The country of the dateline, where the article names no place in another one."""
    countries = {p.country for p in draft.locations if p.country}
    filed = filed_until(draft.article.text)
    here = next((p.country for p in draft.locations if p.country and p.start_char < filed), None)
    return here if countries == {here} else None


def filed_until(text: str) -> int:
    """Offset behind the dateline, 0 where there is none."""
    dateline = find_dateline(text)
    capitals = _FILED.match(text)
    return max(dateline.end_char if dateline else 0, capitals.end() if capitals else 0)
