"""The organizations behind an act: named with those who did it, or by their members ("ELN rebels").

What belongs here: finding and naming them. What does not: who is said to have done it (``incident_slots.py``).
"""

from spacy.tokens import Token

from pipeline.knowledge.actors import Alias
from pipeline.records import ActorMention
from pipeline.tag.actor_context import KnownNames
from pipeline.tag.count_context import actor_at, between
from pipeline.tag.draft import Draft
from pipeline.tag.incident_phrases import taken_up

_ARMED = frozenset({"armed_group", "military", "police"})
_BELONGING = frozenset({"of", "from"})
_NATIONALITY = frozenset({"NORP", "GPE"})
_COLLECTIVE = "collective:"


class OrganizationReader:
    """Finds organizations in the phrase of a perpetrator. ``members`` are nouns for those who belong to one: guerrillas, rebels."""

    def __init__(self, names: KnownNames, members: frozenset[str]) -> None:
        self.gazetteer = names.gazetteer
        self.by_id = names.actors.by_id
        self.members = members

    def of_pronoun(self, draft: Draft, pronoun: Token) -> list[str]:
        """The organization that a pronoun goes back to."""
        actor = actor_at(draft, pronoun.idx, pronoun.idx + len(pronoun))
        named = actor is not None and actor.kind in _ARMED and not actor.actor_id.startswith(_COLLECTIVE)
        return [self._name(draft, actor)] if named and actor else []

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
        if len(words) > 1 and words[-1].lower().rstrip("s") in self.members:
            short = mention.text[: mention.text.rindex(words[-1])].strip()
            bare = any(t.ent_type_ in _NATIONALITY for t in draft.tokens(mention)[:-1])
            return "" if bare or mention.kind != "armed_group" else short
        return mention.text

    def _without_case(self, draft: Draft, head: Token) -> list[str]:
        """Known armed groups that the text writes small: "the shining path"."""
        for left, right in self._parts(head):
            for hit in self.gazetteer.scan_any_case(draft.text(left, right).lower()):
                owner = hit.owners[0]
                if isinstance(owner, Alias) and self._is_group(owner):
                    return [draft.text(left + hit.start_char, left + hit.end_char)]
        return []

    def _is_group(self, alias: Alias) -> bool:
        actor = self.by_id.get(alias.actor_id)
        return actor is not None and actor.kind == "armed_group" and not alias.needs_context

    def _modifier(self, draft: Draft, head: Token) -> list[str]:
        """A name before a noun for members: "Red Dawn guerrillas"."""
        if head.lemma_.lower() not in self.members:
            return []
        for child in head.lefts:
            if child.dep_ in {"compound", "nmod"} and child.pos_ == "PROPN" and child.ent_type_ in {"ORG", "FAC"}:
                return [draft.text(child.left_edge.idx, child.idx + len(child))]
        return []
