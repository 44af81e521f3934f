"""Actors without a name: "gunmen", "the protesters", and "the group" where the text has named it before.

What belongs here: nouns from ``knowledge/actors/collectives.csv`` and definite descriptions with one clear antecedent. What does not:
pronouns, and nouns that only say which part of a named actor is meant ("Afghan forces": ``actor_parts.py``).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.knowledge.actors import Actor, ActorKnowledge
from pipeline.records import ActorKind, ActorMention
from pipeline.tag.actor_page import ActorPage
from pipeline.tag.tokens import tokens_of, word_ids

# Which kinds of actor "the group" and its like can take up.
_DESCRIBES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("group", "faction", "wing", "offshoot", "affiliate", "outfit", "movement", "militia", "network"),
        frozenset({"armed_group"}),
    ),
    **dict.fromkeys(
        ("militants", "rebels", "insurgents", "guerrillas", "fighters", "extremists"), frozenset({"armed_group"})
    ),
    **dict.fromkeys(("terrorists", "separatists", "jihadists", "militiamen"), frozenset({"armed_group"})),
    **dict.fromkeys(("organization", "organisation"), frozenset({"armed_group", "organization", "party"})),
    **dict.fromkeys(("alliance", "bloc", "agency", "association"), frozenset({"organization"})),
    "party": frozenset({"party"}),
}
# Words for what is part of something larger: "the Taliban … the Haqqani network … the faction".
_PARTS = frozenset({"faction", "wing", "offshoot", "affiliate"})
# Adjectives that do not make a description mean something else.
_EMPTY_MODIFIERS = frozenset(
    [
        "armed",
        "militant",
        "rebel",
        "terrorist",
        "terror",
        "extremist",
        "islamist",
        "insurgent",
        "guerrilla",
        "separatist",
        "marxist",
        "leftist",
        "jihadist",
        "same",
    ]
)
_SENTENCES_BACK = 3
# "The army" is that of the country which an article is about: so many mentions of it, and this share of all mentions of countries.
_LEAST_MENTIONS = 3
_LEAST_SHARE = 0.7
_INSTITUTIONS: frozenset[ActorKind] = frozenset({"government", "military", "police"})


_MEMBER_OF = frozenset({"of", "from"})


@dataclass(frozen=True, slots=True)
class _Around:
    """What is named in the article: actors and countries of places by the offset where they end, and the country it is about."""

    actor_ends: Mapping[int, ActorMention]
    place_ends: Mapping[int, str | None]
    country: str | None


class DescriptionReader:
    """Adds mentions of nameless collectives and of definite descriptions to a page."""

    def __init__(self, knowledge: ActorKnowledge) -> None:
        self.collectives = knowledge.collectives
        self.by_id = knowledge.by_id
        self.state_parts = knowledge.state_parts
        self.cues = knowledge.reading_cues
        self.parts = {a.actor_id for a in knowledge.actors if a.parent} | {
            k.actor_id for k in knowledge.links if k.relation == "splinter_of"
        }
        self._last_words = frozenset(noun.rsplit(" ", 1)[-1] for noun in self.collectives)
        self._words = word_ids(self._last_words | _DESCRIBES.keys())

    def read(self, page: ActorPage) -> None:
        """Add what is found; named mentions must already be on the page."""
        page.sort()
        named = [m for m in page.actors if m.kind in ("armed_group", "organization", "party")]
        around = _Around(
            {m.end_char: m for m in page.actors}, {p.end_char: p.country for p in page.places}, self.main_country(page)
        )
        for token in tokens_of(page.doc, self._words):
            word = token.lower_
            if (
                token.pos_ not in ("NOUN", "PROPN")
                and token.dep_ != "amod"
                or not page.is_free(token.idx, token.idx + len(token))
            ):
                continue
            antecedent = self._antecedent(page, token, named) if word in _DESCRIBES else None
            if antecedent is not None:
                start = token.left_edge.idx if token.left_edge.i >= token.i - 3 else token.idx
                page.add_actor(
                    start,
                    token.idx + len(token),
                    antecedent,
                    "coreference",
                    "description",
                    antecedent=antecedent.start_char,
                )
            elif word in self._last_words:
                self._add_collective(page, token, around)

    def main_country(self, page: ActorPage) -> str | None:
        """The country that the article is about, None where several share it."""
        states = [self.by_id[m.actor_id].country for m in page.actors if m.actor_id in self.by_id and m.kind == "state"]
        named = Counter(c for c in (*states, *(p.country for p in page.places)) if c)
        if not named:
            return None
        country, mentions = named.most_common(1)[0]
        return country if mentions >= _LEAST_MENTIONS and mentions >= _LEAST_SHARE * named.total() else None

    def _add_collective(self, page: ActorPage, token: Token, around: _Around) -> None:
        doc = page.doc
        first, noun = token.i, token.lower_
        if token.i > 0 and f"{doc[token.i - 1].lower_} {noun}" in self.collectives:
            first, noun = token.i - 1, f"{doc[token.i - 1].lower_} {noun}"
        if noun not in self.collectives:
            return
        collective, kind = self.collectives[noun]
        names_actor = kind == "armed_group" and ("collective_modifies", token.head.lemma_.lower()) in self.cues
        if token.dep_ in ("compound", "amod", "nmod") and token.head.i > token.i and not names_actor:
            return  # "police chief", "terrorist threat"; but "rebel attack" names the actor
        bare = first
        while first > 0 and doc[first - 1].dep_ in ("amod", "compound") and doc[first - 1].head.i in (token.i, first):
            before = doc[first - 1]
            joined = first > 1 and doc[first - 2].text == "-"
            if joined or not before.is_alpha or not page.is_free(before.idx, before.idx + len(before)):
                break
            first -= 1
        begin = doc[first].idx
        previous_end = doc[first - 1].idx + len(doc[first - 1]) if first else -1
        named = around.actor_ends
        if previous_end in named or (first > 1 and doc[first - 1].tag_ == "POS" and doc[first - 1].idx in named):
            return  # "Taliban fighters": the named actor stands for its members
        group = self._group_behind(token, around) if kind == "armed_group" else None
        if group is not None:
            page.add_actor(
                begin, token.idx + len(token), group, "description", "collective", of=noun, antecedent=group.start_char
            )
            return
        country = around.place_ends.get(previous_end)
        if (
            kind in _INSTITUTIONS
            and bare == first
            and [t.lower_ for t in token.lefts if t.dep_ in ("det", "poss")] == ["the"]
        ):
            country = country or around.country
        part = self.state_parts.get(noun)
        actor = self.by_id.get(f"{country}{part}") if country and part else None
        end = token.idx + len(token)
        if actor is not None:
            page.add_actor(begin, end, actor, "description", "institution", of=noun)
            return
        country = country or self._country_after(page, token, around)
        name = collective.replace("-", " ")
        unnamed = Actor(f"collective:{collective}", name, kind)
        if country is not None and country in self.by_id:
            unnamed = Actor(
                f"collective:{collective}:{country.lower()}", f"{name} ({self.by_id[country].name})", kind, country
            )
        page.add_actor(begin, end, unnamed, "description", "collective", of=noun)

    @staticmethod
    def _group_behind(token: Token, around: _Around) -> ActorMention | None:
        """Reads "militants of the Islamic State": the named group whose members they are."""
        of = next((t for t in token.rights if t.lower_ in _MEMBER_OF and t.i == token.i + 1), None)
        members = (
            (around.actor_ends.get(t.idx + len(t)) for t in of.children if t.dep_ in ("pobj", "pcomp"))
            if of is not None
            else ()
        )
        return next((m for m in members if m is not None and m.kind == "armed_group"), None)

    @staticmethod
    def _country_after(page: ActorPage, token: Token, around: _Around) -> str | None:
        """Reads "gunmen in Sindh": the country of a place in the phrase that the noun heads."""
        preposition = page.doc[token.i + 1] if token.i + 1 < len(page.doc) else None
        if preposition is None or preposition.lower_ not in ("in", "from") or preposition.head != token:
            return None
        inside = [around.place_ends.get(t.idx + len(t)) for t in preposition.children if t.dep_ == "pobj"]
        return next((c for c in inside if c), None)

    def _antecedent(self, page: ActorPage, token: Token, named: list[ActorMention]) -> ActorMention | None:
        """The actor that "the group" takes up: the only fitting one in the nearest sentence that names any, or its subject."""
        lefts = list(token.lefts)
        if not any(t.lower_ in ("the", "this", "that") and t.dep_ == "det" for t in lefts):
            return None
        if any(t.dep_ != "det" and t.lower_ not in _EMPTY_MODIFIERS for t in lefts):
            return None
        if any(
            t.dep_ in ("prep", "relcl", "acl") and t.i == token.i + 1 and t.lower_ in ("of", "that", "which")
            for t in token.rights
        ):
            return None
        kinds = _DESCRIBES[token.lower_]
        if token.lower_ in _PARTS:
            named = [m for m in named if m.actor_id in self.parts]
        here = page.draft.sentence_index(token.idx)
        nearest: int | None = None
        candidates: dict[str, ActorMention] = {}
        subjects: dict[str, ActorMention] = {}
        for mention in reversed([m for m in named if m.end_char <= token.idx and m.kind in kinds]):
            sentence = page.draft.sentence_index(mention.start_char)
            if here - sentence > _SENTENCES_BACK or (nearest is not None and sentence != nearest):
                break
            nearest = sentence
            candidates.setdefault(mention.actor_id, mention)
            if page.span(mention.start_char, mention.end_char).root.dep_ in ("nsubj", "nsubjpass"):
                subjects.setdefault(mention.actor_id, mention)
        pool = candidates if len(candidates) == 1 else subjects
        return next(iter(pool.values())) if len(pool) == 1 else None
