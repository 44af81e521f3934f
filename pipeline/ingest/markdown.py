"""Markdown -> plain text and title.

A CommonMark parser (markdown-it) reads it; what is written is the words alone. Links leave their text, images and raw HTML tags
nothing, emphasis its words, list items and headings become paragraphs of their own. Paragraphs are parted by a blank line; line
breaks within them stay.
"""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]*>", re.DOTALL)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,20}\]:?")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def markdown_to_text(markdown: str) -> tuple[str, str | None]:
    """The plain text, and the title if the first thing in it is a heading of the first level (which then leaves the text)."""
    tokens = _parser().parse(_FOOTNOTE_MARK.sub("", markdown))
    title = None
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = _inline(tokens[1].children or []).strip() or None
        tokens = tokens[3:]
    blocks = (_block(t) for t in tokens)
    return "\n\n".join(b for b in blocks if b.strip()), title


def _block(token: Token) -> str:
    if token.type == "inline":
        return _inline(token.children or [])
    if token.type in ("fence", "code_block"):
        return token.content.rstrip("\n")
    if token.type == "html_block":
        return _TAG.sub("", token.content).strip("\n")
    return ""


def _inline(tokens: Sequence[Token]) -> str:
    parts = {"softbreak": "\n", "hardbreak": "\n", "image": "", "html_inline": ""}
    return "".join(parts.get(t.type, t.content) for t in tokens)
