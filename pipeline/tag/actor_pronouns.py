"""Pronouns whose antecedent is clear: "it", "they", "his".

What belongs here: weighing the mentions before a pronoun by what they are in their sentence and how far back it lies, in the manner
of Lappin and Leass (1994), and keeping silent where two actors come close. What does not: definite descriptions
(``actor_descriptions.py``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.knowledge.actors import ActorKnowledge
from pipeline.records import ActorMention
from pipeline.tag.actor_page import ActorPage
from pipeline.tag.tokens import tokens_of, word_ids

_KINDS: Mapping[str, frozenset[str]] = {
    "person": frozenset({"person"}),
    "thing": frozenset({"state", "government", "military", "police", "armed_group", "party", "organization", "media"}),
    "many": frozenset({"armed_group", "population", "police", "military", "government", "party"}),
}
# Salience of a mention by its part in the sentence; subjects of main clauses get a little more.
_SALIENCE = {"nsubj": 3.0, "nsubjpass": 3.0, "dobj": 2.0, "dative": 1.5, "pobj": 1.2, "agent": 1.5, "poss": 1.0}
_OTHER_SALIENCE = 0.8
_MAIN_CLAUSE = 0.6
_SAID_AGAIN = 0.3
_OWN_CLAUSE = 1.0
# What a sentence's distance costs, and how many sentences back an antecedent may lie.
_COST = {"person": 0.9, "thing": 1.2, "many": 1.2}
_SENTENCES_BACK = {"person": 2, "thing": 1, "many": 1}
_LEAST_SALIENCE = 1.0
_LEAST_MARGIN = 0.7
_SUBJECT = {"nsubj", "nsubjpass"}
_RELATIVE = {"WDT", "WP", "WP$"}
_LONGEST_CHAIN = 4
_EMPTY_IT = {"be", "seem", "appear", "remain", "become", "take", "turn", "happen", "make"}
_CLAUSES = {"ccomp", "xcomp", "csubj", "advcl"}


@dataclass(slots=True)
class _Candidate:
    mention: ActorMention
    root: Token
    sentence: int


class PronounReader:
    """Adds mentions of pronouns to a page that holds all names and descriptions."""

    def __init__(self, knowledge: ActorKnowledge) -> None:
        self.pronouns = knowledge.pronouns
        self._words = word_ids(self.pronouns)

    def read(self, page: ActorPage) -> None:
        """Add what is clear."""
        pronouns = [t for t in tokens_of(page.doc, self._words) if t.tag_ in ("PRP", "PRP$")]
        if not pronouns:
            return
        page.sort()
        candidates = [
            _Candidate(m, page.span(m.start_char, m.end_char).root, page.draft.sentence_index(m.start_char))
            for m in page.actors
        ]
        for token in pronouns:
            agrees = self.pronouns[token.lower_]
            if token.lower_ == "it" and _is_empty(token):
                continue
            here = page.draft.sentence_index(token.idx)
            before = [
                c
                for c in candidates
                if c.mention.end_char <= token.idx and here - c.sentence <= _SENTENCES_BACK[agrees]
            ]
            is_object = _is_object(token)
            subject = _local_subject(token, of_matrix=is_object and token.dep_ in _SUBJECT)
            of_clause = next((c.mention.actor_id for c in before if c.root == subject), None)
            if is_object:  # else it would say "itself"
                before = [c for c in before if c.mention.actor_id != of_clause]
                of_clause = None
            found = _clearest([c for c in before if _agrees(c.mention, agrees)], here, _COST[agrees], of_clause)
            if found is None:
                continue
            if page.add_actor(
                token.idx, token.idx + len(token), found, "coreference", "pronoun", antecedent=found.start_char
            ):
                candidates.append(_Candidate(page.actors[-1], token, here))


def _agrees(mention: ActorMention, agrees: str) -> bool:
    if mention.kind not in _KINDS[agrees]:
        # "the Pakistanis" are many, though they stand for the state
        return agrees == "many" and (mention.rule.startswith("people") or mention.actor_id.startswith("collective:"))
    return agrees != "thing" or not mention.actor_id.startswith("collective:")


def _clearest(candidates: Iterable[_Candidate], here: int, cost: float, of_clause: str | None) -> ActorMention | None:
    """The most salient actor, if the next one stays well behind. ``of_clause`` is the subject of the pronoun's own clause."""
    best: dict[str, tuple[float, ActorMention]] = {}
    times: dict[str, int] = {}
    for c in candidates:
        actor = c.mention.actor_id
        salience = _salience(c.root) - cost * (here - c.sentence) + (_OWN_CLAUSE if actor == of_clause else 0)
        times[actor] = times.get(actor, 0) + 1
        if actor not in best or salience >= best[actor][0]:
            best[actor] = salience, c.mention
    ranked = sorted(
        ((s + min(_SAID_AGAIN * (times[a] - 1), 2 * _SAID_AGAIN), m) for a, (s, m) in best.items()),
        key=lambda x: x[0],
        reverse=True,
    )
    if not ranked or ranked[0][0] < _LEAST_SALIENCE:
        return None
    return ranked[0][1] if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= _LEAST_MARGIN else None


def _salience(token: Token) -> float:
    part = token
    while part.dep_ == "conj" and part.head != part:
        part = part.head
    salience = _SALIENCE.get(part.dep_, _OTHER_SALIENCE)
    return salience + _MAIN_CLAUSE if part.dep_ in _SUBJECT and part.head.dep_ == "ROOT" else salience


def _is_object(pronoun: Token) -> bool:
    """Whether it is an object, the logical subject of an infinitive included ("want them to leave")."""
    if pronoun.tag_ == "PRP$":
        return False
    return pronoun.dep_ not in _SUBJECT or (pronoun.head.dep_ == "ccomp" and pronoun.head.tag_ == "VB")


def _local_subject(pronoun: Token, *, of_matrix: bool) -> Token | None:
    """The noun that does what the pronoun's own clause says: its subject, or whom its "which" or bare infinitive goes back to."""
    verb = pronoun.head
    while verb.pos_ not in ("VERB", "AUX") and verb.head != verb:
        verb = verb.head
    if of_matrix:
        verb = verb.head
    for _ in range(_LONGEST_CHAIN):
        subject = next((c for c in verb.children if c.dep_ in _SUBJECT and c != pronoun), None)
        if subject is not None:
            return verb.head if subject.tag_ in _RELATIVE and verb.dep_ == "relcl" else subject
        if verb.dep_ == "acl":
            return verb.head
        if verb.dep_ not in ("xcomp", "conj", "advcl") or verb.head == verb:
            return None
        verb = verb.head
    return None


def _is_empty(it: Token) -> bool:
    """Whether "it" stands for nobody: "it is unclear whether", "it seems"."""
    if it.dep_ == "expl":
        return True
    verb = it.head
    return (
        it.dep_ in _SUBJECT
        and verb.lemma_ in _EMPTY_IT
        and any(
            c.dep_ in _CLAUSES or c.dep_ == "acomp" and any(g.dep_ in _CLAUSES for g in c.children)
            for c in verb.children
        )
    )
