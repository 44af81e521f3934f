import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ModelNotFoundError
from pipeline.records import Article, TaggedArticle, to_json_dict
from pipeline.tag.model import find_model
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

WORDS = st.lists(
    st.sampled_from(
        [
            "Pakistan",
            "the",
            "Taliban",
            "attacked",
            "killed",
            "three",
            "32",
            "Sept.",
            "5",
            ",",
            ".",
            "\xa0",
            "\n\n",
            "“",
            "”",
            "’s",
            "Islamabad’s",
            "in",
            "August",
            "𝔄",
            "é",
            "said",
            "that",
            "at",
            "least",
            "dozens",
            "of",
            "soldiers",
            "on",
            "Friday",
            "will",
            "not",
            "has",
            "backed",
            "\u200b",
            "its",
            "UN",
            "U.N.",
            "(TTP)",
            "5/9/2021",
            "000",
            "--",
            "and",
            "-",
        ]
    ),
    max_size=60,
)


@given(st.text(max_size=300))
def test_cleanup_never_changes_the_length(text: str) -> None:
    assert len(same_length_cleanup(text)) == len(text)


def test_cleanup_makes_odd_spaces_plain_and_joins_wrapped_lines_but_not_paragraphs() -> None:
    assert (
        same_length_cleanup("According\u00a0to\u202fdata\nit grew.\n\nNew\u2011born.")
        == "According to data it grew.\n\nNew-born."
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(words=WORDS, published=st.sampled_from([None, "2021-09-10", "1990-02-28"]))
def test_whatever_the_text_spans_reproduce_it(
    tag_text: Callable[..., TaggedArticle], words: list[str], published: str | None
) -> None:
    text = " ".join(words)
    tagged = tag_text(text, published=published)
    layers = (
        tagged.entities,
        tagged.actors,
        tagged.locations,
        tagged.dates,
        tagged.counts,
        tagged.events,
        tagged.relations,
    )
    for span in (s for layer in layers for s in layer):
        assert text[span.start_char : span.end_char] == span.text
        assert span.text.strip()
    for event in tagged.events:
        for side in (event.source, event.target):
            assert side is None or text[side.start_char : side.end_char] == side.text
    for dated in (*tagged.dates, *tagged.counts, *tagged.events, *tagged.incidents):
        assert (dated.start_date is None) == (dated.end_date is None)
        assert dated.start_date is None or dated.end_date is None or dated.start_date <= dated.end_date
    assert not any(
        a.start_char < p.end_char and p.start_char < a.end_char for a in tagged.actors for p in tagged.locations
    ), "a mention is an actor or a place, never both"


def test_sentences_do_not_run_over_blank_lines(tag_text: Callable[..., TaggedArticle]) -> None:
    text = "A caption without a full stop\n\nThe first sentence of the prose. The second one."
    assert [text[s.start_char : s.end_char] for s in tag_text(text).sentences] == [
        "A caption without a full stop",
        "The first sentence of the prose.",
        "The second one.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", ".", "\u00a0", "…"])
def test_a_text_with_nothing_in_it_gives_an_empty_record(tag_text: Callable[..., TaggedArticle], text: str) -> None:
    tagged = tag_text(text)
    assert not tagged.events
    assert not tagged.counts


def test_the_same_article_gives_the_same_record_alone_and_in_a_batch(tagger: Tagger) -> None:
    texts = [
        "Kenya accused Somalia of shelling a village on 2 June 2021.",
        "Ten people died in Mali.",
        "Talks between Peru and Chile resumed.",
    ]
    batch = list(tagger.tag([Article(str(i), t) for i, t in enumerate(texts)]))
    alone = [next(tagger.tag([Article(str(i), t)])) for i, t in enumerate(texts)]
    assert batch == alone


def test_records_are_json_with_every_field_of_the_format(tag_text: Callable[..., TaggedArticle]) -> None:
    record = json.loads(
        json.dumps(to_json_dict(tag_text("Pakistan said on Sept. 5 that 3 soldiers were killed in Quetta by the TTP.")))
    )
    assert set(record) >= {
        "doc_id", "coder_version", "entities", "actors", "locations", "dates", "counts", "events", "incidents", "relations",
    }  # fmt: skip
    assert {
        "start_char",
        "end_char",
        "text",
        "measure",
        "low",
        "best",
        "high",
        "actor_id",
        "target_actor_id",
        "target_text",
    } <= set(record["counts"][0])


def test_coder_version_depends_on_the_model_and_is_stable() -> None:
    assert Tagger().coder_version == Tagger().coder_version
    assert "en_core_web_md-3.8.0" in Tagger().coder_version


def test_a_model_can_be_named_by_path_and_a_missing_one_says_what_to_do() -> None:
    assert find_model(str(find_model("en_core_web_md"))) == find_model("en_core_web_md")
    with pytest.raises(ModelNotFoundError, match=r"model\.name"):
        find_model("no_such_model")


def test_knowledge_and_rules_hold_no_sentence_of_the_example_article(shared: Path) -> None:
    article = (shared / "seed/article.txt").read_text(encoding="utf-8")
    words = article.replace("\u00a0", " ").split()
    phrases = {" ".join(words[i : i + 9]) for i in range(len(words) - 8)}
    root = Path(__file__).parent.parent.parent.parent
    for file in [
        *root.glob("pipeline/**/*.*"),
        *root.glob("tests/**/*.py"),
        *root.glob("examples/**/*.*"),
        *root.glob("docs/*.md"),
    ]:
        if file.is_file() and "__pycache__" not in file.parts:
            text = " ".join(file.read_text(encoding="utf-8", errors="ignore").split())
            assert not {p for p in phrases if p in text}, file
