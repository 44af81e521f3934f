"""Participants: the noun phrases that may stand on a side of an event, and the actors that they name.

What belongs here: from a token to a participant. What does not: which token stands where (``event_arguments``).
"""

from collections.abc import Mapping

from spacy.tokens import Doc, Span, Token

from pipeline.records import ActorMention, LocationMention, Participant
from pipeline.tag.draft import Draft
from pipeline.tag.event_arguments import conjoined, own_subject

_CLAUSES = frozenset({"relcl", "acl", "advcl", "ccomp", "parataxis"})
_AMOUNTS = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
_PRONOUNS = frozenset({"it", "they", "them", "he", "she", "him", "her"})
_OWNERS = frozenset({"its", "their", "his", "her"})
_LONGEST_COMPOUND = 6
_DONE_BY = frozenset({"led", "claimed", "run", "launched", "orchestrated", "sponsored"})
# What stands behind these is another matter than the noun before them: an attack on Peru, a resort after the war in Peru.
_BESIDE = frozenset(
    [
        "against",
        "about",
        "over",
        "on",
        "upon",
        "after",
        "before",
        "during",
        "since",
        "until",
        "despite",
        "amid",
        "without",
        "than",
        "like",
        "unlike",
    ]
)
_ACTING = frozenset({"PERSON", "ORG", "NORP", "GPE"})


