"""Encodings are told from the bytes; the text itself is not changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.decoding import decode
from pipeline.ingest.source import UnreadableError

TEXTS = {
    "western": "The minister’s café was hit, said “Señor Muñoz” – it is 5 km away.",
    "russian": "Министр сообщил, что войска перешли границу во вторник. Погибли три человека.",
    "arabic": "قال الوزير إن الجيش عبر الحدود يوم الثلاثاء وقتل ثلاثة أشخاص",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("western", "cp1252"), ("western", "utf-8"), ("western", "utf-8-sig"), ("western", "utf-16"), ("western", "utf-16-le"),
        ("western", "utf-16-be"), ("russian", "cp1251"), ("russian", "utf-8"), ("russian", "utf-16"), ("arabic", "cp1256"),
    ],
)  # fmt: skip
def test_encoding_is_recognised(language: str, encoding: str) -> None:
    assert decode(TEXTS[language].encode(encoding)) == TEXTS[language]


def test_short_western_text_is_not_taken_for_another_script() -> None:
    assert decode("a’b".encode("cp1252")) == "a’b"


def test_declared_encoding_is_used_where_it_is_no_utf8() -> None:
    assert decode("žluťoučký".encode("iso-8859-2"), "iso-8859-2") == "žluťoučký"
    assert decode("žluťoučký".encode(), "iso-8859-2") == "žluťoučký"
    assert decode("café".encode("cp1252"), "no-such-encoding") == "café"
    assert decode("café".encode("cp1252"), "base64") == "café"


@pytest.mark.parametrize("data", [b"words\0words", b"\xff\xfe\x00\xd8", bytes(range(1, 32)) * 10])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        decode(data)


def test_only_line_ends_change() -> None:
    assert decode("\ufeffa\r\nb\rc\u00a0d\u200be\u0301 \t".encode()) == "a\nb\nc\u00a0d\u200be\u0301 \t"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")))
def test_utf8_reads_back(text: str) -> None:
    assert decode(text.encode()) == text


def test_declared_encoding_that_does_not_fit_is_not_believed() -> None:
    assert decode(TEXTS["russian"].encode("cp1251"), "utf-8") == TEXTS["russian"]
    one_bad_byte = TEXTS["western"].encode() * 3 + b"\xe9"
    assert decode(one_bad_byte, "utf-8") == TEXTS["western"] * 3 + "\ufffd"
