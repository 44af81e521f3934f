"""The incident layer: violent incidents of an article, the mentions of one incident merged, the main incident first.

What belongs here: dating, ranking, and putting an incident together from its parts: ``incident_triggers.py`` (which words),
``incident_merge.py`` (which mentions are one), ``incident_slots.py`` (who, whom, with what), ``incident_casualties.py`` (how many). Words and what they mean: ``knowledge/incidents``.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from spacy.tokens import Token
from spacy.vocab import Vocab

from pipeline.knowledge.counts import load_counts
from pipeline.knowledge.incidents import load_incidents
from pipeline.records import DateMention, Incident, LocationMention
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.count_arguments import Reading
from pipeline.tag.count_context import ContextReader, between, clause_of
from pipeline.tag.counts import CountLayer
from pipeline.tag.draft import Draft
from pipeline.tag.incident_casualties import CasualtyCounter
from pipeline.tag.incident_merge import CLOCK, LEAD_SENTENCES, Group, Mention, absorbed, days_meet, merged
from pipeline.tag.incident_slots import SlotReader, Slots
from pipeline.tag.incident_triggers import BACKGROUND, REFERENCE, TriggerReader

_HAPPENED = frozenset({"actual", "historical"})
_CASUALTIES = frozenset({"killed", "injured", "casualties"})
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=31)
_DEADLY_NOUNS = frozenset({"homicide", "murder", "slaying", "killing", "assassination", "massacre"})
_DEADLY = frozenset({"fatal", "deadly"})
_NOT_FATAL = frozenset({"attempted", "non", "nonfatal", "second", "third"})

# Lengths of months and more, and the words that say that something happened within one.
_LONG = re.compile(r"P[\dX.]*(?:M|Y|DE|CE)")
_WITHIN = frozenset({"in", "over", "during", "within", "through"})


class IncidentLayer:
    """Incidents of one article."""

    def __init__(self, vocab: Vocab, names: KnownNames) -> None:
        self.vocab = vocab
        counts, self.knowledge = load_counts(), load_incidents()
        self.killings = counts.nouns["act_of_killing"]
        self.counts = CountLayer(vocab)
        self.context = ContextReader(counts)
        self.slots = SlotReader(counts, self.knowledge, names)
        self.triggers = TriggerReader(counts, self.knowledge, self.context)
        self.casualties = CasualtyCounter(counts)

    def __call__(self, draft: Draft) -> list[Incident]:
        """Incidents, the article's main one first; finds of arms and armed threats only where the article tells of no violence."""
        groups = merged(self._mentions(draft, self.triggers.kind)) or merged(self._harm(draft))
        self._share_readings(draft, groups)
        groups = absorbed(groups)
        told = [(g, self._incident(draft, g, self._slots(draft, g))) for g in groups]
        violent = any(self._is_violent(g, i) for g, i in told)
        told = [
            (g, i) for g, i in told if _says_something(g, i) and (violent and _is_death(g) or self._is_violent(g, i))
        ]
        if not any(i.status in _HAPPENED for _, i in told):
            armed = merged(self._mentions(draft, self.triggers.armed))
            told += [(g, self._incident(draft, g, Slots())) for g in armed]
        told.sort(key=lambda pair: (-self._prominence(*pair), pair[1].start_char))
        return [incident for _, incident in told]

    def _is_violent(self, group: Group, incident: Incident) -> bool:
        """Whether somebody did it: those whose bus crashes die too, and so do the old and sick of whose deaths alone a text tells."""
        if incident.perpetrator_individuals or incident.perpetrator_organizations or incident.weapons:
            return True
        told = [m.token for m in group.mentions if m.kind != REFERENCE]
        return not (_is_death(group) or self.triggers.is_mishap(told))

    def _harm(self, draft: Draft) -> Iterator[Mention]:
        """Mentions made of the words that tell of the hurt, where no word names what hurt them: "was hit by a bullet"."""
        for reading in self.counts.readings(draft.doc):
            token = draft.doc[reading.trigger]
            status = self.context.status(token)
            if reading.measure in _CASUALTIES and reading.kind != "zero" and status is not None:
                kind = "killing" if reading.measure == "killed" else "wounding"
                when = self._when(draft, token, happened=status in {"actual", "unconfirmed"})
                yield Mention(token, draft.sentence_index(token.idx), kind, status, when)

    def _mentions(self, draft: Draft, kind_of: Callable[[Token], str | None]) -> Iterator[Mention]:
        for token in self.triggers.candidates(draft.doc):
            kind = kind_of(token)
            if kind is None:
                continue
            status = self.triggers.standing(token, self.context.near(draft, token), draft.article.published)
            if status is not None:
                when = self._when(draft, token, happened=status in {"actual", "unconfirmed"})
                if token.tag_ == "NNS" and _is_longer_than_a_week(when):
                    continue  # "17 attacks in July" are a total, no incident
                dying = token.lemma_.lower() in self.knowledge.cues["dying"]
                apart = self._is_apart(token)
                yield Mention(token, draft.sentence_index(token.idx), kind, status, when, dying, apart)

    def _is_apart(self, token: Token) -> bool:
        """Whether the text itself sets an incident apart from those before: "in a separate shooting", "another attack"."""
        nouns = (t for t in token.subtree if t.tag_ == "NN" and (t.lemma_.lower(), "NOUN") in self.knowledge.triggers)
        return any(c.lower_ in self.knowledge.cues["apart"] for noun in nouns for c in noun.children)

    def _when(self, draft: Draft, token: Token, happened: bool) -> DateMention | None:
        """The mention's date, unless that dates what came after: the arrest, the charge, the statement."""
        dated = draft.dating.of(token)
        when = dated.mention if dated and dated.source == "clause" else self.context.near(draft, token)
        if when is None:
            return None
        root = draft.tokens(when)[0]
        if not token.is_ancestor(root):
            verb = clause_of(root)
            after = verb.i != token.i and verb.lemma_ in self.knowledge.cues["aftermath"]
            if (after and clause_of(token).i != verb.i) or self._is_charge(token):
                return None
        return _not_after(when, draft.article.published) if happened else when

    def _is_charge(self, token: Token) -> bool:
        """Whether a noun names what somebody is charged with or held for: "arrested on Monday for the murder"."""
        at = token
        while at.pos_ not in {"VERB", "AUX"} and at.head.i != at.i:
            at = at.head
            if at.lemma_.lower() in self.knowledge.cues["aftermath"]:
                return True
        return False

    def _share_readings(self, draft: Draft, groups: list[Group]) -> None:
        """Gives each casualty reading to the incident of its sentence, else to the one last spoken of."""
        mentions = sorted(((m.token.i, m.sentence, g) for g in groups for m in g.mentions), key=lambda m: m[0])
        if not mentions:
            return
        for reading in self.counts.readings(draft.doc):
            trigger = draft.doc[reading.trigger]
            if reading.measure not in _CASUALTIES or self.context.status(trigger) not in {"actual", "unconfirmed"}:
                continue
            if self._is_background(draft, reading):
                continue
            sentence = draft.sentence_index(trigger.idx)
            here = [m for m in mentions if m[1] == sentence]
            if here:
                owner = min(here, key=lambda m: abs(m[0] - trigger.i))[2]
            else:
                before = [m for m in mentions if m[0] < trigger.i]
                owner = (before[-1] if before else mentions[0])[2]
            when = self.context.near(draft, trigger)
            if here or when is None or owner.day is None or days_meet(when, owner.day):
                owner.readings.append(reading)

    def _is_background(self, draft: Draft, reading: Reading) -> bool:
        """A figure over a long time is no incident's, nor is a number of acts: "44 homicides this year", "in two decades of violence"."""
        if reading.kind not in {"figure", "plural"}:
            return False
        token = draft.doc[reading.trigger]
        if token.lemma_.lower() in self.killings and not any(c.lower_ in {"the", "these"} for c in token.children):
            return True
        return _is_longer_than_a_week(self.context.near(draft, token)) or _lasts(draft, token)

    def _slots(self, draft: Draft, group: Group) -> Slots:
        slots = Slots()
        for mention in group.mentions:
            slots.add(self.slots.read(draft, mention.token))
        for reading in group.readings:
            hurt = Slots()
            self.slots.victim(draft, draft.doc[reading.head], hurt)
            slots.add(hurt)
        return slots

    def _incident(self, draft: Draft, group: Group, slots: Slots) -> Incident:
        first = group.mentions[0].token
        casualties = self.casualties.count(
            draft.doc, group.readings, fatal=any(_is_fatal(m.token) for m in group.mentions)
        )
        victims = slots.victims or slots.vague_victims
        if group.kind == "clash":
            victims = self.slots.bystanders(victims)
        start, end = self._dates(draft, group)
        place = self._place(draft, group)
        status = group.status
        published = draft.article.published
        if status == "actual" and published and end and published - end > BACKGROUND:
            status = "historical"
        triggers = {(m.token.idx, m.token.idx + len(m.token)) for m in group.mentions}
        return Incident(
            start_char=first.idx,
            end_char=first.idx + len(first),
            text=draft.text(first.idx, first.idx + len(first)),
            incident_type=group.kind,
            start_date=start,
            end_date=end,
            location=place.text if place else None,
            country=place.country if place else None,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            perpetrator_individuals=tuple(slots.perpetrator_individuals or slots.vague_individuals),
            perpetrator_organizations=tuple(slots.perpetrator_organizations),
            targets=tuple(slots.targets),
            victims=tuple(victims),
            weapons=tuple(slots.weapons),
            killed_low=casualties.killed[0],
            killed_best=casualties.killed[1],
            killed_high=casualties.killed[2],
            injured_low=casualties.injured[0],
            injured_best=casualties.injured[1],
            injured_high=casualties.injured[2],
            status=status,
            event_indexes=tuple(
                i for i, e in enumerate(draft.events) if any(e.start_char < b and a < e.end_char for a, b in triggers)
            ),
        )

    def _dates(self, draft: Draft, group: Group) -> tuple[date | None, date | None]:
        """The first day named with a mention, else a day in a sentence beside one, else a longer period named with one."""
        chosen = group.day or self._day_beside(draft, group)
        if chosen is None:
            chosen = next((m.when for m in group.mentions if m.when and _is_short(m.when)), None)
        return (chosen.start_date, chosen.end_date) if chosen else (None, None)

    def _day_beside(self, draft: Draft, group: Group) -> DateMention | None:
        published = draft.article.published
        for mention in group.mentions:
            for sentence in (mention.sentence + step for step in (1, -1, 2, -2, 3)):
                if not 0 <= sentence < len(draft.sentences):
                    continue
                span = draft.sentences[sentence]
                for found in between(draft.dates, span.start_char, span.end_char):
                    if found.start_date is None or found.start_date != found.end_date:
                        continue
                    past = published is None or found.start_date <= published
                    past = past and not CLOCK.fullmatch(found.text) and not self._is_aftermath(draft, found)
                    if past:
                        return found
        return None

    def _is_aftermath(self, draft: Draft, mention: DateMention) -> bool:
        return clause_of(draft.tokens(mention)[0]).lemma_ in self.knowledge.cues["aftermath"]

    def _place(self, draft: Draft, group: Group) -> LocationMention | None:
        sentences = {m.sentence for m in group.mentions}
        return next((p for p in draft.locations if draft.sentence_index(p.start_char) in sentences), None)

    def _prominence(self, group: Group, incident: Incident) -> float:
        """Early, often and grave: what news puts first (the inverted pyramid)."""
        lead = max(0, LEAD_SENTENCES - group.mentions[0].sentence)
        hurt = (incident.killed_best or incident.killed_low or 0) + (incident.injured_best or incident.injured_low or 0)
        asserted = incident.status == "actual"
        return 2 * asserted + lead + math.log1p(len(group.mentions)) + 2 * math.log1p(hurt)


