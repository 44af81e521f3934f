"""Reported figures: what is counted, by whom, when, on whose word."""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.records import Count, TaggedArticle

TagText = Callable[..., TaggedArticle]


def of(tagged: TaggedArticle, measure: str) -> list[Count]:
    return [c for c in tagged.counts if c.measure == measure]


@pytest.mark.parametrize(
    ("text", "measure", "bounds"),
    [
        ("Rebels killed at least 14 villagers near the river.", "killed", (14, 14, None)),
        ("Nine soldiers were wounded when a mine went off.", "injured", (9, 9, 9)),
        ("The death toll rose to 47 on Monday.", "killed", (47, 47, 47)),
        ("The blast left 23 dead.", "killed", (23, 23, 23)),
        ("A mortar hit the bus, killing six passengers.", "killed", (6, 6, 6)),
        ("The flood of shells claimed the lives of 18 farmers.", "killed", (18, 18, 18)),
        ("The general confirmed the deaths of two pilots.", "killed", (2, 2, 2)),
        ("A policeman was killed at the checkpoint.", "killed", (1, 1, 1)),
        ("No one was injured in the raid.", "injured", (0, 0, 0)),
        ("Troops arrested 60 suspects overnight.", "detained", (60, 60, 60)),
        ("Gunmen kidnapped three engineers.", "kidnapped", (3, 3, 3)),
        ("Several hundred teachers staged a protest in Lagos.", "protesters", (200, None, 999)),
        ("The army lost dozens of soldiers in the campaign.", "combatant_losses", (24, None, 99)),
    ],
)
def test_figure_is_tied_to_what_it_measures(
    tag_text: TagText, text: str, measure: str, bounds: tuple[int | None, int | None, int | None]
) -> None:
    found = [(c.low, c.best, c.high) for c in of(tag_text(text), measure)]
    assert bounds in found


@pytest.mark.parametrize(
    "text",
    [
        "Police executed a search warrant at the house.",
        "The soldiers did not kill three villagers.",
        "The gang killed two cows.",
        "Okoro, 34, spoke to reporters about the killing.",
    ],
)
def test_nobody_killed_gives_no_killed_count(tag_text: TagText, text: str) -> None:
    assert of(tag_text(text), "killed") == []


def test_monthly_total_claimed_by_the_attacker(tag_text: TagText) -> None:
    (count,) = of(
        tag_text("According to the TTP, it carried out 17 attacks in July, the highest figure this year."), "attacks"
    )
    assert (count.actor_id, count.attributed_to, count.attribution_type) == ("TTP", "TTP", "self_claim")
    assert (count.start_date, count.end_date, count.grain) == (date(2021, 7, 1), date(2021, 7, 31), "month")
    assert count.comparison is not None
    assert (count.comparison.relation, count.comparison.frame_start) == ("max", date(2021, 1, 1))


def test_perpetrator_that_is_not_stated_stays_unknown(tag_text: TagText) -> None:
    tagged = tag_text("The TTP is active in the north. An ambush on Sept. 2 killed five soldiers.")
    (count,) = of(tagged, "killed")
    assert count.actor_id is None
    assert count.start_date == count.end_date == date(2021, 9, 2)


def test_figure_without_a_date_stays_undated(tag_text: TagText) -> None:
    (count,) = of(tag_text("A bomb killed eight commuters."), "killed")
    assert count.start_date is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The militia threatened to kill 40 hostages.", "hypothetical"),
        ("The attack could kill 100 civilians.", "hypothetical"),
        ("The siege will displace 9,000 residents.", "future"),
    ],
)
def test_unreal_figure_is_not_actual(tag_text: TagText, text: str, status: str) -> None:
    assert status in {c.status for c in tag_text(text).counts}


def test_police_word_is_official(tag_text: TagText) -> None:
    (count,) = of(tag_text("Two guards were killed, police said."), "killed")
    assert count.attribution_type == "official"


def test_span_is_the_text_of_the_article(tag_text: TagText) -> None:
    text = "More than 30 villagers were killed."
    (count,) = of(tag_text(text), "killed")
    assert text[count.start_char : count.end_char] == count.text == "More than 30 villagers"
    assert count.target_text == "villagers"


@pytest.mark.parametrize(
    "text",
    [
        "Between 30 and 40 rebels were killed in clashes with the army.",
        "The army said between 30 and 40 rebels were killed.",
    ],
)
def test_a_range_counts_with_both_bounds(tag_text: Callable[..., TaggedArticle], text: str) -> None:
    [count] = tag_text(text).counts
    assert (count.measure, count.low, count.best, count.high) == ("killed", 30, None, 40)


def test_each_casualty_word_has_the_number_before_it(tag_text: Callable[..., TaggedArticle]) -> None:
    counts = tag_text("The attack left 12 dead and more than 40 wounded.").counts
    assert [(c.measure, c.low, c.best) for c in counts] == [("killed", 12, 12), ("injured", 40, 40)]


