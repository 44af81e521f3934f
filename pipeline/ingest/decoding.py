"""Bytes -> text: UTF-8, UTF-16 and the code pages of older files.

What does not belong here: any change to the text itself, which offsets count from.
"""

import codecs
from typing import cast

from charset_normalizer import from_bytes

from pipeline.ingest.source import UnreadableError, excerpt_of

BINARY = "this is a binary file, not text: convert it to text or HTML first"
_UNDECODABLE = "its character encoding is not recognised: save it as UTF-8"
LENIENT = "faultline-cp1252"
# How much of a file the detection looks at; more makes it slow, not better.
_SAMPLE = 200_000
# A declared encoding is believed if it fits all but one of so many characters.
_MOST_REPLACED = 100
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UNPRINTABLE = dict.fromkeys(i for i in [*range(32), *range(0x7F, 0xA0)] if i not in b"\t\n\r\f\x85")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows' Western code page: what stray quotation marks and accents mostly are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error(LENIENT, _as_cp1252)


def utf16_name(head: bytes) -> str | None:
    """UTF-16 with or without a byte order, if the bytes look like it by their mark or by where the zeros stand; else None."""
    if head.startswith(_UTF16) and not head.startswith(codecs.BOM_UTF32_LE):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    if max(even, odd) * 4 > len(head[:2000]) and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return None


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of a whole file, without byte order mark, line ends as LF; nothing else is changed.

    Args:
        data: the file's bytes.
        declared: the encoding that the file itself names, tried after UTF-8.

    Raises:
        UnreadableError: the bytes are no text, or in no encoding that can be told.
    """
    text = _decoded(data, declared).removeprefix("\ufeff")
    if "\0" in text or _share_unprintable(text) > 0.02:
        raise UnreadableError(BINARY, excerpt_of(data))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, declared: str | None) -> str:
    if encoding := utf16_name(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableError(_UNDECODABLE, excerpt_of(data)) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise UnreadableError(BINARY, excerpt_of(data))
    if declared:
        try:
            text = data.decode(declared, "replace")
        except (LookupError, ValueError):  # names no encoding that we know, or no text encoding
            return _detected(data)
        # Many pages say UTF-8 of whatever they are written in.
        if text.count("\ufffd") * _MOST_REPLACED <= len(text):
            return text
    return _detected(data)


def _detected(data: bytes) -> str:
    """Western code page unless detection finds another script in it: on short Latin texts it takes one page for another."""
    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None and _share_other_script(str(best)) > 0.3:
        return data.decode(best.encoding, "replace")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        if best is None:
            raise UnreadableError(_UNDECODABLE, excerpt_of(data)) from error
        return data.decode(best.encoding, "replace")


def _share_other_script(text: str) -> float:
    letters = [c for c in text if c.isalpha()]
    return sum(c > "\u036f" for c in letters) / len(letters) if len(letters) >= 10 else 0.0


def _share_unprintable(text: str) -> float:
    sample = text[:_SAMPLE]
    return (len(sample) - len(sample.translate(cast("dict[int, None]", _UNPRINTABLE)))) / max(len(sample), 1)
