"""Which date belongs to which act or figure: that of its clause, else of its sentence, else the time that the narrative has reached.

What belongs here: reading from the parse what a time expression dates. What does not: what it means (``dates.py``).

A range ("between 2007 and 2014", "since June") dates an act by all of its days; a mere bound ("until May", "after the vote in June")
dates nothing. The time of a saying is kept apart from the time of the deed: in "police said on Friday that rebels had burned the bridge" Friday dates
the statement alone. An act that none of the three ways dates stays undated; the publication date is never used.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from spacy.tokens import Doc, Token

from pipeline.knowledge.datelines import find_dateline
from pipeline.knowledge.dates import load_dates
from pipeline.records import DateMention, DateSource, Sentence

# The narrative goes on from a date this many sentences back at most, and only from one this exact.
_SENTENCES_BACK = 2
_LONGEST_POINT = 31
_RANGE_OPENS = re.compile(r"\b(?:between|from)\s(?:early |late |mid-)?$", re.IGNORECASE)
_RANGE_GOES_ON = re.compile(r",?\s(?:and|to|until|till|through)\s(?:early |late |mid-)?", re.IGNORECASE)
# Prepositions that make a date the bound of a time, not the time itself; "since" reaches to the publication.
_BOUNDS = frozenset({"until", "till", "before", "after", "pending", "prior"})
# Clauses that tell of something else than the sentence's main verb does.
_ASIDES = frozenset({"relcl", "acl", "ccomp", "pcomp"})
# Wires carry the date of where they were sent from: what they tell may have happened on the next.
_WIRE_DAY = timedelta(days=1)
_SHARES_TIME = frozenset({"conj", "advcl", "xcomp", "dep"})
# Lengths of time that can be counted back from a day, and by how much their round figures may be off to either side.
_LENGTH = re.compile(r"PT?(\d{1,2}|X)(?<!PX)([DWMH])")
_UNITS = {"D": (timedelta(1), timedelta(0)), "W": (timedelta(7), timedelta(3)), "M": (timedelta(30), timedelta(15))}
_AT_THE_SAME_TIME = frozenset({"when", "as", "while"})
_OTHER_TIME = frozenset({"after", "before", "since", "until", "if", "because", "although", "though", "once"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A time expression and the way in which it was found to date an act."""

    mention: DateMention
    source: DateSource


@dataclass(frozen=True, slots=True)
class _Placed:
    """A calendar date in the parse: its token, the nouns that it hangs on, and the verb above them.

    ``aside`` says that the nouns are themselves the bound of a time: "before the vote in June".
    """

    mention: DateMention
    token: Token
    nouns: tuple[Token, ...]
    verb: Token | None
    aside: bool = False


