"""How the words around a cue colour it: polarity and strength under qualifiers and negation, and its status.

What belongs here: reading the cue's own phrase and the verbs above it. What does not: whom the cue is about.
"""

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Token

from pipeline.knowledge.relations import Cue, Qualifier, RelationKnowledge
from pipeline.records import DateMention, Status

_ATTRIBUTES = frozenset({"amod", "acomp", "attr", "oprd", "advmod", "compound"})
_CLAUSE_ENDS = frozenset({"advcl", "relcl", "ccomp", "acl", "parataxis"})
_STATE_VERBS = frozenset({"be", "have", "remain", "enjoy", "share", "keep", "maintain"})
_STAYS = frozenset({"pressure"})
_REPORT_CLAUSES = frozenset({"ccomp", "parataxis"})
# A date more than this many days before publication puts a cue in the past.
_PAST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Colour:
    """Polarity (-1, 0, 1), strength (1 to 3) and status of one cue in its sentence."""

    polarity: int
    strength: int
    status: Status


def governors(anchor: Token) -> list[Token]:
    """The verbs that the anchor depends on within its own clause, nearest first; the anchor itself if it is one."""
    found = []
    token = anchor
    while True:
        if token.pos_ in {"VERB", "AUX"}:
            found.append(token)
            if token.dep_ in _CLAUSE_ENDS and not (
                token.dep_ == "ccomp" and token.head.lemma_ in {"want", "wish", "let"}
            ):
                break
        if (
            token.head.i == token.i or len(found) > 2 or token.dep_ == "appos"
        ):  # what is said beside a name stands for itself
            break
        if token.dep_ in _CLAUSE_ENDS and token.pos_ not in {"VERB", "AUX"}:
            break
        token = token.head
    return found


def _words(token: Token) -> tuple[str, str]:
    return token.lemma_.lower(), token.lower_


