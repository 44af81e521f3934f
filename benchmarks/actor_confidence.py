"""``python benchmarks/actor_confidence.py``: how often each way of reading an actor is right, into knowledge/actors/confidence.csv.

A mention under a name is right if the gold entity that it overlaps is of its kind (re3d; CoNLL 2003, development part), a place name
read as an actor if the annotators read it so (ReLocaR, CoNLL metonymy), a pronoun or description if the annotated article has it stand
for the actor that most mentions of ours with that id stand for. Shares are smoothed, (right + 1) / (seen + 2), so that few cases
make no certainty. What the gold data cannot show is that a name is resolved to the right one of two namesakes.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.knowledge.actors import FOLDER
from pipeline.records import ActorMention, TaggedArticle
from pipeline.settings import load_settings
from pipeline.tag.tagger import Tagger

SHARED = Path(__file__).parent.parent.parent / "shared"
_ENTITY_SETS = ("gold/re3d/dev.jsonl", "gold/ner/conll2003_testa.jsonl")
_METONYMY_SETS = ("gold/metonymy/relocar_train.jsonl", "gold/metonymy/conll_train.jsonl")
_COREFERENT = frozenset({"pronoun", "description", "office", "owned office", "institution", "short form", "handle"})
_PLACES_THAT_ACT = frozenset({"state", "capital", "building", "town"})
_GOLD_KINDS = {
    "person": {"PER", "Person"},
    "state": {"LOC", "Location", "ORG", "Organisation", "MISC", "Nationality"},
    "population": {"MISC", "Nationality", "ORG", "Organisation"},
}
_ORGANIZATIONS = {"ORG", "Organisation"}
_FEWEST = 5
_ENOUGH_METONYMS = 1500


def _tagged(tagger: Tagger, path: Path, limit: int | None = None) -> Iterator[tuple[dict[str, Any], TaggedArticle]]:
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    step = max(len(gold) // limit, 1) if limit else 1
    chosen = gold[::step]
    wanted = {d["doc_id"] for d in chosen}
    articles = (a for a in read_tagger_input(path) if a.doc_id in wanted)
    yield from zip(chosen, tagger.tag(articles), strict=True)


def _rule(mention: ActorMention) -> str:
    return mention.rule.split(":")[0]


def _overlap(mention: ActorMention, gold: dict[str, Any]) -> int:
    return min(mention.end_char, gold["end_char"]) - max(mention.start_char, gold["start_char"])


def measure(tagger: Tagger) -> dict[str, Counter[str]]:
    """Counts of ``right`` and ``seen`` by rule."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)

    def count(rule: str, right: bool) -> None:
        counts[rule]["seen"] += 1
        counts[rule]["right"] += right

    for name in _ENTITY_SETS:
        nominals = "re3d" in name
        for gold, tagged in _tagged(tagger, SHARED / name):
            for mention in tagged.actors:
                rule = _rule(mention)
                if rule in _PLACES_THAT_ACT | _COREFERENT or (rule == "collective" and not nominals):
                    continue
                near = [e for e in gold["gold"]["entities"] if _overlap(mention, e) > 0]
                kinds = _GOLD_KINDS.get(mention.kind, _ORGANIZATIONS)
                if not nominals and rule == "part of a state":
                    kinds = kinds | {"MISC", "LOC"}  # CoNLL marks the state's name alone
                count(rule, any(e["type"] in kinds for e in near))
    for name in _METONYMY_SETS:
        for gold, tagged in _tagged(tagger, SHARED / name, _ENOUGH_METONYMS):
            for mention in tagged.actors:
                if _rule(mention) in _PLACES_THAT_ACT and _overlap(mention, gold["gold"]) > 0:
                    count(_rule(mention), gold["gold"]["reading"] == "metonymic")
    _measure_seed(tagger, count)
    return counts


def _measure_seed(tagger: Tagger, count: Any) -> None:
    gold = json.loads((SHARED / "seed/seed_gold.json").read_text(encoding="utf-8"))
    spans = [
        {"start_char": m["start"], "end_char": m["end"], "actor": a["actor_id"]}
        for a in gold["actors"]
        for m in a["mentions"]
    ]
    (tagged,) = tagger.tag(read_tagger_input(SHARED / "seed/article.jsonl"))
    pairs = [(m, max(spans, key=lambda g: _overlap(m, g))) for m in tagged.actors]  # noqa: B023
    pairs = [(m, g) for m, g in pairs if _overlap(m, g) > 0]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for mention, span in pairs:
        if mention.antecedent is None:
            votes[mention.actor_id][span["actor"]] += 1
    for mention, span in pairs:
        if _rule(mention) in _COREFERENT:
            best = votes[mention.actor_id].most_common(1)
            count(_rule(mention), bool(best) and best[0][0] == span["actor"])


def main() -> int:
    """Measure and write the table; rules that were seen too seldom keep what they have."""
    if not SHARED.is_dir():
        sys.stderr.write(f"There is no gold data at {SHARED}: nothing to measure.\n")
        return 1
    settings = load_settings()
    counts = measure(Tagger(settings.model.name))
    table = FOLDER / "confidence.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        seen, right = counts[row["rule"]]["seen"], counts[row["rule"]]["right"]
        if seen >= _FEWEST:
            row["confidence"] = f"{(right + 1) / (seen + 2):.2f}"
            row["source"] = f"measured: {right} of {seen}"
        elif not row["source"].startswith("measured"):
            row["source"] = f"estimated; seen {seen} times in the gold data"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["rule", "confidence", "source"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
