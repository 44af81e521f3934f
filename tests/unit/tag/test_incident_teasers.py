"""Headlines of other articles on a page are none of the article's incidents."""

from collections.abc import Callable

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]


def test_a_teaser_hurts_nobody_here(tag_text: TagText) -> None:
    tagged = tag_text(
        "A plumber was shot in the foot on Monday. READ MORE: Four killed in blast at Lagos market. The plumber is in stable condition."
    )
    assert [(i.killed_best, i.injured_best) for i in tagged.incidents] == [(None, 1)]


def test_a_list_of_headlines_ends_at_the_next_full_stop(tag_text: TagText) -> None:
    tagged = tag_text(
        "A plumber was shot in the foot on Monday. Related Articles Gunman kills six in Turin Rebels shoot two pilots dead in Mali "
        "Officers went on with their search. A second plumber was killed on Monday."
    )
    assert [(i.killed_best, i.injured_best) for i in tagged.incidents] == [(1, 1)]


def test_small_letters_lead_to_no_headline(tag_text: TagText) -> None:
    (incident,) = tag_text("There was more: six farmers were killed in the raid on Monday.").incidents
    assert incident.killed_best == 6
