"""What surrounds a figure: its date and grain, who reports it, what it is compared with, whether it is claimed as fact.

What belongs here: reading the clause and sentence around a figure. What does not: the figure itself (``numbers.py``) and what it counts
(``count_arguments.py``).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Span, Token

from pipeline.knowledge.counts import CountKnowledge
from pipeline.knowledge.dates import load_dates
from pipeline.records import (
    ActorMention,
    AttributionType,
    Comparison,
    DateMention,
    Grain,
    LocationMention,
    Status,
)
from pipeline.tag.count_phrases import clause_of
from pipeline.tag.dating import Dated
from pipeline.tag.draft import Draft, HasSpan

_ACCORDING = {"according"}
_AGENT = {"by"}
_PRONOUNS = {"it", "they", "he", "she"}
_POSSESSIVES = {"its", "their", "our"}
_OFFICIAL = {"government", "military", "police", "state"}
# Characters that the longest actor mention has: how far left of a span one that reaches into it may begin.
_LONGEST_NAME = 120
_WEEK, _MONTH, _YEAR = 7, 31, 366
# "In August", of an article without a date: which year is open, that it is a month's figure is not.
_MONTH_OF_NO_YEAR = re.compile(r"XXXX-\d\d")


def between[T: HasSpan](records: Sequence[T], start: int, end: int) -> Sequence[T]:
    """Those of a layer's records, which stand in text order, that begin in ``start``..``end`` (half-open)."""

    def begin(record: T) -> int:
        return record.start_char

    return records[bisect_left(records, start, key=begin) : bisect_left(records, end, key=begin)]


def actor_at(draft: Draft, start: int, end: int) -> ActorMention | None:
    """The longest actor mention that shares a character with ``start``..``end``."""
    touching = [a for a in between(draft.actors, start - _LONGEST_NAME, end) if start < a.end_char]
    return max(touching, key=lambda a: a.end_char - a.start_char, default=None)


