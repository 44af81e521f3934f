"""Between whom a cue holds: subject and complement by grammar, then the clause, then the sentence before.

What belongs here: finding the two actors of a cue among the actor mentions that earlier layers found. What does not: finding or
naming actors, and reading the cue's colour.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.records import ActorMention
from pipeline.tag.draft import Draft

_KINDS = frozenset({"state", "government", "military", "police", "armed_group", "party", "organization", "population"})
# Parts of a state: no relation holds between it and one of these.
_ORGANS = ("GOV", "MIL", "COP", "LEG", "JUD", "SPY", "CVL")
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_OWNERS = frozenset({"poss", "amod", "compound", "nmod", "npadvmod"})
_RIGHT = frozenset(
    {"prep", "pobj", "dobj", "dative", "agent", "pcomp", "xcomp", "attr", "acomp", "oprd", "appos", "conj", "acl"}
)
_PREDICATES = frozenset({"attr", "appos", "oprd"})
_ADVERBIAL = frozenset({"during", "after", "before", "since", "despite", "amid", "at", "than", "under"})
# A country's name behind one of these is a place, unless the preposition is the cue's own ("confidence in Japan").
_WHERE = frozenset({"in", "near", "across", "into", "inside", "from", "through", "around", "at", "within", "outside"})
_PRONOUNS = frozenset({"it", "its", "they", "their", "them", "he", "his", "she", "her", "itself", "themselves"})
_RELATIVES = frozenset({"that", "which", "who", "whose", "whom"})
# An actor outside the cue's own grammar counts only this near, in tokens.
_NEAR = 12
# An actor deeper than this under the head of a phrase is not what the phrase is about ("regulation of the banks of Japan").
_DEPTH = 3
_COUNTRY_CODE = 3


@dataclass(frozen=True, slots=True)
class Party:
    """An actor mention that can stand in a pair, at its tokens."""

    actor_id: str
    start: int
    end: int
    place: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Subject and complement of a cue."""

    subject: Party
    complement: Party


def _party_id(mention: ActorMention) -> str | None:
    """Who the mention stands for in a pair: persons for what they belong to; None for the unnamed and unknown."""
    if mention.kind == "person":
        return mention.affiliation
    if mention.kind not in _KINDS:
        return None
    if mention.actor_id.startswith("collective:") and mention.actor_id.count(":") < 2:
        return None
    return mention.actor_id


def are_distinct(a: str, b: str) -> bool:
    """Whether two actors can stand in a relation: not one and the same, nor a state and an organ of it."""
    if a == b:
        return False
    short, long = sorted((a, b), key=len)
    return not (len(short) == _COUNTRY_CODE and long.startswith(short) and long[_COUNTRY_CODE:] in _ORGANS)


