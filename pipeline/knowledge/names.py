"""How names are compared: without accents, hyphens, apostrophes and the points of "U.S."."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


def folded(text: str) -> str:
    """Text without accents: "Sana'a" stays, "Élysée" becomes "Elysee". Never changes the length of composed text."""
    if text.isascii():
        return text
    return "".join(_plain(c) if c.isalpha() else c for c in text)


def _plain(letter: str) -> str:
    # The Turkish dotless i has no decomposition of its own.
    return "i" if letter == "ı" else unicodedata.normalize("NFD", letter)[0]


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name as names are compared."""
    return tuple(w.replace(".", "") for w in _WORD.findall(folded(name)))
