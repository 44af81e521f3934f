"""The organizations behind an act: named with those who did it, or by their members ("ELN rebels").

What belongs here: finding and naming them. What does not: who is said to have done it (``incident_slots.py``).
"""

import re

from spacy.tokens import Token

from pipeline.records import ActorMention
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.count_context import actor_at, between
from pipeline.tag.draft import Draft
from pipeline.tag.incident_phrases import taken_up

_ARMED = frozenset({"armed_group", "military", "police"})
_WORD = re.compile(r"[^\W_]+")
_BELONGING = frozenset({"of", "from"})
_NATIONALITY = frozenset({"NORP", "GPE"})
_COLLECTIVE = "collective:"


class OrganizationReader:
    """Finds organizations in the phrase of a perpetrator. ``members`` are nouns for who or what belongs to one: rebels, jets."""

    def __init__(self, names: KnownNames, members: frozenset[str]) -> None:
        actors = names.actors
        self.members = members
        named = (a for a in actors.aliases if not a.needs_context and a.actor_id in actors.by_id)
        groups = (a.alias for a in named if actors.by_id[a.actor_id].kind == "armed_group")
        self.groups = {tuple(_WORD.findall(g.lower())) for g in groups if " " in g}

    def of_pronoun(self, draft: Draft, pronoun: Token) -> list[str]:
        """The organization that a pronoun goes back to."""
        actor = actor_at(draft, pronoun.idx, pronoun.idx + len(pronoun))
        named = actor is not None and actor.kind in _ARMED and not actor.actor_id.startswith(_COLLECTIVE)
        name = self._name(draft, actor) if named and actor else ""
        return [name] if name else []

    def inside(self, draft: Draft, head: Token) -> list[str]:
        """Organizations named in the phrase: before its head, as its head, in its of-phrase or beside it."""
        found = []
        for left, right in self._parts(head):
            found += [
                self._name(draft, a)
                for a in between(draft.actors, left, right)
                if a.kind in _ARMED and not a.actor_id.startswith(_COLLECTIVE)
            ]
        return [f for f in found if f] or self._without_case(draft, head) or self._modifier(draft, head)

    @staticmethod
    def _parts(head: Token) -> list[tuple[int, int]]:
        parts = [(head.left_edge.idx, head.idx + len(head))]
        for child in head.rights:
            inner = (
                child.dep_ == "appos" or child.dep_ == "prep" and child.lower_ in _BELONGING or child.lemma_ == "belong"
            )
            if inner:
                parts.append((child.left_edge.idx, child.right_edge.idx + len(child.right_edge)))
        return parts

    def _name(self, draft: Draft, mention: ActorMention) -> str:
        """The name without the noun for its members: "ELN" of "ELN rebels"; empty where only a country is left."""
        mention = taken_up(draft, mention)
        words = mention.text.split()
        if words[-1].lower().rstrip("s") in self.members:
            short = mention.text[: mention.text.rindex(words[-1])].strip() or mention.text
            bare = any(t.ent_type_ in _NATIONALITY for t in draft.tokens(mention)[:-1])
            return "" if bare or mention.kind != "armed_group" else short
        return mention.text

    def _without_case(self, draft: Draft, head: Token) -> list[str]:
        """Known armed groups that the text writes small: "the shining path"."""
        for left, right in self._parts(head):
            words = [
                (m.group(), left + m.start(), left + m.end()) for m in _WORD.finditer(draft.text(left, right).lower())
            ]
            for first in range(len(words)):
                for last in range(len(words), first + 1, -1):
                    if tuple(w for w, _, _ in words[first:last]) in self.groups:
                        return [draft.text(words[first][1], words[last - 1][2])]
        return []

    def _modifier(self, draft: Draft, head: Token) -> list[str]:
        """A name before a noun for members: "Red Dawn guerrillas"."""
        if head.lemma_.lower() not in self.members:
            return []
        for child in head.lefts:
            if child.dep_ in {"compound", "nmod"} and child.pos_ == "PROPN" and child.ent_type_ in {"ORG", "FAC"}:
                return [draft.text(child.left_edge.idx, child.idx + len(child))]
        return []