class ContextReader:
    """Reads the context of a figure from draft and parse."""

    def __init__(self, knowledge: CountKnowledge) -> None:
        self.attribution_words = knowledge.attribution
        self.cues = knowledge.cues
        self.attack_kinds = knowledge.attack_kinds
        # Whoever claims an attack has done it; who reports, condemns, investigates or averts one has not.
        self.only_speaks = (knowledge.cues["report"] | load_dates().values["speaks_of"].keys()) - {"claim"}
        self.only_speaks |= knowledge.cues["averts"]

    # -- time ------------------------------------------------------------------------------------------------------------------
    def dated(self, draft: Draft, token: Token) -> Dated | None:
        """The date of a figure. One inside a comparison ("the highest this year") frames the comparison, not the figure."""
        sentence = token.sent
        here = between(draft.dates, sentence.start_char, sentence.end_char)
        frames = {d.start_char for d in here if self._frames_comparison(draft, d, sentence)}
        return draft.dating.of(token, without=frames)

    def month_of_no_year(self, draft: Draft, token: Token) -> DateMention | None:
        """The month that a figure's clause names without a year that could be told: "in August", of an article without a date."""
        clause, sentence = clause_of(token), token.sent
        named = (d for d in between(draft.dates, sentence.start_char, sentence.end_char) if _is_month_of_no_year(d))
        return next((d for d in named if clause.is_ancestor(draft.tokens(d)[0])), None)

    def near(self, draft: Draft, token: Token) -> DateMention | None:
        """The calendar date of the token's clause, else the nearest of its sentence, whatever it dates: a hint, not a finding."""
        sentence = token.sent
        start, end = sentence.start_char, sentence.end_char
        dates = [d for d in between(draft.dates, start, end) if d.start_date]
        if not dates:
            return None
        clause = clause_of(token)
        left, right = clause.left_edge.idx, clause.right_edge.idx + len(clause.right_edge)

        def rank(mention: DateMention) -> tuple[bool, int]:
            inside = left <= mention.start_char < right
            return (not inside, abs(mention.start_char - token.idx))

        # A date inside the comparison ("the highest this year") frames the comparison, not the figure.
        plain = [d for d in dates if not self._frames_comparison(draft, d, sentence)]
        return min(plain, key=rank, default=None)

    def _frames_comparison(self, draft: Draft, mention: DateMention, sentence: Span) -> bool:
        before = [t for t in sentence if t.idx < mention.start_char][-6:]
        return any(t.lower_ in self.cues["max"] | self.cues["min"] for t in before if t.lower_ != "most")

    def grain(self, measure: str, best: int | None, when: DateMention | None) -> Grain:
        """A total over a month or year is a period's figure; one attack, or the people hit on a day, an event's."""
        if when is None or when.start_date is None or when.end_date is None:
            is_month = when is not None and _is_month_of_no_year(when)
            return "month" if is_month and not (measure == "attacks" and best == 1) else "event"
        days = (when.end_date - when.start_date).days + 1
        if days == 1 or when.timex_type == "TIME":  # a night belongs to two days
            return "day" if measure == "attacks" and best != 1 else "event"
        if measure == "attacks" and best == 1:
            return "event"
        for limit, name in ((_WEEK, "week"), (_MONTH, "month"), (_YEAR, "year")):
            if days <= limit:
                return name  # type: ignore[return-value]
        return "period"

    # -- where -----------------------------------------------------------------------------------------------------------------
    def place(self, draft: Draft, token: Token, after: int = 0) -> LocationMention | None:
        """The next place that the sentence names behind the token, else the last one before it; from the offset ``after`` on."""
        sentence = token.sent
        places = between(draft.locations, max(sentence.start_char, after), sentence.end_char)
        behind = next((p for p in places if p.start_char > token.idx), None)
        return behind or (places[-1] if places else None)

    def attack_kind(self, noun: Token) -> str | None:
        """Which kind of attack a noun names, its modifiers before its head: "suicide bombings"."""
        kinds = self.attack_kinds
        of_modifiers = (kinds.get((c.lemma_.lower(), "modifier")) for c in noun.lefts)
        return next((k for k in of_modifiers if k), kinds.get((noun.lemma_.lower(), "head")))

    # -- who says so -----------------------------------------------------------------------------------------------------------
    def source(self, draft: Draft, token: Token) -> Token | None:
        """Head of the noun phrase that reports the figure: "according to X", "X said that …"."""
        for t in token.sent:
            if t.lower_ in _ACCORDING:
                to = next((c for c in t.children if c.lower_ == "to"), None) or (
                    t.nbor() if t.i + 1 < t.sent.end else t
                )
                found = next((c for c in to.children if c.dep_ == "pobj"), None)
                if found is not None:
                    return found
        verb = token
        while verb.head.i != verb.i:
            verb = verb.head
            if verb.lemma_ in self.cues["report"] and verb.i != token.i and not _claims_lives(verb):
                subject = next(
                    (c for c in verb.children if c.dep_ == "nsubj" and c.lower_ not in {"that", "which"}), None
                )
                if subject is not None:
                    return subject
        root = token.sent.root
        for child in root.children:
            if child.dep_ in {"ccomp", "parataxis"} and child.lemma_ in self.cues["report"]:
                return next((c for c in child.children if c.dep_ == "nsubj"), None)
        return None

    def attribution(
        self, draft: Draft, source: Token | None, perpetrator: str | None
    ) -> tuple[str | None, AttributionType]:
        """The reporter as actor_id (else as written), and what sort of reporter it is."""
        if source is None:
            return None, "unattributed"
        left, right = source.left_edge.idx, source.idx + len(source)
        actor = actor_at(draft, left, right)
        name = actor.actor_id if actor else draft.text(left, right)
        if actor and perpetrator and perpetrator in {actor.actor_id, actor.affiliation}:
            return name, "self_claim"
        if actor and actor.kind == "media":
            return name, "media"
        if (
            actor and actor.kind == "armed_group"
        ):  # a party's word on what others did or suffered is nobody's official figure
            return name, "unattributed"
        words = draft.text(left, source.right_edge.idx + len(source.right_edge)).lower()
        for phrase, kind in self.attribution_words.items():
            if " " in phrase and phrase in words or phrase in words.replace(",", " ").split():
                return name, kind  # type: ignore[return-value]
        if actor and actor.kind in _OFFICIAL:
            return name, "official"
        return name, "independent" if actor and actor.kind == "organization" else "unattributed"

    # -- who did it ------------------------------------------------------------------------------------------------------------
    def perpetrator(self, draft: Draft, trigger: Token, source: Token | None, noun: bool) -> ActorMention | None:
        """Subject or agent of the act where it is an actor. A pronoun stands for the sentence's reporter, if that is one."""
        verb = trigger
        if noun:
            by = agent_of(trigger)
            if by is not None:
                return actor_at(draft, by.left_edge.idx, by.idx + len(by))
            if trigger.dep_ not in {"dobj", "obj", "nsubjpass"}:
                return None
            verb = trigger.head
            if verb.lemma_.lower() in self.only_speaks:  # "the police recorded 14 bombings"
                return None
        agent = agent_of(verb)
        passive = any(c.dep_ in {"nsubjpass", "auxpass"} for c in verb.children)
        if agent is None and not passive:
            agent = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        if agent is None:
            return None
        found = actor_at(draft, agent.idx, agent.idx + len(agent))
        own = agent.lower_ in _PRONOUNS and found is None or any(c.lower_ in _POSSESSIVES for c in agent.children)
        if own and source is not None:  # "the group said that its fighters had killed": it speaks of itself
            found = actor_at(draft, source.left_edge.idx, source.idx + len(source)) or found
        return found

    # -- how certain -----------------------------------------------------------------------------------------------------------
    def status(self, token: Token) -> Status | None:
        """Status of the act; None where the sentence negates it outright."""
        node, hops = token, 0
        while hops < 6:  # noqa: PLR2004 - cues further up govern something else
            children = {c.lower_: c for c in node.children if c.dep_ in {"aux", "mark", "neg", "advmod"}}
            if any(c.dep_ == "neg" for c in children.values()) and (hops == 0 or _is_predicate(token, node)):
                return None
            if hops and node.lemma_ in self.cues["raises_negation"] and any(c.dep_ == "neg" for c in children.values()):
                return None  # "did not appear to be hurt"
            said = {node.lemma_, *(c.lemma_ for c in node.children if c.dep_ == "acomp" and node.pos_ == "AUX")}
            if hops and said & self.cues["hypothetical"]:  # "tried to kill", "it is possible that he was shot"
                return "hypothetical"
            if children.keys() & self.cues["unconfirmed_adverb"]:
                return "unconfirmed"
            if children.keys() & self.cues["modal"]:
                return "hypothetical"
            if children.keys() & self.cues["future"]:
                return "future"
            if hops and node.lemma_ in self.cues["unconfirmed"]:
                return "unconfirmed"
            if node.dep_ in {"pobj", "pcomp"} and node.head.lower_ in self.cues["adjunct"]:
                return "actual"  # "sought after a shooting", "wanted in connection with an attack"
            if hops and node.dep_ == "pcomp" and node.head.lower_ == "in" and node.head.head.pos_ == "NOUN":
                return "actual"  # "sought help in solving a shooting"
            if node.head.i == node.i or (node.pos_ in {"VERB", "AUX"} and node.dep_ in {"advcl", "relcl"}):
                return "actual"
            node, hops = node.head, hops + 1
        return "actual"

    def is_feared(self, trigger: Token) -> bool:
        """Whether those who are counted are not known to have suffered it: "20 are feared dead", "six were presumed drowned"."""
        beside = (trigger.head, trigger.head.head, *(c for c in trigger.children if c.dep_ != "conj"))
        return any(t.lemma_ in self.cues["feared"] and t.tag_ in {"VBN", "VBD", "JJ"} for t in beside if t != trigger)

    # -- compared with what ----------------------------------------------------------------------------------------------------
    def comparison(self, draft: Draft, token: Token) -> Comparison | None:
        """A superlative beside the figure: "the highest monthly figure this year"."""
        for relation in ("max", "min"):
            for cue in token.sent:
                if cue.lower_ not in self.cues[relation] or cue.dep_ != "amod" or cue.i < token.i:
                    continue
                head = cue.head
                start, end = head.left_edge.idx, head.idx + len(head)
                frame_start: date | None = None
                frame_end: date | None = None
                for mention in between(draft.dates, end, end + len(" since the ")):
                    if frame_start is None:
                        end, frame_start, frame_end = mention.end_char, mention.start_date, mention.end_date
                return Comparison(draft.text(start, end), relation, frame_start, frame_end)
        return None


def _is_month_of_no_year(when: DateMention) -> bool:
    return _MONTH_OF_NO_YEAR.fullmatch(when.value) is not None


def _claims_lives(verb: Token) -> bool:
    """Whether a blast "claimed the lives of" somebody, which is no report."""
    return any(c.lemma_ == "life" for c in verb.children)


def _is_predicate(word: Token, verb: Token) -> bool:
    """Whether a word is what a verb says of its subject: "was not hurt"."""
    return word.head == verb and word.dep_ in {"acomp", "attr", "oprd"}


def agent_of(token: Token) -> Token | None:
    """Head of the by-phrase that names who did it."""
    for child in token.children:
        if child.lower_ in _AGENT and child.dep_ in {"agent", "prep"}:
            return next((p for p in child.children if p.dep_ == "pobj"), None)
    return None
