"""What the event lexicon lacks."""

from tests.integration.models.corpus import Corpus


def test_verbs_without_an_event_are_counted_by_reason(corpus: Corpus) -> None:
    corpus.article("a", "2021-06-30")
    corpus.article("copy", "2021-06-30", duplicate_of="a")
    corpus.uncoded("outflank", "AAA", "BBB")
    corpus.uncoded("outflank", "BBB", "AAA")
    corpus.uncoded("outflank", "AAA", "BBB", "copy")
    corpus.uncoded("take", "AAA", "CCC", reason="no sense")
    rows = corpus.rows("SELECT lemma, reason, n_times, n_articles, n_pairs FROM marts.uncoded_verbs ORDER BY lemma")
    assert rows == [("outflank", "no pattern", 2, 1, 2), ("take", "no sense", 1, 1, 1)]
