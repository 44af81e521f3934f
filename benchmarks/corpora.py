"""The corpora that speed is measured on, and samples of them. What does not belong here: measuring."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pipeline.ingest import read_sources
from pipeline.records import Article

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
_NEWSWIRE, _REUTERS = (SHARED / f"gold/corpora/{name}.jsonl.gz" for name in ("newswire", "reuters21578"))
_LONG_WORDS = 800

CORPORA = {
    "bundled": [ROOT / "examples"],
    "newswire": [_NEWSWIRE],
    "Reuters": [_REUTERS],
    "long pieces": [SHARED / "seed/article.jsonl", _NEWSWIRE, _REUTERS],
}
WHAT = {
    "bundled": "the examples of the repository",
    "newswire": "general newswire",
    "Reuters": "Reuters-21578: short reports, half of them on markets",
    "long pieces": f"an analysis of 1,774 words, and the newswire and Reuters reports of {_LONG_WORDS} words or more",
}


def articles(corpus: str) -> Iterator[Article] | None:
    """The distinct articles of a corpus, in order; None where it is not beside the repository."""
    if not all(path.exists() for path in CORPORA[corpus]):
        return None
    return _distinct(corpus)


def _distinct(corpus: str) -> Iterator[Article]:
    seen: set[str] = set()
    for item in chain.from_iterable(read_sources([path]) for path in CORPORA[corpus]):
        if not isinstance(item, Article) or item.text_hash in seen:
            continue
        if corpus != "long pieces" or words(item) >= _LONG_WORDS:
            seen.add(str(item.text_hash))
            yield item


def sample(corpus: str, most_words: int) -> list[Article] | None:
    """Every n-th article, so that about so many words of the whole corpus come together; None where it is not there."""
    found = articles(corpus)
    if found is None:
        return None
    every = list(found)
    step = max(1, round(sum(map(words, every)) / most_words))
    return every[::step]


def words(article: Article) -> int:
    """Words between blanks."""
    return len(article.text.split())


def write_jsonl(file: Path, some: list[Article]) -> None:
    """Articles as the tagger's input."""
    with file.open("w", encoding="utf-8") as out:
        for a in some:
            record = {"doc_id": a.doc_id or a.article_id, "text": a.text, "published": str(a.published or "") or None}
            out.write(json.dumps({**record, "source": a.source, "title": a.title}) + "\n")
