"""Which mentions speak of one incident.

What belongs here: mentions, the groups that they form, and when two go together. What does not: which words are mentions
(``incident_triggers.py``), what the layer reports of a group (``incidents.py``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.records import DateMention, DateSource, LocationMention, Status
from pipeline.tag.count_arguments import Reading
from pipeline.tag.incident_places import are_apart
from pipeline.tag.incident_triggers import REFERENCE

# Words that say that there was violence, not of which kind: they join any other.
_GENERIC = frozenset({"attack", "killing", "wounding", "damage", REFERENCE})
# Mentions of one incident share a standing: reported, told as background, not (yet) happened, happening again and again.
_STANDING: dict[Status, str] = {
    "actual": "reported",
    "unconfirmed": "reported",
    "historical": "background",
    "hypothetical": "unreal",
    "future": "unreal",
    "ongoing_state": "series",
}
# In how many sentences news says what it is about.
LEAD_SENTENCES = 4
# For how many sentences an article stays with what it tells as background.
_BACKGROUND_REACH = 2
# How many incidents back a mention may refer to: keeps long texts linear.
_RECENT = 25
# Hours of the parts of a day. A night may be the end of one day and the beginning of the next.
_PARTS = {"TMO": (0, 12), "TAF": (12, 18), "TEV": (16, 24)}
# A time of day and no more: "about 2:20 p.m.".
CLOCK = re.compile(
    r"(?:(?:just|shortly) )?(?:(?:at|about|around|before|after|approximately) )*\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\.?)?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Mention:
    """A word that speaks of an incident.

    ``dying``: only of a death; ``apart``: of one that the text sets apart from those before; ``date_source``: how it came by ``when``;
    ``town`` and
    ``hour``: at which it says it was.
    """

    token: Token
    sentence: int
    kind: str
    status: Status
    when: DateMention | None
    dying: bool = False
    apart: bool = False
    date_source: DateSource | None = None
    town: LocationMention | None = None
    hour: str | None = None


@dataclass(slots=True)
class Group:
    """Mentions of one incident, and the casualty readings that are its."""

    mentions: list[Mention] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    specific: set[str] = field(default_factory=set)
    day: DateMention | None = None
    dying: bool = False
    status: Status = "actual"

    @property
    def kind(self) -> str:
        """The most telling kind among the mentions; one side's attack is no clash because it is called fighting later on."""
        told = [m.kind for m in self.mentions]
        attacked = "attack" in told and "clash" in told and told.index("attack") < told.index("clash")
        specific = [k for k in told if k not in _GENERIC and not (attacked and k == "clash")]
        return max(specific, key=specific.count) if specific else self.mentions[0].kind

    def add(self, mention: Mention) -> None:
        """Takes a mention in. The first that names a day dates the incident; a bare time of day names none, nor does a statement.

        The day of a death dates what led to it only where nothing else does.
        """
        self.mentions.append(mention)
        if mention.kind not in _GENERIC:
            self.specific.add(mention.kind)
        when = None if mention.date_source == "statement" or (mention.dying and self.mentions[:-1]) else mention.when
        if self.dying and when and not mention.dying:
            self.day, self.dying = None, False
        if when and when.start_date == when.end_date and (self.day is None or CLOCK.fullmatch(self.day.text)):
            self.day = self.day if self.day and CLOCK.fullmatch(when.text) else when
            self.dying = mention.dying
        if len(self.mentions) == 1 or (mention.status == "actual" and self.status != "historical"):
            self.status = mention.status


def merged(mentions: Iterable[Mention], several: bool = False) -> list[Group]:
    """Groups of mentions that speak of one incident. ``several``: the article sums up incidents, so that another hour is another one."""
    groups: list[Group] = []
    for mention in mentions:
        group = next(
            (g for g in reversed(groups[-_RECENT:]) if _same(g, mention) and not (several and _other_hour(g, mention))),
            None,
        )
        if group is None and mention.kind == REFERENCE:
            continue
        if group is None:
            group = Group()
            groups.append(group)
        group.add(mention)
    return groups


def absorbed(groups: list[Group]) -> list[Group]:
    """Groups, each that hurts nobody taken into one of its kind that does, where their days are next to each other.

    Reports differ by a day on when something happened: a picture's caption has the day after, a headline "last night".
    """
    hurting = [g for g in groups if _hurts(g)]
    kept = []
    for group in groups:
        other = None if _hurts(group) else next((h for h in hurting if _next_to(group, h)), None)
        if other is None:
            kept.append(group)
        else:
            other.mentions = sorted([*other.mentions, *group.mentions], key=lambda m: m.token.i)
    return kept


def _hurts(group: Group) -> bool:
    """Whether it is told how many were hurt, or who."""
    return any(r.kind != "plural" for r in group.readings)


def _next_to(a: Group, b: Group) -> bool:
    if a.status != b.status or (a.specific and b.specific and not a.specific & b.specific):
        return False
    if a.day is None or b.day is None or a.day.start_date is None or b.day.start_date is None:
        return False
    return abs((a.day.start_date - b.day.start_date).days) <= 1


def _goes_on_about(group: Group, mention: Mention) -> bool:
    """Whether an undated mention takes up something long past: what was just told, or what the article is about."""
    if group.status != "historical" or mention.status != "actual" or mention.when is not None:
        return False
    near = mention.sentence - group.mentions[-1].sentence <= _BACKGROUND_REACH
    return near or group.mentions[0].sentence < LEAD_SENTENCES


def _same(group: Group, mention: Mention) -> bool:
    """Whether a mention speaks of the group's incident: kinds that go together, days that meet, towns that are one, the same standing."""
    if mention.kind not in _GENERIC and group.specific and mention.kind not in group.specific:
        return False
    if _STANDING[mention.status] != _STANDING[group.status] and not _goes_on_about(group, mention):
        return False
    if mention.apart and not any(m.sentence == mention.sentence for m in group.mentions):
        return False
    if mention.town and any(m.town and are_apart(m.town, mention.town) for m in group.mentions):
        return False
    if mention.dying or group.dying:
        return True
    if mention.when is not None and group.day is not None:
        return days_meet(mention.when, group.day)
    return True


def _other_hour(group: Group, mention: Mention) -> bool:
    hours = [m.hour for m in group.mentions if m.hour]
    return bool(mention.hour and hours and not any(_meet(mention.hour, hour) for hour in hours))


def _meet(a: str, b: str) -> bool:
    """Whether two times of day may be one: "T19:30" and "TEV" may."""
    if a == b:
        return True
    (first, last), (other_first, other_last) = _hours(a), _hours(b)
    return (first < last or other_first < other_last) and first <= other_last and other_first <= last


def _hours(time: str) -> tuple[float, float]:
    """The hours that a time of day covers, as in TIMEX3: a clock time one moment."""
    if time[1:3].isdigit():
        at = int(time[1:3]) + (int(time[4:6]) / 60 if time[4:6].isdigit() else 0)
        return at, at
    return _PARTS.get(time[:3], (0, 24))


def days_meet(a: DateMention, b: DateMention) -> bool:
    """Whether two dates share a day; one without days meets any."""
    if not (a.start_date and a.end_date and b.start_date and b.end_date):
        return True
    return a.start_date <= b.end_date and b.start_date <= a.end_date
