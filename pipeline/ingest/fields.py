"""Named fields -> Article: which names mean which field, what is read from their values, and what makes an article unreadable.

What does not belong here: where the fields come from (a JSON line, a row of a table, front matter, the head of a web page).
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from pipeline.ingest.identity import article_id, host, text_hash, web_url
from pipeline.ingest.language import detect_language
from pipeline.ingest.publication import Published, parse_published, publication
from pipeline.ingest.quality import NO_PAGE, PageSigns, quality_flags
from pipeline.ingest.source import Limits, excerpt_of
from pipeline.records import Article, Rejected

logger = logging.getLogger(__name__)

# Each field's usual names, best first; case, underscores and other punctuation are passed over: publishedAt = published_at.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "articletext", "articlebody", "fulltext", "maintext", "bodytext", "contenttext", "article", "story"),
    "doc_id": ("docid", "id", "guid", "uid", "documentid", "articleid", "identifier"),
    "title": ("title", "headline", "heading", "head", "articletitle"),
    "published": (
        "published", "publishedat", "publicationdate", "datepublished", "publishdate", "pubdate", "publisheddate", "publishedon",
        "publicationdatetime", "firstpublished", "firstpublishedat", "publishtime", "date", "datetime", "timestamp", "issued",
    ),
    "source": ("source", "publisher", "outlet", "sourcename", "sitename", "publication", "newspaper", "sourcedomain", "domain"),
    "url": ("url", "link", "canonicalurl", "permalink", "weburl", "articleurl", "sourceurl", "href", "uri"),
    "author": ("author", "authors", "byline", "creator", "dccreator"),
    "language": ("language", "lang", "inlanguage", "languagecode", "locale"),
}  # fmt: skip
_PUNCTUATION = re.compile(r"[\W_]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def field_of(name: object) -> str | None:
    """The field that a column or key stands for, None for one that we do not read."""
    return _FIELD_OF.get(plain_name(name))


def plain_name(name: object) -> str:
    """A column's or key's name as it is compared."""
    return _PUNCTUATION.sub("", str(name)).lower()


_FIELD_OF = {name: field for field, names in FIELD_NAMES.items() for name in names}


def well_formed(text: str) -> str:
    """Text that can be encoded: lone surrogates, which JSON can smuggle in, become U+FFFD one for one."""
    return _SURROGATE.sub("\ufffd", text)


def label(value: object) -> str | None:
    """A short value as text: lists joined, ``{"name": …}`` by its name, empty as None."""
    if isinstance(value, str):
        return well_formed(value).strip() or None
    if isinstance(value, Mapping):
        return label(value.get("name") or value.get("title") or value.get("id"))
    if isinstance(value, (list, tuple)):
        return ", ".join(part for part in map(label, value) if part) or None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
        return str(value)
    return None


@cache
def language_code(name: str) -> str:
    """ISO 639-1 code of a language tag or English name ("en-GB", "eng", "English" -> "en"); in lower case where unknown."""
    from pycountry import languages

    known = name.strip().lower()
    primary = re.split(r"[-_.]", known)[0]
    try:
        found = languages.lookup(primary)
    except LookupError:
        return known
    return str(getattr(found, "alpha_2", primary))


@dataclass(frozen=True, slots=True)
class Naming:
    """How a user's source names its fields.

    ``columns`` gives the column of a field where it has no usual name; ``defaults`` the value of a field for items that state
    none, such as the publisher of a whole folder.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)

    def field_of(self, name: object) -> str | None:
        """The field that a column stands for: as mapped, else by its usual name."""
        for mapped, column in self.columns.items():
            if plain_name(column) == plain_name(name):
                return mapped
        usual = field_of(name)
        return None if usual in self.columns else usual

    def missing(self, names: Sequence[str]) -> list[str]:
        """Mapped columns that a table with these columns lacks."""
        present = {plain_name(n) for n in names}
        return [c for c in self.columns.values() if plain_name(c) not in present]

    def by_field(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Values by field, of the first name that has one; empty values are left out."""
        given = {plain_name(k): v for k, v in fields.items() if v is not None and v not in ("", [], {})}
        found: dict[str, object] = {}
        for wanted, usual in FIELD_NAMES.items():
            names = (plain_name(self.columns[wanted]),) if wanted in self.columns else usual
            found[wanted] = next((given[n] for n in names if n in given), self.defaults.get(wanted))
        return {f: v for f, v in found.items() if v is not None}


USUAL_NAMES = Naming()


class ArticleMaker:
    """Makes the articles of one file; remembers the publication dates that it could not read.

    Args:
        origin: the file, as shown to people.
        limits: bounds of what is read.
        naming: how its fields are named.
    """

    def __init__(self, origin: str, limits: Limits, naming: Naming = USUAL_NAMES) -> None:
        self.origin = origin
        self.limits = limits
        self.naming = naming
        self._unread_dates = 0
        self._unread_sample: object = None

    def make(
        self,
        fields: Mapping[str, object],
        line: int | None = None,
        published: Published | None = None,
        fetched_at: datetime | None = None,
        signs: PageSigns = NO_PAGE,
    ) -> Article | Rejected:
        """An article, or why it is none.

        Args:
            fields: values by any of FIELD_NAMES; others are ignored. The text is kept exactly as it is.
            line: where in the file it stands, from 1; None for a file that is one article.
            published: the publication date if it is known already.
            fetched_at: when it was fetched, where that was not now.
            signs: what the page that it was taken from says about its parts.
        """
        values = self.naming.by_field(fields)
        text = values.get("text")
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        if problem := self._problem(fields, text):
            return self.reject(problem, str(text or dict(fields)), line)
        assert isinstance(text, str)  # noqa: S101 - _problem has seen to it; tells the type checker
        text = well_formed(text)
        url = web_url(label(values.get("url")))
        source = label(values.get("source")) or host(url)
        stated = published or self._published(values.get("published"))
        when = publication(stated, url, text, (fetched_at or datetime.now(UTC)).date())
        language = label(values.get("language"))
        return Article(
            article_id=article_id(url, source, text),
            text=text,
            doc_id=label(values.get("doc_id")),
            url=url,
            source=source,
            title=label(values.get("title")),
            author=label(values.get("author")),
            published=when.day,
            published_precision=when.precision,
            published_source=when.source,
            published_flag=when.flag,
            fetched_at=fetched_at,
            language=detect_language(text) or (language_code(language) if language else None),
            text_hash=text_hash(text),
            quality_flags=quality_flags(text, signs),
            origin=self.origin if line is None else f"{self.origin}:{line}",
        )

    def reject(self, reason: str, content: str | bytes = "", line: int | None = None) -> Rejected:
        """A rejection of this file or of a line of it."""
        return Rejected(self.origin, line, reason, excerpt_of(content))

    def log_unread_dates(self) -> None:
        """Tell, once per file, of publication dates that could not be read: those articles are undated."""
        if self._unread_dates:
            logger.warning(
                "%s: %d publication dates could not be read, such as %r; these articles stay undated. Write dates as 2021-09-10.",
                self.origin,
                self._unread_dates,
                self._unread_sample,
            )

    def _problem(self, fields: Mapping[str, object], text: object) -> str | None:
        if text is None:
            if any(self.naming.field_of(k) == "text" for k in fields):
                return "its text is empty: give it a text or leave it out"
            names = ", ".join(str(k) for k in list(fields)[:12]) or "none"
            return f"it has no text: a field named text (or body, content, …) is needed; its fields are: {excerpt_of(names)}"
        if not isinstance(text, str):
            return f"its text is not a string but of type {type(text).__name__}: join it to one text"
        if not text.strip():
            return "its text is empty: give it a text or leave it out"
        if len(text) > self.limits.text_chars:
            return (
                f"its text has {len(text):,} characters, more than {self.limits.text_chars:,}: split it into articles"
            )
        return None

    def _published(self, value: object) -> Published | None:
        found = parse_published(value)
        if found is None and value is not None:
            self._unread_dates += 1
            self._unread_sample = label(value)
        return found
