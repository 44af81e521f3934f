"""Whether a trigger's act happened: status and negation from auxiliaries, moods, governing verbs and dates.

A wished, feared, refused or conditional act is never ``actual``: whoever sums events must be able to rely on that.
"""

from datetime import date

from spacy.tokens import Token

from pipeline.knowledge.lexicon import EventLexicon
from pipeline.records import Status
from pipeline.tag.event_arguments import is_passive, own_subject

_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "sha"})
_POSSIBLE = frozenset({"would", "could", "may", "might", "should", "can", "must", "ca", "'d", "’d", "ought"})
_CONDITIONS = frozenset({"if", "unless", "whether", "lest"})
_ONCE_DONE = frozenset({"after", "since", "by", "while", "upon", "following", "besides"})
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
    "avert": "hypothetical",
}
# What a verb does to an event noun that is its object.
_OF_NOUNS = ("wish", "plan", "allege", "deny", "avert", "threaten")
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
        self._helpers = lexicon.helpers
        self._with_particle = frozenset(words.split()[0] for words in lexicon.helpers if " " in words)

    def roles(self, verb: Token) -> frozenset[str]:
        """What a verb does to the verb or noun below it."""
        lemma = verb.lemma_.lower()
        if lemma in self._with_particle:
            particle = next((c.lower_ for c in verb.children if c.dep_ == "prt"), "")
            phrasal = self._helpers.get(f"{lemma} {particle}")
            if phrasal:
                return phrasal
        return self._helpers.get(lemma, frozenset())

    def read(self, trigger: Token) -> tuple[Status, bool]:
        """(status, negated) of a verb or event noun, before dates are considered."""
        verb = trigger if trigger.pos_ in ("VERB", "AUX") else self._verb_above(trigger)
        signs: list[Status] = []
        negated = False
        if trigger.pos_ == "NOUN":
            words = {c.lower_ for c in trigger.children}
            negated = bool(words & {"no", "neither"})
            if words & _PLANNED:
                signs.append("unconfirmed" if words & {"alleged", "suspected", "reported"} else "hypothetical")
            at = trigger
            while at.dep_ == "pobj" and at.head.lower_ in ("of", "for") and at.head.head.pos_ == "NOUN":
                at = at.head.head  # "the prospect of an attack", "plans for an attack"
                signs += [_STATUS_OF_ROLE[r] for r in self.roles(at) if r in ("wish", "plan", "allege")]
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
        doing = trigger.dep_ == "nsubj" and trigger.head == verb  # "fighting went on" is not planned
        if verb != trigger and verb.lemma_ != "be" and not doing:
            direct = trigger.dep_ in ("dobj", "nsubjpass", "pobj") and trigger in verb.subtree
            signs += [_STATUS_OF_ROLE[r] for r in self.roles(verb) if r in _OF_NOUNS and (direct or r != "avert")]
        if verb.sent[-1].text == "?" or any(t.text == "?" for t in verb.sent[-2:]):
            signs.append("hypothetical")
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
            if at.dep_ == "pcomp" and head.lower_ in _ONCE_DONE:
                at = head.head  # "told reporters after meeting A": who tells asks for nothing
                continue
            if at.dep_ in ("xcomp", "ccomp", "pcomp") or (at.dep_ in ("acl", "advcl") and head.pos_ in ("NOUN", "ADJ")):
                governor = head if head.pos_ != "ADP" and head.pos_ != "SCONJ" else head.head
                roles = self.roles(governor)
                if at.dep_ == "ccomp" and at.tag_ != "VB" and "say" in roles:
                    break  # how it is said colours nothing below: "told reporters that …" asks for nothing
                signs += self._governed(at, governor)
                if at.dep_ in ("acl", "advcl") and at.tag_ == "VB" and not signs:
                    signs.append("hypothetical")
                if "say" in roles or at.dep_ in ("acl", "advcl"):
                    break
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

    def _governed(self, verb: Token, governor: Token) -> list[Status]:
        """What the verb, adjective or noun above a verb makes of it."""
        roles = self.roles(governor)
        signs = [
            _STATUS_OF_ROLE[r] for r in roles if r in _STATUS_OF_ROLE and not (r == "plan" and governor.lemma_ == "be")
        ]
        if "say" in roles and verb.dep_ == "xcomp" and is_passive(governor):
            signs.append("unconfirmed")  # "is said to have attacked"
        if governor.lemma_ == "be":
            told = [c for c in governor.children if c.dep_ in ("acomp", "attr")]
            signs += [_STATUS_OF_ROLE[r] for c in told for r in self.roles(c) if r in ("wish", "plan", "allege")]
        elif verb.dep_ == "ccomp" and (subject := own_subject(governor)) is not None and subject.pos_ == "NOUN":
            # "rumours spread that …"
            signs += [_STATUS_OF_ROLE[r] for r in self.roles(subject) if r in ("wish", "allege")]
        if verb.dep_ == "xcomp" and governor.pos_ in ("ADJ", "NOUN") and not signs:
            signs.append("hypothetical")  # "ready to attack", "a plan to attack"
        return signs


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
    subject = own_subject(verb)
    if subject is not None and subject.i > min(
        (c.i for c in verb.children if c.dep_ in ("aux", "auxpass")), default=subject.i
    ):
        signs.append(
            "hypothetical"
        )  # the verb before its subject asks or makes a condition: "had A attacked", "did A attack"
    if words & _DOUBTS:
        signs.append("unconfirmed")
    no_longer = any(c.lower_ == "longer" and any(g.lower_ == "no" for g in c.children) for c in verb.children)
    nobody = subject is not None and any(c.lower_ in ("no", "neither") for c in subject.children)
    return signs, bool(words & _NEGATIONS) or no_longer or nobody or any(c.dep_ == "neg" for c in verb.children)


def historical(status: Status, end: date | None, published: date | None) -> Status:
    """An act that ended more than a year before publication is history, not news."""
    if status == "actual" and end is not None and published is not None and (published - end).days > _DAYS_TO_HISTORY:
        return "historical"
    return status
