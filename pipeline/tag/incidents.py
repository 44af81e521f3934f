"""Incidents: being written."""

from spacy.vocab import Vocab

from pipeline.records import Incident
from pipeline.tag.draft import Draft


class IncidentLayer:
    """Incidents of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, draft: Draft) -> list[Incident]:
        """Records in text order."""
        return []
