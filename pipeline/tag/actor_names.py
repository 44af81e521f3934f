"""Names that are in no table: persons, organizations and groups that the model recognizes.

What belongs here: ids and display names for them, their titles, their short forms later in the text, and acronyms that the text
itself introduces. What does not: known names (``actor_gazetteer.py``), nouns without a name (``actor_descriptions.py``).
"""

import re

from spacy.tokens import Span

from pipeline.knowledge.names import folded
from pipeline.records import ActorKind, ActorMention, ActorMethod

ORGANIZATION: tuple[str, ActorKind] = ("org", "organization")
POPULATION: tuple[str, ActorKind] = ("collective", "population")

_POSSESSIVE = re.compile(r"\s?['’]s?$")
_INTRODUCED = re.compile(r"(?:\s*\(|,\s+or\s+)(?:the\s+|or\s+)?([A-Z][A-Z0-9&-]{1,9})\b")
_BREAKS = {"--", "–", "—", "[", "]", "(", ")", ";", ":", '"'}
_PARTICLES = {"al", "el", "bin", "ibn", "abu", "van", "von", "de", "da", "del", "der", "jr", "sr", "ii", "iii"}


def bare_name(span: Span, titles: frozenset[str]) -> Span:
    """The span without leading titles and articles and without a possessive ending."""
    start, end = span.start, span.end
    breaks = [t.i for t in span if t.i > start and t.text in _BREAKS]
    end = breaks[0] if breaks else end
    while start < end - 1 and (span.doc[start].lower_ in titles or span.doc[start].lower_ == "the"):
        start += 1
    while end > start + 1 and (
        span.doc[end - 1].text in {"'s", "’s", "'", "’", ",", "."} or span.doc[end - 1].is_space
    ):
        end -= 1
    return span.doc[start:end]


def short_forms(name: str) -> list[str]:
    """The words by which a person is named later: the last one, and the first where the name has more than one."""
    words = [w for w in _POSSESSIVE.sub("", name).split() if w.lower().strip(".") not in _PARTICLES and len(w) > 1]
    return [words[-1], words[0]] if len(words) > 1 else []


class NamesSoFar:
    """Short forms and acronyms that an article has introduced up to a point."""

    def __init__(self) -> None:
        self.later: dict[str, ActorMention | None] = {}
        self._full: dict[str, ActorMention] = {}

    def learn_head(self, mention: ActorMention, written: str) -> None:
        """Remember an organization by the last word of its name, unless another one has the same: "the Front"."""
        words = written.split()
        if len(words) > 1 and words[-1].istitle():
            taken = self.later.get(words[-1], mention)
            same = taken is not None and taken.actor_id == mention.actor_id
            self.later[words[-1]] = taken if same else None

    def known(self, name: str) -> ActorMention | None:
        """The mention that introduced this name or short form; None where it is new or two persons share it."""
        return self._full.get(name) or self.later.get(name)

    def way(self, name: str) -> tuple[ActorMethod, str]:
        """Method and rule by which a later mention under this name was resolved."""
        if name in self._full:
            return "ner", "model's person"
        introduced = self.later.get(name)
        short = introduced is None or introduced.kind == "person" or name.istitle()
        return ("coreference", "short form") if short else ("acronym", "acronym of the text")

    def learn_person(self, mention: ActorMention, written: str) -> None:
        """Remember a person by the full name as written and by its last and first word, unless another person has the same."""
        self._full.setdefault(written, mention)
        for short in short_forms(written):
            taken = self.later.get(short, mention)
            same = taken is not None and taken.actor_id == mention.actor_id
            self.later[short] = taken if same else None

    def learn_acronym(self, text: str, mention: ActorMention) -> None:
        """Remember "MILF" after "Moro Islamic Liberation Front (MILF)" or "Tehrik-i-Taliban Pakistan, or TTP"."""
        if mention.kind in ("person", "state") or " " not in mention.text:
            return
        found = _INTRODUCED.match(text, mention.end_char)
        if found is not None and _abbreviates(found.group(1), mention.text):
            self.later.setdefault(found.group(1), mention)


def _abbreviates(acronym: str, name: str) -> bool:
    """Whether the letters of the acronym stand in the name in this order, beginning with the same one."""
    letters = iter(folded(name).upper())
    wanted = [c for c in acronym.upper() if c.isalpha()]
    return (
        bool(wanted)
        and any(w.upper().startswith(wanted[0]) for w in name.split())
        and all(c in letters for c in wanted)
    )
