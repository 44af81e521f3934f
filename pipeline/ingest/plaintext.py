"""Text and Markdown files: one article a file, with YAML front matter if the file begins with ``---``.

What does not belong here: what the keys of the front matter mean (``fields``), how Markdown becomes text (``markdown``).
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from pipeline.ingest.decoding import decode
from pipeline.ingest.fields import field_of
from pipeline.ingest.markdown import markdown_to_text
from pipeline.ingest.source import UnreadableError, excerpt_of
from pipeline.ingest.source_file import SourceFile
from pipeline.records import Article, Rejected

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z_][\w -]*:(?:[ \t]|\n)")


class _FrontMatterLoader(yaml.SafeLoader):
    """YAML's safe loader without aliases (a small file could unfold to a huge one) and with dates left as written."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the base class declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed here")
        return super().compose_node(parent, index)


def read_text(file: SourceFile) -> Iterator[Article | Rejected]:
    """The article of a text file. Its text is what follows the front matter, without blank lines around it."""
    maker = file.maker()
    fields, body = split_front_matter(decode(file.read()), file.limits.front_matter_chars)
    yield maker.make({**fields, "text": body})
    maker.log_unread_dates()


def read_markdown(file: SourceFile) -> Iterator[Article | Rejected]:
    """The article of a Markdown file, as plain text. A first heading is its title unless the front matter names one."""
    maker = file.maker()
    fields, body = split_front_matter(decode(file.read()), file.limits.front_matter_chars)
    text, title = markdown_to_text(body)
    has_title = any(field_of(k) == "title" and v for k, v in fields.items())
    yield maker.make({**fields, "text": text} if has_title else {**fields, "text": text, "title": title})
    maker.log_unread_dates()


def split_front_matter(content: str, limit: int) -> tuple[dict[str, Any], str]:
    """Fields of the front matter (none: empty) and the body after it. The body is always the text, whatever the fields hold.

    Args:
        content: a decoded file.
        limit: longest front matter, in characters.

    Raises:
        UnreadableError: the front matter is not closed, too long, or no YAML mapping.
    """
    opening = _OPENING.match(content)
    if opening is None:
        return {}, without_blank_lines(content)
    closing = _CLOSING.search(content, opening.end(), opening.end() + limit)
    if closing is None:
        if _KEY.match(content, opening.end()) is None:  # a rule drawn above a text
            return {}, without_blank_lines(content)
        reason = f"its front matter is not closed by a line --- within {limit:,} characters: close it or take it out"
        raise UnreadableError(reason, excerpt_of(content))
    header = content[opening.end() : closing.start()]
    fields = {k: v for k, v in _load(header).items() if field_of(k) != "text"}
    return fields, without_blank_lines(content[closing.end() :])


def without_blank_lines(text: str) -> str:
    """The text without blank lines at its beginning and end; its first and last line keep their own spaces."""
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = text.find("\n", len(text.rstrip()))
    return text[start:] if end < 0 else text[start:end]


def _load(header: str) -> dict[Any, Any]:
    try:
        fields = yaml.load(header, Loader=_FrontMatterLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else None
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        reason = f"its front matter is no valid YAML ({what}): put values with colons or quotes in quotation marks"
        raise UnreadableError(reason, excerpt_of(header), line) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise UnreadableError("its front matter holds no fields: write lines such as title: …", excerpt_of(header))
    return fields
