"""The count layer: reported figures (attacks, casualties, protesters, …) with bounds, parties, time, source and status.

What belongs here: putting one ``Count`` together from its parts. The parts: ``numbers.py`` (the figure), ``count_arguments.py`` (what it
counts), ``count_context.py`` (when, who, who says so). Words and what they mean: ``knowledge/counts``.
"""

from dataclasses import replace

from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.knowledge.counts import load_counts
from pipeline.records import Count
from pipeline.tag.count_arguments import ArgumentFinder, Reading
from pipeline.tag.count_compared import Compared, compared_with
from pipeline.tag.count_context import ContextReader, actor_at
from pipeline.tag.count_included import included
from pipeline.tag.draft import Draft
from pipeline.tag.numbers import Number, NumberReader

# Measures that count acts: the counted noun is the act itself, and its target stands elsewhere.
ACTS = frozenset({"attacks", "protests", "kidnapped_incidents"})
# Measures whose counted people are those who act.
CROWDS = frozenset({"protesters"})
# Readings without a stated number that still report one: "a policeman was killed", "no casualties", "an attack".
_REPORTED = frozenset({"figure", "zero", "indefinite"})
# Measures of which a named person is one too: "the arrest of Karim Khan". The dead and wounded are named too often to be counted by name.
_BY_NAME = frozenset({"detained", "kidnapped", "released"})


class CountLayer:
    """Counts of one article."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        knowledge = load_counts()
        self.numbers = NumberReader(knowledge)
        self.arguments = ArgumentFinder(knowledge)
        self.context = ContextReader(knowledge)

    def readings(self, doc: Doc) -> list[Reading]:
        """Every reading of the text, also those that state no number (the incident layer counts named victims)."""
        return self._read(doc)[0]

    def numbers_in(self, doc: Doc) -> list[Number]:
        """Every number of the text."""
        return self._read(doc)[1]

    def _read(self, doc: Doc) -> tuple[list[Reading], list[Number]]:
        """Readings and numbers of a text; read once and kept with the document, for the incident layer asks for them too."""
        kept: tuple[list[Reading], list[Number]] | None = doc.user_data.get("readings")
        if kept is None:
            numbers = self.numbers.read(doc)
            kept = self.arguments.find(doc, numbers), numbers
            doc.user_data["readings"] = kept
        return kept

    def __call__(self, draft: Draft) -> list[Count]:
        """Counts in text order."""
        readings, numbers = self._read(draft.doc)
        by_start = {n.start: n for n in numbers}
        found: list[Count] = []
        parts: list[Count] = []
        for reading in readings:
            reported = reading.kind in _REPORTED or (reading.kind == "named" and reading.measure in _BY_NAME)
            count = self._count(draft, reading) if reported else None
            if count is None:
                continue
            parts += self._parts(draft, reading, count, readings, numbers)
            compared = compared_with(draft, reading, by_start) if reading.kind == "figure" else None
            if compared is None:
                found.append(count)
                continue
            found += [
                replace(count, comparison=count.comparison or compared.comparison),
                self._earlier(draft, count, compared),
            ]
        within = {(p.measure, p.start_char, p.end_char): p.part_of for p in parts}
        found = [replace(c, part_of=within.pop((c.measure, c.start_char, c.end_char), None)) for c in found]
        found += [p for p in parts if (p.measure, p.start_char, p.end_char) in within]
        return sorted(found, key=lambda c: c.start_char)

    def _parts(
        self, draft: Draft, reading: Reading, count: Count, readings: list[Reading], numbers: list[Number]
    ) -> list[Count]:
        """The figures that the text names within one: what holds for the whole holds for them."""
        if reading.kind != "figure":
            return []
        figures = [r for r in readings if r.kind == "figure"]
        read = (self.arguments.part_of(reading, h, numbers) for h in included(draft.doc, reading, figures))
        parts = (self._count(draft, part) for part in read if part is not None)
        return [
            replace(
                part, start_date=count.start_date, end_date=count.end_date, grain=count.grain, part_of=count.start_char
            )
            for part in parts
            if part is not None and part.start_char != count.start_char and _fits_in(part, count)
        ]

    def _earlier(self, draft: Draft, count: Count, compared: Compared) -> Count:
        """The count of the figure that another is compared with."""
        number, when = compared.number, compared.when
        first, last = draft.doc[number.start], draft.doc[number.end - 1]
        start, end = first.idx, last.idx + len(last)
        return replace(
            count,
            start_char=start,
            end_char=end,
            text=draft.text(start, end),
            low=number.low,
            best=number.best,
            high=number.high,
            start_date=when.start_date if when else None,
            end_date=when.end_date if when else None,
            grain=self.context.grain(count.measure, number.best, when),
            comparison=None,
            date_source="clause" if when and when.start_date else None,
        )

    def _count(self, draft: Draft, reading: Reading) -> Count | None:
        doc = draft.doc
        trigger, head = doc[reading.trigger], doc[reading.head]
        first, last = doc[reading.start], doc[reading.end - 1]
        start, end = first.idx, last.idx + len(last)
        status = self.context.status(trigger)
        if status is None and reading.kind != "zero":
            return None
        act = reading.measure in ACTS
        source = self.context.source(draft, trigger)
        perpetrator = self.context.perpetrator(draft, trigger, source, noun=trigger.pos_ not in {"VERB", "AUX"})
        counted = actor_at(draft, start, end)
        if reading.measure in CROWDS:
            perpetrator = counted
        elif perpetrator is not None and not act and counted is not None and perpetrator.actor_id == counted.actor_id:
            perpetrator = None
        actor_id = perpetrator.actor_id if perpetrator else None
        attributed_to, attribution_type = self.context.attribution(draft, source, actor_id)
        dated = self.context.dated(draft, trigger)
        when = dated.mention if dated else self.context.month_of_no_year(draft, trigger)
        place = self.context.place(draft, trigger)
        number = reading.number
        noun_start = min(number.end, head.i) if reading.kind == "figure" else reading.start
        return Count(
            start_char=start,
            end_char=end,
            text=draft.text(start, end),
            measure=reading.measure,
            low=number.low,
            best=number.best,
            high=number.high,
            actor_id=actor_id,
            target_actor_id=None if act or counted is None else counted.actor_id,
            target_text=None if act else draft.text(doc[noun_start].idx, end),
            start_date=when.start_date if when else None,
            end_date=when.end_date if when else None,
            grain=self.context.grain(reading.measure, number.best, when),
            attributed_to=attributed_to,
            attribution_type=attribution_type,
            comparison=self.context.comparison(draft, head) if act else None,
            status=status or "actual",
            date_source=dated.source if dated else None,
            attack_kind=self.context.attack_kind(head) if act else None,
            location=place.text if place else None,
            country=place.country if place else None,
        )


def _fits_in(part: Count, whole: Count) -> bool:
    """Whether one figure may be a part of another: it is not the greater one."""
    return part.low is None or whole.high is None or part.low <= whole.high