class Participants:
    """Finds the actors of one article around tokens."""

    def __init__(self, draft: Draft, agents: Mapping[str, str]) -> None:
        self._draft = draft
        self._agents = agents
        self._through_pronoun: set[Participant] = set()
        self._at: dict[int, Participant | None] = {}
        self._phrase_of: dict[tuple[int, int], tuple[Token, list[Token]]] = {}
        self._actor_at = _by_token(draft.doc, (a for a in draft.actors if not a.is_pronoun))
        self._antecedent_at = {a.start_char: a.antecedent for a in draft.actors if a.is_pronoun}
        self._place_at = _by_token(draft.doc, draft.locations)

    def of(self, token: Token) -> Participant | None:
        """The noun phrase of a token as a participant; the actor in it, where one is named. None for what is no noun."""
        if token.i not in self._at:
            self._at[token.i] = self._read(token)
        return self._at[token.i]

    def _read(self, token: Token) -> Participant | None:
        if token.lower_ in _PRONOUNS:
            found = self._pronoun(token)
            self._through_pronoun.add(found)
            return found
        if token.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM", "DET", "X", "PRON"):
            return None
        phrase = _phrase(token)
        if token.ent_type_ in _AMOUNTS and not any(t.i in self._actor_at or self._is_agent(t) for t in phrase):
            return None  # "thousands of Kenyans" act, "thousands" alone do not
        own = [t for t in phrase if t == token or not self._is_beside(t, token)]
        mention = self._actor_at.get(token.i) or next(
            (self._actor_at[t.i] for t in sorted(own, key=lambda t: _distance(t, token)) if t.i in self._actor_at),
            None,
        )
        start, end = phrase[0].idx, phrase[-1].idx + len(phrase[-1])
        if token.i not in self._actor_at and self._is_counterpart(token):
            # "Peru's critics" are not Peru, but "his Peruvian counterpart" is of Peru
            mention = next(
                (self._actor_at[t.i] for t in token.lefts if t.dep_ == "amod" and t.i in self._actor_at), None
            )
        actor_id = mention.actor_id if isinstance(mention, ActorMention) else None
        if actor_id is None and not self._is_counterpart(token):
            place = next((self._place_at[t.i] for t in own if t.i in self._place_at), None)
            actor_id = place.country if isinstance(place, LocationMention) else None
        self._phrase_of[start, end] = token, phrase
        return Participant(start, end, self._draft.text(start, end), actor_id)

    def all(self, token: Token | None) -> tuple[Participant, ...]:
        """A token and what is joined to it, as participants."""
        if token is None:
            return ()
        found = [p for t in conjoined(token) if (p := self.of(t)) is not None]
        if len(found) == 1:
            ids = {found[0].actor_id}
            found += [p for p in self.compounded(token) if p.actor_id not in ids]
        return tuple(found)

    def compounded(self, noun: Token) -> tuple[Participant, ...]:
        """Both actors of a compound before a noun: "the Iran-Iraq war", "the Afghan-Pakistani border"; else nothing."""
        named: list[ActorMention | LocationMention] = []
        for i in range(max(noun.i - _LONGEST_COMPOUND, 0), noun.i):
            mention = self._actor_at.get(i) or self._place_at.get(i)
            if mention is not None and mention not in named and mention.end_char <= noun.idx:
                named.append(mention)
        if (
            len(named) < 2
            or named[-2].start_char < noun.sent.start_char
            or self._draft.text(named[-2].end_char, named[-1].start_char) not in ("-", "–")
        ):
            return ()
        both = []
        for mention in named[-2:]:
            actor_id = mention.actor_id if isinstance(mention, ActorMention) else mention.country
            both.append(Participant(mention.start_char, mention.end_char, mention.text, actor_id))
        return tuple(both) if all(p.actor_id for p in both) else ()

    def can_act(self, participant: Participant) -> bool:
        """Whether a participant is somebody: a known actor, a name, or a noun for people or an institution."""
        if participant.actor_id:
            return True
        head, phrase = self._phrase_of.get((participant.start_char, participant.end_char), (None, []))
        if head is None:
            return False
        if head.ent_type_ in _AMOUNTS or head.pos_ in ("NUM", "DET"):
            return any(map(self._is_agent, phrase))  # "tens of thousands of people", "some of the workers"
        named = any(t.ent_type_ in _ACTING for t in (head, *head.lefts))
        return named or self._is_agent(head) or (head.tag_ in ("NNP", "NNPS") and not head.ent_type_)

    def known_in(self, sentence: Span) -> int:
        """How many known actors the words of a sentence can stand for at most, each pronoun counted for one more."""
        pronouns = sum(t.lower_ in _PRONOUNS or t.lower_ in _OWNERS for t in sentence if t.pos_ == "PRON")
        named = (self._actor_at.get(i) or self._place_at.get(i) for i in range(sentence.start, sentence.end))
        return pronouns + len(
            {m.actor_id if isinstance(m, ActorMention) else m.country for m in named if m is not None}
        )

    def is_through_pronoun(self, participant: Participant) -> bool:
        """Whether a pronoun stands where the participant does, and its name elsewhere."""
        return participant in self._through_pronoun

    def names_itself(self, participant: Participant) -> bool:
        """Whether the actor of a participant is named by its head noun, not by a word before it ("Kenyan lawyers")."""
        head, _ = self._phrase_of.get((participant.start_char, participant.end_char), (None, []))
        return head is None or head.i in self._actor_at or not self._is_agent(head)

    def is_somebody(self, token: Token) -> bool:
        """Whether a noun itself, not what stands before it, names an actor, people or an institution."""
        return token.i in self._actor_at or self._is_agent(token)

    def _is_agent(self, token: Token) -> bool:
        return token.pos_ in ("NOUN", "PROPN") and token.lemma_.lower() in self._agents

    def _is_counterpart(self, token: Token) -> bool:
        return self._agents.get(token.lemma_.lower()) == "counterpart"

    def _is_beside(self, token: Token, head: Token) -> bool:
        """Whether a word of a noun phrase names somebody else than its head: "an attack on Peru", "Chile, an ally of Peru"."""
        at = token
        while at != head and at.head != at:
            if (at.dep_ == "prep" and at.lower_ in _BESIDE) or (at.dep_ == "appos" and self._is_counterpart(at)):
                return True
            at = at.head
        return False

    def joined(self, first: Participant, last: Participant, *, known: bool = True) -> Participant:
        """Both phrases and what stands between them, as the actor of the last one: "a camp in Syria"; as nobody known unless ``known``."""
        text = self._draft.text(first.start_char, last.end_char)
        return Participant(first.start_char, last.end_char, text, last.actor_id if known else None)

    def before(self, whole: Participant, part: Participant) -> Participant | None:
        """What of a participant stands before a part of it; None where nothing does."""
        text = self._draft.text(whole.start_char, part.start_char)
        text = text.rstrip().removesuffix("and").rstrip(" ,")
        if not text:
            return None
        return Participant(whole.start_char, whole.start_char + len(text), text, whole.actor_id)

    def opposed(self, noun: Token) -> Participant | None:
        """The actor that a noun is directed against by its prefix: "anti-Pakistan protests"."""
        for token in noun.lefts:
            for part in token.subtree:
                mention = self._actor_at.get(part.i) or self._place_at.get(part.i)
                if (
                    mention is None
                    or "anti-" not in self._draft.text(max(mention.start_char - 5, 0), mention.end_char).lower()
                ):
                    continue
                actor_id = mention.actor_id if isinstance(mention, ActorMention) else mention.country
                return Participant(mention.start_char, mention.end_char, mention.text, actor_id)
        return None

    def adjectival(self, noun: Token) -> Participant | None:
        """The actor in a noun's possessor, compound or adjective: "Pakistan's support", "Taliban attack", "Israeli raid"."""
        for child in sorted(noun.lefts, key=lambda c: c.dep_ != "poss"):
            if child.dep_ not in ("poss", "compound", "amod", "nmod"):
                continue
            if child.dep_ == "poss" and child.lower_ in _OWNERS:
                found = self._pronoun(child)
                self._through_pronoun.add(found)
            else:
                mention = self._actor_at.get(child.i)
                if child.lower_ in _DONE_BY:  # "a Saudi-led strike"
                    mention = next((m for c in child.lefts if (m := self._actor_at.get(c.i))), None)
                # A mention that reaches over the noun itself ("Afghan officials") is the noun's own, not its owner.
                found = None
                if isinstance(mention, ActorMention) and mention.end_char <= noun.idx:
                    found = Participant(mention.start_char, mention.end_char, mention.text, mention.actor_id)
            if found is not None and found.actor_id is not None:
                return found
        return None

    def _pronoun(self, token: Token) -> Participant:
        """Whom a pronoun stands for: the subject of a verb above ("A said it would …"), else that of the sentence before."""
        antecedent = self._antecedent_at.get(token.idx)
        while antecedent in self._antecedent_at:
            antecedent = self._antecedent_at[antecedent]
        if antecedent is not None:
            named = self._draft.doc.char_span(antecedent, antecedent + 1, alignment_mode="expand")
            mention = self._actor_at.get(named.start) if named is not None else None
            if isinstance(mention, ActorMention):
                return Participant(mention.start_char, mention.end_char, mention.text, mention.actor_id)
        for above in token.ancestors:
            if above.pos_ not in ("VERB", "AUX"):
                continue
            subject = own_subject(above)
            if subject is not None and subject.i < token.i and subject.lower_ not in _PRONOUNS:
                found = self.of(subject)
                if found is not None and found.actor_id:
                    return found
        if token.dep_ in ("nsubj", "nsubjpass", "poss"):
            before = token.sent.start - 1
            if before >= 0:
                subject = own_subject(token.doc[before].sent.root)
                if subject is not None and subject.lower_ not in _PRONOUNS:
                    found = self.of(subject)
                    if found is not None and found.actor_id:
                        return found
        return Participant(token.idx, token.idx + len(token), self._draft.text(token.idx, token.idx + len(token)), None)


