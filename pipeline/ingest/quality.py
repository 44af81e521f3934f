"""What may have gone wrong where a text was made from a page: flags that are shown and stored, and reject nothing.

What belongs here: signs in the text, and in the page that it was taken from. What does not: taking it (``html``). The phrases are data
(``page_phrases.csv``). They count in short lines only, as boxes, credits and notices stand: an article about cookies is none of them.

Flags are what stands in the text, not what was done about it; each can be wrong. docs/sources.md says what each means.
"""

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PHRASES = Path(__file__).with_name("page_phrases.csv")
# Boxes, credits and notices are short; a phrase in a longer line is part of the article.
_LONGEST_LINE = 300
_FEWEST_WORDS = 50
# A paywall's preview; a whole article of a page that says that it is not free is longer.
_PREVIEW_WORDS = 250
_TAIL = 400
# Three different ones: one or two are names (McDonald, YouTube) or misprints.
_GLUED_PLACES = 3
_GLUED = re.compile(r"\b(?!Mc|Mac)(?:[A-Z]?[a-z]{3,}[.!?]?[A-Z][a-z]{2,}[a-z.!?]*)\b")
_CUT = re.compile(r"(?:…|\.\.\.|\[\+?\d+ chars\])[\])\s]*\Z")
_END = re.compile(r"[.!?…:;\"'”’»)\]*_-]\s*\Z")
# UTF-8 that was read as Windows-1252 or Latin-1, and what no encoding has.
_DAMAGED = re.compile(
    r"\ufffd|[\x00-\x08\x0e-\x1f\x80-\x9f]|â€[\w™œžšŸ˜“”\x80-\x9f\"]|Ã[\x80-\xbf©¨¡³±¼¶¤§¢]|Â[\xa0£°»«©®]|ï»¿"
)
_FEWEST_LINE_WORDS = 8
_SIGN_OFF = re.compile(r"\s[A-Z]{3,}\s*\Z")


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What a page says about the texts in it: its captions, its links, and whether it says that it is not free."""

    captions: Collection[str] = ()
    links: Collection[str] = ()
    is_free: bool = True


NO_PAGE = PageSigns()


def quality_flags(text: str, page: PageSigns = NO_PAGE) -> tuple[str, ...]:
    """What may be wrong with a text, in alphabetical order."""
    return tuple(sorted(_flags(text, page)))


def _flags(text: str, page: PageSigns) -> set[str]:
    words = text.count(" ") + text.count("\n") + 1
    found = set(_phrase_flags(text))
    if words < _FEWEST_WORDS:
        found.add("short")
    if _DAMAGED.search(text):
        found.add("encoding")
    if len({m[0] for m in _GLUED.finditer(text)}) >= _GLUED_PLACES:
        found.add("glued")
    if _is_cut(text) or (not page.is_free and words < _PREVIEW_WORDS):
        found.add("truncated")
    if page.captions or page.links:
        lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
        if any(line in page.captions for line in lines):
            found.add("caption")
        if 2 * sum(len(line) for line in lines if line in page.links) >= sum(map(len, lines)):
            found.add("links")
    return found


def _phrase_flags(text: str) -> Iterator[str]:
    lowered = text.lower()
    for flag, phrases in _phrases().items():
        # Where an article was cut is told at its end.
        looked_at = lowered[-_TAIL:] if flag == "truncated" else lowered
        if any(_in_short_line(phrase, looked_at) for phrase in phrases if phrase in looked_at):
            yield flag


def _in_short_line(phrase: str, text: str) -> bool:
    at = text.find(phrase)
    while at >= 0:
        begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        if (end if end >= 0 else len(text)) - begin <= _LONGEST_LINE:
            return True
        at = text.find(phrase, at + 1)
    return False


def _is_cut(text: str) -> bool:
    """Whether a text ends with dots, or in the middle of a sentence while the line before does not."""
    tail = text[-_TAIL:].rstrip()
    if _CUT.search(tail):
        return True
    before, _, last = _SIGN_OFF.sub("", text.rstrip()).rstrip().rpartition("\n")
    if not before or _END.search(last) or len(last.split()) < _FEWEST_LINE_WORDS:
        return False
    of_no_article = (phrase for flag in ("boilerplate", "caption") for phrase in _phrases()[flag])
    return bool(_END.search(before)) and not any(phrase in last.lower() for phrase in of_no_article)


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with _PHRASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["flag"]] = (*found.get(row["flag"], ()), row["phrase"])
    return found