def _says_something(group: Group, incident: Incident) -> bool:
    """Whether there is an incident behind the words: a party, somebody hurt, or a day ("violence" alone names none)."""
    parties = (
        incident.perpetrator_individuals + incident.perpetrator_organizations + incident.targets + incident.victims
    )
    hurt = incident.killed_low or incident.injured_low
    return bool(parties or hurt or group.day)


def _is_death(group: Group) -> bool:
    """Whether the words say only that somebody died."""
    return all(m.dying for m in group.mentions)


def _is_fatal(trigger: Token) -> bool:
    """The word itself says that somebody died: "homicide", "a fatal shooting"; "attempted murder" does not."""
    qualifiers = {c.lower_ for c in trigger.children} | {c.lower_ for c in trigger.head.children if c.i < trigger.i}
    if qualifiers & _NOT_FATAL:
        return False
    deadly = trigger.lemma_.lower() in _DEADLY_NOUNS and trigger.tag_ not in {"NNS", "NNPS"}
    return deadly or bool({c.lower_ for c in trigger.children} & _DEADLY)


def _lasts(draft: Draft, token: Token) -> bool:
    """Whether what a word tells of took a length of months or more: "have died in two decades of violence"."""
    sentence = token.sent
    for found in between(draft.dates, sentence.start_char, sentence.end_char):
        if found.timex_type != "DURATION" or not _LONG.fullmatch(found.value):
            continue
        first = draft.tokens(found)[0]
        opened = first.i > 0 and first.nbor(-1).lower_ in _WITHIN
        if opened and token.is_ancestor(first):
            return True
    return False


def _is_longer_than_a_week(when: DateMention | None) -> bool:
    return bool(when and when.start_date and when.end_date and when.end_date - when.start_date > _WEEK)


def _is_short(when: DateMention) -> bool:
    """A span of a month at most: a longer one dates a background, not an incident."""
    return bool(when.start_date and when.end_date) and when.end_date - when.start_date <= _MONTH  # type: ignore[operator]


def _not_after(when: DateMention, published: date | None) -> DateMention:
    """What has happened lies before publication: a weekday that was read as the coming one is the last one."""
    if published is None or when.start_date is None or when.end_date is None:
        return when
    ahead = (when.start_date - published).days
    # One day ahead is a publication date that is a day behind.
    if not 1 < ahead <= _WEEK.days or any(c.isdigit() for c in CLOCK.sub("", when.text)):
        return when
    return replace(when, start_date=when.start_date - _WEEK, end_date=when.end_date - _WEEK)
