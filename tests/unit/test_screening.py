"""What the benchmark of screens reads, leaves unread and compares."""

from dataclasses import replace

import pytest
import spacy

from benchmarks import screening
from pipeline.records import Article, Count, TaggedArticle

TEXT = 'Gunmen killed nine guards on Monday.  "It was a dark day," the mayor said.\n\nMr. Ali J. Khan and his wife were away. They came back.'
COUNT = Count(14, 25, "nine guards", "killed", 9, 9, 9)


def _read(chosen: list[bool]) -> list[str]:
    nlp = spacy.blank("en")
    doc = screening.OnlyPassing(nlp, lambda _text, _spans: chosen)(TEXT)
    assert doc.text == TEXT
    return [t.text for t in doc if not t.is_space]


def test_sentences_are_cut_by_a_cheap_rule() -> None:
    assert [TEXT[start:end] for start, end in screening.sentences(TEXT)] == [
        "Gunmen killed nine guards on Monday.",
        '"It was a dark day," the mayor said.',
        "Mr. Ali J. Khan and his wife were away.",
        "They came back.",
    ]


def test_a_sentence_that_does_not_pass_is_not_read_and_all_offsets_stay() -> None:
    everything = [t.text for t in spacy.blank("en")(TEXT) if not t.is_space]
    assert _read([True] * 4) == everything
    assert _read([False, False, False, True]) == everything[-4:]
    assert _read([True, False, True, False]) == [
        *["Gunmen", "killed", "nine", "guards", "on", "Monday", "."],
        *["Mr.", "Ali", "J.", "Khan", "and", "his", "wife", "were", "away", "."],
    ]
    assert _read([False] * 4) == []


def test_a_sentence_begins_behind_one_that_was_not_read() -> None:
    nlp = spacy.blank("en")
    doc = screening.OnlyPassing(nlp, lambda _text, _spans: [True, False, True, True])(TEXT)
    assert [t.text for t in doc if t.is_sent_start and not t.is_space] == ["Gunmen", "Mr."]


def test_context_is_the_beginning_what_stands_before_a_pronoun_and_where_a_name_is_written_in_full() -> None:
    text = "A. B. C. Ali Khan came. D. E. He left. F. Mr Khan slept."
    spans = [(text.index(s), text.index(s) + len(s)) for s in ("A.", "B.", "C.", "Ali Khan came.", "D.", "E.", "He left.", "F.", "Mr Khan slept.")]  # fmt: skip
    passes = screening.with_context(
        lambda _text, found: [text[a:b] in ("He left.", "Mr Khan slept.") for a, b in found]
    )
    assert [text[a:b] for (a, b), read in zip(spans, passes(text, spans), strict=True) if read] == [
        "A.",
        "B.",
        "Ali Khan came.",
        "E.",
        "He left.",
        "Mr Khan slept.",
    ]


@pytest.mark.parametrize(
    ("counts", "numbers"),
    [((COUNT,), (1, 1, 0)), ((), (1, 0, 0)), ((replace(COUNT, best=8),), (1, 0, 1)), ((COUNT, COUNT), (1, 1, 1))],
)
def test_a_record_is_kept_where_it_says_the_same(counts: tuple[Count, ...], numbers: tuple[int, int, int]) -> None:
    full = TaggedArticle("a", "coder", counts=(COUNT,))
    assert screening.kept([full], [replace(full, counts=counts)])["counts"] == numbers


def test_the_perfect_screen_passes_what_yields() -> None:
    article = Article("a", TEXT)
    passes = screening.perfect([article], [TaggedArticle("a", "coder", counts=(COUNT,))])
    assert passes(TEXT, screening.sentences(TEXT)) == [True, False, False, False]
