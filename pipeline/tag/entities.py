"""Named entities as the spaCy model finds them."""

from spacy.vocab import Vocab

from pipeline.records import Entity
from pipeline.tag.draft import Draft


class EntityLayer:
    """Named entities with OntoNotes labels."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[Entity]:
        """The entities of one article, in text order."""
        return [
            Entity(e.start_char, e.end_char, draft.text(e.start_char, e.end_char), e.label_) for e in draft.doc.ents
        ]