def test_a_night_is_a_day_and_no_week(tag_text: Callable[..., TaggedArticle]) -> None:
    tagged = tag_text("Israel launched 40 air strikes on Hamas overnight.", published="2021-09-10")
    [count] = tagged.counts
    assert (str(count.start_date), str(count.end_date), count.grain) == ("2021-09-09", "2021-09-10", "day")


def test_the_figure_compared_with_is_a_count_of_its_own(tag_text: Callable[..., TaggedArticle]) -> None:
    tagged = tag_text("The TTP carried out 32 attacks in August, up from 21 in July.", published="2021-09-10")
    first, second = tagged.counts
    assert (first.best, str(first.start_date), first.grain, first.actor_id) == (32, "2021-08-01", "month", "TTP")
    assert first.comparison is not None
    assert (first.comparison.text, first.comparison.relation) == ("up from 21 in July", "increase")
    assert (str(first.comparison.frame_start), str(first.comparison.frame_end)) == ("2021-07-01", "2021-07-31")
    assert (second.text, second.best, second.measure, second.actor_id) == ("21", 21, "attacks", "TTP")
    assert (str(second.start_date), second.grain, second.comparison) == ("2021-07-01", "month", None)


def test_sizes_tell_the_direction_where_no_word_does(tag_text: Callable[..., TaggedArticle]) -> None:
    first, second = tag_text("The army says 120 fighters were killed in 2020, compared with 310 in 2019.").counts
    assert first.comparison is not None
    assert (first.comparison.relation, second.best, str(second.start_date)) == ("decrease", 310, "2019-01-01")


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("The UN documented 45 killings in June.", None),
        ("India condemned the 14 attacks.", None),
        ("The TTP claimed 32 attacks in August.", "TTP"),
    ],
)
def test_who_reports_attacks_has_not_committed_them(
    tag_text: Callable[..., TaggedArticle], text: str, perpetrator: str | None
) -> None:
    [count] = tag_text(text, published="2021-09-10").counts
    assert count.actor_id == perpetrator


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Troops counted nine suicide bombings in May.", "suicide_attack"),
        ("Four drone strikes hit the valley in May.", "air_strike"),
        ("The rebels carried out six raids in May.", "raid"),
    ],
)
def test_an_attack_is_of_a_kind(tag_text: TagText, text: str, kind: str) -> None:
    assert [c.attack_kind for c in of(tag_text(text), "attacks")] == [kind]


def test_a_figure_has_the_place_that_its_sentence_names(tag_text: TagText) -> None:
    (count,) = of(tag_text("Gunmen killed eight traders in Maiduguri on Monday."), "killed")
    assert (count.location, count.country) == ("Maiduguri", "NGA")
    (nowhere,) = of(tag_text("Gunmen killed eight traders on Monday."), "killed")
    assert nowhere.location is None


@pytest.mark.parametrize(
    ("text", "measure", "bounds"),
    [
        ("More than half a million people fled the province.", "displaced", (500_000, 500_000, None)),
        ("The rebels released 9 of the 14 hostages.", "released", (9, 9, 9)),
        ("Twelve rockets were fired at the port.", "projectiles", (12, 12, 12)),
        ("A photo shows 1 / 4 wounded in the raid.", "injured", None),
    ],
)
def test_more_measures(
    tag_text: TagText, text: str, measure: str, bounds: tuple[int | None, int | None, int | None] | None
) -> None:
    found = [(c.low, c.best, c.high) for c in of(tag_text(text), measure)]
    assert found == ([bounds] if bounds else [])


def test_stored_or_downed_arms_are_not_people(tag_text: TagText) -> None:
    tagged = tag_text("Air defences shot down 11 drones. The depot holds 300 rockets.")
    assert of(tagged, "casualties") == []
    assert [c.best for c in of(tagged, "projectiles")] == [11]


def test_who_foils_an_attack_has_not_committed_it(tag_text: TagText) -> None:
    (count,) = of(tag_text("The police foiled an attack on the bank."), "attacks")
    assert (count.actor_id, count.status) == (None, "hypothetical")


def test_the_word_of_an_armed_group_is_no_official_figure(tag_text: TagText) -> None:
    (count,) = of(tag_text("A Taliban spokesman said on Monday that 60 villagers had died in the flood."), "killed")
    assert count.attribution_type == "unattributed"


def test_a_date_inside_a_comparison_leaves_the_figure_its_own(tag_text: TagText) -> None:
    (count,) = of(tag_text("Thirty raids were recorded in August alone, the highest number this year."), "attacks")
    assert (count.start_date, count.end_date) == (date(2021, 8, 1), date(2021, 8, 31))


def test_number_of_dead_is_a_toll(tag_text: TagText) -> None:
    tagged = tag_text("A security source put the number of dead at 12 and the number of people wounded at 50.")
    assert {(c.measure, c.best) for c in tagged.counts} == {("killed", 12), ("injured", 50)}