class Dating:
    """The dates of one article, ready to be asked what they date."""

    def __init__(
        self, doc: Doc, sentences: Sequence[Sentence], dates: Sequence[DateMention], published: date | None
    ) -> None:
        self._published = published
        self._about = load_dates().values["speaks_of"]
        self._starts = [s.start_char for s in sentences]
        self._text = doc.text
        self._by_sentence: dict[int, list[_Placed]] = defaultdict(list)
        self._lengths = [(d, after) for d in dates if (after := _after(doc, d))]
        dateline = find_dateline(doc.text)
        filed = dateline.end_char if dateline else 0  # the day of filing dates no act
        for mention in _with_ranges(doc.text, [d for d in dates if d.start_date and d.start_char >= filed]):
            words = doc.char_span(mention.start_char, mention.end_char, alignment_mode="expand")
            placed = self._placed(mention, words.root, published) if words is not None and len(words) else None
            if placed is not None:
                self._by_sentence[self._index(mention.start_char)].append(placed)

    def _index(self, char: int) -> int:
        place = bisect_left(self._starts, char)
        return place if place < len(self._starts) and self._starts[place] == char else max(place - 1, 0)

    def of(self, trigger: Token, without: Container[int] = ()) -> Dated | None:
        """The date of the act that a verb or noun stands for; ``without`` the dates that begin at these offsets."""
        here = [p for p in self._by_sentence.get(self._index(trigger.idx), []) if p.mention.start_char not in without]
        if self._published and _is_past(trigger):
            # What has happened is not dated by what is to come: "agreed to lift the ban from May 31".
            latest = self._published + _WIRE_DAY
            here = [p for p in here if p.mention.start_date and p.mention.start_date <= latest]
        mine = [p for p in here if self._in_clause(p, trigger)]
        if mine:
            nearest = min(mine, key=lambda p: (_distance(p, trigger), abs(p.token.i - trigger.i)))
            return Dated(nearest.mention, "clause")
        if len(here) == 1 and self._in_sentence(here[0], trigger):
            return Dated(here[0].mention, "sentence")
        return self._narrative(trigger) if not here else None

    def verb_of(self, mention: DateMention) -> Token | None:
        """The verb beside which a date stands in the parse; None where a noun has it for itself, or it has no place in the calendar."""
        here = self._by_sentence.get(self._index(mention.start_char), [])
        return next((p.verb for p in here if p.mention.start_char == mention.start_char and not p.nouns), None)

    def elapsed(self, trigger: Token) -> Dated | None:
        """The time of an act from which on another one is counted: "marched on June 24, two weeks after they were abducted".

        Days are subtracted as they stand; of weeks and months, which round, the days nearest to them are meant; "hours after" reaches
        into the day before. Only where the sentence has exactly one date to count from.
        """
        for mention, after in self._lengths:
            if trigger != after.head and not (after.dep_ == "prep" and trigger.head == after):
                continue
            here = self._by_sentence.get(self._index(mention.start_char), [])
            length = _LENGTH.fullmatch(mention.value)
            anchor = here[0].mention.start_date if len(here) == 1 else None
            if length is None or anchor is None or anchor != here[0].mention.end_date:
                return None
            if length[2] == "H":
                return Dated(replace(mention, start_date=anchor - timedelta(1), end_date=anchor), "elapsed")
            unit, slack = _UNITS[length[2]]
            day = anchor - int(length[1]) * unit
            return Dated(replace(mention, start_date=day - slack, end_date=day + slack), "elapsed")
        return None

    def _placed(self, mention: DateMention, token: Token, published: date | None) -> _Placed | None:
        """Where a date stands in the parse; a saying that only closes the sentence leaves it to what is said."""
        placed = _placed(mention, token, published)
        if placed is None or placed.verb is None or not self._is_about(placed.verb):
            return placed
        verb = placed.verb
        speaker = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), verb)
        told = next((c for c in verb.children if c.dep_ == "ccomp" and c.i < verb.i), None)
        # "three soldiers were killed on Wednesday, the ministry said"
        return replace(placed, verb=told) if told is not None and told.i < token.i < speaker.left_edge.i else placed

    def _is_about(self, verb: Token | None) -> bool:
        return verb is not None and verb.lemma_.lower() in self._about

    def _in_clause(self, placed: _Placed, trigger: Token) -> bool:
        if trigger in placed.nouns or placed.verb == trigger:
            return True
        if trigger.dep_ == "relcl" and trigger.head == placed.token:  # "on May 10, when rockets were fired"
            return True
        if placed.verb is None:
            return False
        if trigger.pos_ in ("NOUN", "PROPN"):
            if placed.verb.dep_ in ("relcl", "acl") and placed.verb.head == trigger:
                return not self._is_about(placed.verb)
            above = _verb_above(trigger)
            # "launched an attack on Friday", "the attack on Friday killed": verb and noun are one act
            together = above is not None and self._shares_time(placed.verb, above)
            return together and not self._is_about(above) and not _is_act_noun_between(placed, trigger)
        return self._shares_time(placed.verb, trigger) and not self._is_about(placed.verb)

    def _shares_time(self, dated: Token, trigger: Token) -> bool:
        """Whether two verbs are told as one moment: coordinated, a participle of the other, or joined by "when"."""
        for upper, lower in ((dated, trigger), (trigger, dated)):
            for step in _steps_up(lower):
                if step == upper:
                    return True
                if not _is_told_along(step) or any(
                    c.lower_ in _OTHER_TIME for c in step.children if c.dep_ in ("mark", "advmod")
                ):
                    break
                if step.dep_ == "advcl" and step.tag_ != "VBG" and not _is_simultaneous(step):
                    break
        return False

    def _in_sentence(self, placed: _Placed, trigger: Token) -> bool:
        """Whether the sentence's only date may be taken for the act.

        Not if it hangs on a noun or dates a saying, nor if the act or the date stands in a clause that tells of something else.
        """
        verb = placed.verb
        if placed.nouns or verb is None or self._is_about(verb):
            return False
        if any(c.lower_ in _OTHER_TIME for c in verb.children):
            return False
        return not (_is_aside(trigger, placed.token) or _is_aside(placed.token, trigger))

    def _narrative(self, trigger: Token) -> Dated | None:
        """The day that the sentences before have reached, for an act told in the simple past."""
        if not _is_simple_past(trigger) or not _carries_the_story(trigger):
            return None
        sentence = self._index(trigger.idx)
        for back in range(sentence - 1, max(sentence - 1 - _SENTENCES_BACK, -1), -1):
            if "\n" in self._text[self._starts[back] : trigger.idx].strip():
                return None
            for placed in reversed(self._by_sentence.get(back, [])):
                if self._is_point(placed):
                    return Dated(placed.mention, "narrative")
            if self._by_sentence.get(back):
                return None
        return None

    def _is_point(self, placed: _Placed) -> bool:
        start, end = placed.mention.start_date, placed.mention.end_date
        if start is None or end is None or (end - start).days >= _LONGEST_POINT or placed.verb is None:
            return False
        return _is_simple_past(placed.verb) and not self._is_about(placed.verb)


