"""How names are compared: without accents, hyphens, apostrophes and the points of "U.S."."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


class _Plain(dict[int, str]):
    """Letters without their accents, each found out once."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = letter
        if letter == "ı":  # has no decomposition of its own
            plain = "i"
        elif code > _LAST_ASCII and letter.isalpha():
            plain = unicodedata.normalize("NFD", letter)[0]
        self[code] = plain
        return plain


_LAST_ASCII = 127
_PLAIN = _Plain()


def folded(text: str) -> str:
    """Text without accents: "Sana'a" stays, "Élysée" becomes "Elysee". Never changes the length of composed text."""
    return text if text.isascii() else text.translate(_PLAIN)


def name_key(name: str) -> tuple[str, ...]:
    """The words of a name as names are compared."""
    words = _WORD.findall(folded(name))
    return tuple(words) if "." not in name else tuple(w.replace(".", "") for w in words)
