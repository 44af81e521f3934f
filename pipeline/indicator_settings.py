"""Parameters of the tension indicators: the section ``[indicators]`` of faultline.toml.

What belongs here: windows, half-lives, weights of priors and thresholds, each with its default and its meaning. What does not: the
formulas, which are in ``dbt_like_sql/``. Each parameter becomes a row of core.parameters, which the SQL reads; the models that name one
are rebuilt when it changes, and no others.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

UnitInterval = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=10_000)]


class Indicators(BaseModel):
    """Parameters of the tension indicators; each becomes a row of core.parameters, which the SQL reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # What counts, and how sure a band is
    min_confidence: UnitInterval = Field(default=0.3, description="events below this confidence enter no indicator")
    kappa_events: float = Field(
        default=5.0, ge=0, description="weight of the prior in events, for shrunk means and shares"
    )
    z95: float = Field(default=1.96, gt=0, description="normal quantile of the bands")
    month_min_events: Count = Field(default=5, description="events of a month below which its values are greyed")
    cue_min_articles: Count = Field(default=2, description="articles below which a month of statements is greyed")
    # Decayed level
    half_life_short_days: float = Field(default=30, ge=15, description="half-life of the short level: politics")
    half_life_long_days: float = Field(default=90, ge=15, description="half-life of the long level: the relationship")
    half_life_cut: float = Field(
        default=6, gt=0, description="half-lives after which an event counts no longer in dyad_current"
    )
    min_effective_n: float = Field(default=2, ge=0, description="sum of weights below which a level is greyed")
    # Weekly series
    series_min_events: Count = Field(
        default=5, description="events dated to a week that a pair needs for weekly series to be made"
    )
    base_weeks: Count = Field(default=12, description="weeks of the trailing baseline of surges")
    guard_weeks: int = Field(default=1, ge=0, le=52, description="weeks left out between baseline and tested week")
    base_min_weeks: Count = Field(default=8, description="weeks of the baseline that must have been read")
    surge_elevated_z: float = Field(default=2, gt=0, description="Anscombe z from which a week is elevated")
    surge_z: float = Field(default=3, gt=0, description="Anscombe z from which a week is a surge")
    low_base_mean: float = Field(
        default=2, ge=0, description="with a weekly mean up to this, a week up to low_base_week is no surge"
    )
    low_base_week: float = Field(default=5, ge=0, description="see low_base_mean")
    cusum_slack: float = Field(default=0.5, ge=0, description="standard deviations a week that CUSUM forgives")
    cusum_alarm: float = Field(default=4, gt=0, description="CUSUM above which it alarms")
    ladder_weeks: Count = Field(default=12, description="weeks that a step up the escalation ladder is measured from")
    ladder_min_sources: Count = Field(default=2, description="sources that a rung from 5 up needs, or the confidence")
    ladder_min_confidence: UnitInterval = Field(default=0.8, description="confidence that stands in for those sources")
    volatility_weeks: Count = Field(default=26, description="weeks of the volatility")
    # Trailing means
    momentum_short_days: Count = Field(default=30, description="days of the short trailing mean")
    momentum_long_days: Count = Field(default=90, description="days of the long trailing mean")
    momentum_min_events: Count = Field(default=5, description="events in the short window below which it is greyed")
    # Direction
    asymmetry_min_events: Count = Field(default=10, description="events each way below which a quarter is greyed")
    lag_weeks: int = Field(default=8, ge=1, le=52, description="leads and lags that are looked at")
    lag_min_weeks: Count = Field(default=52, description="weeks of both series below which lead and lag are greyed")
    lag_min_active: Count = Field(default=10, description="weeks with events that each series needs, else greyed")
    # Press share
    press_base_from: int = Field(
        default=0, ge=0, le=999_912, description="first month of the frozen base as YYYYMM; 0: the first month read"
    )
    press_base_months: Count = Field(default=12, description="months of the frozen base")
    press_min_articles: Count = Field(default=30, description="articles read below which a month is greyed")
    # Arrow and triads
    arrow_months: Count = Field(default=6, description="months before that a month is compared with")
    arrow_min_months: Count = Field(default=3, description="of them that must have events")
    arrow_min_events: Count = Field(default=3, description="events that a month needs for an arrow")
    arrow_z: float = Field(default=1.64, gt=0, description="z beyond which the arrow says deteriorated or improved")
    triad_min_events: Count = Field(default=5, description="events of a year that a side of a triad needs for a sign")
    triad_min_score: float = Field(default=0.5, ge=0, description="size of its shrunk mean that it needs")
    # Resampling and changepoints
    bootstrap_draws: int = Field(default=200, ge=20, le=2000, description="draws of the Poisson bootstrap")
    bootstrap_max_events: int = Field(
        default=300, ge=1, le=100_000, description="events of a month above which the normal band is good enough"
    )
    hazard_weeks: float = Field(default=52, gt=1, description="weeks between two changepoints, a priori")
    changepoint_run: Count = Field(default=4, description="weeks within which a changepoint is called recent")

    @model_validator(mode="after")
    def _windows_fit(self) -> "Indicators":
        if self.base_min_weeks > self.base_weeks:
            msg = f"base_min_weeks is {self.base_min_weeks}, more than base_weeks = {self.base_weeks}"
            raise ValueError(msg)
        if self.press_base_from and not 1 <= self.press_base_from % 100 <= 12:
            msg = f"press_base_from is {self.press_base_from}; it must be a month as YYYYMM, such as 202101, or 0"
            raise ValueError(msg)
        for low, high in (
            ("half_life_short_days", "half_life_long_days"),
            ("momentum_short_days", "momentum_long_days"),
            ("surge_elevated_z", "surge_z"),
            ("arrow_min_months", "arrow_months"),
        ):
            if getattr(self, low) > getattr(self, high):
                msg = f"{low} is {getattr(self, low):g}, more than {high} = {getattr(self, high):g}"
                raise ValueError(msg)
        return self
