"""Parts of a state that a noun phrase names: "Pakistani paramilitary forces", "Pakistan's military", "government of Iraq".

What belongs here: finding the noun that says which part, and the span of the phrase.
"""

from collections.abc import Mapping

from spacy.tokens import Span, Token

from pipeline.knowledge.actors import ActorKnowledge

_LONGEST_PHRASE = 4
_FARTHEST_HEAD = 6
# Parts that a noun names even where it modifies another one: "Afghan government policy", but not "Afghan student visas".
_PARTS_THAT_MODIFY = frozenset({"GOV", "MIL", "COP", "LEG", "JUD", "SPY"})
_LINKS_IN_PHRASE = {"compound", "amod", "nmod", "poss", "case", "punct", "nummod", "det", "advmod"}


class StatePartFinder:
    """Finds the part of a state that a phrase around the state's name or adjective means."""

    def __init__(self, knowledge: ActorKnowledge) -> None:
        with_part = {title: part for title, part in knowledge.titles.items() if part}
        self.parts: Mapping[str, str] = {**with_part, **knowledge.state_parts}

    def find(self, name: Span) -> tuple[int, int, str] | None:
        """``(start token, end token, part)`` of the whole phrase, or None where the name stands for the state itself."""
        return self._noun_after(name) or self._noun_before_of(name)

    def _noun_after(self, name: Span) -> tuple[int, int, str] | None:
        doc, token = name.doc, name.root
        head = self._phrase_head(name, token)
        if head is not None:
            while head.ent_type_ == "PERSON" and head.i > name.end:  # "South African Transport Minister Jeff Radebe"
                head = doc[head.i - 1]
            part = self._phrase_ending_at(head, name.end)
            if part:
                return name.start, head.i + 1, part
        begin = name.end
        if begin < len(doc) and doc[begin].text in {"'s", "’s", "'", "’"}:
            begin += 1
        for end in range(min(begin + _LONGEST_PHRASE, len(doc)), begin, -1):
            part = self.parts.get(doc[begin:end].text.lower())
            if (
                part in _PARTS_THAT_MODIFY
                and doc[end - 1].pos_ in {"NOUN", "PROPN"}
                and (
                    head is not None
                    and end <= head.i + 1
                    or end == begin + 1
                    and doc[begin].ent_type_ in {"ORG", "NORP"}
                )
            ):
                return name.start, end, part
        return None

    @staticmethod
    def _phrase_head(name: Span, token: Token) -> Token | None:
        """The noun that the name modifies, when it follows closely within one noun phrase."""
        if token.dep_ not in {"amod", "compound", "nmod", "poss"}:
            return None
        head = token.head
        while head.dep_ == "compound" and head.head.i > head.i and head.head.i - name.end < _FARTHEST_HEAD:
            head = head.head
        if not name.end <= head.i < name.end + _FARTHEST_HEAD or head.pos_ not in {"NOUN", "PROPN"}:
            return None
        between = name.doc[name.end : head.i]
        if any(
            t.is_space or t.text in {",", ";", "(", ")"} or t.pos_ in {"VERB", "CCONJ"} and t.dep_ != "amod"
            for t in between
        ):
            return None
        return head

    def _phrase_ending_at(self, head: Token, earliest: int) -> str | None:
        doc = head.doc
        for start in range(max(earliest, head.i + 1 - _LONGEST_PHRASE), head.i + 1):
            phrase = doc[start : head.i + 1].text.lower()
            part = self.parts.get(phrase) or (self.parts.get(head.lemma_.lower()) if start == head.i else None)
            if part:
                return part
        return None

    def _noun_before_of(self, name: Span) -> tuple[int, int, str] | None:
        """Reads "the government of Iraq"."""
        of = name.root.head
        if of.lower_ != "of" or name.root.dep_ != "pobj" or of.i + 2 < name.start or of.i == 0 or of.i > name.start:
            return None
        noun = of.head
        if noun.i != of.i - 1 or noun.pos_ not in {"NOUN", "PROPN"}:
            return None
        part = self.parts.get(noun.lower_) or self.parts.get(noun.lemma_.lower())
        return (noun.i, name.end, part) if part else None
