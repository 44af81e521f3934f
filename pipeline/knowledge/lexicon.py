"""The event lexicon: which verbs and nouns tell of which PLOVER type, and which verbs lend or colour another one.

What belongs here: reading and validating ``events/*.csv``. What does not: finding the words in a parse (``tag/event_*``).

``verbs.csv``: a lemma with an optional particle, preposition (whose object is then the target) and object nouns ("sign … treaty");
``@name`` among the objects stands for a class of ``objects.csv`` and ``*`` for any object; ``swapped`` patterns have the target as their subject ("came under
fire from"). ``nouns.csv``: event nouns with the prepositions that lead to their target. ``agents.csv``: nouns for people and
institutions, who may stand on a side of an event without being known by name. ``helpers.csv``: verbs by what they do to a verb or
event noun below them: ``light`` (lends an event noun its subject), ``promise``, ``refuse``, ``threaten``, ``fail``, ``deny``,
``wish``, ``plan``, ``allege``, ``avert``, ``aspect``, ``stop``, ``say``, ``undergo`` (the event noun is done to its subject:
"faces charges"); and nouns that only hold an event noun ("a round of talks"): ``container``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.knowledge.scales import Scales, load_scales
from pipeline.knowledge.tables import Row, read_table

FOLDER = Path(__file__).parent / "events"
ROLES = frozenset(
    [
        "light",
        "promise",
        "refuse",
        "threaten",
        "fail",
        "deny",
        "wish",
        "plan",
        "allege",
        "avert",
        "aspect",
        "stop",
        "say",
        "container",
        "undergo",
    ]
)
# Acts that no word of the lexicon tells but the coder reads from several: "will attack" is a threat.
DERIVED = frozenset({"accuse", "deny", "fail", "promise", "refuse", "relent", "request", "stop", "threaten"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a trigger tells: PLOVER type and mode, CAMEO code, and the scores that follow from them."""

    event_type: str
    mode: str | None
    cameo_code: str
    quad_class: int
    goldstein: float
    plover_score: float


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """A verb pattern. ``objects`` holds lemmas of which one must be the object's head; ``rule`` names the entry.

    ``swapped``: the subject is the target, and the source stands behind the preposition.
    """

    particle: str
    preposition: str
    objects: frozenset[str]
    meaning: Meaning
    stative: bool
    swapped: bool
    rule: str

    @property
    def mediates(self) -> bool:
        """Whether the source is a third party to the sides of its object, which deal with each other besides (CAMEO 045)."""
        return self.meaning.cameo_code == "045"

    @property
    def specificity(self) -> int:
        """How much the pattern asks for: of several that match, the most demanding one wins."""
        named = 4 if self.objects - {"*"} else 1 * bool(self.objects)
        return 2 * named + 4 * bool(self.particle) + 2 * bool(self.preposition)


@dataclass(frozen=True, slots=True)
class NounEntry:
    """An event noun. ``symmetric``: both sides do it to each other ("talks between A and B")."""

    prepositions: frozenset[str]
    meaning: Meaning
    symmetric: bool
    rule: str


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """Verb entries by lemma, the most specific first; noun entries by lemma (a compound joined by a space); roles of helpers.

    ``helpers`` maps "verb" or "verb particle" to its roles; ``agents`` maps nouns for people and institutions to their
    kind; a ``counterpart`` is not the actor whose it is ("Peru's critics"). ``derived`` gives the meanings of ``DERIVED``.
    ``confidence`` holds the weights of the features of an event (``tag/event_confidence``), in log odds.
    """

    verbs: Mapping[str, Sequence[VerbEntry]]
    nouns: Mapping[str, NounEntry]
    helpers: Mapping[str, frozenset[str]]
    agents: Mapping[str, str]
    derived: Mapping[str, Meaning]
    confidence: Mapping[str, float]


def _meaning(scales: Scales, where: str, event_type: str, mode: str, cameo_code: str) -> Meaning:
    if (event_type, mode) not in scales.event_types:
        raise KnowledgeError(f"{where}: {event_type} {mode} is no PLOVER type and mode")
    if cameo_code not in scales.cameo_codes:
        raise KnowledgeError(f"{where}: {cameo_code!r} is no CAMEO code")
    plover, cameo = scales.event_types[event_type, mode], scales.cameo_codes[cameo_code]
    return Meaning(event_type, mode or None, cameo_code, plover.quad_class, cameo.goldstein, plover.plover_score)


