"""Number expressions: digits, number words, vague quantifiers and hedges, with their lower, best and upper bounds.

What belongs here: where a number stands in the tokens and what its bounds are. What does not: what the number counts
(``count_arguments.py``).
"""

import re
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from pipeline.knowledge.counts import CountKnowledge, Numeral

_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_DIGIT_RANGE = re.compile(r"(\d{1,6})[-–](\d{1,6})")
_LONGEST_HEDGE = 4
# How far before a figure the word "toll" may stand, in tokens.
_TOLL_REACH = 4
# "Has gone up to 1,587" states a number; "up to" is no hedge there.
_GONE = frozenset({"gone", "went", "goes", "going"})
_PLACES = frozenset({"GPE", "LOC"})
_LONG_NUMBER = re.compile(r"\d{4,7}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE_YEAR = {"the", "in", "since", "of", "his", "her", "their", "a", "'s", "’s", "by", "until", "during"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``start``..``end`` (half-open). None in a bound is unknown."""

    start: int
    end: int
    low: int | None
    best: int | None
    high: int | None


def _exact(start: int, end: int, value: float) -> Number:
    return Number(start, end, int(value), int(value), int(value))


class NumberReader:
    """Finds the number expressions of a parsed text in one pass over its tokens."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self.numerals = knowledge.numerals
        self.hedges = knowledge.hedges
        self.units = knowledge.nouns["unit"]

    def read(self, doc: Doc) -> list[Number]:
        """All numbers in text order, hedges included in their spans; ages, money, percentages and measures left out."""
        words = [t.lower_ for t in doc]
        found: list[Number] = []
        i = 0
        while i < len(words):
            number = self._range(words, i) or self._core(words, i)
            if number is None:
                i += 1
                continue
            i = number.end
            if self._counts_something(doc, words, number):
                found.append(self._hedged(words, number))
        return found

    def _counts_something(self, doc: Doc, words: list[str], number: Number) -> bool:
        """False for money, percentages, ages, times, calibres and numbers inside names or addresses."""
        before = words[number.start - 1] if number.start else ""
        after = words[number.end] if number.end < len(words) else ""
        # An age after a name is set off by commas: "Smith, 34, was".
        if before == "," and after in {",", ")", "."} and words[number.start][:1].isdigit():
            return False
        if before in {"$", "£", "€", "#", "no.", "aged", "age"} or before.endswith("$"):
            return False
        if (
            after in {"%", "percent", "per", ":", "°", "/"}
            or before == "/"
            or {after, after.removesuffix("s")} & self.units
        ):
            return False
        if after.startswith("-") and words[min(number.end + 1, len(words) - 1)].rstrip("s") in self.units:
            return False
        if number.end < len(doc) and doc[number.end].lemma_.lower() in self.units:
            return False
        if after == "more" and words[min(number.end + 1, len(words) - 1)].rstrip("s") in self.units:  # "two more times"
            return False
        if _YEAR.fullmatch(words[number.start]) and before in _BEFORE_YEAR:
            return False
        if words[number.start] == "another" and before == "one":
            return False
        if "toll" in words[max(number.start - _TOLL_REACH, 0) : number.start] and number.end - number.start == 1:
            return not _YEAR.fullmatch(words[number.start])  # "the toll at 31": no day of a month
        if _LONG_NUMBER.fullmatch(words[number.end - 1]) and not _YEAR.fullmatch(words[number.end - 1]):
            return True  # whatever the model takes it for: "has gone up to 1587"
        token = doc[number.end - 1]
        while token.dep_ == "conj" and number.start <= token.head.i < token.i:  # "between 30 and 40"
            token = token.head
        if token.ent_type_ in _PLACES and token.is_title:
            return False  # "the Thousand Oaks woman"
        if token.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT", "ORDINAL", "FAC", "LAW", "PRODUCT"}:
            # The model takes "12 wounded" for a date at times; a noun or participle after the number decides otherwise.
            return (
                token.ent_type_ in {"DATE", "PRODUCT"}
                and token.dep_ == "nummod"
                and token.head.i > token.i
                and (token.head.ent_type_ != token.ent_type_)
            )
        return True

    def _range(self, words: list[str], i: int) -> Number | None:
        """A range: "30 to 40", "30-40", "between 30 and 40"."""
        match = _DIGIT_RANGE.fullmatch(words[i])
        if match:
            low, high = int(match[1]), int(match[2])
            return Number(i, i + 1, low, None, high) if low < high else None
        between = words[i] in {"between", "from"}
        first = self._core(words, i + between)
        if first is None or first.best is None or first.end >= len(words):
            return None
        joins = {"and", "to"} if between else {"to", "or", "-", "–"}
        if words[first.end] not in joins:
            return None
        second = self._core(words, first.end + 1)
        if second is None or second.best is None or second.best <= first.best:
            return None
        if words[first.end] == "or" and second.best - first.best > max(first.best, 2):
            return None
        return Number(i, second.end, first.best, None, second.best)

    def _core(self, words: list[str], i: int) -> Number | None:
        if i >= len(words):
            return None
        if _DIGITS.fullmatch(words[i]):
            value = float(words[i].replace(",", ""))
            following = self.numerals.get(words[i + 1]) if i + 1 < len(words) else None
            if following and following.kind in {"scale", "group"} and following.best:
                return _exact(i, i + 2, round(value * following.best))
            return _exact(i, i + 1, value) if value == int(value) else None
        return self._words(words, i)

    def _words(self, words: list[str], i: int) -> Number | None:
        """Number words: "twenty-five", "two hundred and ten", "a dozen", "several hundred", "hundreds of thousands"."""
        start = i
        article = words[i] in {"a", "an", "half"}
        if (
            words[i] == "half" and i + 2 < len(words) and words[i + 1] in {"a", "an"}
        ):  # "half a dozen", "half a million"
            whole = self.numerals.get(words[i + 2])
            if whole is not None and whole.kind in {"scale", "group"} and whole.best:
                return _exact(start, i + 3, whole.best // 2)
        if article:
            i += 1
        first = self.numerals.get(words[i]) if i < len(words) else None
        if first is not None and first.kind == "multiplier":  # "a triple homicide"; "double digits" counts nothing
            return _exact(i, i + 1, first.best or 0)
        if first is None or (article and first.kind not in {"scale", "group", "vague"}):
            return None
        if first.kind in {"vague", "plural"}:
            return self._vague(words, start, i, first)
        total, part, end = 0, 1 if article else 0, i
        while end < len(words):
            numeral = self.numerals.get(words[end])
            if numeral is None:
                joined = end + 1 < len(words) and words[end] in {"-", "and"} and end > i
                following = self.numerals.get(words[end + 1]) if joined else None
                previous = self.numerals.get(words[end - 1]) if end else None
                wanted = "ten" if words[end] == "-" else "scale"
                if not following or not previous or previous.kind != wanted or following.kind not in {"unit", "ten"}:
                    break
                end += 1
                continue
            if numeral.best is None or (
                numeral.kind == "unit" and end > i and words[end - 1] in self.numerals and part % 10
            ):
                break
            if numeral.kind in {"scale", "group"}:
                part = max(part, 1) * numeral.best
                if numeral.best >= 1000:  # noqa: PLR2004 - a thousand closes a group of digits
                    total, part = total + part, 0
            else:
                part += numeral.best
            end += 1
        return _exact(start, end, total + part)

    def _vague(self, words: list[str], start: int, i: int, first: Numeral) -> Number:
        number = Number(start, i + 1, first.low, first.best, first.high)
        following = self.numerals.get(words[i + 1]) if i + 1 < len(words) else None
        if following and following.kind in {"scale", "group"} and following.best:
            scale = following.best
            high = None if first.high is None else (first.high + 1) * scale - 1
            return Number(start, i + 2, (first.low or 1) * scale, None, high)
        if first.kind == "plural" and i + 2 < len(words) and words[i + 1] == "of":
            unit = self.numerals.get(words[i + 2])
            if unit and unit.kind == "plural" and unit.low:
                return Number(start, i + 3, (first.low or 1) * unit.low, None, None)
        return number

    def _hedged(self, words: list[str], number: Number) -> Number:
        for length in range(min(_LONGEST_HEDGE, number.start), 0, -1):
            hedge = self.hedges.get(tuple(words[number.start - length : number.start]))
            before = words[number.start - length - 1] if number.start > length else ""
            if hedge is None or number.best is None or before in _GONE:
                continue
            value = number.best
            low = None if hedge.low_factor is None else round(value * hedge.low_factor)
            high = None if hedge.high_factor is None else round(value * hedge.high_factor)
            best = None if hedge.effect in {"at_most", "less_than"} else value
            return replace(number, start=number.start - length, low=low, best=best, high=high)
        return number
