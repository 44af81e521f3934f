"""Length-preserving clean-up of web and wire text before spaCy reads it.

Every offset that the tagger reports points into the text as it came in, so a clean-up may only replace one character by one
other. Whatever would insert or delete belongs into ingestion, before offsets exist.
"""

import re

# Spaces of every width, as former hyperlinks and typesetting leave them. A regex or tokenizer that expects " " misses them.
_ONE_FOR_ONE = {
    0x00A0: " ",  # no-break space
    0x1680: " ",
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    0x200B: " ",  # zero-width space: a space keeps the words that it parts apart
    0x2028: "\n",
    0x2029: "\n",
    0x202F: " ",
    0x205F: " ",
    0x3000: " ",
    0xFEFF: " ",
    0x2010: "-",
    0x2011: "-",
    0x0000: " ",
}
_LINE_BREAK_IN_PARAGRAPH = re.compile(r"(?<=\S)[\r\n\t](?=\S)")
_LINE = re.compile(r"[^\n]+")
# A line of at least this many letters, nearly all capitals, is a headline or an old teletype text.
_LETTERS_TO_JUDGE_CAPITALS = 6
_SHARE_OF_CAPITALS = 0.85


def same_length_cleanup(text: str) -> str:
    """Text with odd spaces, hyphens and hard line wraps replaced one for one; ``len`` never changes."""
    clean = text.translate(_ONE_FOR_ONE)
    return _LINE_BREAK_IN_PARAGRAPH.sub(" ", clean)


def lines_of_capitals(text: str) -> list[tuple[int, int]]:
    """Offsets of the lines written in capitals."""
    if not text.isupper() and sum(map(str.isupper, text[:4000])) < 8:
        return []
    found = []
    for line in _LINE.finditer(text):
        words = line.group()
        upper = sum(map(str.isupper, words))
        letters = sum(map(str.isalpha, words))
        if letters >= _LETTERS_TO_JUDGE_CAPITALS and upper >= _SHARE_OF_CAPITALS * letters:
            found.append(line.span())
    return found