def read_lexicon(folder: Path, scales: Scales) -> EventLexicon:
    """Read and validate the tables.

    Raises:
        KnowledgeError: an unknown type, mode, code, role or object class, or an entry that stands there twice; names file and line.
    """
    helpers: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_table(folder / "helpers.csv", ["verb", "role"]):
        if row["role"] not in ROLES:
            raise KnowledgeError(f"{row.where}: role {row['role']!r} is none of {', '.join(sorted(ROLES))}")
        helpers[row["verb"]].add(row["role"])
    return EventLexicon(
        _read_verbs(folder, scales),
        _read_nouns(folder, scales),
        {verb: frozenset(roles) for verb, roles in helpers.items()},
        {row["noun"]: row["kind"] for row in read_table(folder / "agents.csv", ["noun", "kind"])},
        _read_derived(folder, scales),
        {row["feature"]: _weight(row) for row in read_table(folder / "confidence.csv", ["feature", "weight"])},
    )


def _weight(row: Row) -> float:
    try:
        return float(row["weight"])
    except ValueError as error:
        raise row.error(f"weight {row['weight']!r} is no number") from error


def _read_derived(folder: Path, scales: Scales) -> dict[str, Meaning]:
    path = folder / "derived.csv"
    derived: dict[str, Meaning] = {}
    for row in read_table(path, ["act", "event_type", "mode", "cameo_code"]):
        if row["act"] not in DERIVED:
            raise row.error(f"{row['act']!r} is none of {', '.join(sorted(DERIVED))}")
        derived[row["act"]] = _meaning(scales, row.where, row["event_type"], row["mode"], row["cameo_code"])
    if missing := DERIVED - derived.keys():
        raise KnowledgeError(f"{path}: {', '.join(sorted(missing))} is missing")
    return derived


def _read_verbs(folder: Path, scales: Scales) -> dict[str, list[VerbEntry]]:
    classes: dict[str, frozenset[str]] = {}
    for row in read_table(folder / "objects.csv", ["class", "lemmas"]):
        if row["class"] in classes:
            raise KnowledgeError(f"{row.where}: the class {row['class']!r} stands there twice")
        classes[row["class"]] = frozenset(row.items_of("lemmas"))
    verbs: defaultdict[str, list[VerbEntry]] = defaultdict(list)
    seen: set[tuple[str, ...]] = set()
    pattern = ["verb", "particle", "preposition", "object"]
    for row in read_table(folder / "verbs.csv", [*pattern, "event_type", "mode", "cameo_code", "stative", "swapped"]):
        key = tuple(row[c] for c in pattern)
        if key in seen:
            raise KnowledgeError(f"{row.where}: the pattern {' '.join(filter(None, key))!r} stands there twice")
        seen.add(key)
        named = row.items_of("object")
        unknown = [n for n in named if n.startswith("@") and n[1:] not in classes]
        if unknown:
            raise KnowledgeError(f"{row.where}: {unknown[0]} is no class of objects.csv")
        objects: set[str] = set()
        for name in named:
            objects |= classes[name[1:]] if name.startswith("@") else {name}
        leading = f"({row['preposition']})" if row["preposition"] else ""
        rule = " ".join(filter(None, [row["verb"], row["particle"], *named[:1], leading]))
        verbs[row["verb"]].append(
            VerbEntry(
                row["particle"],
                row["preposition"],
                frozenset(objects),
                _meaning(scales, row.where, row["event_type"], row["mode"], row["cameo_code"]),
                row["stative"] == "y",
                row["swapped"] == "y",
                f"verb:{rule}",
            )
        )
    # Of two entries that ask for as much, the one with fewer objects asks for more.
    return {v: sorted(entries, key=lambda e: (-e.specificity, len(e.objects))) for v, entries in verbs.items()}


def _read_nouns(folder: Path, scales: Scales) -> dict[str, NounEntry]:
    nouns: dict[str, NounEntry] = {}
    for row in read_table(
        folder / "nouns.csv", ["noun", "prepositions", "event_type", "mode", "cameo_code", "symmetric"]
    ):
        if row["noun"] in nouns:
            raise KnowledgeError(f"{row.where}: {row['noun']!r} stands there twice")
        meaning = _meaning(scales, row.where, row["event_type"], row["mode"], row["cameo_code"])
        nouns[row["noun"]] = NounEntry(
            frozenset(row["prepositions"].split("|")), meaning, row["symmetric"] == "y", f"noun:{row['noun']}"
        )
    return nouns


@lru_cache(maxsize=1)
def load_lexicon() -> EventLexicon:
    """The project's own lexicon, read once."""
    return read_lexicon(FOLDER, load_scales())
