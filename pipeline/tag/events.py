"""Events between actors: PLOVER type, source, target, status and date of every trigger that the lexicon knows.

What belongs here: putting trigger, status, date and scores together. What a token triggers is ``event_triggers``, who stands where
``event_arguments``, whether it happened ``event_status``, what a word means ``knowledge/events``. A date is the text's own or
none: an event never inherits the publication date.
"""

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Span, Token
from spacy.vocab import Vocab

from pipeline.knowledge.lexicon import EventLexicon, load_lexicon
from pipeline.records import DateMention, DatePrecision, Event, Participant, Status, UncodedEvent
from pipeline.tag.draft import Draft
from pipeline.tag.event_arguments import prepositional_objects, subject_of
from pipeline.tag.event_confidence import features, probability
from pipeline.tag.event_participants import Participants
from pipeline.tag.event_status import StatusReader, historical
from pipeline.tag.event_triggers import Find, TriggerReader
from pipeline.tag.event_uncoded import UncodedReader

_STATE_CODE = 3
_MOST_EVENTS_PER_TRIGGER = 6
# Below it one event in ten is right on gold sentences: more noise than news.
LEAST_CONFIDENCE = 0.1


class EventLayer:
    """Codes the events of one article.

    Args:
        vocab: the model's vocabulary.
        least_confidence: events below it are left out.
    """

    def __init__(self, vocab: Vocab, least_confidence: float = LEAST_CONFIDENCE) -> None:
        self.vocab = vocab
        self._least = least_confidence
        self.lexicon: EventLexicon = load_lexicon()
        self._status = StatusReader(self.lexicon)

    def __call__(self, draft: Draft) -> tuple[list[Event], list[UncodedEvent]]:
        """Events, and what lacks one, in text order; one pair and type stand once in a sentence."""
        coded, uncoded = self.coded(draft)
        return [event for event, _ in coded], uncoded

    def coded(self, draft: Draft) -> tuple[list[tuple[Event, dict[str, float]]], list[UncodedEvent]]:
        """Events, each with the features that its confidence comes from, and what lacks one."""
        participants = Participants(draft, self.lexicon.agents)
        coded: list[tuple[Event, dict[str, float]]] = []
        uncoded: list[UncodedEvent] = []
        for sentence in draft.doc.sents:
            coder = _SentenceCoder(draft, sentence, participants, self.lexicon, self._status, self._least)
            coded += coder.events()
            uncoded += coder.uncoded
        return coded, uncoded