class PairFinder:
    """The parties of one article and the search for pairs among them. Holds tokens: lives no longer than the layer's call.

    Args:
        draft: the article with its actors and locations.
        states: actor_id by name of country or capital. A place of that name that the cue's own grammar binds ("hatred of Israel")
            is a party; as a mere neighbour it is not.
        agents: nouns for people and institutions: as a subject without a known actor they are somebody else.
    """

    def __init__(self, draft: Draft, states: Mapping[str, str], agents: Collection[str]) -> None:
        self._agents = agents
        self._somebody_else = False  # whether the last cue's subject is somebody whom the knowledge does not name
        self._doc: Doc = draft.doc
        self._parties: list[Party] = []
        self._at: dict[int, Party] = {}
        for mention in sorted(draft.actors, key=lambda m: m.start_char):
            actor_id = _party_id(mention)
            tokens = draft.tokens(mention)
            if actor_id is None or not len(tokens) or (self._parties and tokens.start < self._parties[-1].end):
                continue
            party = Party(actor_id, tokens.start, tokens.end)
            self._parties.append(party)
            self._at.update(dict.fromkeys(range(party.start, party.end), party))
        self._starts = [p.start for p in self._parties]
        for place in draft.locations:
            tokens = draft.tokens(place)
            if place.text in states and len(tokens) and tokens.start not in self._at:
                party = Party(states[place.text], tokens.start, tokens.end, place=True)
                self._at.update(dict.fromkeys(range(party.start, party.end), party))

    def find(self, start: int, end: int, anchor: Token, mutual: bool, shared: bool, near: bool) -> Pair | None:
        """The pair of the cue at tokens ``start`` to ``end``.

        Args:
            start: first token of the cue.
            end: token after its last.
            anchor: the cue's syntactic head.
            mutual: whether two subjects, or two complements, make a pair ("India and China are rivals").
            near: whether an actor that only stands near may take the second place.
            shared: whether words such as "both" or "their" point to two actors named before.
        """
        inside = range(start, end)
        complements = list(self._complements(inside, anchor))
        owners = list(self._owners(inside))
        self._somebody_else = False
        nominal = list(self._subjects(anchor, inside))
        if anchor.dep_ in _PREDICATES and owners and nominal and not complements:
            pair = _cross(nominal, owners)  # "X is Y's patron"
            if pair:
                return pair
        subjects = owners + nominal
        if not self._is_filled(end, complements, shared):
            return None
        for group in (complements, owners, subjects) if mutual else ():
            pair = _two(group)
            if pair and (group is not subjects or not complements or not owners):
                if group is complements and self._is_list(complements, end):
                    return pair
                if group is not complements and not _two(subjects[:1] + complements):
                    return pair
        pair = _cross(subjects, complements) or (
            None if complements else _two(subjects) if mutual else _cross(owners, nominal)
        )
        if pair:
            return pair
        known = next(iter(subjects or complements), None)
        if known is None:
            return self._from_before(start) if shared else None
        if not near or self._somebody_else or self._doc[end - 1].lower_ in {"between", "among"}:
            return None
        other = self._in_clause(known, inside, anchor) or self._before(known, anchor)
        if other is None:
            return None
        return Pair(known, other) if subjects else Pair(other, known)

    def _is_filled(self, end: int, complements: list[Party], shared: bool) -> bool:
        """Whether the place that a cue's last preposition opens holds an actor, a pronoun, or for "between" two actors."""
        last = self._doc[end - 1]
        ahead = self._doc[end - 1 : complements[0].start] if complements else self._doc[end - 1 : end + 1]
        if any(t.lower_ in {"between", "among"} for t in ahead):
            return shared or (_two(complements) is not None and self._is_list(complements, end))
        if complements or last.pos_ not in {"ADP", "PART"}:
            return True
        return any(c.lower_ in _PRONOUNS or c.lower_ in {"each", "one"} for c in last.children)

    def _is_list(self, complements: list[Party], end: int) -> bool:
        """Whether the complements are named side by side right after the cue: "between India and China"."""
        second = next(p for p in complements if are_distinct(p.actor_id, complements[0].actor_id))
        between = self._doc[complements[0].end : second.start]
        joined = any(t.lower_ in {"and", "–", "-", "/"} for t in between) and not any(t.pos_ == "VERB" for t in between)
        return joined and any(t.lower_ in {"between", "of", "among"} for t in self._doc[end - 1 : complements[0].start])

    def _named(self, root: Token, limit: range | None = None) -> Iterator[Party]:
        """Parties in a phrase, the head's own first, without those of its relative clauses."""
        own = self._at.get(root.i)
        if own:
            yield own
        for token in root.subtree:
            party = self._at.get(token.i)
            if party is None or party is own or (limit and token.i in limit):
                continue
            if party.place and token.dep_ == "pobj" and token.head.lower_ in _WHERE:
                continue
            if own and token.lower_ in _PRONOUNS and token.head.dep_ == "conj":
                continue  # "between Japan and its neighbours": whose neighbours they are is said already
            path = [a for a in (token, *token.ancestors) if root.is_ancestor(a)]
            if len(path) <= _DEPTH and not any(a.dep_ in {"relcl", "advcl"} for a in path):
                yield party

    def _complements(self, inside: range, anchor: Token) -> Iterator[Party]:
        """Actors after the cue within its phrase: objects of its verb or prepositions."""
        for i in inside:
            for child in self._doc[i].children:
                if child.i < inside.stop or child.dep_ not in _RIGHT or child.lower_ in _ADVERBIAL:
                    continue
                yield from self._named(child)
        for i in inside:  # "deny India space": an object inside the cue's own gap
            token = self._doc[i]
            negated_name = i >= inside.start + 2 and self._doc[i - 2].lower_ == "anti"  # "anti-French"
            if (
                i in self._at
                and i > inside.start
                and (negated_name or token.dep_ in {"dative", "dobj", "pobj", "poss"})
            ):
                yield self._at[i]

    def _owners(self, inside: range) -> Iterator[Party]:
        """Actors that own the cue's noun: "Iran's", "Iranian", "its Chinese"."""
        for i in inside:
            for child in self._doc[i].children:
                if child.i < inside.start and child.dep_ in _OWNERS:
                    yield from self._named(child)

    def _subjects(self, anchor: Token, inside: range) -> Iterator[Party]:
        """Actors as the subject of the verb that carries the cue, or as the noun that the cue describes."""
        token = anchor
        for _ in range(8):
            for child in token.children:
                if child.dep_ not in _SUBJECTS or child.i in inside or child is anchor or child.is_ancestor(anchor):
                    continue
                found = list(self._named(child, inside)) or list(self._resolved(child, token))
                yield from found
                if found or self._is_other(child):
                    self._somebody_else = not found
                    return  # whom the knowledge does not name is no reason to look farther up
            if token.dep_ in {"relcl", "acl", "appos"} or (token is not anchor and token.i in self._at):
                head = token.head if token.dep_ in {"relcl", "acl", "appos"} else token
                bound = {head.i, *(c.i for c in head.children if c.dep_ in _OWNERS)}
                found = [
                    p
                    for p in self._named(head)
                    if p.start < inside.start and not bound.isdisjoint(range(p.start, p.end))
                ]
                yield from found[:1]
                if found or (token.dep_ == "acl" and head.lemma_.lower() in self._agents):
                    self._somebody_else = not found
                    return
            if token.head.i == token.i:
                return
            token = token.head

    def _is_other(self, subject: Token) -> bool:
        """Whether a subject without a known actor is somebody: a noun for people, or "some of whom"."""
        return subject.lemma_.lower() in self._agents or any(t.lower_ == "whom" for t in subject.subtree)

    def _resolved(self, pronoun: Token, verb: Token) -> Iterator[Party]:
        """What a subject pronoun stands for: the noun of its relative clause, or the nearest subject before it."""
        if pronoun.lower_ in _RELATIVES and verb.dep_ == "relcl":
            yield from list(self._named(verb.head))[:1]
        elif pronoun.lower_ in _PRONOUNS:
            earlier = self._parties[: bisect_left(self._starts, pronoun.i)]
            for party in reversed(earlier[-6:]):
                if self._doc[party.end - 1].dep_ in _SUBJECTS:
                    yield party
                    return
            yield from earlier[-1:]

    def _in_clause(self, known: Party, inside: range, anchor: Token) -> Party | None:
        """The actor nearest to the cue in its sentence, other than the one that is known."""
        sentence = anchor.sent
        first, last = bisect_left(self._starts, sentence.start), bisect_left(self._starts, sentence.end)
        others = [p for p in self._parties[first:last] if are_distinct(p.actor_id, known.actor_id)]

        def distance(party: Party) -> int:
            return party.start - inside.stop + 1 if party.start >= inside.stop else inside.start - party.end + 1

        near = [p for p in others if distance(p) <= _NEAR]
        return min(near, key=distance, default=None)

    def _before(self, known: Party, anchor: Token) -> Party | None:
        """The last other actor of the sentence before, where that sentence names the known one too."""
        start = anchor.sent.start
        if start == 0:
            return None
        previous = self._in_sentence_of(start - 1)
        if not any(p.actor_id == known.actor_id for p in previous):
            return None
        others = [p for p in previous if are_distinct(p.actor_id, known.actor_id)]
        return others[-1] if others else None

    def _from_before(self, start: int) -> Pair | None:
        """The two actors that the sentence itself or one of the two before it names, where there are exactly two."""
        at = self._doc[start].sent.start
        groups = [self._in_sentence_of(start)]
        for _ in range(2):
            if at == 0:
                break
            groups.append(self._in_sentence_of(at - 1))
            at = self._doc[at - 1].sent.start
        for group in groups:
            ids = list(dict.fromkeys(p.actor_id for p in group))
            if len(ids) == 2:  # noqa: PLR2004
                return _two(group)
            if len(ids) > 2:  # noqa: PLR2004
                return None
        return None

    def _in_sentence_of(self, token: int) -> list[Party]:
        sentence = self._doc[token].sent
        return self._parties[bisect_left(self._starts, sentence.start) : bisect_left(self._starts, sentence.end)]


def _two(parties: Iterable[Party]) -> Pair | None:
    """The first party and the first that is distinct from it."""
    listed = list(parties)
    for party in listed[1:]:
        if are_distinct(party.actor_id, listed[0].actor_id):
            return Pair(listed[0], party)
    return None


def _cross(subjects: list[Party], complements: list[Party]) -> Pair | None:
    """The first subject with the first complement that is distinct from it."""
    for subject in subjects:
        for complement in complements:
            if are_distinct(subject.actor_id, complement.actor_id):
                return Pair(subject, complement)
    return None
