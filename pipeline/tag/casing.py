"""Case for texts that have none: wire archives in capitals, posts in small letters.

What belongs here: saying which letters are capitals, one letter for one, so that offsets stay and the model meets the kind of text that
it was trained on. What does not: finding names in a text with case (``actor_gazetteer.py``).

Sentences begin with a capital, known names are written as the tables have them, and a word that news never writes small is a name.
"""

import re

from pipeline.knowledge.words import common_words
from pipeline.tag.actor_gazetteer import Gazetteer, NameHit, written

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ABBREVIATION = r"(?<!\b[a-z])(?<!\b(?:mr|ms|dr|st|lt|no|vs))(?<!\b(?:mrs|gen|col|sgt|maj|rev|sen|rep|gov|jan|feb|aug|sep|oct|nov|dec))"
_SENTENCE_START = re.compile(rf"(?:^|(?:[!?]|{_ABBREVIATION}\.)['\"”’)\]]*\s+|\n\s*)[\"'“‘(\[]*")
_MONTH_OF_DATE = re.compile(r"(?:(?<=\d )|(?<=\d\d ))(?:march|may|august)\b|\b(?:march|may|august)(?= \d)")
_DAYS_AND_MONTHS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "april",
        "june",
        "july",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
    ]
)
# "the us", never the pronoun; "u.s.", but not "p.m."
_ACRONYM = re.compile(r"(?<=\bthe )us\b|\b(?!a\.m\.|p\.m\.|e\.g\.|i\.e\.)(?:[a-z]\.){2,}")
# Fewer letters than this are no sample of an author's habits.
_LEAST_LETTERS = 40
_ALL_CAPITALS = 0.85
_NO_CAPITALS = 0.005


def lacks_case(text: str) -> bool:
    """Whether a text is written in capitals or in small letters throughout."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < _LEAST_LETTERS:
        return False
    share = sum(map(str.isupper, letters)) / len(letters)
    return share >= _ALL_CAPITALS or share <= _NO_CAPITALS


class Recaser:
    """Gives a text case. ``len`` never changes."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __call__(self, text: str) -> str:
        """The text in the case that an editor would give it; texts with case come back as they are."""
        if not lacks_case(text):
            return text
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        letters = list(small)
        for word in _WORD.finditer(small):
            if word.group() in _DAYS_AND_MONTHS or self._is_name(word.group()):
                letters[word.start()] = letters[word.start()].upper()
        for match in (*_SENTENCE_START.finditer(small), *_MONTH_OF_DATE.finditer(small)):
            at = match.end() if match.re is _SENTENCE_START else match.start()
            if at < len(letters) and len(letters[at].upper()) == 1:
                letters[at] = letters[at].upper()
        for hit in self._gazetteer.scan_any_case(small):
            self._write(letters, small, hit)
        for match in _ACRONYM.finditer(small):
            letters[match.start() : match.end()] = match.group().upper()
        return "".join(letters)

    @staticmethod
    def _is_name(word: str) -> bool:
        stem = re.split("['’]", word)[0]
        return len(stem) > 1 and stem not in common_words() and stem.rstrip("s") not in common_words()

    @staticmethod
    def _write(letters: list[str], small: str, hit: NameHit) -> None:
        """Write a known name as the tables have it, word by word."""
        words = list(_WORD.finditer(small, hit.start_char, hit.end_char))
        own = _WORD.findall(written(hit.owners[0]))
        if len(words) == 1 and words[0].group() in common_words():
            return
        for i, word in enumerate(words):
            model = own[i] if len(own) == len(words) and len(own[i]) == len(word.group()) else word.group().capitalize()
            letters[word.start() : word.end()] = model
