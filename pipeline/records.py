"""The plain typed records that pass between the rooms: Article, Rejected, TaggedArticle and its parts.

What belongs here: frozen dataclasses and nothing else. No spaCy object, no connection, no behaviour beyond a helper that
writes a record as JSON. Field names are those of the tagged-article record and of the warehouse columns.

All ``start_char``/``end_char`` are half-open offsets into ``Article.text`` in Unicode code points, so that
``article.text[start_char:end_char] == text`` for every span.
"""

import dataclasses
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

ActorKind = Literal[
    "state",
    "government",
    "military",
    "police",
    "armed_group",
    "party",
    "organization",
    "media",
    "population",
    "person",
    "unknown",
]
ActorMethod = Literal["gazetteer", "metonym", "acronym", "ner", "coreference", "description"]
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
UncodedReason = Literal["no pattern", "no sense", "no sides", "unsure"]
Grain = Literal["event", "day", "week", "month", "year", "period"]
AttributionType = Literal["self_claim", "official", "independent", "media", "unattributed"]
ComparisonRelation = Literal["max", "min", "increase", "decrease"]
Status = Literal["actual", "historical", "ongoing_state", "future", "hypothetical", "unconfirmed"]
# How an act came by its date: from its own clause, from another date of its sentence, from where the narrative stands, from the time that
# has passed since ("two weeks after"), or, incidents only, from the day on which somebody spoke of it, before which it lies.
DateSource = Literal["clause", "sentence", "narrative", "elapsed", "statement"]
DatePrecision = Literal["day", "week", "month", "year", "decade", "none"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read.

    ``article_id`` is a hash of the canonical URL, else of source and normalized text. ``published`` comes from metadata and is
    None where there is none; ``published_precision`` is "day", "month", "year", "dateline" (the day that the text's dateline
    states, where the metadata name none), or None with it. ``published_source`` says what stated the date; ``published_flag``
    keeps a stated date that was not believed, with the reason. ``origin`` names the file and
    line (or URL) that it was read from; ``doc_id`` is the identifier that its source gave it. ``quality_flags`` say what may have
    gone wrong when the text was made (``ingest.quality``).
    """

    article_id: str
    text: str
    doc_id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    author: str | None = None
    published: date | None = None
    published_precision: Literal["day", "month", "year", "dateline"] | None = None
    published_source: Literal["metadata", "url", "dateline"] | None = None
    published_flag: str | None = None
    fetched_at: datetime | None = None
    language: str | None = None
    text_hash: str | None = None
    duplicate_of: str | None = None
    origin: str | None = None
    quality_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that could not be read as an article: where it is, why, and what its beginning looks like."""

    origin: str
    line: int | None
    reason: str
    excerpt: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A source's word that one of its items (a file, an address) is delivered whole, in the state ``version``.

    It stands behind the item's articles and rejects, and is stored with them or not at all: whatever has no Done is read again.
    """

    item: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span; its index in ``TaggedArticle.sentences`` is the ``sentence`` column of every core table."""

    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity with an OntoNotes label."""

    start_char: int
    end_char: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A span that stands for an actor. A place that only is a place is a LocationMention, never both.

    ``affiliation`` is the actor_id of the organization that a person belongs to: as the text itself says ("Taliban spokesperson X",
    ``affiliation_source`` "text"), or because the knowledge base has the person in its office on the day of publication
    ("knowledge"). ``confidence`` (0 to 1) is how often mentions resolved
    in the same way were right on gold data; ``rule`` says which way that was, and by which name;
    ``antecedent`` is the offset of the mention that a pronoun or description takes up.
    """

    start_char: int
    end_char: int
    text: str
    actor_id: str
    name: str
    kind: ActorKind
    method: ActorMethod
    role: str | None = None
    affiliation: str | None = None
    affiliation_source: Literal["text", "knowledge"] | None = None
    confidence: float = 1.0
    rule: str = ""
    antecedent: int | None = None

    @property
    def is_pronoun(self) -> bool:
        """Whether it only takes up another mention: "it", "their"."""
        return self.rule == "pronoun"


@dataclass(frozen=True, slots=True)
class LocationMention:
    """A place name read as a place. ``country`` is ISO 3166-1 alpha-3."""

    start_char: int
    end_char: int
    text: str
    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A TIMEX3 expression. ``start_date``/``end_date`` are inclusive and None where it has no place in the calendar.

    ``rule`` names the rule of ``knowledge/dates`` that read it: "underspecified: month day".
    """

    start_char: int
    end_char: int
    text: str
    timex_type: TimexType
    value: str
    start_date: date | None
    end_date: date | None
    approximate: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a count is compared with: "the highest monthly figure this year"."""

    text: str
    relation: ComparisonRelation
    frame_start: date | None
    frame_end: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """A reported figure. None in ``low``/``best``/``high`` means unknown, never zero.

    ``attack_kind`` says which attacks are counted (bombing, raid, …), None for other measures; ``location`` is the place that the sentence
    names for it, ``country`` that place's (ISO 3166-1 alpha-3). ``part_of`` is the offset of the figure that this one is a part of ("12
    people, including two children"): the two are never added.
    """

    start_char: int
    end_char: int
    text: str
    measure: str
    low: int | None
    best: int | None
    high: int | None
    actor_id: str | None = None
    target_actor_id: str | None = None
    target_text: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    grain: Grain = "event"
    attributed_to: str | None = None
    attribution_type: AttributionType = "unattributed"
    comparison: Comparison | None = None
    status: Status = "actual"
    date_source: DateSource | None = None
    attack_kind: str | None = None
    location: str | None = None
    country: str | None = None
    part_of: int | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Who takes part in an event, as written. ``actor_id`` is None where the mention names no known actor."""

    start_char: int
    end_char: int
    text: str
    actor_id: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """What ``source`` does to ``target``. The span is the trigger (verb or event noun).

    ``event_type`` and ``mode`` are PLOVER's, ``cameo_code`` is text ("010"), ``quad_class`` is PLOVER's 1 to 4. Dates are None
    and ``date_precision`` is "none" where the text gives none: an event never inherits the publication date.
    """

    start_char: int
    end_char: int
    text: str
    source: Participant | None
    target: Participant | None
    event_type: str
    mode: str | None
    cameo_code: str | None
    quad_class: int
    goldstein: float
    plover_score: float
    start_date: date | None
    end_date: date | None
    date_precision: DatePrecision
    status: Status
    negated: bool
    confidence: float
    location: str | None = None
    attributed_to: str | None = None
    rule: str | None = None
    date_source: DateSource | None = None


@dataclass(frozen=True, slots=True)
class IncidentMention:
    """A word that speaks of an incident, or of whom it hurt."""

    start_char: int
    end_char: int
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One violent incident, its mentions merged. The span is its first trigger; slots hold strings as written in the text.

    ``mentions`` are all words that tell of it or of those whom it hurt, in text order; ``date_source`` says how it came by its date.
    ``lat`` and ``lon`` are those of the place named (degrees, WGS84), None where the place is unknown or larger than a town.
    """

    start_char: int
    end_char: int
    text: str
    incident_type: str
    start_date: date | None = None
    end_date: date | None = None
    location: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    perpetrator_individuals: tuple[str, ...] = ()
    perpetrator_organizations: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    victims: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    killed_low: int | None = None
    killed_best: int | None = None
    killed_high: int | None = None
    injured_low: int | None = None
    injured_best: int | None = None
    injured_high: int | None = None
    status: Status = "actual"
    event_indexes: tuple[int, ...] = ()
    date_source: DateSource | None = None
    mentions: tuple[IncidentMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement about how two actors stand to each other; no act. ``polarity`` +1 cooperative, 0 neutral, -1 tense."""

    start_char: int
    end_char: int
    text: str
    actor_a: str
    actor_b: str
    directed: bool
    cue_type: str
    polarity: int
    strength: int
    status: Status


@dataclass(frozen=True, slots=True)
class UncodedEvent:
    """A verb between two known actors that no event was coded for. The span is the verb; ``reason`` says what was lacking."""

    start_char: int
    end_char: int
    text: str
    lemma: str
    source: Participant
    target: Participant
    reason: UncodedReason


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """All that the tagger found in one article. ``doc_id`` is as given, or the article_id."""

    doc_id: str
    coder_version: str
    sentences: tuple[Sentence, ...] = ()
    entities: tuple[Entity, ...] = ()
    actors: tuple[ActorMention, ...] = ()
    locations: tuple[LocationMention, ...] = ()
    dates: tuple[DateMention, ...] = ()
    counts: tuple[Count, ...] = ()
    events: tuple[Event, ...] = ()
    incidents: tuple[Incident, ...] = ()
    relations: tuple[Relation, ...] = ()
    uncoded_events: tuple[UncodedEvent, ...] = ()
    article_id: str = field(default="", compare=False)
    seconds: float = field(default=0.0, compare=False)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def to_json_dict(tagged: TaggedArticle) -> dict[str, Any]:
    """The tagged-article record: plain dicts and lists, dates as ISO text, ready for ``json.dumps``."""
    record = dataclasses.asdict(
        tagged, dict_factory=lambda pairs: {k: list(v) if isinstance(v, tuple) else _plain(v) for k, v in pairs}
    )
    del record["article_id"], record["seconds"]
    return record
