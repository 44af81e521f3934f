"""Verbs between two known actors that no event was coded for, and why: the list from which the lexicon grows.

What belongs here: finding them and saying what they lack. What does not: coding (``event_triggers``, ``events``).
"""

from collections.abc import Mapping

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon
from pipeline.records import Participant, UncodedEvent, UncodedReason
from pipeline.tag.draft import Draft
from pipeline.tag.event_sides import Sides
from pipeline.tag.event_status import StatusReader

# Verbs that say how an act goes on or who speaks of it, not what is done.
_ROLES = frozenset({"say", "aspect", "light", "undergo", "wish", "plan", "allege", "avert"})
_EMPTY = frozenset({"be", "have", "do", "include", "remain", "become", "seem", "appear", "say", "follow", "involve"})


class UncodedReader:
    """Finds what the coder passes over in one article."""

    def __init__(self, draft: Draft, lexicon: EventLexicon, sides: Sides, status: StatusReader) -> None:
        self._draft = draft
        self._lexicon = lexicon
        self._sides = sides
        self._status = status

    def read(self, verb: Token, *, fits: bool, unsure: bool) -> UncodedEvent | None:
        """What a verb without an event lacks; None unless two different known actors stand on its sides.

        Args:
            verb: a token that no event was coded for.
            fits: whether an entry of the lexicon fits it.
            unsure: whether events were coded and left out as all but surely wrong.
        """
        lemma = verb.lemma_.lower()
        if verb.pos_ != "VERB" or lemma in _EMPTY or self._status.roles(verb) & _ROLES:
            return None
        source = next((p for p in self._sides.sources(verb) if p.actor_id), None)
        if source is None:
            return None
        target = self._other(verb, source)
        if target is None:
            return None
        reason: UncodedReason = "no pattern"
        if unsure:
            reason = "unsure"
        elif fits:
            reason = "no sides"
        elif lemma in self._lexicon.verbs:
            reason = "no sense"
        start, end = verb.idx, verb.idx + len(verb)
        return UncodedEvent(start, end, self._draft.text(start, end), lemma, source, target, reason)

    def _other(self, verb: Token, source: Participant) -> Participant | None:
        """A known actor in the verb's own slots or below it, other than its source."""
        below = [*self._sides.objects(verb), *self._sides.reached(verb, (source,), clauses=False)]
        return next((p for p in below if p.actor_id and p.actor_id != source.actor_id), None)


def reasons() -> Mapping[str, str]:
    """What each reason means, for people."""
    return {
        "no pattern": "the lexicon does not know the verb",
        "no sense": "it knows the verb, but none of its patterns fits the words around it",
        "no sides": "a pattern fits, but who does it to whom was not found in its slots",
        "unsure": "an event was coded and left out: by its features it is almost surely wrong",
    }
