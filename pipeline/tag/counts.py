"""Counts: being written."""

from spacy.vocab import Vocab

from pipeline.records import Count
from pipeline.tag.draft import Draft


class CountLayer:
    """Counts of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[Count]:
        """Records in text order."""
        return []
