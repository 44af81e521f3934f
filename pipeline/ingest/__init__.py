"""Source -> Article or Rejected. One module per kind of source, all behind the protocol of ``source.py``.

What belongs here: finding articles, fetching them, recognising what a file is, decoding, extraction, identity. What does not: the
warehouse (whether a text is a repost is decided there) and anything that reads meaning out of the text.

``files`` walks files and folders, ``streams`` and ``archives`` unpack them, ``recognise`` says what a file holds; ``jsonl``,
``tables``, ``plaintext``, ``markdown``, ``html`` and ``warc`` read it; ``fields`` makes an Article of named fields, with
``publication`` for its date, ``language`` for its language and ``identity`` for its ids. ``near_duplicates`` says how alike two
texts are. ``tagger_input`` is the strict reader of ``faultline tag``.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.ingest.files import FileSource
from pipeline.ingest.source import DEFAULT_LIMITS, Limits, Source
from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.records import Article, Done, Rejected

__all__ = ["FileSource", "Limits", "Source", "read_sources", "read_tagger_input"]


def read_sources(paths: Sequence[Path], limits: Limits = DEFAULT_LIMITS) -> Iterator[Article | Rejected]:
    """Read articles from files and folders, in a fixed order and in constant memory.

    Files: .txt and .md (with YAML front matter), .html, .jsonl, .csv, .parquet, .warc, all but Parquet also packed with gzip,
    zstd or zip; recognised by content first, by suffix where the content leaves it open. Folders are read with their subfolders, sorted;
    hidden files, READMEs and licences in them are passed over, and links that lead out of them are not followed.

    Returns:
        An Article for everything that could be read, a Rejected for everything that could not. One bad file or line never
        ends the reading.

    Raises:
        InputError: a path does not exist. Raised at the call, before anything is read.
    """
    items = FileSource(paths, limits).read()
    return (item for item in items if not isinstance(item, Done))
