from typing import Any

import pandas as pd
import pytest

from pipeline.report import charts, corpus_charts
from pipeline.report.figure import Figure, theme

MONTHS = pd.DataFrame(
    {
        "month": pd.to_datetime(["2021-05-01", "2021-06-01", "2021-09-01"]),
        "tension": [20.0, 55.0, 80.0],
        "tension_low": [5.0, 30.0, 60.0],
        "tension_high": [45.0, 75.0, 95.0],
        "n": [2, 9, 14],
        "enough": [False, True, True],
    }
)


def layers(figure: Figure) -> list[dict[str, Any]]:
    spec = figure.spec()
    return list(spec.get("layer", [spec]))


def test_a_month_with_too_few_events_is_grey_and_hollow() -> None:
    points = next(x for x in layers(charts.tension_months(MONTHS, "A and B")) if x["mark"]["type"] == "point")
    for channel, otherwise in (("color", charts.GREY), ("fill", "transparent")):
        assert points["encoding"][channel]["condition"][0]["test"] == "datum.enough"
        assert points["encoding"][channel]["value"] == otherwise


def test_marks_are_links_where_the_frame_has_addresses() -> None:
    def linked(frame: pd.DataFrame) -> int:
        return sum("href" in x.get("encoding", {}) for x in layers(charts.tension_months(frame, "A and B")))

    assert linked(MONTHS) == 0
    assert linked(MONTHS.assign(href="/evidence")) >= 2


def test_title_note_and_source_are_in_a_picture_that_stands_alone() -> None:
    picture = charts.tension_months(MONTHS, "Alphaland and Betaland", "From 12 articles.").svg()
    for words in ("Tension between Alphaland and Betaland", "Wilson band", "From 12 articles.", "tension (0–100)"):
        assert words in picture


def test_names_from_texts_do_not_become_markup_in_a_picture() -> None:
    assert "<script" not in charts.tension_months(MONTHS, "<script>alert(1)</script>").svg()


def test_tellers_of_attacks_stand_side_by_side_with_a_badge_for_a_stated_maximum() -> None:
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(["2021-05-01"] * 2), "attribution_type": ["self_claim", "official"], "attributed_to": ["X", "Y"],
            "low": [12, 3], "best": [12, None], "high": [12, 9], "months_known": [2, 1], "comparison_text": ["the most this year", None],
            "comparison_relation": ["max", None], "comparison_check": ["agree", None],
        }
    )  # fmt: skip
    figure = charts.attack_tempo(frame, "Attacks of X")
    rows = next(iter(figure.spec()["datasets"].values()))
    assert [(r["attribution_type"], r["shown"], r["badge"]) for r in rows] == [
        ("self_claim", 12, "▲✓"),
        ("official", 3, ""),
    ]
    assert all(x["encoding"]["xOffset"]["field"] == "attribution_type" for x in layers(figure))


@pytest.mark.parametrize(
    "figure",
    [
        charts.tension_months(MONTHS.iloc[:0], "A and B"),
        corpus_charts.quality_months(pd.DataFrame()),
        corpus_charts.incident_map(pd.DataFrame(), {"type": "FeatureCollection", "features": []}),
        corpus_charts.signed_network(pd.DataFrame(), pd.DataFrame()),
    ],
    ids=lambda f: f.title,
)
def test_no_rows_give_a_figure_without_a_chart(figure: Figure) -> None:
    assert figure.chart is None
    assert figure.note


def test_light_and_dark_paper_differ_in_ink_only() -> None:
    light, dark = theme(), theme(dark=True)
    assert light.keys() == dark.keys()
    assert light["text"]["color"] != dark["text"]["color"]
