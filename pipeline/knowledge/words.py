"""Words of plain English: those that news writes small, by which names are told from words, and verbs whose lemma the model gets wrong."""

from functools import lru_cache
from pathlib import Path

from pipeline.knowledge.tables import read_table

_FOLDER = Path(__file__).parent / "words"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words that stand in small letters in the middle of sentences, function words included. See ``words/README.md``."""
    return frozenset((_FOLDER / "common.txt").read_text(encoding="utf-8").split())


def verb_lemmas() -> dict[str, str]:
    """Lemmas by the form of the verb, where the model's own rules go wrong ("raped" is no form of "rap")."""
    return {row["form"]: row["lemma"] for row in read_table(_FOLDER / "lemmas.csv", ["form", "lemma"])}
