"""The language of a text, told by the text itself (py3langid, whose model of 4 MB comes with the package).

What does not belong here: names of languages (``fields``). Tables of results and lists of figures are in no language to speak of:
what is not told for certain stays untold.
"""

import re
from functools import cache
from typing import Any

_READ_CHARS = 600
# On 21,495 English newswire texts no wrong language reached this probability in texts of this many letters.
_CERTAIN = 0.95
_FEWEST_LETTERS = 80
# Scripts that Latin letters do not hide in: a few words tell them.
_FEWEST_OTHER_LETTERS = 20
_CERTAIN_OTHER = 0.5
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
# Function words tell English at a hundredth of the model's cost (Grefenstette 1995, "Comparing two language identification schemes"):
# a fifth of these among the words, and "the", is what no other language has; English newswire has about a third.
_ENGLISH = frozenset((
    "the", "of", "and", "to", "in", "that", "was", "is", "with", "for", "on", "by", "said", "from", "as", "at", "it", "has", "his", "he",
    "be", "which", "were", "are", "had", "not", "an", "have", "after", "who", "its",
))  # fmt: skip
_ENGLISH_SHARE = 0.2
_FEWEST_WORDS = 20
_FEWEST_THE = 2
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u036f]")


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the language that the beginning of a text is surely written in, None where it is not sure."""
    head = text.lstrip()[:_READ_CHARS]
    if _is_plain_english(head):
        return "en"
    letters = len(_LETTER.findall(head))
    other = len(_OTHER_LETTER.findall(head))
    if letters < _FEWEST_OTHER_LETTERS or (letters < _FEWEST_LETTERS and other * 2 < letters):
        return None
    code, probability = _identifier().classify(head)
    certain = _CERTAIN_OTHER if other * 2 >= letters else _CERTAIN
    return str(code) if probability >= certain else None


def _is_plain_english(head: str) -> bool:
    words = _WORD.findall(head.lower())
    if len(words) < _FEWEST_WORDS or words.count("the") < _FEWEST_THE:
        return False
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


@cache
def _identifier() -> Any:
    # Imported late: the model takes a second to unpack.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
