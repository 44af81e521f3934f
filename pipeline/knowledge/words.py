"""Words of plain English: those that news writes small, by which names are told from words, and verbs whose lemma the model gets wrong."""

import re
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


def verb_forms(lemma: str) -> frozenset[str]:
    """Every form that a verb has if it is regular: "unban" gives unban, unbans, unbanned, unbanning."""
    if lemma.endswith("e"):
        return frozenset({lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"})
    if re.search(r"[^aeiou]y$", lemma):
        return frozenset({lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"})
    hissing = lemma.endswith(("s", "x", "z", "ch", "sh"))
    forms = {lemma, f"{lemma}es" if hissing else f"{lemma}s", f"{lemma}ed", f"{lemma}ing"}
    if re.search(r"[^aeiou][aeiou][bdfglmnprst]$", lemma):
        forms |= {f"{lemma}{lemma[-1]}ed", f"{lemma}{lemma[-1]}ing"}
    return frozenset(forms)
