"""The briefing of one pair: how it stands, its series, the sentences behind them, and what is not known.

What belongs here: what is said and in which order. What does not: how a page looks.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from pipeline.read import Actor, Snapshot
from pipeline.read.periods import Day, period
from pipeline.report import charts
from pipeline.report.briefing import (
    Briefing,
    KeyFigure,
    Row,
    Section,
    Table,
    band,
    count,
    day,
    event_quote,
    is_missing,
    month,
    number,
    quote,
    records,
    span_of,
    within,
)
from pipeline.report.common_sections import BEYOND, coverage_points, figures_section, incidents_section, made_table
from pipeline.report.figure import Figure
from pipeline.report.wording import readings_table

_SHOWN_EVENTS = 20
_SHOWN_STATEMENTS = 8
_SHOWN_EXAMPLES = 3
_SHOWN_MONTHS = 24
_DRAWN_MONTHS = 36
_SHOWN_NAMES = 6


def pair_briefing(
    snapshot: Snapshot[pd.DataFrame], a: str, b: str, since: Day = None, until: Day = None, dataset: str = "faultline"
) -> Briefing:
    """The briefing of a pair, of all its time or of a period.

    Raises:
        UnknownNameError: the snapshot does not know an actor or the data set; the message says what comes close.
        InputError: an end of the period cannot be read, or the two actors are one.
    """
    from pipeline.errors import InputError

    pair = sorted((snapshot.actor(a), snapshot.actor(b)), key=lambda x: x.actor_id)
    first, second = pair
    if first == second:
        msg = f"{a!r} and {b!r} are the same actor ({first.actor_id}): a pair needs two."
        raise InputError(msg)
    start, end = period(since, until)
    frames = _Frames(snapshot, first, second, start, end, dataset)
    sections: Iterable[Section | None]
    if frames.events[frames.events.left_out.isna()].empty:
        sections = (frames.undated_events(), frames.statements(), frames.not_known())
        lead, key = frames.nothing(), []
    else:
        sections = (
            frames.readings(),
            frames.series(),
            frames.event_quotes(),
            frames.statements(),
            incidents_section(snapshot.incidents(first.actor_id, second.actor_id, since=start, until=end), "Incidents between them"),
            figures_section(snapshot.counts(first.actor_id, second.actor_id, since=start, until=end), "Reported figures"),
            frames.undated_events(),
            frames.not_known(),
        )  # fmt: skip
        lead, key = frames.lead(), frames.key_figures()
    about = snapshot.about()
    ends = "".join(f" --{which} {d}" for which, d in (("since", start), ("until", end)) if d)
    ends += "" if dataset == "faultline" else f" --dataset {dataset}"
    return Briefing(
        title=f"{first.name} and {second.name}",
        subtitle=f"Relationship briefing{f' · {span_of(start, end)}' if start or end else ''} · as of {day(about.last_published)}",
        lead=lead,
        key_figures=key,
        sections=[s for s in sections if s],
        made=made_table(snapshot, dataset, f"faultline report --pair {first.actor_id} {second.actor_id}{ends}"),
        made_at=pd.Timestamp(about.published_at),
    )


class _Frames:
    """What the snapshot says of the pair, asked once, and the sections made of it."""

    def __init__(
        self, snapshot: Snapshot[pd.DataFrame], a: Actor, b: Actor, since: date | None, until: date | None, dataset: str
    ) -> None:
        self.snapshot, self.a, self.b, self.since, self.until, self.dataset = snapshot, a, b, since, until, dataset
        ids: Any = {"a": a.actor_id, "b": b.actor_id, "since": since, "until": until}
        self.ids = ids
        self.events = snapshot.events(**ids, which="all", dataset=dataset)
        self.months = snapshot.dyad_series(**ids, dataset=dataset)
        self.current = snapshot.sql(
            "SELECT * FROM marts.dyad_current WHERE dataset = $d AND a = $a AND b = $b",
            {"d": dataset, "a": a.actor_id, "b": b.actor_id},
        )
        self.all_readings = snapshot.readings(a.actor_id, b.actor_id, dataset=dataset)
        ours = dataset == "faultline"
        self.said = snapshot.statements(**ids) if ours else pd.DataFrame(columns=["polarity"])
        self.counted = self.events[self.events.left_out.isna()]

    @property
    def pair(self) -> str:
        return f"{self.a.name} and {self.b.name}"

    def lead(self) -> list[str]:
        """How the pair stands, in two or three sentences."""
        now = next(records(self.current))
        counted = self.counted.drop_duplicates("counts_as")
        conflict = int((counted.quad_class >= 3).sum())
        one = len(counted) == 1
        text = (
            f"{count(len(counted), 'dated event')} between {self.pair} {'was' if one else 'were'} found{self._in_period()}, {conflict} of "
            f"{'it' if one else 'them'} conflict, in {count(self.counted.article_id.nunique(), 'article')}; "
            f"the newest is of {day(counted.start_date.max())}."
        )
        if now.is_stale:
            state = (
                f"There is too little recent news to say how they stand now: old events have faded to the weight of "
                f"{number(now.effective_n, '.1f')}, and the figures below are grey."
            )
        else:
            reading = self.all_readings.set_index("indicator").loc["tension_now"]
            state = (
                f"As of {day(now.as_of)} their tension is {number(now.tension_now)} of 100 "
                f"(band {band(reading.low, reading.high)}), and the mean score of their acts {number(now.net_cooperation_now, '+.1f')} "
                f"on Goldstein's scale from −10 to +10; older events fade, and what is left weighs as much as {number(now.effective_n, '.1f')} of today."
            )
        words = [r.reading for r in records(self.all_readings) if r.indicator == "arrow" and r.is_shown]
        trend = [f"Against the months before it has {words[0]}." if words[0] != "unchanged" else "Against the months before nothing has changed."] if words else []  # fmt: skip
        return [text, state, *trend]

    def _in_period(self) -> str:
        return f" {within(self.since, self.until)}" if self.since or self.until else ""

    def key_figures(self) -> list[KeyFigure]:
        now = next(records(self.current))
        reading = self.all_readings.set_index("indicator")
        tension = reading.loc["tension_now"] if "tension_now" in reading.index else None
        spread = f"band {band(tension.low, tension.high)}" if tension is not None else "no recent news"
        weight = f"effective n {number(now.effective_n, '.1f')}"
        grey = bool(now.is_stale)
        arrow = reading.loc["arrow"] if "arrow" in reading.index else None
        counted = self.counted.drop_duplicates("counts_as")
        figures = [
            KeyFigure("Tension now, 0–100", number(now.tension_now), f"{spread}; {weight}", grey),
            KeyFigure("Mean score now, ±10", number(now.net_cooperation_now, "+.1f"), f"decayed; {weight}", grey),
            KeyFigure("Dated events", f"{len(counted):,}", f"newest {day(counted.start_date.max())}"),
        ]
        if arrow is not None and arrow.is_shown:
            base = f"{month(arrow.period_start)}; n {number(arrow.n)}"
            figures.append(KeyFigure("Against the months before", str(arrow.reading), base))
        else:
            newest = self.counted.published.max()
            about = f"newest {day(newest)}" if not is_missing(newest) else self.dataset
            figures.append(KeyFigure("Articles that tell of them", f"{self.counted.article_id.nunique():,}", about))
        return figures

    def readings(self) -> Section:
        about = "How each is computed and what it cannot say is in docs/indicators.md of Faultline. Grey: too little stands behind it, or it speaks of a time too long ago."
        if self.until:
            about += " Readings are the newest that there are, whatever the period of this briefing."
        table = readings_table(self.all_readings, self.a.name, self.b.name)
        return Section("How they stand", paragraphs=[about], tables=[table])

    def series(self) -> Section:
        directed = self.snapshot.dyad_series(**self.ids, directed=True, dataset=self.dataset)
        weeks = self.snapshot.dyad_series(**self.ids, by="week", dataset=self.dataset)
        one_way = self.snapshot.dyad_series(**self.ids, by="week", directed=True, dataset=self.dataset)
        source = f"Source: {self.dataset}, {count(self.counted.article_id.nunique(), 'article')}."
        # One event of long ago would squeeze all others into the last inch.
        newest = self.months.month.max()
        drawn_from = pd.Timestamp(self.since) if self.since else newest - pd.DateOffset(months=_DRAWN_MONTHS - 1)
        drawn_from = drawn_from.replace(day=1)
        drawn, directed = self.months[self.months.month >= drawn_from], directed[directed.month >= drawn_from]
        months = drawn.month
        figures: list[Figure] = [charts.tension_months(drawn, self.pair, source)]
        for x, y in ((self.a, self.b), (self.b, self.a)):
            figures.append(
                charts.directed_months(directed[directed.source == x.actor_id], x.name, y.name, source, months)
            )
        kinds = self.counted.drop_duplicates("counts_as").assign(
            month=lambda f: f.start_date.dt.to_period("M").dt.to_timestamp()
        )
        kinds = (
            kinds[kinds.month >= drawn_from]
            .groupby(["month", "event_type", "quad_class"], as_index=False)
            .agg(n=("counts_as", "nunique"))
        )
        figures.append(charts.event_types(kinds, self.pair, source))
        surges = weeks.rename(columns={"surge_base": "base_mean", "surge_z": "z", "surge": "flag"})
        figures.append(charts.conflict_weeks(surges, self.pair, source))
        names = {self.a.actor_id: self.a.name, self.b.actor_id: self.b.name}
        rungs = one_way.dropna(subset=["rung"]).rename(
            columns={"event_type": "event_type_", "rung_event_type": "event_type"}
        )
        rungs = rungs.assign(source_name=rungs.source.map(names), target_name=rungs.target.map(names))
        figures.append(charts.ladder_weeks(rungs, self.pair, source))
        if self.dataset == "faultline":
            said = self.snapshot.statement_series(**self.ids).dropna(subset=["n_statements"])
            figures.append(charts.cue_months(said, self.pair, source))
            figures += self._tempo(source)
        older = len(self.months) - len(drawn)
        left = f"Charts show the {_DRAWN_MONTHS} months up to {month(newest)}; {count(older, 'month')} with events before them are in the table."
        shown = [f for f in figures if f.chart is not None]
        return Section("Series", paragraphs=[left] if older else [], figures=shown, tables=[self._months_table()])

    def _tempo(self, source: str) -> list[Figure]:
        """Monthly numbers of attacks by the one upon the other."""
        made = []
        for x, y in ((self.a, self.b), (self.b, self.a)):
            rows = self.snapshot.sql(
                "SELECT * FROM marts.attack_tempo WHERE perpetrator = $x AND target = $y AND month >= date_trunc('month', coalesce($s, month)::DATE) "
                "AND month <= coalesce($u, month) ORDER BY month",
                {"x": x.actor_id, "y": y.actor_id, "s": self.since, "u": self.until},
            )
            made.append(charts.attack_tempo(rows, f"Attacks by {x.name} on {y.name}", source))
        return made

    def _months_table(self) -> Table:
        shown = self.months.tail(_SHOWN_MONTHS)
        rows = [
            Row(
                [
                    month(r.month),
                    number(r.tension),
                    band(r.tension_low, r.tension_high),
                    number(r.net_cooperation, "+.1f"),
                    f"{r.n}",
                    f"{r.n_articles}",
                    "–" if is_missing(r.arrow) else r.arrow,
                ],
                is_grey=not r.enough,
            )
            for r in records(shown)
        ]
        caption = "Months with events" + (
            f", the newest {len(shown)} of {len(self.months)}" if len(self.months) > len(shown) else ""
        )
        columns = (
            "Month",
            "Tension",
            "Band (95 %)",
            "Net cooperation",
            "Events",
            "Articles",
            "Against the months before",
        )
        return Table(caption, columns, rows, frozenset({1, 2, 3, 4, 5}))

    def event_quotes(self) -> Section:
        reports = self.counted.groupby("counts_as").event_id.nunique()
        newest = self.counted.sort_values("confidence", ascending=False, kind="stable").drop_duplicates("counts_as")
        newest = newest.sort_values(["start_date", "event_id"], ascending=[False, True]).head(_SHOWN_EVENTS)
        quotes = [event_quote(r, int(reports[r.counts_as])) for r in records(newest)]
        more = f" The newest {len(quotes)} of {len(reports)}." if len(reports) > len(quotes) else ""
        return Section("What happened, and where it is written", paragraphs=[f"Events that enter the series, newest first, with the coded words marked.{more}"], quotes=quotes)  # fmt: skip

    def statements(self) -> Section | None:
        if self.said.empty:
            return None
        quotes = [
            quote(
                r,
                f"{r.source_name} {'→' if r.directed else '–'} {r.target_name}: {r.cue_type.replace('_', ' ')} "
                f"({ {1: 'cooperative', 0: 'neutral', -1: 'tense'}[r.polarity] }, strength {r.strength} of 3)",
                f"written {day(r.published)}",
                "counted as a statement, never as an event",
                {"statement": r.relation_id},
            )
            for r in records(self.said.head(_SHOWN_STATEMENTS))
        ]
        return Section("What is said of the relationship", quotes=quotes)

    def undated_events(self) -> Section | None:
        """Examples of what was found and could not be counted."""
        left = self.events[self.events.left_out.isin(["undated", "not asserted", "historical", "vague date", "unsure"])]
        if left.empty:
            return None
        examples = left.groupby("left_out", sort=False).head(_SHOWN_EXAMPLES).sort_values("left_out", kind="stable")
        text = "Found between them, and in no series. An undated event never gets its article's date; a feared, planned or denied one did not happen."
        return Section("Not counted", paragraphs=[text], quotes=[event_quote(r) for r in records(examples)])

    def not_known(self) -> Section:
        reasons = self.events.left_out.value_counts()
        words = {
            "undated": ("report of an event has no date in its text", "reports of events have no date in their texts"),
            "vague date": ("is dated to no month, only to a year or more", "are dated to no month, only to a year or more"),
            "historical": ("is told as history", "are told as history"),
            "ongoing state": ("is a state of things and no act", "are states of things and no acts"),
            "not asserted": ("is feared, planned, denied or unconfirmed, not asserted", "are feared, planned, denied or unconfirmed, not asserted"),
            "unsure": ("is too unsure a reading to be counted", "are too unsure readings to be counted"),
            "repost": ("repeats an article that was read already", "repeat articles that were read already"),
        }  # fmt: skip
        left = [f"{reasons[k]} {one if reasons[k] == 1 else many}" for k, (one, many) in words.items() if k in reasons]
        points = [f"Left out of {count(len(self.events), 'report')}: {'; '.join(left)}."] if left else []
        thin = int((~self.months.enough.astype(bool)).sum()) if len(self.months) else 0
        if thin:
            least = int(self.snapshot.about().parameters.get("month_min_events", 0))
            points.append(
                f"{thin} of {count(len(self.months), 'month')} with events have fewer than {least}: they are grey, and their bands wide."
            )
        if self.dataset == "faultline":
            points += coverage_points(self.snapshot, self.since, self.until)
            points += self._unresolved()
        return Section("What is not known", points=[*points, BEYOND])

    def _unresolved(self) -> list[str]:
        """Frequent names that belong to one of the two and that the tables do not hold: acts of theirs may be missing."""
        names = self.snapshot.sql(
            "SELECT name, n_articles FROM marts.unresolved_names WHERE affiliation IN ($a, $b) OR affiliation IN "
            "(SELECT actor_id FROM core.actors WHERE parent_id IN ($a, $b)) ORDER BY n_articles DESC, name",
            {"a": self.a.actor_id, "b": self.b.actor_id},
        )
        if names.empty:
            return []
        listed = ", ".join(names.name.head(_SHOWN_NAMES))
        more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
        return [f"Names that texts tie to them and no table holds: {listed}{more}. Acts of theirs may be missing."]

    def nothing(self) -> list[str]:
        """What can honestly be said of a pair without a dated event."""
        lines = [
            f"No dated event between {self.pair} was found{self._in_period()}: there is no reading, no series and no chart."
        ]
        if len(self.current) and (self.since or self.until):
            now = next(records(self.current))
            lines.append(
                f"Outside this period there {'is' if now.n_events == 1 else 'are'} {count(now.n_events, 'event')}, the newest of {day(now.last_event_date)}."
            )
        if self.dataset == "faultline":
            one, other, both = self._articles_naming()
            named = f"{count(one, 'article')} that {'was' if one == 1 else 'were'} read {'names' if one == 1 else 'name'} {self.a.name}, {other:,} {self.b.name}, and {both:,} both."
            lines.append(named if one or other else "No article that was read names either of them.")
        lines += [self._stands_for(x) for x in (self.a, self.b) if self._parents(x)]
        lines.append(
            "This does not say that nothing happened: it says what these articles tell, as far as the coder read them."
        )
        return lines

    def _articles_naming(self) -> tuple[int, int, int]:
        naming = [
            set(self.snapshot.articles(x.actor_id, since=self.since, until=self.until).article_id)
            for x in (self.a, self.b)
        ]
        return len(naming[0]), len(naming[1]), len(naming[0] & naming[1])

    def _parents(self, actor: Actor) -> list[str]:
        rows = self.snapshot.sql(
            "SELECT rolled_actor_id AS parent FROM staging.actors_rolled_up WHERE actor_id = $x AND rolled_actor_id <> $x GROUP BY ALL "
            "ORDER BY count(*) DESC LIMIT 3",
            {"x": actor.actor_id},
        )
        return list(rows.parent)

    def _stands_for(self, actor: Actor) -> str:
        names = ", ".join(f"{self.snapshot.actor(p).name} ({p})" for p in self._parents(actor))
        return f"Acts of {actor.name} are counted as those of {names}: ask for the pair with that name."
