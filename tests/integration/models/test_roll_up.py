"""For whom an actor stands."""

import pytest

from tests.integration.models.corpus import Corpus

ROLL_UP = {
    "army to its state": ("AAAMIL", "2021-05-01", "AAA"),
    "armed group stays although it governs": ("GROUP", "2021-05-01", "GROUP"),
    "minister through government to state": ("person:minister", "2021-05-01", "AAA"),
    "minister before his time stays himself": ("person:minister", "2019-05-01", "person:minister"),
    "dated role wins over what the text says": ("person:turncoat", "2021-05-01", "GROUP"),
    "what the text says counts outside the dated role": ("person:turncoat", "2019-05-01", "BBB"),
    "the article's own word wins over other articles": ("person:disputed", "2021-05-01", "BBB"),
    "population stays": ("AAACVL", "2021-05-01", "AAACVL"),
    "unknown to everyone": ("person:nobody", "2021-05-01", "person:nobody"),
    "circle of parents ends": ("org:egg", "2021-05-01", "org:hen"),
}


@pytest.mark.parametrize("case", ROLL_UP)
def test_participants_are_rolled_up_to_whom_they_stand_for(corpus: Corpus, case: str) -> None:
    actor, day, expected = ROLL_UP[case]
    for actor_id, kind, parent in (
        ("AAA", "state", None), ("BBB", "state", None), ("CCC", "state", None), ("AAAMIL", "military", "AAA"), ("AAAGOV", "government", "AAA"),
        ("AAACVL", "population", None), ("GROUP", "armed_group", None), ("person:minister", "person", None),
        ("person:turncoat", "person", None), ("person:disputed", "person", None), ("person:nobody", "person", None),
        ("org:hen", "unknown", "org:egg"), ("org:egg", "unknown", "org:hen"),
    ):  # fmt: skip
        corpus.actor(actor_id, kind, parent)
    corpus.role("GROUP", "AAA", "2020-01-01", None)
    corpus.role("person:minister", "AAAGOV", "2020-01-01", "2021-12-31")
    corpus.role("person:turncoat", "GROUP", "2021-01-01", None)
    corpus.role("person:turncoat", "BBB", None, None, "text:a")
    corpus.role("person:disputed", "BBB", None, None, "text:a")
    corpus.role("person:disputed", "AAA", None, None, "text:x")
    corpus.role("person:disputed", "AAA", None, None, "text:y")
    corpus.article("a")
    corpus.event(actor, "CCC", "REJECT", day)
    rows = corpus.rows("SELECT source, source_actor_id FROM staging.events_rolled_up")
    assert rows == [(expected, actor)]


def test_acts_within_one_state_make_no_pair(corpus: Corpus) -> None:
    corpus.actor("AAA", "state")
    corpus.actor("AAAMIL", "military", "AAA")
    corpus.article("a")
    corpus.event("AAAMIL", "AAA", "REJECT", "2021-05-01")
    assert corpus.rows("FROM marts.dyad_month") == []
    assert corpus.rows("SELECT share_dyadic FROM marts.quality_month") == [(0,)]
