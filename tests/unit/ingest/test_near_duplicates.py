"""How alike texts are: what is a repost and what is news."""

import random

import pytest

from pipeline.ingest.near_duplicates import BANDS, REPOST, bands, repost_similarity, triples

STORY = (
    "KARSTADT — Border guards opened fire on a column of lorries near the northern pass on Tuesday, killing 4 drivers and wounding "
    "several others, the interior ministry said in a statement. The road was closed for the rest of the day while troops searched "
    "the villages on both sides of the river. Traders said that they had been waiting for two days when the shooting began, and that "
    "nobody had told them why the crossing was shut. The government of the neighbouring republic called the incident a grave breach "
    "of the agreement and recalled its envoy for consultations. Talks on the transit of grain had been planned for the weekend and "
    "were put off until further notice, a spokesman for the customs union told reporters in the capital."
)


def test_wire_copy_with_another_headline_and_a_credit_is_a_repost() -> None:
    copy = "Shots at the border. " + STORY.replace("KARSTADT — ", "") + " (Agency copy)"
    assert repost_similarity(STORY, copy) >= REPOST
    assert set(bands(STORY)) & set(bands(copy))


def test_case_spacing_and_punctuation_do_not_count() -> None:
    assert repost_similarity(STORY, STORY.upper().replace(". ", ".\n\n").replace(",", " ,")) == 1


def test_report_of_which_only_the_toll_has_changed_is_no_repost() -> None:
    assert repost_similarity(STORY, STORY.replace("killing 4", "killing 11")) == 0
    assert repost_similarity(STORY, STORY.replace("waiting for two days", "waiting for three days")) == 0


def test_copy_that_is_cut_by_a_figure_stays_a_repost() -> None:
    assert repost_similarity(STORY, STORY.replace("for two days ", "")) >= REPOST


def test_other_story_of_the_same_place_is_no_repost() -> None:
    other = " ".join(sorted(STORY.split()))
    assert repost_similarity(STORY, other) < 0.2


@pytest.mark.parametrize("text", ["", "Guards closed the crossing.", " ".join(["word"] * 19)])
def test_short_texts_are_not_compared(text: str) -> None:
    assert not bands(text) and not triples(text)
    assert repost_similarity(text, text) == 0


def test_bands_are_the_same_on_every_day() -> None:
    """They are stored: a change of the method or of the library would let known texts pass as new."""
    assert len(bands(STORY)) == BANDS
    assert list(bands(STORY))[:2] == [-3792737636368091899, -7520937346306813267]


def test_likeness_of_bands_follows_the_formula() -> None:
    """Of pairs with a Jaccard index of 0.8 nearly all share a band, of unlike ones nearly none."""
    chance = random.Random(7)  # noqa: S311 - made-up words
    found = {0.8: 0, 0.2: 0}
    for target in found:
        for _ in range(60):
            words = [f"w{chance.randrange(10**6)}" for _ in range(400)]
            shared = round(400 * target)
            other = words[:shared] + [f"v{chance.randrange(10**6)}" for _ in range(round(400 * (1 - target) / 2))]
            one = words[:shared] + [f"u{chance.randrange(10**6)}" for _ in range(round(400 * (1 - target) / 2))]
            found[target] += bool(set(bands(" ".join(one))) & set(bands(" ".join(other))))
    assert found[0.8] >= 58 and found[0.2] <= 3