def _distance(token: Token, head: Token) -> tuple[int, int]:
    """Nearer in the tree first, then nearer in the text."""
    steps, at = 0, token
    while at != head and at.head != at:
        at, steps = at.head, steps + 1
    return steps, abs(token.i - head.i)


def _phrase(head: Token) -> list[Token]:
    """The tokens of a noun phrase, without clauses that hang on it, conjuncts and outer punctuation."""
    cut = {t.i for c in head.children if c.dep_ in _CLAUSES or c.dep_ == "conj" or c.dep_ == "cc" for t in c.subtree}
    tokens = [t for t in head.subtree if t.i not in cut and not t.is_space]
    first = next((i for i, t in enumerate(tokens) if not t.is_punct or t == head), 0)
    tokens = tokens[first:]
    # Behind the head the phrase ends at the first gap that a cut clause leaves.
    kept: list[Token] = []
    for token in tokens:
        if kept and token.i > head.i and any(i in cut for i in range(kept[-1].i + 1, token.i)):
            break
        kept.append(token)
    while len(kept) > 1 and kept[-1].is_punct:
        kept.pop()
    return kept or [head]


def _by_token(doc: Doc, mentions: object) -> dict[int, ActorMention | LocationMention]:
    found: dict[int, ActorMention | LocationMention] = {}
    for mention in mentions:  # type: ignore[attr-defined]
        span = doc.char_span(mention.start_char, mention.end_char, alignment_mode="expand")
        if span is not None:
            for token in span:
                found.setdefault(token.i, mention)
    return found
