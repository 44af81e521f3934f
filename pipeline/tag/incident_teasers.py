"""Headlines of other articles that a web page puts between its sentences: "Related Articles …", "More: …".

What belongs here: where they stand. What does not: the words that lead to them (``knowledge/incidents/teasers.csv``), what is read of
the rest (``incidents.py``).
"""

import re
from collections.abc import Mapping

from spacy.tokens import Doc

_SENTENCE_END = re.compile(r"[.!?]['\"”’]?(?=\s|$)")
_WORD = re.compile(r"\S+")


class TeaserReader:
    """Finds such headlines."""

    def __init__(self, leads: Mapping[str, int]) -> None:
        """``leads``: what leads to them, each with the number of words that the headlines behind it have at most."""
        self._words = leads
        longest_first = sorted(leads, key=len, reverse=True)
        self._lead = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(x) for x in longest_first)})(?!\w)", re.IGNORECASE)

    def spans(self, doc: Doc) -> list[tuple[int, int]]:
        """Their offsets, up to the next full stop: a page puts none behind a headline, so that a sentence of its own may go with it."""
        kept: list[tuple[int, int]] | None = doc.user_data.get("teasers")
        if kept is None:
            kept = doc.user_data["teasers"] = [
                self._span(doc.text, m) for m in self._lead.finditer(doc.text) if m[0][0].isupper()
            ]
        return kept

    def _span(self, text: str, lead: re.Match[str]) -> tuple[int, int]:
        end = lead.end()
        for number, word in enumerate(_WORD.finditer(text, lead.end())):
            if number == self._words[lead[0].lower()]:
                break
            end = word.end()
            if _SENTENCE_END.search(word[0]):
                break
        return lead.start(), end
