import shutil
from pathlib import Path

import pytest

from pipeline.errors import FaultlineError
from pipeline.knowledge import lexicon, scales
from pipeline.knowledge.lexicon import DERIVED, load_lexicon, read_lexicon
from pipeline.knowledge.scales import load_scales, read_scales

EVENTS = Path(lexicon.__file__).parent / "events"
SCALES = Path(scales.__file__).parent / "scales"


def test_scales_hold_all_types_and_modes_with_codes_as_text() -> None:
    loaded = load_scales()
    assert len({t for t, mode in loaded.event_types if not mode}) == 16
    assert len([t for t in loaded.event_types if t[1]]) == 67
    assert loaded.plover("ACCUSE").plover_score == -3
    assert loaded.cameo_codes["010"].root == "01"
    assert loaded.cameo_codes["190"].goldstein == -10


def test_the_lexicon_is_broad_and_its_cooperation_is_never_hostile() -> None:
    loaded = load_lexicon()
    entries = [e for found in loaded.verbs.values() for e in found]
    assert len(entries) > 400
    assert len(loaded.nouns) > 100
    for e in [*entries, *loaded.nouns.values()]:
        if e.meaning.quad_class <= 2:
            assert e.meaning.goldstein >= 0, e.rule
        if e.meaning.quad_class == 4:
            assert e.meaning.goldstein < 0, e.rule


def test_every_verb_pattern_has_a_rule_of_its_own_and_can_be_reached() -> None:
    loaded = load_lexicon()
    rules = [e.rule for found in loaded.verbs.values() for e in found]
    assert len(rules) == len(set(rules))
    for entries in loaded.verbs.values():
        taken: dict[tuple[str, str], set[str]] = {}
        for e in entries:
            earlier = taken.setdefault((e.particle, e.preposition), set())
            assert not e.objects or e.objects - earlier, e.rule
            earlier |= e.objects


def test_what_several_words_tell_has_a_meaning() -> None:
    loaded = load_lexicon()
    assert set(loaded.derived) == DERIVED
    assert loaded.derived["threaten"].event_type == "THREATEN"


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("derived.csv", "zap,AGREE,,030,me", "zap"),
        ("confidence.csv", "zap,much,me", "no number"),
        ("verbs.csv", "zap,,,,ZAPPING,,190,,,me", "ZAPPING"),
        ("verbs.csv", "zap,,,,ASSAULT,zap,190,,,me", "zap"),
        ("verbs.csv", "zap,,,,ASSAULT,,999,,,me", "999"),
        ("verbs.csv", "attack,,,,ASSAULT,,190,,,me", "twice"),
        ("verbs.csv", "zap,,,@zap,ASSAULT,,190,,,me", "@zap"),
        ("objects.csv", "troops,zap,me", "twice"),
        ("nouns.csv", "talk,with,CONSULT,,040,y,me", "twice"),
        ("helpers.csv", "zap,zapper,me", "zapper"),
        ("helpers.csv", "zap,wish,", "source"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_line(tmp_path: Path, table: str, line: str, message: str) -> None:
    folder = tmp_path / "events"
    shutil.copytree(EVENTS, folder)
    text = (folder / table).read_text(encoding="utf-8")
    (folder / table).write_text(f"{text}{line}\n", encoding="utf-8")
    with pytest.raises(FaultlineError, match=message) as caught:
        read_lexicon(folder, load_scales())
    assert table in str(caught.value)
    assert str(len(text.splitlines()) + 1) in str(caught.value)


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        ("event_types.csv", "ASSAULT,,4,material conflict,-9,me", "twice"),
        ("event_types.csv", "ZAP,,5,nothing,-9,me", "quad_class"),
        ("event_types.csv", "ZAP,,4,nothing,much,me", "no number"),
        ("cameo_codes.csv", "999,19,Zap,-3,,,me", "another root"),
        ("cameo_codes.csv", "1999,19,Zap,-30,,,me", "-10"),
        ("cameo_codes.csv", "1999,19,Zap,-3,ZAP,,me", "ZAP"),
    ],
)
def test_a_wrong_score_is_refused_with_file_and_line(tmp_path: Path, table: str, line: str, message: str) -> None:
    folder = tmp_path / "scales"
    shutil.copytree(SCALES, folder)
    text = (folder / table).read_text(encoding="utf-8")
    (folder / table).write_text(f"{text}{line}\n", encoding="utf-8")
    with pytest.raises(FaultlineError, match=message) as caught:
        read_scales(folder)
    assert table in str(caught.value)
