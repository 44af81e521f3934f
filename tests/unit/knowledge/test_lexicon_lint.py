"""Checks of the event lexicon that the loader cannot make, and the project's own lexicon under them."""

from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge.lexicon import FOLDER, load_lexicon, read_lexicon
from pipeline.knowledge.lexicon_lint import Example, lint_lexicon, load_examples
from pipeline.knowledge.scales import load_scales
from pipeline.tag.lexicon_examples import check_examples
from pipeline.tag.tagger import Tagger


def lexicon_with(folder: Path, verbs: str) -> Path:
    for name in ("objects", "nouns", "helpers", "agents", "derived", "confidence"):
        (folder / f"{name}.csv").write_text((FOLDER / f"{name}.csv").read_text(encoding="utf-8"), encoding="utf-8")
    header = "verb,particle,preposition,object,event_type,mode,cameo_code,stative,swapped,source\n"
    (folder / "verbs.csv").write_text(header + verbs, encoding="utf-8")
    return folder


def test_an_entry_that_another_one_always_beats_is_out_of_reach(tmp_path: Path) -> None:
    verbs = "praise,,,,SUPPORT,,051,,,x\npraise,,,plan|idea,SUPPORT,,050,,,x\npraise,,,plan|idea|law,SUPPORT,,051,,,x\n"
    lexicon = read_lexicon(lexicon_with(tmp_path, verbs), load_scales())
    assert not [f for f in lint_lexicon(lexicon, []) if f.check == "unreachable"]
    lexicon = read_lexicon(lexicon_with(tmp_path, verbs + "praise,,,idea|plan,SUPPORT,,051,,,x\n"), load_scales())
    assert [f.message for f in lint_lexicon(lexicon, []) if f.check == "unreachable"] == [
        "whatever fits it fits 'verb:praise plan' before it"
    ]


def test_missing_and_unknown_examples_are_found(tmp_path: Path) -> None:
    lexicon = read_lexicon(lexicon_with(tmp_path, "praise,,,,SUPPORT,,051,,,x\n"), load_scales())
    found = lint_lexicon(lexicon, [Example("verb:scold", "Kenya scolded Somalia.", "x:1")])
    assert ("unknown entry", "verb:scold") in [(f.check, f.rule) for f in found]
    assert ("no example", "verb:praise") in [(f.check, f.rule) for f in found]


def test_two_examples_of_one_entry_are_refused(tmp_path: Path) -> None:
    (tmp_path / "examples.csv").write_text("rule,sentence,source\nverb:a,A.,x\nverb:a,B.,x\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"examples\.csv, line 3: 'verb:a' has an example already"):
        load_examples(tmp_path)


def test_an_example_that_codes_as_something_else_is_found() -> None:
    wrong = Example("verb:condemn", "Kenya praised Somalia.", "x:1")
    (finding,) = check_examples(
        Tagger(), load_lexicon(), [wrong, Example("verb:praise", "Kenya praised Somalia.", "x:2")]
    )
    assert finding.rule == "verb:condemn"
    assert "codes verb:praise (SUPPORT)" in finding.message


def test_the_lexicon_is_clean_and_each_entry_has_an_example_that_it_codes() -> None:
    lexicon, examples = load_lexicon(), load_examples()
    findings = lint_lexicon(lexicon, examples) + list(check_examples(Tagger(), lexicon, examples))
    assert [f"{f.check}: {f.rule}: {f.message}" for f in findings] == []
