"""Markdown leaves its words and nothing else."""

import pytest

from pipeline.ingest.markdown import markdown_to_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Envoys **met** in _Doha_ and *left*.", "Envoys met in Doha and left."),
        ("The [ministry](https://a.example/x_y_z 'title') denied it.", "The ministry denied it."),
        ("The [ministry][1] denied it.\n\n[1]: https://a.example", "The ministry denied it."),
        ("![a map](map.png)Troops crossed.", "Troops crossed."),
        ("## Background\n\nThe border was shut.", "Background\n\nThe border was shut."),
        ("> We did not fire,\n> he said.", "We did not fire,\nhe said."),
        ("- Two killed\n- Five wounded", "Two killed\n\nFive wounded"),
        ("Before\n\n---\n\nAfter", "Before\n\nAfter"),
        ("AT&amp;T said 3 \\* 4 <b>bold</b> <!-- note -->words", "AT&T said 3 * 4 bold words"),
        ("A claim[^1] stands.\n\n[^1]: Agency report", "A claim stands.\n\nAgency report"),
        ("snake_case_name and 2 * 3 * 4 stay", "snake_case_name and 2 * 3 * 4 stay"),
        ("One\u00a0no-break space", "One\u00a0no-break space"),
        ("~~Ten~~ Twelve `exact` words", "Ten Twelve exact words"),
        ("", ""),
    ],
)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert markdown_to_text(markdown)[0] == text


def test_first_heading_is_the_title() -> None:
    assert markdown_to_text("# Talks *resume*\n\nEnvoys met.") == ("Envoys met.", "Talks resume")
    assert markdown_to_text("Envoys met.\n\n# Later") == ("Envoys met.\n\nLater", None)
