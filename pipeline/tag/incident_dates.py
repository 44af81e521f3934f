"""The day of an incident: the first that is named with one of its mentions, else one beside them.

What belongs here: which date of the text is an incident's, and how it came by it. What does not: what a date means (``dates.py``), which
date stands in which clause (``dating.py``).

The day of an arrest or a charge is none. The day of a statement ("condemned the attack on Monday") is the last resort, and the incident says
so: it happened then or before.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from spacy.tokens import Token

from pipeline.knowledge.incidents import IncidentKnowledge
from pipeline.records import DateMention, DateSource
from pipeline.tag.count_context import ContextReader, between
from pipeline.tag.count_phrases import clause_of, is_passive
from pipeline.tag.dating import Dated
from pipeline.tag.draft import Draft
from pipeline.tag.incident_merge import CLOCK, Group, Mention

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=31)
# Sentences around a mention in which a day may stand, in the order in which they are asked.
_BESIDE = (1, -1, 2, -2, 3)
# How far from a day its hour may stand, in characters: "on Friday at approximately 11 p.m.".
_CLOCK_REACH = len(" at approximately ")
_HOUR = re.compile(r"T(?:\d\d|MO|AF|EV).*")
_TO_THE_MINUTE = re.compile(r"T\d")


class IncidentDateReader:
    """Reads the days of incidents."""

    def __init__(self, incidents: IncidentKnowledge, context: ContextReader) -> None:
        self._aftermath = incidents.cues["aftermath"]
        self._statement = incidents.cues["statement"]
        self._context = context

    def of_mention(self, draft: Draft, token: Token, happened: bool) -> Dated | None:
        """The date of the word that tells of the incident, unless that dates what came after: the arrest, the charge, the statement."""
        dated = draft.dating.elapsed(token) or draft.dating.of(token)
        if dated is None or dated.source not in {"clause", "elapsed"}:
            near = self._context.near(draft, token)
            source: DateSource = "statement" if near and self._is_of_statement(draft, near) else "sentence"
            dated = Dated(near, source) if near else None
        if dated is None:
            return None
        when = dated.mention
        root = draft.tokens(when)[0]
        if not token.is_ancestor(root):
            verb = clause_of(root)
            after = verb.i != token.i and self._is_aftermath(verb)
            if (after and clause_of(token).i != verb.i) or self._is_charge(token):
                return None
        return replace(dated, mention=_not_after(when, draft.article.published)) if happened else dated

    def of_group(self, draft: Draft, group: Group) -> Dated | None:
        """The first day named with a mention, else the time passed since, else a day in a sentence beside one.

        Where there is none of them it is the day on which somebody spoke of it, or a longer period.
        """
        named = [Dated(m.when, m.date_source) for m in group.mentions if m.when and m.date_source]
        if group.day is not None:
            return next((d for d in named if d.mention == group.day), Dated(group.day, "sentence"))
        elapsed = next((d for d in named if d.source == "elapsed"), None)
        return elapsed or self._beside(draft, group.mentions) or next((d for d in named if _is_short(d.mention)), None)

    def _beside(self, draft: Draft, mentions: list[Mention]) -> Dated | None:
        published = draft.article.published
        for sentence in (m.sentence + step for m in mentions for step in _BESIDE):
            if not 0 <= sentence < len(draft.sentences):
                continue
            span = draft.sentences[sentence]
            for found in between(draft.dates, span.start_char, span.end_char):
                if found.start_date is None or found.start_date != found.end_date:
                    continue
                past = published is None or found.start_date <= published
                told = CLOCK.fullmatch(found.text) or self._is_of_statement(draft, found)
                if past and not told and not self._is_aftermath(clause_of(draft.tokens(found)[0])):
                    return Dated(found, "narrative")
        return None

    def _is_of_statement(self, draft: Draft, when: DateMention) -> bool:
        """Whether a day is that on which somebody spoke: "the minister said on Monday that". To the minute only deeds are dated."""
        verb = draft.dating.verb_of(when)
        if verb is None or verb.lemma_.lower() not in self._statement or is_passive(verb):
            return False
        around = between(draft.dates, when.start_char - _CLOCK_REACH, when.end_char + _CLOCK_REACH)
        return not any(_TO_THE_MINUTE.search(d.value) for d in around)

    def _is_charge(self, token: Token) -> bool:
        """Whether a noun names what somebody is charged with or held for: "arrested on Monday for the murder"."""
        at = token
        while at.pos_ not in {"VERB", "AUX"} and at.head.i != at.i:
            at = at.head
            if self._is_aftermath(at):
                return True
        return False

    def _is_aftermath(self, word: Token) -> bool:
        """Whether a word tells of what came after; "holding out" is no holding."""
        return word.lemma_.lower() in self._aftermath and not any(c.dep_ == "prt" for c in word.children)


def hour_beside(draft: Draft, token: Token) -> str | None:
    """The hour or part of the day that the sentence of a mention names, as in TIMEX3: "T19:30", "TMO"."""
    sentence = token.sent
    hours = (
        _HOUR.search(d.value) for d in between(draft.dates, sentence.start_char, sentence.end_char) if d.start_date
    )
    return next((h[0] for h in hours if h), None)


def is_longer_than_a_week(when: DateMention | None) -> bool:
    """Whether a date spans more than a week, as a total over a month does."""
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
