"""Dates: being written."""

from spacy.vocab import Vocab

from pipeline.records import DateMention
from pipeline.tag.draft import Draft


class DateLayer:
    """Dates of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[DateMention]:
        """Records in text order."""
        return []
