"""Dates, times, durations and sets of one article, as TIMEX3.

What belongs here: finding the expressions with the rules of ``knowledge/dates``, choosing among overlapping ones, and what a rule
reads from the words around (guards, tense, the date named last). What does not: what an expression means (``date_resolve.py``).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import get_args

from spacy.tokens import Token
from spacy.vocab import Vocab

from pipeline.knowledge.dates import DateRule, load_dates
from pipeline.records import DateMention, TimexType
from pipeline.tag.date_ranges import following_day, preceding_day, share_years
from pipeline.tag.date_reading import Context, Reading, folded_groups
from pipeline.tag.date_resolve import KINDS
from pipeline.tag.date_tense import TokenIndex, tense_at
from pipeline.tag.date_values import grain_of, interval_of
from pipeline.tag.draft import Draft

# An expression such as "two days later" counts from a date named at most so many characters before it.
_NARRATIVE_REACH = 600
# Stretches that no expression crosses: paragraphs, cut where a lower-case word ends a sentence. "Sept." and "p.m." do not.
_STRETCH = re.compile(r"\n+|(?<=[a-z]{4}[.!?])\s+(?=[A-Z\"“])")
_WORD = re.compile(r"[A-Za-z]+|\d")
_BEFORE_A_YEAR = re.compile(
    r"(?:\b(?:in|since|by|until|till|from|of|during|before|after|between|and|to|through|as|for|around|circa|late|early|mid|the|its|"
    r"year|back|spring|summer|autumn|fall|winter|or|than|with|on)[ \n(-]{1,2}|[(\[,;–-] ?|^)$",
    re.IGNORECASE,
)
_BEFORE_A_MONTH = re.compile(
    r"\b(?:in|since|by|until|till|from|of|during|before|after|between|and|to|through|for|late|early|mid|last|next|this|on)[ \n-]$",
    re.IGNORECASE,
)
_NAME_LABELS = frozenset({"PERSON", "ORG", "WORK_OF_ART", "FAC", "PRODUCT", "LAW", "EVENT"})
_NAME_LIKE_MONTHS = frozenset({"may", "march", "april", "june", "august", "mar", "jan"})


class DateLayer:
    """Time expressions of one article, in text order."""

    def __init__(self, vocab: Vocab, *, day_first: bool = False) -> None:
        self._day_first = day_first
        knowledge = load_dates()
        self._words = knowledge.values
        self._classes = knowledge.classes
        self._rules = knowledge.rules
        unknown = {r.kind for r in self._rules} - KINDS.keys() - {"fixed"}
        if unknown:
            msg = f"rules of kinds that nothing works out: {', '.join(sorted(unknown))}"
            raise ValueError(msg)

    def __call__(self, draft: Draft) -> list[DateMention]:
        """Records in text order, none overlapping another.

        Dates without a year are read against ``draft.article.published``: the latest such date not after it, or the first not
        before it where the sentence speaks of the future. A publication date known only to the month or year counts as unknown.
        """
        text = draft.doc.text
        published = draft.article.published
        if draft.article.published_precision in ("month", "year"):
            published = None
        tokens = TokenIndex(draft.doc)
        kept = list(self._kept(draft, tokens))
        spans = [found.span() for _, found in kept]
        groups = [folded_groups(found) for _, found in kept]
        share_years(text, spans, groups)
        mentions: list[DateMention] = []
        anchor, anchor_end = "", 0
        quarter, quarter_end = "", 0
        for i, (rule, _) in enumerate(kept):
            start, end = spans[i]
            context = Context(
                published,
                anchor if start - anchor_end <= _NARRATIVE_REACH else "",
                tense_at(text, start, tokens, self._words),
                self._words,
                quarter if start - quarter_end <= _NARRATIVE_REACH else "",
                self._day_first,
            )
            mention = _mention(draft, rule, spans[i], groups[i], context)
            if mention is None:
                continue
            room = (mentions[-1].end_char if mentions else 0, spans[i + 1][0] if i + 1 < len(spans) else len(text))
            mentions += _series(draft, text, mention, rule, groups[i], context, tokens, room)
            # What is compared with ("a year ago") does not become the date that the text goes on to speak of.
            compared = rule.kind in ("year_ago", "ago", "offset") and grain_of(mention.value) == "Q"
            if mention.start_date and mention.timex_type in ("DATE", "TIME") and not compared:
                anchor, anchor_end = _plain(mention.value), end
                # A quarter that is still running ("a charge in the fourth quarter") is not the one that the report is about.
                ended = published is not None and mention.end_date is not None and mention.end_date <= published
                reported = ended or not quarter or published is None
                if grain_of(anchor) == "Q" and reported:
                    quarter, quarter_end = anchor, end
        return _weekdays_by_their_date(text, mentions)

    def _kept(self, draft: Draft, tokens: TokenIndex) -> Iterator[tuple[DateRule, re.Match[str]]]:
        """The chosen matches that the words around do not speak against, in text order."""
        text = draft.doc.text
        names = [e for e in draft.entities if e.label in _NAME_LABELS]
        for start, rule, found in self._chosen(text, tokens):
            end = found.end()
            if rule.theme == "durations" or not any(
                n.start_char <= start and end <= n.end_char and n.end_char - n.start_char > end - start for n in names
            ):
                yield rule, found

    def _passes(self, guard: str, text: str, found: re.Match[str], tokens: TokenIndex) -> bool:
        """Whether the words around a match leave it a time expression."""
        start, end = found.span()
        before, after = text[max(start - 25, 0) : start], text[end : end + 25]
        plain = found.group().isalnum()
        ahead_of_it = tokens.before(start)
        # "Bloody Sunday", "Black September": a name, though it names a day
        named = (
            ahead_of_it is not None
            and ahead_of_it.text[:1].isupper()
            and ahead_of_it.lower_ in self._words["makes_a_name"]
        )
        if plain and named and guard in ("month", "name"):
            return False
        if guard == "year" and plain:
            return _is_year(before, tokens.at(end))
        if guard == "month" and plain and found.group().lower() in _NAME_LIKE_MONTHS:
            following = tokens.at(end)
            if following is not None and following.text[:1].isupper() and following.idx == end + 1:
                return False
            return bool(_BEFORE_A_MONTH.search(before)) or (
                found.group().lower() in ("august", "april", "june") and _is_proper(tokens, start)
            )
        if guard == "decade":  # "in his early 20s": an age
            return not re.search(r"\b(?:his|her|their|my|your|our|its)[ \n]$", before, re.IGNORECASE) and (
                not found.group()[0].isdigit()
            )
        if guard == "bare_unit":
            return _is_bare_unit(before, after)
        if guard == "name" and plain:
            return not re.match(r" (?:Times|Mail|Telegraph|Herald|Night Live)\b", after)
        return True

    def _chosen(self, text: str, tokens: TokenIndex) -> list[tuple[int, DateRule, re.Match[str]]]:
        """Matches that pass their guards and do not overlap: longer ones first, then the order of the rules."""
        passing = (m for m in self._matches(text) if not m[1].guard or self._passes(m[1].guard, text, m[2], tokens))
        found = sorted(passing, key=lambda m: (m[2].start() - m[2].end(), m[0]))
        taken: list[tuple[int, int]] = []
        chosen = []
        for _, rule, match in found:
            span = match.span()
            place = bisect_left(taken, span)
            before_free = place == 0 or taken[place - 1][1] <= span[0]
            after_free = place == len(taken) or span[1] <= taken[place][0]
            if before_free and after_free:
                taken.insert(place, span)
                chosen.append((span[0], rule, match))
        return sorted(chosen, key=lambda c: c[0])

    def _matches(self, text: str) -> Iterator[tuple[int, DateRule, re.Match[str]]]:
        cuts = [0, *(c.end() for c in _STRETCH.finditer(text)), len(text)]
        for start, end in pairwise(cuts):
            present: set[str] = set()
            words = {w.lower() for w in _WORD.findall(text, start, end)}
            for word in words:
                if word.isdigit():
                    present.add("digits")
                    word = "digits"  # noqa: PLW2901
                present |= self._classes.get(word, frozenset())
            if not present:
                continue
            for number, rule in enumerate(self._rules):
                if rule.needs.isdisjoint(present) or (rule.words and rule.words.isdisjoint(words)):
                    continue
                for match in rule.pattern.finditer(text, start, end):
                    if match.end() > match.start():
                        yield number, rule, match


def _mention(
    draft: Draft, rule: DateRule, span: tuple[int, int], groups: dict[str, str], context: Context
) -> DateMention | None:
    reading: Reading | None
    if rule.kind == "fixed":
        reading = Reading(
            rule.value, interval_of(rule.value), approximate=rule.value.endswith("_REF") or "X" in rule.value
        )
    else:
        # A day or month to which a series has lent its year is a full date.
        kind = "calendar" if rule.kind == "underspecified" and groups.get("year") else rule.kind
        reading = KINDS[kind](groups, context)
    if reading is None:
        return None
    first, last = reading.interval or (None, None)
    timex_type: TimexType = next(t for t in get_args(TimexType) if t == rule.timex_type)
    return DateMention(
        *span,
        draft.text(*span),
        timex_type,
        reading.value,
        first,
        last,
        reading.approximate,
        f"{rule.theme}: {rule.name}",
    )


def _series(
    draft: Draft,
    text: str,
    mention: DateMention,
    rule: DateRule,
    groups: dict[str, str],
    context: Context,
    tokens: TokenIndex,
    room: tuple[int, int],
) -> list[DateMention]:
    """The mention, with the bare days before and after it that share its month, as far as there is room."""
    series = [mention]
    if not (groups.get("day") and groups.get("month")) or groups.get("day_end") or rule.timex_type != "DATE":
        return series
    before = preceding_day(text, mention.start_char)
    if before is not None and before.start() >= room[0]:
        day = _mention(draft, rule, before.span("day"), {**groups, "day": before["day"]}, context)
        series = [day, mention] if day else series
    while found := following_day(text, series[-1].end_char, tokens):
        day = _mention(draft, rule, found.span("day"), {**groups, "day": found["day"]}, context)
        if day is None or day.end_char > room[1]:
            break
        series.append(day)
    return series


def _weekdays_by_their_date(text: str, mentions: list[DateMention]) -> list[DateMention]:
    """Weekdays with the day that stands in brackets behind them: "Tuesday (Jan. 7)"."""
    told = list(mentions)
    for i, (weekday, behind) in enumerate(pairwise(mentions)):
        if text[weekday.end_char : behind.start_char].strip() != "(" or grain_of(behind.value) != "D":
            continue
        named, day = weekday.start_date, behind.start_date
        if named is None or day is None or named.isoweekday() != day.isoweekday():
            continue
        if f"{named:%a}".lower() not in weekday.text.lower():
            continue
        steps = day - named
        value = weekday.value.replace(named.isoformat(), day.isoformat())
        last = weekday.end_date + steps if weekday.end_date else None
        told[i] = replace(weekday, value=value, start_date=day, end_date=last)
    return told


def _plain(value: str) -> str:
    """The calendar value without its time of day; of a range the end."""
    value = value.rsplit("/", 1)[-1]
    return value.split("T")[0] if grain_of(value) == "D" else value


def _is_proper(tokens: TokenIndex, start: int) -> bool:
    token = tokens.at(start)
    before = tokens.before(start)
    if before is not None and before.ent_type_ == "PERSON":
        return False
    return token is not None and (not token.tag_ or token.tag_ == "NNP")


def _is_year(before: str, following: Token | None) -> bool:
    """Whether a bare four-digit number is a year rather than a count."""
    if re.search(
        r"(?:[$€£#]|\bNo\.|\bflight|\broom|\bBoeing|\broute|\bhighway|\bnumber|\bpage) ?$", before, re.IGNORECASE
    ):
        return False
    if following is not None and following.lower_ == "block":  # "in the 1900 block of Main Street"
        return False
    if re.search(r"\bat[ \n]$", before, re.IGNORECASE):  # "at 1930": a time of day
        return False
    if following is not None and following.tag_ in ("NNS",) and not _BEFORE_A_YEAR.search(before):
        return False
    return not (following is not None and following.lower_ in _MEASURES and not re.search(r"\bin[ \n]$", before))


_MEASURES = frozenset(
    [
        "percent",
        "people",
        "troops",
        "soldiers",
        "million",
        "billion",
        "points",
        "meters",
        "metres",
        "miles",
        "kilometers",
        "km",
        "feet",
        "pounds",
        "tons",
        "tonnes",
        "dollars",
        "members",
        "men",
        "women",
        "rupees",
        "yen",
        "barrels",
        "shares",
        "students",
        "acres",
        "votes",
        "rounds",
        "hours",
        "days",
    ]
)


def _is_bare_unit(before: str, after: str) -> bool:
    """Whether a plural unit stands alone as a length ("for years", "decades of war")."""
    if re.search(
        r"\b(?:for|in|over|within|take|takes|took|lasted|lasting|after|spent|of)[ \n]$", before, re.IGNORECASE
    ):
        return True
    return bool(re.match(r" (?:of|later|earlier|before|after)\b", after)) and not re.search(
        r"\b(?:the|these|those)[ \n]$", before
    )