class _SentenceCoder:
    """Makes the events of one sentence."""

    def __init__(
        self,
        draft: Draft,
        sentence: Span,
        participants: Participants,
        lexicon: EventLexicon,
        status: StatusReader,
        least_confidence: float,
    ) -> None:
        self._draft = draft
        self._least = least_confidence
        self._participants = participants
        self._lexicon = lexicon
        self._sentence = sentence
        self._status = status
        self._triggers = TriggerReader(participants, lexicon, status)
        self._passed_over = UncodedReader(draft, lexicon, self._triggers.sides, status)
        self.uncoded: list[UncodedEvent] = []
        start, end = sentence.start_char, sentence.end_char
        self._places = [p for p in draft.locations if start <= p.start_char < end]

    def events(self) -> list[tuple[Event, dict[str, float]]]:
        """Events in text order with their features; of those with the same type and sides the first stays."""
        found: dict[tuple[object, ...], tuple[Event, dict[str, float]]] = {}
        two_known = self._participants.known_in(self._sentence) > 1
        for token in self._sentence:
            find = self._triggers.find(token)
            coded = list(self._build(find)) if find else []
            sure = [c for c in coded if c[0].confidence >= self._least]
            for event, shown in sure:
                sides = [(p.actor_id or p.text) if p else None for p in (event.source, event.target)]
                found.setdefault((event.event_type, *sides), (event, shown))
            if two_known and not sure and token.pos_ == "VERB" and not self._triggers.is_spoken_for(token):
                fits = self._triggers.entry(token) is not None
                passed_over = self._passed_over.read(token, fits=fits, unsure=bool(coded))
                self.uncoded += [passed_over] if passed_over else []
        return list(found.values())

    def _build(self, find: Find) -> Iterator[tuple[Event, dict[str, float]]]:
        status, negated = self._status.read(find.trigger)
        find, negated = self._announced(find, status, negated=negated)
        dated = self._draft.dating.of(find.trigger)
        if dated and dated.source != "clause" and status in ("future", "hypothetical"):
            dated = None
        day = dated.mention if dated else None
        if find.stative and status == "actual" and find.trigger.tag_ in ("VBZ", "VBP"):
            status = "ongoing_state"
        published = self._draft.article.published
        if status == "actual" and day and published and day.start_date and day.start_date > published:
            status = "future"  # "who leaves tomorrow"
        status = historical(status, day.end_date if day else None, published)
        if negated and status == "actual" and find.meaning.event_type != "REJECT":
            status = "hypothetical"  # what was not done did not happen; ``negated`` says why
        start = find.trigger.idx
        end = start + len(find.trigger)
        for source, target in self._pairs(find):
            pairs = len(find.sources) * len(find.targets)
            shown = features(find, source, target, status, self._participants, pairs)
            event = Event(
                start_char=start,
                end_char=end,
                text=self._draft.text(start, end),
                source=source,
                target=target,
                event_type=find.meaning.event_type,
                mode=find.meaning.mode,
                cameo_code=find.meaning.cameo_code,
                quad_class=find.meaning.quad_class,
                goldstein=find.meaning.goldstein,
                plover_score=find.meaning.plover_score,
                start_date=day.start_date if day else None,
                end_date=day.end_date if day else None,
                date_precision=_precision(day),
                status=status,
                negated=negated,
                confidence=probability(shown, self._lexicon.confidence),
                location=self._location(find.trigger),
                attributed_to=self._attribution(find.trigger),
                rule=find.rule,
                date_source=dated.source if dated else None,
            )
            yield event, shown

    def _pairs(self, find: Find) -> Iterator[tuple[Participant, Participant]]:
        """Who stands against whom: every source with every target that is somebody else."""
        pairs = [(s, t) for s in find.sources for t in find.targets]
        for source, target in pairs[:_MOST_EVENTS_PER_TRIGGER]:
            if source.start_char < target.end_char and target.start_char < source.end_char:
                continue
            if source.actor_id is None or source.actor_id != target.actor_id:
                whole = _is_part(source.actor_id, target.actor_id)
                yield source, replace(target, actor_id=None) if whole else target
            elif not self._participants.names_itself(target):
                yield source, replace(target, actor_id=None)  # "a Kenyan court" and "Kenyan lawyers" are two

    def _announced(self, find: Find, status: Status, *, negated: bool) -> tuple[Find, bool]:
        """Read what somebody will do as announced, and what somebody does not or will not grant as rejected.

        "does not recognize the border", "will not lift the ban" are acts of their own, not acts that are missing. What will be done is
        a promise, or a threat where it is hostile; the act itself is still to come.
        """
        kind = find.meaning.event_type
        hostile = find.meaning.quad_class == 4 or kind in ("SANCTION", "THREATEN")
        name = None
        if negated and (
            (status == "actual" and kind in ("AGREE", "SUPPORT", "CONCEDE"))
            or (status == "future" and not hostile and find.meaning.quad_class != 3)
        ):
            name, negated = "refuse", False
        elif status == "future" and find.verbal and not negated and (hostile or find.meaning.quad_class != 3):
            name = "threaten" if hostile else "promise"
        if name is None:
            return find, negated
        prefix = "not" if name == "refuse" else "will"
        return replace(find, meaning=self._triggers.derived(name), rule=f"{prefix} {find.rule}"), negated

    def _location(self, trigger: Token) -> str | None:
        """The nearest place of the sentence behind the trigger, else before it."""
        behind = [p for p in self._places if p.start_char > trigger.idx]
        if behind:
            return behind[0].text
        return self._places[-1].text if self._places else None

    def _attribution(self, trigger: Token) -> str | None:
        """Who says so: the subject of the saying verb above, or what "according to" names."""
        at = trigger
        for above in trigger.ancestors:
            if at.dep_ == "ccomp" and above.pos_ == "VERB" and self._status.roles(above) & {"say", "allege"}:
                found = self._triggers.all(subject_of(above))
                return (found[0].actor_id or found[0].text) if found else None
            at = above
        for token in self._sentence:
            if token.lower_ == "according":
                named = [p for _, o in prepositional_objects(token) for p in self._triggers.all(o)]
                if named:
                    return named[0].actor_id or named[0].text
        return None


def _is_part(part: str | None, state: str | None) -> bool:
    """Whether one actor is an organ of the other, a state: what a government does in its country it does to somebody there."""
    return (
        part is not None
        and state is not None
        and len(state) == _STATE_CODE
        and part[:_STATE_CODE] == state
        and part.isupper()
    )


def _precision(day: DateMention | None) -> DatePrecision:
    """How exactly an interval dates an act, by its length in days."""
    if day is None or day.start_date is None or day.end_date is None:
        return "none"
    days = 1 if day.timex_type == "TIME" else (day.end_date - day.start_date).days + 1  # a night belongs to two days
    longest: tuple[tuple[int, DatePrecision], ...] = ((1, "day"), (7, "week"), (31, "month"), (366, "year"))
    return next((name for limit, name in longest if days <= limit), "decade")
