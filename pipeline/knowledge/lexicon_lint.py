"""Finds what is wrong with the event lexicon although every file can be read: patterns that never fire, entries without an example.

What belongs here: checks on the tables alone. What does not: unknown codes and twins, which the loader refuses (``lexicon.py``), and
whether an example codes as its entry says (``tag/lexicon_examples.py``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import KnowledgeError
from pipeline.knowledge.lexicon import FOLDER, EventLexicon, VerbEntry
from pipeline.knowledge.tables import read_table


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with an entry. ``check`` names the check, ``rule`` the entry."""

    check: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that an entry codes. ``where`` is its file and line."""

    rule: str
    sentence: str
    where: str


def load_examples(folder: Path = FOLDER) -> list[Example]:
    """The examples of the lexicon's entries, in the order of the file.

    Raises:
        KnowledgeError: an entry has two examples; names file and line.
    """
    found: dict[str, Example] = {}
    for row in read_table(folder / "examples.csv", ["rule", "sentence"]):
        if row["rule"] in found:
            raise KnowledgeError(f"{row.where}: {row['rule']!r} has an example already")
        found[row["rule"]] = Example(row["rule"], row["sentence"], row.where)
    return list(found.values())


def lint_lexicon(lexicon: EventLexicon, examples: Sequence[Example]) -> list[Finding]:
    """Findings, by check."""
    return [*_unreachable(lexicon), *_examples(lexicon, examples)]


def _unreachable(lexicon: EventLexicon) -> Iterator[Finding]:
    for entries in lexicon.verbs.values():
        for i, entry in enumerate(entries):
            earlier = next((e for e in entries[:i] if _covers(e, entry)), None)
            if earlier is not None:
                yield Finding("unreachable", entry.rule, f"whatever fits it fits {earlier.rule!r} before it")


def _covers(earlier: VerbEntry, later: VerbEntry) -> bool:
    """Whether an entry that is tried first takes everything that a later one would."""
    for mine, theirs in ((earlier.particle, later.particle), (earlier.preposition, later.preposition)):
        if mine and mine != theirs:
            return False
    if not earlier.objects or "*" in earlier.objects:
        return not earlier.objects or bool(later.objects)
    return bool(later.objects) and later.objects <= earlier.objects


def _examples(lexicon: EventLexicon, examples: Sequence[Example]) -> Iterator[Finding]:
    rules = {e.rule for entries in lexicon.verbs.values() for e in entries} | {n.rule for n in lexicon.nouns.values()}
    shown = {e.rule for e in examples}
    for example in examples:
        if example.rule not in rules:
            yield Finding("unknown entry", example.rule, f"{example.where}: the lexicon has no such entry")
    for rule in sorted(rules - shown):
        yield Finding("no example", rule, "examples.csv has no sentence that it codes")
