"""Whether a place name stands for the place or for an actor: "in Islamabad" against "Islamabad wants".

What belongs here: the decision, from the grammar around the name and the word lists in ``knowledge/actors/reading_cues.csv``. The
cases follow the annotation scheme of Markert and Nissim for location metonymy (place-for-people against literal).
"""

from collections.abc import Mapping

from spacy.tokens import Doc, Span, Token

from pipeline.knowledge.actors import ActorKnowledge

_FOLLOWS_HEAD = {"conj", "appos"}
_MODIFIER = {"compound", "nmod", "amod", "npadvmod"}
_SUBJECT = {"nsubj", "nsubjpass", "csubj", "agent"}
_INSIDE = {"in", "near", "outside", "around", "inside", "throughout", "across"}
_DASHES = {"-", "--", "–", "—"}
_OBJECT = {"dobj", "dative", "oprd", "obj"}


class PlaceReader:
    """Decides for one mention of a place name at a time."""

    def __init__(self, knowledge: ActorKnowledge) -> None:
        self.cues: Mapping[tuple[str, str], bool] = knowledge.reading_cues

    def acts(self, name: Span, default: bool) -> bool:
        """Whether the name stands for an actor. ``default`` where nothing in the sentence tells."""
        doc = name.doc
        if _is_dateline(doc, name) or _closes_an_address(doc, name):
            return False
        if self.is_aimed_at(name):
            return True
        token = name.root
        if "-" in token.text and token.i == name.end - 1:  # "U.S.-led" is one token
            linked = self.cues.get(("linked", token.lower_.rsplit("-", 1)[-1]))
            if linked is not None:
                return linked
        for _ in range(4):
            joined = name.end + 1 == token.head.i and doc[name.end].text == "-" and token.head.pos_ == "PROPN"
            if not (token.dep_ in _FOLLOWS_HEAD or joined) or token.head.i in range(name.start, name.end):
                break  # "Pakistan-India relations": the first name is read as the second
            token = token.head
        head = token.head
        dep = token.dep_
        lemma = head.lemma_.lower()
        if dep == "pobj" or head.pos_ == "ADP":
            return self._after_preposition(head, default)
        if dep in _SUBJECT:
            return self._subject(head, lemma, default)
        if dep in _OBJECT:
            return self.cues.get(("object_of", lemma), True)
        if dep == "poss":
            return self.cues.get(("possessed", lemma), False)
        if dep in _MODIFIER:
            linked = self.cues.get(("linked", head.lower_.rsplit("-", 1)[-1]))
            return self.cues.get(("modified", lemma), False) if linked is None else linked
        return default

    def _subject(self, verb: Token, lemma: str, default: bool) -> bool:
        """Subjects act, except of verbs and complements that say what or where a place is."""
        if lemma == "be":
            complements = [c for c in verb.children if c.dep_ in ("attr", "acomp", "prep")]
            if any(c.dep_ == "prep" and self.cues.get(("preposition", c.lower_)) is False for c in complements):
                return False
            said = [self.cues.get(("is", c.lemma_.lower()), True) for c in complements if c.dep_ != "prep"]
            return all(said) if said else default
        if lemma == "have":
            objects = [c.lemma_.lower() for c in verb.children if c.dep_ == "dobj"]
            return all(self.cues.get(("has", o), True) for o in objects)
        return self.cues.get(("subject_of", lemma), True)

    def is_aimed_at(self, name: Span) -> bool:
        """Whether a prefix makes the name the aim of what follows: "anti-Pakistan protests", "pro-Russian rebels"."""
        doc, start = name.doc, name.start
        return start > 1 and doc[start - 1].text in _DASHES and ("prefix", doc[start - 2].lower_) in self.cues

    def is_currency(self, name: Span) -> bool:
        """Whether the name only says whose money: "150 billion U.S. dollars"."""
        following = name.doc[name.end].lemma_.lower() if name.end < len(name.doc) else ""
        return ("currency", following) in self.cues

    def is_in(self, name: Span) -> bool:
        """Whether the words around say that a supposed person or organization is a place: "near X", "the village of X", "X province"."""
        doc, start, end = name.doc, name.start, name.end
        if ("ends_name", doc[end - 1].lower_) in self.cues:
            return True
        following = doc[end].lower_ if end < len(doc) else ""
        if following in {"'s", "’s"} or self.cues.get(("named", following)) is False:
            return following not in {"'s", "’s"}
        before = doc[start - 1].lower_ if start else ""
        if before == "of" and start > 1:
            return self.cues.get(("named", doc[start - 2].lemma_.lower())) is False
        return before in _INSIDE

    def _after_preposition(self, preposition: Token, default: bool) -> bool:
        word, governor = preposition.lower_, preposition.head
        cue = self.cues.get((f"{word}_after", governor.lemma_.lower()))
        if cue is None and governor.pos_ == "VERB":  # "gave aid to Iran": the object tells what kind of giving it is
            things = [c.lemma_.lower() for c in governor.children if c.dep_ == "dobj" and c.i < preposition.i]
            cue = next((self.cues[f"{word}_after", t] for t in things if (f"{word}_after", t) in self.cues), None)
        if cue is None and word == "of" and governor.pos_ == "ADJ":
            return True  # "mistrustful of Pakistan"
        return self.cues.get(("preposition", word), default) if cue is None else cue


def _is_dateline(doc: Doc, name: Span) -> bool:
    """Reads "KABUL, Sept 7 (Reuters) -": a place at the very start of a paragraph, followed by a dash, bracket or comma and date."""
    before = doc[name.start - 1] if name.start else None
    if before is not None and not (before.is_space and "\n" in before.text):
        return False
    after = doc[name.end : name.end + 6]
    if (
        not after
        or after[0].text not in {",", "(", *_DASHES}
        or (after[0].text in _DASHES and not doc[name.end - 1].whitespace_)
    ):
        return False
    return any(t.text in _DASHES for t in after)


def _closes_an_address(doc: Doc, name: Span) -> bool:
    """Reads "Quetta, Pakistan": the second of two places parted by a comma."""
    if name.start < 2 or doc[name.start - 1].text != ",":
        return False
    before = doc[name.start - 2]
    if before.ent_type_ not in {"GPE", "LOC", "FAC"} or name.root.dep_ == "conj":
        return False
    following = doc[name.end].text if name.end < len(doc) else "."
    return following not in {"and", "or"}
