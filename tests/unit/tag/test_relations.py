"""Relation statements: cue, pair, direction, polarity and status on sentences of our own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.knowledge.relations import load_relations
from pipeline.records import Article, Relation, TaggedArticle
from pipeline.tag.relation_pairs import are_distinct
from pipeline.tag.tagger import Tagger

TagText = Callable[..., TaggedArticle]


def _only(tagged: TaggedArticle, cue_type: str) -> Relation:
    found = [r for r in tagged.relations if r.cue_type == cue_type]
    assert len(found) == 1, tagged.relations
    return found[0]


def test_every_cue_is_found_in_its_example(tagger: Tagger) -> None:
    cues = load_relations().cues
    articles = [Article(str(cue.line), cue.example) for cue in cues]
    missed = []
    for cue, tagged in zip(cues, tagger.tag(articles), strict=True):
        hits = [r for r in tagged.relations if r.cue_type == cue.cue_type]
        if not hits or (cue.polarity and all(r.polarity != cue.polarity for r in hits)):
            missed.append((cue.line, cue.pattern, cue.example, [(r.cue_type, r.polarity) for r in tagged.relations]))
    assert missed == []


@pytest.mark.parametrize(
    ("text", "cue_type", "a", "b", "polarity"),
    [
        ("Belarus remains heavily dependent on Russia.", "dependence", "BLR", "RUS", 0),
        ("Iran is the chief patron of Hezbollah.", "patronage", "IRN", "HEZBOLLAH", 1),
        ("The Houthis are backed by Iran.", "patronage", "IRN", "HOUTHIS", 1),
        ("Poland is deeply suspicious of Russia.", "mistrust", "POL", "RUS", -1),
        ("Poland is Ukraine's loudest champion.", "support", "POL", "UKR", 1),
        ("Iran's hatred of Israel unites its factions.", "hatred", "IRN", "ISR", -1),
    ],
)
def test_direction_runs_from_the_one_who_holds_the_attitude(
    tag_text: TagText, text: str, cue_type: str, a: str, b: str, polarity: int
) -> None:
    relation = _only(tag_text(text), cue_type)
    assert relation.directed
    assert relation.actor_a.startswith(a)
    assert (relation.actor_b, relation.polarity) == (b, polarity)


@pytest.mark.parametrize(
    "text",
    [
        "Washington has no role in the dispute between Japan and its Asian neighbors.",  # not with Washington
        "The Kenyan consulate was besieged by protesters backing Ugandan claims to a Somali island.",  # not backed by Kenya
        "The lawyer said the film broke the Contempt of Court Act of Kenya, and Uganda agreed.",  # a name
        "A Kenyan opposition leader staked his claim to form Uganda's new government.",  # no land
        "Ethiopia fears the Islamists, some of whom are accused of links to Al-Qaeda.",  # not Ethiopia's links
    ],
)
def test_a_cue_of_somebody_else_gives_no_pair(tag_text: TagText, text: str) -> None:
    assert tag_text(text).relations == ()


@pytest.mark.parametrize(
    ("text", "cue_type", "polarity"),
    [
        ("Kenya withdrew its support for Somalia.", "support", -1),
        ("Serbia was blamed for its failure to cooperate with the United Nations.", "cooperation", -1),
        ("The president of Kenya, a staunch Ugandan supporter, failed to reach a consensus.", "loyalty", 1),
    ],
)
def test_what_is_withdrawn_is_turned_round_and_an_apposition_is_not(
    tag_text: TagText, text: str, cue_type: str, polarity: int
) -> None:
    assert _only(tag_text(text), cue_type).polarity == polarity


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("India and Pakistan are rivals.", {"IND", "PAK"}),
        ("The rivalry between Saudi Arabia and Iran shapes the region.", {"SAU", "IRN"}),
        ("Egypt is at odds with Ethiopia.", {"EGY", "ETH"}),
        ("Russia deepened its ties with China.", {"RUS", "CHN"}),
    ],
)
def test_mutual_cue_has_a_pair_without_direction(tag_text: TagText, text: str, pair: set[str]) -> None:
    (relation,) = tag_text(text).relations
    assert not relation.directed
    assert {relation.actor_a, relation.actor_b} == pair


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Relations between India and Nepal are warm.", 1),
        ("Relations between India and Nepal are strained.", -1),
        ("Relations between India and Nepal have deteriorated.", -1),
        ("India has less than cordial relations with Nepal.", -1),
        ("Armenia is beholden to Russia.", 1),
        ("Armenia is no longer beholden to Russia.", -1),
        ("Serbia does not trust NATO.", -1),
        ("Serbia refuses to cooperate with NATO.", -1),
    ],
)
def test_qualifiers_and_negation_set_the_polarity(tag_text: TagText, text: str, polarity: int) -> None:
    (relation,) = tag_text(text).relations
    assert relation.polarity == polarity


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Turkey is an ally of Azerbaijan.", "ongoing_state"),
        ("Turkey could become an ally of Armenia.", "hypothetical"),
        ("Turkey will be an ally of Armenia.", "future"),
        ("Turkey was once an ally of Syria.", "historical"),
        ("Turkey is reportedly an ally of Somalia.", "unconfirmed"),
        ("Turkey wants to cooperate with Armenia.", "hypothetical"),
    ],
)
def test_status_tells_states_from_hopes_and_memories(tag_text: TagText, text: str, status: str) -> None:
    (relation,) = tag_text(text).relations
    assert relation.status == status


def test_pair_is_taken_from_the_sentence_before_where_both_sides_are_meant(tag_text: TagText) -> None:
    tagged = tag_text("Kenya received a delegation from the government of Somalia. The two sides disagree.")
    relation = _only(tagged, "disagreement")
    assert {relation.actor_a[:3], relation.actor_b[:3]} == {"KEN", "SOM"}


@pytest.mark.parametrize(
    "text",
    [
        "The company relies on its engineers.",
        "Japan faces a threat from the sea.",
        "The farmers quarrelled with their rivals over water.",
        "Germany is at odds over the budget.",
    ],
)
def test_cue_without_two_actors_gives_no_row(tag_text: TagText, text: str) -> None:
    assert tag_text(text).relations == ()


def test_span_is_the_articles_own_text(tag_text: TagText) -> None:
    text = "Diplomats say that Hungary\u00a0has very close links to Russia these days."
    (relation,) = tag_text(text).relations
    assert text[relation.start_char : relation.end_char] == relation.text
    assert "links to Russia" in relation.text


def test_state_and_its_own_organ_are_no_pair() -> None:
    assert not are_distinct("PAK", "PAK")
    assert not are_distinct("PAKMIL", "PAK")
    assert are_distinct("PAKMIL", "PAKGOV")
    assert are_distinct("PAK", "PAKREB")


def test_seed_article_keeps_what_was_reached(tagger: Tagger, shared: Path) -> None:
    article = json.loads((shared / "seed/article.jsonl").read_text(encoding="utf-8").splitlines()[0])
    gold = json.loads((shared / "seed/seed_gold.json").read_text(encoding="utf-8"))["relation_cues"]
    gold = [g for g in gold if g["polarity"] in {"cooperative", "tense"}]
    tagged = next(tagger.tag([Article("seed", article["text"])]))
    found = [g for g in gold if any(r.start_char < g["end"] and g["start"] < r.end_char for r in tagged.relations)]
    assert len(found) >= 0.45 * len(gold)
