"""The incident layer: violent incidents of an article, the mentions of one incident merged, the main incident first.

What belongs here: ranking, and putting an incident together from its parts: ``incident_triggers.py`` (which words), ``incident_dates.py``
(when), ``incident_merge.py`` (which mentions are one), ``incident_slots.py`` (who, whom, with what), ``incident_casualties.py`` (how many).
Words and what they mean: ``knowledge/incidents``.
"""

import math
import re
from collections.abc import Callable, Collection, Iterator

from spacy.tokens import Token
from spacy.vocab import Vocab

from pipeline.knowledge.counts import load_counts
from pipeline.knowledge.incidents import load_incidents
from pipeline.records import DateMention, DateSource, Incident, IncidentMention, Status
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.count_arguments import Reading
from pipeline.tag.count_context import ContextReader, between
from pipeline.tag.count_phrases import objects_of
from pipeline.tag.counts import CountLayer
from pipeline.tag.draft import Draft
from pipeline.tag.incident_casualties import CasualtyCounter
from pipeline.tag.incident_dates import IncidentDateReader, hour_beside, is_longer_than_a_week
from pipeline.tag.incident_merge import LEAD_SENTENCES, Group, Mention, absorbed, days_meet, merged
from pipeline.tag.incident_places import country_filed, place_of, town_of
from pipeline.tag.incident_slots import SlotReader, Slots
from pipeline.tag.incident_teasers import TeaserReader
from pipeline.tag.incident_triggers import BACKGROUND, REFERENCE, TriggerReader

