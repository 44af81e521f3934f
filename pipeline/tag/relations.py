"""Relations: being written."""

from spacy.vocab import Vocab

from pipeline.records import Relation
from pipeline.tag.draft import Draft


class RelationLayer:
    """Relations of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[Relation]:
        """Records in text order."""
        return []
