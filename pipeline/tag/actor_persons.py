"""What the text says about a person beside the name: the office ("spokesperson") and whom it is held for ("Taliban").

What belongs here: titles before a name, and appositions on either side of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from spacy.tokens import Span, Token

from pipeline.knowledge.actor_tables import slug
from pipeline.knowledge.actors import Actor, ActorKnowledge
from pipeline.records import ActorMention
from pipeline.tag.actor_context import HEADS, office_at
from pipeline.tag.actor_page import ActorPage
from pipeline.tag.tokens import tokens_of, word_ids

_LONGEST_TITLE = 4
_WORDS_BEFORE_TITLE = 3
_HOLDS_OFFICE_FOR = ("state", "government", "military", "police", "armed_group", "party", "organization", "media")


class PersonReader:
    """Gives person mentions their role and affiliation."""

    def __init__(self, knowledge: ActorKnowledge) -> None:
        self.titles = {t: part for t, part in knowledge.titles.items() if t not in knowledge.forms_of_address}
        self.addresses = knowledge.forms_of_address
        self.by_id = knowledge.by_id
        self.offices = knowledge.offices

    def read(self, page: ActorPage) -> None:
        """Replace person mentions by ones that know their office."""
        by_end: dict[int, ActorMention] = {m.end_char: m for m in page.actors if m.kind in _HOLDS_OFFICE_FOR}
        place_ends = {p.end_char: p.country for p in page.places}
        others = {m.actor_id for m in page.actors if m.kind != "person"}
        countries = {p.country for p in page.places} | {a.country for i in others if (a := self.by_id.get(i))}
        for index, mention in enumerate(page.actors):
            if mention.kind != "person" or not mention.actor_id.startswith("person:"):
                continue
            span = page.span(mention.start_char, mention.end_char)
            found = self._before(page, span, by_end, place_ends) or self._apposition(page, span)
            role, affiliation = found or (None, None)
            source: Literal["text", "knowledge"] | None = "text" if affiliation else None
            if affiliation is None:
                held = office_at(self.offices.get(mention.actor_id, ()), page.draft.article.published)
                # A namesake holds no office: the text must name the title, the country or the organization; heads need none of them.
                if held is not None and (
                    role or held.role in HEADS or held.parent in others or self._country(held.parent) in countries
                ):
                    role, affiliation, source = role or held.role, held.parent, "knowledge"
            if role or affiliation:
                page.actors[index] = replace(mention, role=role, affiliation=affiliation, affiliation_source=source)

    def _country(self, actor_id: str | None) -> str | None:
        """The country of an organization; empty rather than None where it has none, so that it meets no other's."""
        actor = self.by_id.get(actor_id or "")
        return (actor.country if actor else None) or ""

    def read_later(self, page: ActorPage) -> None:
        """Take up "the president" and its like where the text has named one person in that office before."""
        page.sort()
        holders: dict[str, dict[str, ActorMention]] = {}
        for mention in page.actors:
            if mention.role:
                holders.setdefault(mention.role, {}).setdefault(mention.actor_id, mention)
        if not holders:
            return
        for token in tokens_of(page.doc, word_ids({role.rsplit(" ", 1)[-1] for role in holders})):
            if token.left_edge.lower_ != "the" or token.n_rights:
                continue
            role = page.doc[token.left_edge.i + 1 : token.i + 1].text.lower()
            known = [m for m in holders.get(role, {}).values() if m.end_char <= token.idx]
            if len(known) == 1:
                start, end = token.left_edge.idx, token.idx + len(token)
                page.add_actor(start, end, known[0], "coreference", "office", antecedent=known[0].start_char)

    def read_owned(self, page: ActorPage) -> None:
        """Take "its new supreme leader" for the holder of that office, by name where the tables know who held it then."""
        owners = {m.start_char: m for m in page.actors if m.is_pronoun and m.kind in _HOLDS_OFFICE_FOR}
        for start_char, owner in owners.items():
            pronoun = page.span(start_char, owner.end_char).root
            noun = pronoun.head
            if pronoun.dep_ != "poss":
                continue
            title = self._title_ending_at(noun) if noun.i > pronoun.i else None
            named = noun.i + 1 < len(page.doc) and page.doc[noun.i + 1].ent_type_ == "PERSON"
            if title is None or named or any(c.dep_ == "appos" for c in noun.children):
                continue
            holders = [
                actor_id
                for actor_id, roles in self.offices.items()
                if (held := office_at(roles, page.draft.article.published)) is not None
                and held.role == title
                and held.parent is not None
                and held.parent in (owner.actor_id, f"{owner.actor_id}{self.titles[title]}")
            ]
            office = Actor(f"office:{owner.actor_id}:{slug(title)}", f"{title} of {owner.name}", "person")
            holder = self.by_id[holders[0]] if len(holders) == 1 else office
            start = page.doc[pronoun.i + 1].idx
            if page.add_actor(
                start, noun.idx + len(noun), holder, "description", "owned office", antecedent=start_char
            ):
                page.actors[-1] = replace(
                    page.actors[-1], role=title, affiliation=owner.actor_id, affiliation_source="text"
                )

    def _before(
        self, page: ActorPage, span: Span, by_end: Mapping[int, ActorMention], place_ends: Mapping[int, str | None]
    ) -> tuple[str | None, str | None] | None:
        """Reads "Taliban spokesperson Zabihullah Mujahid": the title that ends where the name begins, and the actor before it."""
        doc = page.doc
        name_start = span.start
        while name_start > 0 and doc[name_start - 1].lower_ in self.addresses:
            name_start -= 1
        for start in range(max(name_start - _LONGEST_TITLE, 0), name_start):
            title = doc[start:name_start].text.lower()
            if title not in self.titles:
                continue
            whole = by_end.get(doc[name_start - 1].idx + len(doc[name_start - 1]))
            if whole is not None:  # "Iranian Foreign Minister" is one mention
                return title, whole.actor_id
            for back in range(_WORDS_BEFORE_TITLE + 1):
                if start - 1 - back < 0:
                    break
                token = doc[start - 1 - back]
                end = token.idx + len(token)
                if end in by_end or end in place_ends:
                    return title, self._office(title, by_end.get(end), place_ends.get(end))
                if token.pos_ not in ("ADJ", "NOUN", "PROPN", "PART", "PUNCT") or token.text in {",", ";", "(", ")"}:
                    break
            return title, None
        return None

    def _apposition(self, page: ActorPage, span: Span) -> tuple[str | None, str | None] | None:
        """Reads "X, the spokesman for the Taliban," and "Pakistan's foreign minister, X"."""
        root = span.root
        nouns = [t for t in root.children if t.dep_ == "appos" and t.i >= span.end]
        if root.dep_ == "appos" and root.head.i < span.start:
            nouns.append(root.head)
            if root.head.dep_ == "pobj" and root.head.head.lower_ == "of":  # "the director of the agency, X"
                nouns.append(root.head.head.head)
        for noun in nouns:
            title = self._title_ending_at(noun)
            if title is None:
                continue
            return title, self._actor_within(page, noun, title, span)
        return None

    def _title_ending_at(self, noun: Token) -> str | None:
        doc = noun.doc
        for start in range(max(noun.i + 1 - _LONGEST_TITLE, 0), noun.i + 1):
            phrase = doc[start : noun.i + 1].text.lower()
            if phrase in self.titles:
                return phrase
        return None

    def _actor_within(self, page: ActorPage, noun: Token, title: str, name: Span) -> str | None:
        start, end = noun.left_edge.idx, noun.right_edge.idx + len(noun.right_edge)
        if noun.i < name.start:
            end = min(end, name.start_char)
        inside = [m for m in page.actors if start <= m.start_char and m.end_char <= end and m.kind in _HOLDS_OFFICE_FOR]
        # "the leader of the Peruvian MRTA": an organization says more than the adjective before it
        if inside:
            return self._office(title, min(inside, key=lambda m: m.kind == "state"), None)
        for place in page.places:
            if place.start_char >= start and place.end_char <= end and place.country:
                return self._office(title, None, place.country)
        return None

    def _office(self, title: str, actor: ActorMention | None, country: str | None) -> str | None:
        """The actor itself, or the part of the state to which the title belongs."""
        if actor is not None and actor.kind != "state":
            return actor.actor_id
        state = actor.actor_id if actor is not None else country
        if state is None:
            return None
        part = self.titles[title]
        return state + part if state + part in self.by_id else state
