"""Actors and places: being written."""

from spacy.vocab import Vocab

from pipeline.records import ActorMention, LocationMention
from pipeline.tag.draft import Draft


class ActorLayer:
    """Who acts, and where."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> tuple[list[ActorMention], list[LocationMention]]:
        """The actor and place mentions of one article, in text order."""
        actors, places = [], []
        for e in draft.entities:
            if e.label in ("GPE", "LOC", "FAC"):
                places.append(LocationMention(e.start_char, e.end_char, e.text, e.text))
            elif e.label in ("PERSON", "ORG", "NORP"):
                actors.append(
                    ActorMention(
                        e.start_char, e.end_char, e.text, f"unknown:{e.text.lower()}", e.text, "unknown", "ner"
                    )
                )
        return actors, places
