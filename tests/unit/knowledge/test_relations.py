"""The relation tables load, and a line that cannot be used is named."""

from pathlib import Path

import pytest

from pipeline.errors import KnowledgeError
from pipeline.knowledge.relations import load_relations, parse_pattern, read_cues, read_qualifiers, read_signals

_HEADER = "pattern,cue_type,polarity,strength,frame,pair_by,source,example\n"


def test_shipped_tables_hold_a_broad_lexicon_with_an_example_each() -> None:
    knowledge = load_relations()
    assert len(knowledge.cues) >= 250
    assert len({cue.cue_type for cue in knowledge.cues}) >= 30
    assert len({cue.example for cue in knowledge.cues}) > 250
    assert all(knowledge.signals.values())


def test_pattern_reads_choices_parts_of_speech_gaps_and_optional_words() -> None:
    ally, gap, old, of = parse_pattern("ally/N|friend .. old? of|to")
    assert ally.words["ally"] == {"NOUN", "PROPN"}
    assert ally.words["friend"] == frozenset()
    assert gap.gap == 3
    assert not gap.loose
    assert old.optional
    assert set(of.words) == {"of", "to"}


@pytest.mark.parametrize("pattern", ["", "..", ".. ally", "very? close", "ally/X", "ally ..", "a||b"])
def test_unusable_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|part of speech|empty word"):
        parse_pattern(pattern)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("ally of,alliance,2,3,mutual,near,own,An example.", "polarity is '2'"),
        ("ally of,alliance,1,4,mutual,near,own,An example.", "strength is '4'"),
        ("ally of,alliance,1,3,sideways,near,own,An example.", "frame is 'sideways'"),
        ("ally of,alliance,1,3,mutual,far,own,An example.", "pair_by is 'far'"),
        ("ally of,alliance,1,3,mutual,near,,An example.", "source is empty"),
        ("ally of,alliance,1,3,mutual,near,own,", "example is empty"),
        (".. of,alliance,1,3,mutual,near,own,An example.", "begins with a word"),
        ("ally of,alliance,1,3,mutual,near,own", "as many cells"),
    ],
)
def test_bad_cue_is_named_by_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "cues.csv"
    path.write_text(_HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=f"cues.csv:2: .*{complaint}"):
        read_cues(path)


def test_pattern_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cues.csv"
    row = "ally of,alliance,1,3,mutual,near,own,An example.\n"
    path.write_text(_HEADER + row + row, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"cues.csv:3: .*already in line 2"):
        read_cues(path)


def test_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cues.csv"
    path.write_text("pattern,polarity\nally of,1\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="column missing: cue_type"):
        read_cues(path)


def test_qualifiers_and_signals_are_checked(tmp_path: Path) -> None:
    qualifiers, signals = tmp_path / "qualifiers.csv", tmp_path / "signals.csv"
    qualifiers.write_text("words,role,effect,strength,source\nwarm|warm,adjective,positive,2,own\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"qualifiers.csv:2: adjective 'warm' stands twice"):
        read_qualifiers(qualifiers)
    signals.write_text("kind,words,source\nmaybe,may,own\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"signals.csv:2: kind is 'maybe'"):
        read_signals(signals)
