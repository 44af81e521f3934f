"""What may have gone wrong where a text was made from a page."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from local_server import page

from pipeline.ingest import quality, read_sources
from pipeline.ingest.quality import PageSigns, quality_flags
from pipeline.records import Article

STORY = (
    "Border guards opened fire on a column of lorries near the northern pass on Tuesday, the interior ministry said. The road was closed "
    "for the rest of the day while troops searched the villages on both sides of the river.\n\n"
    "Traders said that they had been waiting for two days when the shooting began, and that nobody had told them why the crossing was "
    "shut. The government of the neighbouring republic recalled its envoy for consultations.\n\n"
    "Talks on the transit of grain had been planned for the weekend and were put off, a spokesman for the customs union said."
)


def test_sound_article_has_no_flag() -> None:
    assert quality_flags(STORY) == ()


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        ("short", "Guards closed the crossing."),
        ("glued", STORY + " More on thisPakistanIndia talksFive things to know.Analysis of the truce.Watch the bridge."),
        ("glued", "HomeWorld PoliticsSport\n\n" + STORY.replace("river.\n\nTraders", "river.Traders")),
        ("caption", STORY + "\n\nSoldiers at the bridge. Photograph: A. Reporter for the Post"),
        ("caption", "Lorries wait at the pass (File photo)\n" + STORY),
        ("boilerplate", STORY + "\n\nSign up for our morning newsletter."),
        ("boilerplate", STORY + "\n\n© 2021 The Border Post. All rights reserved."),
        ("truncated", STORY + " Witnesses said that the first …"),
        ("truncated", STORY + " Witnesses said [+2312 chars]"),
        ("truncated", STORY + "\n\nTo continue reading, log in."),
        ("truncated", STORY + "\n\nWitnesses at the upper bridge said that the first shots were"),
        ("encoding", STORY.replace("interior", "interior ministryâ€™s")),
        ("encoding", STORY.replace("villages", "villagesï»¿")),
        ("encoding", STORY.replace("envoy", "envoy Andr\ufffd")),
        ("encoding", STORY.replace("envoy", "envoy AndrÃ©")),
    ],
)  # fmt: skip
def test_each_fault_is_flagged(flag: str, text: str) -> None:
    assert quality_flags(text) == (flag,)


@pytest.mark.parametrize(
    "text",
    [
        STORY.replace("Traders", "McDonald, MacKenzie and the YouTube channel"),
        STORY
        + " "
        + "The minister said that all rights reserved to the states would be kept, and that nothing else was agreed. "
        * 4,
        STORY.replace("The road", "Naïve as it was, the café São Paulo in Düsseldorf"),
        STORY + " REUTER",
        STORY + "\n\nab/cd",
        STORY + "\n\nThey said: “No.”",
    ],
)
def test_what_only_looks_like_a_fault_is_not_flagged(text: str) -> None:
    assert quality_flags(text) == ()


def test_page_tells_captions_links_and_paywalls() -> None:
    links = [
        f"Five things to know about the {w} pass"
        for w in ("northern", "eastern", "upper", "lower", "old", "new", "far")
    ]
    text = "\n\n".join([*links, "Guards closed the crossing on Monday, the ministry said."])
    assert quality_flags(text, PageSigns(links=links)) == ("links",)
    assert quality_flags(text, PageSigns(links=links[:2])) == ()
    caption = "Soldiers stand at the bridge on Monday"
    assert quality_flags(f"{caption}\n\n{STORY}", PageSigns(captions=[caption])) == ("caption",)
    assert quality_flags(STORY, PageSigns(is_free=False)) == ("truncated",)
    assert quality_flags("\n\n".join([STORY] * 4), PageSigns(is_free=False)) == (), (
        "it brings the whole article all the same"
    )


def test_flags_come_with_the_article_of_a_page(write: Callable[[str, str | bytes], Path]) -> None:
    paywall = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    write("in/a.html", page("Pass closed", "Guards shot at a lorry.", paywall))
    write("in/b.html", page("Pass closed", "Guards shot at a lorry."))
    write("in/c.jsonl", '{"text": "Guards closed it …"}')
    found = [i.quality_flags for i in read_sources([Path("in")]) if isinstance(i, Article)]
    assert found == [("truncated",), (), ("short", "truncated")]


def test_phrases_are_data_with_a_source() -> None:
    path = Path(quality.__file__).with_name("page_phrases.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["source"] and row["phrase"] == row["phrase"].lower().strip() for row in rows)
    assert {row["flag"] for row in rows} == {"boilerplate", "caption", "truncated"}
    assert len({row["phrase"] for row in rows}) == len(rows)
