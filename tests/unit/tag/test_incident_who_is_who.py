"""How many an incident hurt where the same people are told of twice, or several incidents in one article."""

from collections.abc import Callable

import pytest

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]
DAY = "2021-09-10"


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        # "Both" before two names is no number, nor does it make three of them.
        ("Two people were found dead on Sept. 5. Both Ann Roe and Mark Pell had gunshot wounds.", 2, None),
        # A participle tells of the noun before it, not of those behind.
        ("The town mourns a farmer shot dead by rebels on Sept. 5 and the four neighbours who hid him.", 1, None),
        # One noun, two words that tell of it.
        (
            "A gunman shot two nurses on Sept. 5, killing one of them. One of the nurses was taken to a hospital in critical condition. "
            "She was later listed in stable condition.",
            1,
            1,
        ),
        # Who shot her, and then himself.
        ("A farmer broke into a house on Sept. 5, shot Jane Roe to death and then fatally shot himself.", 2, None),
        # Husband and wife, whose first names begin with the same letter.
        (
            "Police shot and killed Earl Roe at his home on Sept. 5. Emma Roe had been shot in the hand and was taken to a hospital.",
            1,
            1,
        ),
        # The attacker whom the police shot, beside those whom he killed; one who is called both is one.
        ("A miner went over the edge on Sept. 5, killing three neighbours before police shot him to death.", 4, None),
        ("A dispute ended on Sept. 5 with one man dead. Officers said that he fired at them and they shot back, killing him.", 1, None),
        # Two counts of those whom the police shot are not added up, nor is a toll that rises.
        ("Police shot dead five protesters on Sept. 5. Five people died, the hospital said.", 5, None),
        ("Police killed six demonstrators on Sept. 5, and the death toll rose to eight on Tuesday.", 8, None),
        ("Gunmen killed five soldiers on Sept. 5 before the police killed two of the gunmen.", 7, None),
        # Found dead are all who died, the one who did it among them.
        (
            "Two people were found dead in a house on Sept. 5 after a shooting. A woman of 79 was shot dead, and her husband then shot and "
            "killed himself.",
            2,
            None,
        ),
        # Of two nouns the pronoun takes up the last one.
        (
            "Two people died in a shooting on Sept. 5. Officers found a baker shot to death. Another man was taken to a hospital, where he "
            "later died.",
            2,
            None,
        ),
        ("One man was killed and another wounded in a shooting on Sept. 5. Another baker, 19, was treated for his wounds.", 1, 1),
        ("A 19-year-old man was shot dead on Sept. 5. Another 19-year-old man was shot in the leg.", 1, 1),
        # Named by what he is identified as.
        ("A third man, identified as Mark Allan Pell, 21, was wounded in the shooting on Sept. 5. Police said that Pell died at the hospital.", 1, None),
        # "They" are those of the main clause; "the victims" are as many as were fired on.
        ("Luis Roe, 24, and Mark Pell, 18, were shot on Sept. 5 and taken to a hospital, where they died from their wounds.", 2, None),
        ("A gunman opened fire on four shepherds on Sept. 5. The victims were flown to a hospital.", None, 4),
        # Found, all of those who are named.
        ("Officers came to the house on Sept. 5, where they found Ann Roe, 27, and Mark Pell, 28, dead of gunshot wounds.", 2, None),
        # The parse makes one noun of the hospital and the suffering.
        ("A woman arrived at a local hospital suffering from a gunshot wound on Sept. 5.", None, 1),
        # A town whose name begins with a number.
        ("The gunman shot and wounded a Thousand Oaks baker on Sept. 5.", None, 1),
        # What is sought is help, and the deed is done.
        ("The police are seeking the public's help in solving a shooting that left two dead in Ambala on Sept. 5.", 2, None),
    ],
)  # fmt: skip
def test_people_are_told_apart(tag_text: TagText, text: str, killed: int | None, injured: int | None) -> None:
    incident = tag_text(text, DAY).incidents[0]
    assert (incident.killed_best, incident.injured_best) == (killed, injured)
    assert incident.status == "actual"


def test_the_sum_of_several_shootings_is_not_the_first_ones_toll(tag_text: TagText) -> None:
    incidents = tag_text(
        "Two men were killed and three wounded in shootings on Sept. 5. A baker was shot dead about 9 p.m. on Mill Street, police said. "
        "A woman was shot in the leg about 11 a.m. near the harbour, police said. She was taken to a hospital.",
        DAY,
    ).incidents
    assert [(i.killed_best, i.injured_best) for i in incidents] == [(1, None), (None, 1)]


def test_where_a_text_sums_up_the_morning_is_not_the_evening(tag_text: TagText) -> None:
    incidents = tag_text(
        "Two men were killed in shootings on Sunday. A baker was shot dead Sunday evening on Mill Street. A butcher was shot dead in a "
        "park early Sunday morning.",
        DAY,
    ).incidents
    assert [i.killed_best for i in incidents] == [1, 1]


def test_a_running_total_is_no_incidents_toll(tag_text: TagText) -> None:
    text = "A baker was shot dead on Sept. 5, bringing the total for the month to nine dead."
    assert tag_text(text, DAY).incidents[0].killed_best == 1
