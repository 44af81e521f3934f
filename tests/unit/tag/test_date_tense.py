"""Whether a date lies behind or ahead, by the verb that governs it."""

from collections.abc import Callable

import pytest

from pipeline.records import TaggedArticle


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The ministers planned to meet in Geneva on Monday.", "2021-09-13"),
        ("The ministers are expected to meet in Geneva on Monday.", "2021-09-13"),
        ("The ministers agreed to meet in Geneva on Monday.", "2021-09-13"),
        ("The ministers said that they would meet in Geneva on Monday.", "2021-09-13"),
        ("A meeting scheduled for Monday will take place in Geneva.", "2021-09-13"),
        ("The ministers agreed on Monday to meet.", "2021-09-06"),
        ("By Monday, the ministers had met twice.", "2021-09-06"),
        ("The ministers met in Geneva on Monday.", "2021-09-06"),
        ("The treaty signed on Monday ended the war.", "2021-09-06"),
        ("The man is facing charges after being found with a gun on Monday.", "2021-09-06"),
        ("The ministers are meeting in Geneva on Monday.", "2021-09-13"),
        ("The court will hear the case in January.", "2022-01"),
        ("The court heard the case in January.", "2021-01"),
        ("Police are investigating the robbery Tuesday night of a bank.", "2021-09-07TNI"),
    ],
)
def test_the_governing_verb_decides(tag_text: Callable[..., TaggedArticle], text: str, value: str) -> None:
    assert [m.value for m in tag_text(text, published="2021-09-10").dates] == [value]
