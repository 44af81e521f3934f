"""Whether a trigger's act happened: status and negation from auxiliaries, moods, governing verbs and dates.

A wished, feared, refused or conditional act is never ``actual``: whoever sums events must be able to rely on that.
"""

from datetime import date

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon
from pipeline.records import Status

_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_POSSIBLE = frozenset({"would", "could", "may", "might", "should", "can", "must", "ca", "'d", "’d", "ought"})
_CONDITIONS = frozenset({"if", "unless", "whether", "lest"})
_AVERTING = frozenset({"from", "without"})
_DOUBTS = frozenset(
    {"reportedly", "allegedly", "possibly", "probably", "perhaps", "apparently", "supposedly", "likely", "purportedly"}
)
_NEGATIONS = frozenset({"never", "no", "neither", "nor", "without", "hardly", "barely"})
_PLANNED = frozenset(
    {
        "planned",
        "proposed",
        "possible",
        "potential",
        "future",
        "threatened",
        "expected",
        "upcoming",
        "likely",
        "alleged",
        "suspected",
        "reported",
    }
)
_STATUS_OF_ROLE: dict[str, Status] = {
    "wish": "hypothetical",
    "plan": "future",
    "allege": "unconfirmed",
    "deny": "unconfirmed",
    "promise": "future",
    "refuse": "hypothetical",
    "threaten": "hypothetical",
    "fail": "hypothetical",
}
# Of several signs the one that takes the act furthest from having happened wins.
_WEIGHT: dict[Status, int] = {
    "actual": 0,
    "ongoing_state": 0,
    "historical": 0,
    "unconfirmed": 1,
    "future": 2,
    "hypothetical": 3,
}
_DAYS_TO_HISTORY = 365
_DEEPEST = 4


class StatusReader:
    """Reads status and negation of triggers."""

    def __init__(self, lexicon: EventLexicon) -> None:
        self._lexicon = lexicon

    def roles(self, verb: Token) -> frozenset[str]:
        """What a verb does to the verb or noun below it."""
        particle = next((c.lower_ for c in verb.children if c.dep_ == "prt"), "")
        phrasal = self._lexicon.helpers.get(f"{verb.lemma_.lower()} {particle}") if particle else None
        helpers = self._lexicon.helpers
        # The lemmatizer makes "hop" of "hopes": the form without its last letter is tried beside the lemma.
        return phrasal or helpers.get(verb.lemma_.lower()) or helpers.get(verb.lower_[:-1], frozenset())

    def read(self, trigger: Token) -> tuple[Status, bool]:
        """(status, negated) of a verb or event noun, before dates are considered."""
        verb = trigger if trigger.pos_ in ("VERB", "AUX") else self._verb_above(trigger)
        signs: list[Status] = []
        negated = False
        if trigger.pos_ == "NOUN":
            words = {c.lower_ for c in trigger.children}
            negated = bool(words & {"no", "neither"})
            signs += (
                ["unconfirmed" if words & {"alleged", "suspected", "reported"} else "hypothetical"]
                if words & _PLANNED
                else []
            )
        if verb is not None:
            own, no = self._of_verb(verb, trigger)
            signs += own
            negated = negated or no
        return max(signs, key=lambda s: _WEIGHT[s], default="actual"), negated

    def _verb_above(self, noun: Token) -> Token | None:
        for above in noun.ancestors:
            if above.pos_ in ("VERB", "AUX"):
                return above
            if above.dep_ in ("relcl", "acl"):
                return None
        return None

    def _of_verb(self, verb: Token, trigger: Token) -> tuple[list[Status], bool]:
        signs: list[Status] = []
        negated = False
        if verb != trigger:
            signs += [
                _STATUS_OF_ROLE[r]
                for r in self.roles(verb)
                if r in ("wish", "plan", "allege", "deny") and r in _STATUS_OF_ROLE
            ]
        at = verb
        for _ in range(_DEEPEST):
            found, no = _of_auxiliaries(at)
            signs += found
            negated = negated or no
            head = at.head
            if head == at or head.pos_ not in ("VERB", "AUX", "ADJ", "NOUN", "ADP", "SCONJ"):
                break
            if at.dep_ == "pcomp" and head.lower_ in _AVERTING:
                signs.append("hypothetical")  # "prevented from attacking", "without attacking"
            if head.lemma_ == "have" and any(c.lower_ == "yet" for c in (*head.children, *at.children)):
                signs.append("hypothetical")  # "has yet to attack"
            if at.dep_ in ("xcomp", "ccomp", "pcomp"):
                governor = head if head.pos_ in ("VERB", "AUX") else head.head
                roles = self.roles(governor)
                if "say" in roles and at.dep_ == "ccomp" and at.tag_ != "VB":
                    break  # how it is said colours nothing below: "told reporters that …" asks for nothing
                signs += [
                    _STATUS_OF_ROLE[r]
                    for r in roles
                    if r in _STATUS_OF_ROLE and not (r == "plan" and governor.lemma_ == "be")
                ]
                if at.dep_ == "xcomp" and head.pos_ in ("ADJ", "NOUN"):
                    signs.append("hypothetical")  # "ready to attack", "a plan to attack"
                if "say" in roles:
                    break  # how it is said colours nothing below
                at = governor
            elif at.dep_ in ("advcl", "acl") and at.tag_ == "VB":
                signs.append("hypothetical")  # a purpose: "in order to", "an offer to"
                break
            elif at.dep_ == "conj":
                if not any(c.dep_ in ("aux", "nsubj", "nsubjpass") for c in at.children):
                    at = head
                    continue
                break
            else:
                break
        return signs, negated


def _of_auxiliaries(verb: Token) -> tuple[list[Status], bool]:
    signs: list[Status] = []
    words = {
        c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass", "neg", "advmod", "mark", "det", "preconj", "cc")
    }
    if words & _FUTURE:
        signs.append("future")
    if words & _POSSIBLE:
        signs.append("hypothetical")
    depends = any(c.dep_ == "advcl" and any(m.lower_ in _CONDITIONS for m in c.children) for c in verb.children)
    if words & _CONDITIONS or depends:
        signs.append("hypothetical")
    if words & _DOUBTS:
        signs.append("unconfirmed")
    no_longer = any(c.lower_ == "longer" and any(g.lower_ == "no" for g in c.children) for c in verb.children)
    return signs, bool(words & _NEGATIONS) or no_longer or any(c.dep_ == "neg" for c in verb.children)


def historical(status: Status, end: date | None, published: date | None) -> Status:
    """An act that ended more than a year before publication is history, not news."""
    if status == "actual" and end is not None and published is not None and (published - end).days > _DAYS_TO_HISTORY:
        return "historical"
    return status