_HAPPENED = frozenset({"actual", "historical"})
_CASUALTIES = frozenset({"killed", "injured", "casualties"})
# Who is in hospital may be ill: that alone tells of no violence.
_IN_CARE = frozenset({"object_to_hospital", "object_treated", "subject_recovering", "bearer_of_state"})
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
        self.dates = IncidentDateReader(self.knowledge, self.context)
        self.slots = SlotReader(counts, self.knowledge, names)
        self.triggers = TriggerReader(counts, self.knowledge, self.context)
        self.casualties = CasualtyCounter(counts)
        self.teasers = TeaserReader(self.knowledge.teasers)

    def __call__(self, draft: Draft) -> list[Incident]:
        """Incidents, the article's main one first; finds of arms and armed threats only where the article tells of no violence."""
        mentions = list(self._mentions(draft, self.triggers.kind)) or list(self._harm(draft))
        lead = draft.sentences[: LEAD_SENTENCES - 1][-1].end_char if draft.sentences else 0
        sums = {t.sent.start for t in self.triggers.candidates(draft.doc) if t.idx < lead and self.triggers.sums_up(t)}
        several = bool(sums) or any(self.triggers.is_of_several(m.token) for m in mentions)
        groups = merged(mentions, several)
        self._share_readings(draft, groups)
        _drop_sums(draft, groups, sums)
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

    def _readings(self, draft: Draft) -> Iterator[Reading]:
        """What the article itself counts, not the headlines of others that its page shows."""
        for reading in self.counts.readings(draft.doc):
            if reading.measure in _CASUALTIES and not self._is_teaser(draft, draft.doc[reading.trigger]):
                yield reading

    def _is_teaser(self, draft: Draft, token: Token) -> bool:
        return any(start <= token.idx < end for start, end in self.teasers.spans(draft.doc))

    def _harm(self, draft: Draft) -> Iterator[Mention]:
        """Mentions made of the words that tell of the hurt, where no word names what hurt them: "was hit by a bullet"."""
        for reading in self._readings(draft):
            token = draft.doc[reading.trigger]
            status = self.context.status(token)
            if reading.counted not in _IN_CARE and reading.kind != "zero" and status is not None:
                kind = "killing" if reading.measure == "killed" else "wounding"
                when, source = self._when(draft, token, status)
                yield Mention(token, draft.sentence_index(token.idx), kind, status, when, date_source=source)

    def _mentions(self, draft: Draft, kind_of: Callable[[Token], str | None]) -> Iterator[Mention]:
        for token in self.triggers.candidates(draft.doc):
            kind = kind_of(token)
            if kind is None or self._is_teaser(draft, token):
                continue
            status = self.triggers.standing(token, self.context.near(draft, token), draft.article.published)
            if status is not None:
                when, source = self._when(draft, token, status)
                if token.tag_ == "NNS" and is_longer_than_a_week(when):
                    continue  # "17 attacks in July" are a total, no incident
                dying = token.lemma_.lower() in self.knowledge.cues["dying"]
                apart = self._is_apart(token)
                town = None if dying else town_of(draft, token)
                yield Mention(
                    token,
                    draft.sentence_index(token.idx),
                    kind,
                    status,
                    when,
                    dying,
                    apart,
                    source,
                    town,
                    hour_beside(draft, token),
                )

    def _when(self, draft: Draft, token: Token, status: Status) -> tuple[DateMention | None, DateSource | None]:
        dated = self.dates.of_mention(draft, token, happened=status in {"actual", "unconfirmed"})
        return (dated.mention, dated.source) if dated else (None, None)

    def _is_apart(self, token: Token) -> bool:
        """Whether the text itself sets an incident apart from those before: "in a separate shooting", "another attack"."""
        nouns = (t for t in token.subtree if t.tag_ == "NN" and (t.lemma_.lower(), "NOUN") in self.knowledge.triggers)
        return any(c.lower_ in self.knowledge.cues["apart"] for noun in nouns for c in noun.children)

    def _share_readings(self, draft: Draft, groups: list[Group]) -> None:
        """Gives each casualty reading to the incident of its sentence, else to the one last spoken of."""
        mentions = sorted(((m.token.i, m.sentence, g) for g in groups for m in g.mentions), key=lambda m: m[0])
        if not mentions:
            return
        for reading in self._readings(draft):
            trigger = draft.doc[reading.trigger]
            if self.context.status(trigger) not in {"actual", "unconfirmed"}:
                continue
            if self.context.is_feared(trigger):
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
        """A figure over a long time or over several acts is no incident's: "44 homicides this year", "two died in separate shootings"."""
        if reading.kind not in {"figure", "plural"}:
            return False
        token = draft.doc[reading.trigger]
        many = token.tag_ != "NN"  # "a triple homicide" is one
        if (
            many
            and token.lemma_.lower() in self.killings
            and not any(c.lower_ in {"the", "these"} for c in token.children)
        ):
            return True
        if reading.kind == "figure" and any(self.triggers.is_of_several(t) for t in token.sent):
            return True
        if any(self._adds_up(t) for t in draft.doc[token.sent.start : token.i]):
            return True
        return is_longer_than_a_week(self.context.near(draft, token)) or _lasts(draft, token)

    def _adds_up(self, verb: Token) -> bool:
        """Whether a verb leads to a sum over several acts: "bringing the toll of three days to five dead"."""
        cues = self.knowledge.cues
        return verb.lemma_ in cues["adds_up"] and any(o.lemma_.lower() in cues["sum"] for o in objects_of(verb))

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
            draft.doc,
            group.readings,
            self.counts.numbers_in(draft.doc),
            fatal=any(_is_fatal(m.token) for m in group.mentions),
        )
        victims = slots.victims or slots.vague_victims
        if group.kind == "clash":
            victims = self.slots.bystanders(victims)
        dated = self.dates.of_group(draft, group)
        start, end = (dated.mention.start_date, dated.mention.end_date) if dated else (None, None)
        place = place_of(draft, (m.token for m in group.mentions), self.context)
        status = group.status
        published = draft.article.published
        if status == "actual" and published and end and published - end > BACKGROUND:
            status = "historical"
        triggers = {(m.token.idx, m.token.idx + len(m.token)) for m in group.mentions}
        telling = triggers | {(t.idx, t.idx + len(t)) for r in group.readings for t in (draft.doc[r.trigger],)}
        return Incident(
            start_char=first.idx,
            end_char=first.idx + len(first),
            text=draft.text(first.idx, first.idx + len(first)),
            incident_type=group.kind,
            start_date=start,
            end_date=end,
            location=place.text if place else None,
            country=place.country if place else country_filed(draft),
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
            date_source=dated.source if dated else None,
            mentions=tuple(IncidentMention(a, b, draft.text(a, b)) for a, b in sorted(telling)),
        )

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
    return bool(parties or hurt or group.day or any(m.date_source in {"elapsed", "statement"} for m in group.mentions))


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


def _drop_sums(draft: Draft, groups: list[Group], sums: Collection[int]) -> None:
    """Takes figures out of the sentences that sum up acts, where what each did is told too."""

    def is_sum(reading: Reading) -> bool:
        return reading.kind in {"figure", "plural"} and draft.doc[reading.trigger].sent.start in sums

    if sum(any(not is_sum(r) and r.kind != "plural" for r in g.readings) for g in groups) > 1:
        for group in groups:
            group.readings = [r for r in group.readings if not is_sum(r)]


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
