"""Events: being written."""

from spacy.vocab import Vocab

from pipeline.records import Event
from pipeline.tag.draft import Draft


class EventLayer:
    """Events of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[Event]:
        """Records in text order."""
        return []
