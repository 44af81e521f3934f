"""A text longer than a window is cut between paragraphs or sentences, and what is found has offsets into the whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.records import Article, TaggedArticle
from pipeline.tag import tagger as tagger_module
from pipeline.tag.tagger import Tagger
from pipeline.tag.windows import windows

ROOT = Path(__file__).parent.parent.parent.parent
PARAGRAPH = (
    "On Monday, militants attacked a checkpoint near Quetta. Two policemen were killed, the provincial police said."
)


def cut(text: str, size: int) -> list[str]:
    parts = list(windows(Article("a", text), size))
    assert [offset for offset, _ in parts] == [text.index(part.text, offset) for offset, part in parts]
    assert "".join(part.text for _, part in parts) == text
    assert all(len(part.text) <= size for _, part in parts)
    return [part.text for _, part in parts]


def test_a_text_that_fits_is_read_whole() -> None:
    article = Article("a", "One sentence.", title="Title")
    assert list(windows(article, 13)) == [(0, article)]


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("First one.\n\nSecond one. Third one.", 30, ["First one.\n\n", "Second one. Third one."]),
        ("First line\nsecond line. More of it", 25, ["First line\n", "second line. More of it"]),
        ('He said: "No." She left then.', 20, ['He said: "No." ', "She left then."]),
        ("many words without an end", 12, ["many words ", "without an ", "end"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
    ],
)
def test_the_best_cut_is_taken(text: str, size: int, expected: list[str]) -> None:
    assert cut(text, size) == expected


@pytest.fixture
def in_windows(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> Callable[[Article, int], TaggedArticle]:
    def read(article: Article, size: int) -> TaggedArticle:
        monkeypatch.setattr(tagger_module, "windows", lambda a: windows(a, size))
        return next(tagger.tag([article]))

    return read


def test_all_offsets_point_into_the_whole_text(in_windows: Callable[[Article, int], TaggedArticle]) -> None:
    text = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*/*.txt")))
    tagged = in_windows(Article("a", text, published=date(2021, 9, 10)), 2_000)
    records = [
        *tagged.entities,
        *tagged.actors,
        *tagged.locations,
        *tagged.dates,
        *tagged.counts,
        *tagged.events,
        *tagged.incidents,
        *tagged.relations,
        *tagged.uncoded_events,
        *(side for event in tagged.events for side in (event.source, event.target) if side is not None),
    ]
    assert len(text) > 10_000
    assert tagged.events
    assert tagged.incidents
    assert [r for r in records if text[r.start_char : r.end_char] != r.text] == []
    for spans in (tagged.sentences, tagged.entities, tagged.events):
        assert all(a.start_char <= b.start_char for a, b in pairwise(spans))
    starts = {m.start_char for m in tagged.actors}
    assert {m.antecedent for m in tagged.actors if m.antecedent is not None} <= starts


def test_each_window_is_found_as_if_it_stood_alone(
    tagger: Tagger, in_windows: Callable[[Article, int], TaggedArticle]
) -> None:
    alone = next(tagger.tag([Article("a", PARAGRAPH, published=date(2021, 9, 10))]))
    twice = in_windows(Article("a", f"{PARAGRAPH}\n\n{PARAGRAPH}", published=date(2021, 9, 10)), len(PARAGRAPH) + 2)
    shift = len(PARAGRAPH) + 2
    assert [c.best for c in twice.counts] == [c.best for c in alone.counts] * 2
    assert [e.start_char for e in twice.events] == [e.start_char + s for s in (0, shift) for e in alone.events]
    first, second = twice.incidents
    assert second == replace(
        first,
        start_char=first.start_char + shift,
        end_char=first.end_char + shift,
        event_indexes=tuple(i + len(alone.events) for i in first.event_indexes),
        mentions=tuple(
            replace(m, start_char=m.start_char + shift, end_char=m.end_char + shift) for m in first.mentions
        ),
    )
    assert first.event_indexes
