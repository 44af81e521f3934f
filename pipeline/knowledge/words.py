"""Words that news writes small, by which names are told from words."""

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "words" / "common.txt"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that stand in small letters in the middle of sentences, function words included. See ``words/README.md``."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())
