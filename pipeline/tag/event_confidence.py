"""How likely it is that an event has the right pair and type: named features, weighted as ``knowledge/events/confidence.csv`` says.

What belongs here: the features. What does not: their weights, which ``benchmarks/event_confidence.py`` fits on gold sentences by
logistic regression.
"""

import math
from collections.abc import Mapping

from pipeline.records import Participant, Status
from pipeline.tag.event_participants import Participants
from pipeline.tag.event_triggers import Find

_ASSERTED = frozenset({"actual", "historical", "ongoing_state"})
_NAMES_OBJECTS = 8  # the specificity of an entry that names the object's noun
_FAR = 10.0  # words
_FARTHEST = 4.0


def features(
    find: Find, source: Participant, target: Participant, status: Status, participants: Participants, pairs: int
) -> dict[str, float]:
    """Features by name, each 0 or 1 but for the distances, which count tens of words and end at 4."""
    trigger = find.trigger

    def away(participant: Participant) -> float:
        span = trigger.doc.char_span(participant.start_char, participant.end_char, alignment_mode="expand")
        if span is None or participants.is_through_pronoun(participant):
            return 0.0
        gap = max(span.start - trigger.i, trigger.i - span.end + 1, 0)
        return min(gap / _FAR, _FARTHEST)

    present = {
        "constant",
        f"target in {find.slot}",
        f"told by {'derivation' if find.derived else 'verb' if trigger.pos_ in ('VERB', 'AUX') else 'noun'}",
        "source is known" * bool(source.actor_id),
        "target is known" * bool(target.actor_id),
        "target can act" * participants.can_act(target),
        "entry names objects" * (find.specificity >= _NAMES_OBJECTS),
        "asserted" * (status in _ASSERTED),
        "main clause" * (trigger.dep_ == "ROOT" or trigger.head.dep_ == "ROOT"),
        "several pairs" * (pairs > 1),
        "pronoun" * (participants.is_through_pronoun(source) or participants.is_through_pronoun(target)),
    }
    return dict.fromkeys(sorted(present - {""}), 1.0) | {
        "distance of source": away(source),
        "distance of target": away(target),
    }


def probability(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum, to two digits, never quite 0 or 1."""
    total = sum(value * weights.get(name, 0.0) for name, value in found.items())
    return min(max(round(1 / (1 + math.exp(-total)), 2), 0.01), 0.99)