def _with_ranges(text: str, dates: Sequence[DateMention]) -> Iterator[DateMention]:
    """The calendar dates, the two ends of a range as one."""
    skip = False
    for i, first in enumerate(dates):
        last = dates[i + 1] if i + 1 < len(dates) else None
        if skip:
            skip = False
        elif (
            last
            and first.start_date
            and last.end_date
            and first.start_date < last.end_date
            and _RANGE_GOES_ON.fullmatch(text[first.end_char : last.start_char])
            and _RANGE_OPENS.search(text[max(first.start_char - 15, 0) : first.start_char])
        ):
            skip = True
            yield replace(first, end_char=last.end_char, end_date=last.end_date)
        else:
            yield first


def _after(doc: Doc, mention: DateMention) -> Token | None:
    """The "after" behind a length of time: "two weeks after"."""
    span = doc.char_span(mention.start_char, mention.end_char) if mention.timex_type == "DURATION" else None
    follows = span is not None and span.end < len(doc) and doc[span.end].lower_ == "after"
    return doc[span.end] if span is not None and follows else None


def _is_told_along(verb: Token) -> bool:
    """Whether a verb is told in one breath with the one above it; a semicolon coordinates, whatever the parse calls it."""
    between = verb.doc[min(verb.i, verb.head.i) : max(verb.i, verb.head.i)]
    return verb.dep_ in _SHARES_TIME or (verb.dep_ in ("ccomp", "parataxis") and any(t.text == ";" for t in between))


def _placed(mention: DateMention, token: Token, published: date | None) -> _Placed | None:
    """Where a date stands in the parse; None for what is only a bound."""
    nouns: list[Token] = []
    node = token
    while node.head.i != node.i:
        node = node.head
        word = node.lower_
        if not nouns and word in _BOUNDS:
            return None
        if not nouns and word == "since" and mention.start_date and published and mention.start_date <= published:
            mention = replace(mention, end_date=published)
        elif nouns and (word == "since" or word in _BOUNDS):
            return _Placed(mention, token, tuple(nouns), None, aside=True)
        if node.pos_ in ("VERB", "AUX"):
            return _Placed(mention, token, tuple(nouns), node)
        if node.pos_ in ("NOUN", "PROPN"):
            nouns.append(node)
    return _Placed(mention, token, tuple(nouns), node if node.pos_ in ("VERB", "AUX") else None)


def _is_aside(token: Token, other: Token) -> bool:
    """Whether a token stands in a clause of its own, seen from where it meets another."""
    for step in _steps_up(token):
        if step == other or step.is_ancestor(other):
            return False
        if step.dep_ in _ASIDES:
            return True
    return False


def _verb_above(token: Token) -> Token | None:
    return next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)


def _steps_up(token: Token) -> Iterator[Token]:
    yield token
    yield from token.ancestors


def _is_simultaneous(clause: Token) -> bool:
    return any(c.lower_ in _AT_THE_SAME_TIME for c in clause.children if c.dep_ in ("mark", "advmod"))


def _is_act_noun_between(placed: _Placed, trigger: Token) -> bool:
    """Whether the date hangs on another noun of the clause: "talks about the attack of Friday"."""
    return bool(placed.nouns) and trigger not in placed.nouns and placed.nouns[0].i > trigger.i


def _distance(placed: _Placed, trigger: Token) -> int:
    if trigger in placed.nouns or placed.verb == trigger:
        return 0
    return 1


def _carries_the_story(trigger: Token) -> bool:
    """Whether the sentence tells the act itself, not in an aside about one of its nouns ("a town that was burned down")."""
    if trigger.pos_ in ("NOUN", "PROPN") and trigger.dep_ not in ("nsubj", "nsubjpass", "dobj"):
        return False
    return not any(t.dep_ in ("relcl", "acl", "pcomp") for t in _steps_up(trigger))


def _is_past(token: Token) -> bool:
    """Whether a verb is told as done: in the past tense or the perfect."""
    helpers = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
    return token.tag_ == "VBD" or bool(helpers & {"was", "were", "has", "have", "had", "did"})


def _is_simple_past(token: Token) -> bool:
    """Whether a verb, or the verb above a noun, is told in the simple past: not "has", "had", "would"."""
    verb = token if token.pos_ in ("VERB", "AUX") else _verb_above(token)
    if verb is None:
        return False
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    if helpers - {"was", "were", "did"}:
        return False
    if verb.tag_ == "VBG" and verb.dep_ in ("advcl", "xcomp", "conj") and verb.head.i != verb.i:
        return _is_simple_past(verb.head)
    return verb.tag_ == "VBD" or bool(helpers)
