"""How many an incident killed and injured: who is who among those hurt, who of the wounded died, whose figure it is."""

from collections.abc import Callable

import pytest

from pipeline.records import TaggedArticle

TagText = Callable[..., TaggedArticle]


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        # One person under several names is one.
        ("A man was shot on Monday. Paul Orrin, 31, was taken to a hospital, where the victim died.", 1, None),
        ("A baker was found with gunshot wounds on Tuesday. He died of his injuries on Wednesday.", 1, None),
        ("A guard was shot after a quarrel. He is in critical condition.", None, 1),
        ("A 40-year-old farmer accidentally shot himself. Tom Veld, 40, was flown to a hospital.", None, 1),
        ("Ann Weir was shot at noon on Monday. Ann died in hospital.", 1, None),
        (
            "A grocer has been charged with shooting another man on Monday. The grocer shot another man in the leg.",
            None,
            1,
        ),
        (
            "A miller shot himself in the foot on Monday. Tom Veld, 40, is a miller. A crew took him to a hospital.",
            None,
            1,
        ),
        # What tells two people apart.
        ("Ann Weir was shot dead on Monday. Her cousin Paul Weir was shot in the arm.", 1, 1),
        ("Gunmen beat a guard and a driver on Monday.", None, 2),
        ("One sailor was shot on Monday, and a second was grazed.", None, 2),
        ("One trader was killed, another taken to a hospital after a shooting on Monday.", 1, 1),
        ("A 21-year-old woman was shot in the leg. A 34-year-old woman suffered a graze wound.", None, 2),
        ("Gunmen shot a man and a woman on Sunday.", None, 2),
        ("One clerk was killed and another was wounded in the shooting.", 1, 1),
        ("A lawyer was shot dead on Friday. A second victim was wounded by a bullet.", 1, 1),
        # Blows that the text tells apart add up, and a total of them is not added to them.
        ("Two bombs exploded in Mosul on Sunday. The first killed three people. The second killed five.", 8, None),
        ("Two bombs went off, killing eight people. The first bomb killed three. A second killed five.", 8, None),
        ("One rocket killed four people in Homs and another killed two children.", 6, None),
        # Of those hit, the rest lives.
        ("Three men were shot on Sunday. One of them died.", 1, 2),
        ("Two sailors were killed in the ambush. Four others were shot.", 2, 4),
        ("The gunman fired at a crowd, killing one and injuring seven others.", 1, 7),
        # What is feared is known of nobody.
        ("Twenty people are feared dead after a bomb exploded in a market on Sunday.", None, None),
        ("Shells hit a ferry on Sunday. Four sailors were killed and another twelve were presumed dead.", 4, None),
        # Both sides.
        ("A man shot his wife dead and then turned the gun on himself.", 2, None),
        ("The attacker killed three villagers before soldiers shot the attacker dead.", 4, None),
        ("Four guards were shot on Monday, one fatally.", 1, 3),
        ("Rebels shot the old judge in his own house to death on Monday.", 1, None),
        # How a wound is told of.
        ("A 17-year-old was wounded by gunmen on Monday.", None, 1),
        ("A pupil was brought to a ward after a shooting on Monday. She is being treated for graze wounds.", None, 1),
        ("A broker was found in a street where shots were fired on Monday. He is recovering at home.", None, 1),
        ("A broker is at the Hill Clinic in critical condition after a shooting on Monday.", None, 1),
        ("Robbers used the butt of a rifle to strike the teller on Monday.", None, 1),
        ("The owner received two lacerations in a robbery on Monday.", None, 1),
        ("A boy suffered several injuries in a shooting on Monday.", None, 1),
        ("A teenager was hit by a stray bullet on Monday.", None, 1),
        ("Two drivers are in stable condition after the shooting.", None, 2),
        ("A trader was found shot behind a shop on Thursday.", None, 1),
        ("A nurse sustained a fatal gunshot wound on Thursday.", 1, None),
        ("The pilot who was stabbed on Monday passed away on Tuesday.", 1, None),
    ],
)
def test_toll(tag_text: TagText, text: str, killed: int | None, injured: int | None) -> None:
    main = tag_text(text).incidents[0]
    assert (main.killed_best or None, main.injured_best or None) == (killed, injured)


def test_a_years_figure_is_no_incidents_toll(tag_text: TagText) -> None:
    main = tag_text(
        "A student was shot dead on Monday. There have been 31 homicides in the city this year, after several killings last year."
    ).incidents[0]
    assert main.killed_best == 1


def test_who_turns_himself_in_has_not_died(tag_text: TagText) -> None:
    main = tag_text("A vendor was shot on Monday. The suspect turned himself in.").incidents[0]
    assert main.killed_best is None


@pytest.mark.parametrize(
    ("text", "incident_type"),
    [
        ("Soldiers seized 40 rifles and two mortars in a village on Monday.", "weapons_seizure"),
        ("A man was robbed at gunpoint on Monday.", "robbery"),
        ("A visitor brandished a pistol at the guards on Monday.", "armed_threat"),
    ],
)
def test_arms_without_violence_are_an_incident_of_their_own_kind(
    tag_text: TagText, text: str, incident_type: str
) -> None:
    assert tag_text(text).incidents[0].incident_type == incident_type


def test_a_find_of_arms_stands_back_where_there_was_violence(tag_text: TagText) -> None:
    tagged = tag_text("Rebels killed two policemen on Monday. Troops later seized a rifle.")
    assert [i.incident_type for i in tagged.incidents] == ["killing"]


def test_finding_something_else_is_no_incident(tag_text: TagText) -> None:
    assert tag_text("Divers found an old chest in the harbour on Monday.").incidents == ()


def test_a_day_that_dates_the_charge_does_not_date_the_deed(tag_text: TagText) -> None:
    tagged = tag_text("A cook was stabbed on Sept. 1. A man was charged on Tuesday with the murder.")
    assert tagged.incidents[0].start_date is not None
    assert tagged.incidents[0].start_date.isoformat() == "2021-09-01"


def test_the_dead_of_decades_are_no_incidents_toll(tag_text: TagText) -> None:
    tagged = tag_text("Some 70,000 farmers have died in two decades of fighting. Gunmen shot a clerk dead on Monday.")
    assert [i.killed_best for i in tagged.incidents if i.killed_best] == [1]
    # A length that only says how long ago counts for nothing.
    assert tag_text("A bomb killed nine traders three months after the truce.").incidents[0].killed_best == 9