class ColourReader:
    """Reads colour by the knowledge's qualifiers and signal words."""

    def __init__(self, knowledge: RelationKnowledge) -> None:
        self._qualifiers = knowledge.qualifiers
        self._signals = knowledge.signals

    def __call__(
        self, cue: Cue, tokens: list[Token], anchor: Token, dates: list[DateMention], published: date | None
    ) -> Colour:
        """Colour of a cue whose tokens and syntactic head are given; ``dates`` are those of its sentence."""
        verbs = governors(anchor)
        inside = {t.i for t in tokens}
        polarity, strength = self._qualified(cue, tokens, anchor, verbs, inside)
        if self._negated(tokens, anchor, verbs, inside):
            # Pressure that is rejected or cannot be kept up is no cooperation.
            polarity = polarity if cue.cue_type in _STAYS else -polarity
            strength = max(1, strength - 1)
        return Colour(polarity, strength, self._status(anchor, tokens, verbs, dates, published))

    def _qualifier(self, role: str, token: Token) -> Qualifier | None:
        for word in _words(token):
            found = self._qualifiers.get((role, word))
            if found:
                return found
        return None

    def _qualified(
        self, cue: Cue, tokens: list[Token], anchor: Token, verbs: list[Token], inside: set[int]
    ) -> tuple[int, int]:
        """Polarity and strength after the adjectives at the cue and the verb above it."""
        polarity, strength = cue.polarity, cue.strength
        nouns = [t for t in tokens if t.pos_ == "NOUN"] or [anchor]
        adjectives = [
            c for n in nouns for c in n.subtree if c.dep_ in _ATTRIBUTES and c.head.i in {n.i for n in nouns} | inside
        ]
        if verbs and anchor.dep_ in {"nsubj", "nsubjpass"} and anchor.head.i == verbs[0].i:
            adjectives += [c for c in verbs[0].children if c.dep_ in _ATTRIBUTES or c.dep_ == "acomp"]
            adjectives.append(verbs[0])
        if anchor.dep_ in {"dobj", "pobj", "nsubj", "nsubjpass", "attr"} and cue.cue_type in {"relations", "ties"}:
            adjectives += [c for a in adjectives for c in a.conjuncts]
        own = [q for q in (self._qualifier("adjective", a) for a in adjectives) if q]
        if cue.polarity == 0 or cue.cue_type in {"ties", "friendship", "partnership", "alliance"}:
            negative = [q for q in own if q.effect == "negative"]
            for qualifier in negative or own:
                polarity = -1 if qualifier.effect == "negative" else 1
                if any(_is_diminished(a) for a in adjectives if qualifier.word in _words(a)):
                    polarity = -polarity
                strength = max(strength, qualifier.strength)
        for verb in self._acting_verbs(anchor, verbs, inside):
            acting = self._qualifier("verb", verb)
            if acting is None:
                continue
            if acting.effect == "flip":
                polarity = -polarity if polarity else -1
            elif acting.effect == "negative" and polarity >= 0:
                polarity, strength = -1, acting.strength
            elif acting.effect == "positive" and cue.polarity == 0 and not own:
                polarity, strength = 1, acting.strength
            break
        return polarity, strength

    def _acting_verbs(self, anchor: Token, verbs: list[Token], inside: set[int]) -> list[Token]:
        """Verbs of which the cue is the object, or the subject of an intransitive or passive one: "sour ties", "ties soured"."""
        acting = [v for v in verbs if v.i not in inside][:1]
        if anchor.dep_ in {"dobj", "nsubjpass"} and acting:
            return acting
        if anchor.dep_ == "nsubj" and acting and not any(c.dep_ == "dobj" for c in acting[0].children):
            return acting + [c for c in acting[0].children if c.dep_ == "xcomp"]
        if anchor.dep_ == "pobj" and anchor.head.lower_ == "of" and anchor.head.head.pos_ in {"NOUN", "VERB"}:
            return [anchor.head.head]
        return []

    def _negated(self, tokens: list[Token], anchor: Token, verbs: list[Token], inside: set[int]) -> bool:
        """Whether a negation stands at the cue or at the verbs that carry it ("do not want the relationship to lapse")."""
        words = self._signals["negation"]
        carriers = [anchor, *[t for t in tokens if t.pos_ in {"NOUN", "ADJ", "VERB"}], *verbs]
        count = 0
        seen: set[int] = set(inside)
        for carrier in carriers:
            for child in carrier.children:
                negating = child.dep_ in {"neg", "det", "preconj", "cc", "advmod"} and child.lower_ in words
                if negating and child.i not in seen:
                    seen.add(child.i)
                    count += child.lower_ != "nor"
        if anchor.dep_ in {"pobj", "pcomp"} and anchor.head.lower_ == "without":
            count += 1
        count += any(
            t.lower_ == "longer" and t.i and t.nbor(-1).lower_ == "no" for t in self._adverbs(carriers, tokens)
        )
        for verb in verbs:
            for child in verb.children:
                if child.dep_ == "nsubj" and any(g.lower_ == "neither" for g in child.children):
                    count += 1
        noun = anchor.head if anchor.dep_ == "acl" else anchor.head.head if anchor.dep_ == "pobj" else None
        held = [noun] if noun is not None and noun.pos_ == "NOUN" else []  # "its failure to cooperate"
        count += sum(t.lemma_.lower() in words for t in (*verbs, *held) if t.i not in inside)
        return count % 2 == 1

    def _adverbs(self, carriers: list[Token], tokens: list[Token]) -> set[Token]:
        """Adverbs at the carriers, and the two tokens before the cue."""
        first = tokens[0]
        before = [first.doc[i] for i in range(max(first.i - 2, first.sent.start), first.i)]
        return {c for carrier in carriers for c in carrier.children if c.dep_ == "advmod"} | set(before)

    def _status(
        self, anchor: Token, tokens: list[Token], verbs: list[Token], dates: list[DateMention], published: date | None
    ) -> Status:
        """What kind of claim it is: hedged, wished, to come, past, or a state that lasts."""
        around = {anchor, *tokens}
        for carrier in (anchor, *tokens, *verbs):
            around.update(
                c for c in carrier.children if c.dep_ in {"aux", "mark", "advmod", "amod", "neg"} and c.i < tokens[-1].i
            )
        chain = set(verbs) | self._above(verbs)
        words = {w for t in around for w in _words(t)}
        beside = {w for t in around.difference(tokens) for w in _words(t)}
        upward = {w for t in chain.difference(tokens) for w in _words(t)} | {
            w for v in chain for c in v.children if c.dep_ in {"aux", "mark", "advmod", "acomp"} for w in _words(c)
        }
        if upward & self._signals["unconfirmed"] or beside & self._signals["unconfirmed"]:
            return "unconfirmed"
        if words & self._signals["hypothetical"] or {w for v in verbs for w in _words(v)} & self._signals["wish"]:
            return "hypothetical"
        if (words | {w for v in verbs for w in _words(v)}) & self._signals["future"]:
            return "future"
        if words & self._signals["historical"] or _is_past(verbs) or _dated_past(dates, published):
            return "historical"
        return "ongoing_state"

    def _above(self, verbs: list[Token]) -> set[Token]:
        """The verb that reports the cue's clause ("is believed to", "it is unclear whether")."""
        if not verbs:
            return set()
        top = verbs[-1]
        if top.dep_ in {"ccomp", "xcomp", "csubj", "advcl"} or (top.dep_ == "acl" and top.head.pos_ in {"NOUN", "ADJ"}):
            return {top.head}
        return set()


def _is_diminished(adjective: Token) -> bool:
    """Whether the adjective is turned round: "less than cordial", "not friendly"."""
    before = [adjective.doc[i].lower_ for i in range(max(adjective.i - 4, adjective.sent.start), adjective.i)]
    return "less" in before or "least" in before


def _is_past(verbs: list[Token]) -> bool:
    """Whether a state is told as over: "was", "had been". A past verb under a past report is only the sequence of tenses."""
    if not verbs:
        return False
    verb = verbs[0]
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}}
    if "had" in auxiliaries:
        return True
    if verb.lemma_.lower() not in _STATE_VERBS or verb.dep_ in _REPORT_CLAUSES:
        return False
    return verb.tag_ == "VBD"


def _dated_past(dates: list[DateMention], published: date | None) -> bool:
    """Whether the sentence's only dates end more than a year before publication."""
    ends = [d.end_date for d in dates if d.end_date is not None]
    return bool(ends) and published is not None and all((published - e).days > _PAST_DAYS for e in ends)