def test_toll_is_no_day_of_a_month(tag_text: TagText) -> None:
    assert [(c.measure, c.best) for c in tag_text("Officials put the death toll at 31.").counts] == [("killed", 31)]


def test_who_is_named_among_the_dead_is_counted(tag_text: TagText) -> None:
    tagged = tag_text("Among the dead were two children and a teacher.")
    assert sorted((c.text, c.best) for c in tagged.counts) == [("a teacher", 1), ("two children", 2)]


def test_group_that_speaks_of_its_own_fighters_claims(tag_text: TagText) -> None:
    (count,) = tag_text("The Taliban said that their fighters had killed 15 soldiers on Sunday.").counts
    assert (count.actor_id, count.attribution_type) == ("TALIBAN", "self_claim")


def test_figures_of_a_change_are_two_counts(tag_text: TagText) -> None:
    tagged = tag_text("Attacks fell by 40 per cent to 12 in July, compared with 20 in June.")
    assert [(c.measure, c.best, str(c.start_date)) for c in tagged.counts] == [
        ("attacks", 12, "2021-07-01"),
        ("attacks", 20, "2021-06-01"),
    ]


def test_revised_toll_keeps_the_earlier_one(tag_text: TagText) -> None:
    tagged = tag_text("The death toll rose to 31 from 25.")
    assert [(c.best, c.comparison.relation if c.comparison else None) for c in tagged.counts] == [
        (31, "increase"),
        (25, None),
    ]


def test_sure_lower_bound_of_a_sum_is_kept(tag_text: TagText) -> None:
    incident = tag_text("Up to 60 people and at least 12 soldiers were killed in the attack.").incidents[0]
    assert (incident.killed_low, incident.killed_best, incident.killed_high) == (12, None, None)


@pytest.mark.parametrize(
    ("text", "measure", "whole", "parts"),
    [
        ("Gunmen killed 12 people, including two children and a nurse, in Kano.", "killed", 12, [2, 1]),
        ("At least 30 villagers were killed in the raid, among them five women.", "killed", 30, [5]),
        ("Nine soldiers were wounded on Friday near the border, two of them officers.", "injured", 9, [2]),
        ("Rebels abducted 20 students, of whom seven were girls.", "kidnapped", 20, [7]),
        ("The blast killed 14 people and wounded 40, including three aid workers.", "injured", 40, [3]),
        ("The group carried out 32 attacks in August, including five suicide bombings.", "attacks", 32, [5]),
        ("Police arrested 60 people, including 12 in the capital.", "detained", 60, [12]),
        ("Ten people, including an eight-year-old boy, were shot dead.", "killed", 10, [1]),
    ],
)
def test_people_inside_a_total_are_a_part_of_it(
    tag_text: TagText, text: str, measure: str, whole: int, parts: list[int]
) -> None:
    total, *included = of(tag_text(text), measure)
    assert (total.best, total.part_of) == (whole, None)
    assert [c.best for c in included] == parts
    assert {c.part_of for c in included} == {total.start_char}
    assert {(c.start_date, c.grain, c.actor_id) for c in included} == {(total.start_date, total.grain, total.actor_id)}


@pytest.mark.parametrize(
    "text",
    [
        "Police arrested 60 people, including women and children.",
        "The shells killed three people in two towns, including Homs.",
        "Soldiers killed 12 rebels and freed five hostages.",
        "Rebels killed 12 soldiers in attacks on three towns, including two in the north.",
        "Police killed four men, and two of those held were freed.",
    ],
)
def test_what_has_no_number_or_is_nobody_is_no_part(tag_text: TagText, text: str) -> None:
    assert [c.part_of for c in tag_text(text).counts if c.part_of is not None] == []


def test_parts_stand_in_no_toll(tag_text: TagText) -> None:
    (incident,) = tag_text("Gunmen killed 12 people, including two children and a nurse, in Kano.").incidents
    assert (incident.killed_low, incident.killed_best, incident.killed_high) == (12, 12, 12)


def test_members_of_a_named_group_are_the_group(tag_text: TagText) -> None:
    text = "Rebels of the Allied Democratic Forces carried out 14 attacks in August, according to the army."
    (count,) = tag_text(text, "2021-09-10").counts
    assert (count.actor_id, count.best, count.attribution_type) == ("ADF_UGA", 14, "official")


def test_a_months_figure_without_a_year_is_undated_and_still_a_months(tag_text: TagText) -> None:
    (count, earlier) = tag_text(
        "The army says rebels carried out 14 attacks in August, up from nine in July.", None
    ).counts
    assert [(c.start_date, c.grain) for c in (count, earlier)] == [(None, "month"), (None, "month")]


@pytest.mark.parametrize("verb", ["decapitated", "strangled", "bludgeoned to death", "martyred"])
def test_ways_of_killing(tag_text: TagText, verb: str) -> None:
    (count,) = (c for c in tag_text(f"Three villagers were {verb} on Monday.").counts)
    assert (count.measure, count.best) == ("killed", 3)
