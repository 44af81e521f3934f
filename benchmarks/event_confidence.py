"""``python -m benchmarks.event_confidence``: fits the weights of the events' confidence, into knowledge/events/confidence.csv.

An event is right if its source and target overlap the two that the annotators marked and its type is theirs. Sentences tell more than
the one marked event, so that only events that touch a marked side are judged; one that touches a single side counts as wrong, which
makes the confidence a cautious one. The weights come from the first 700 sentences of the PLOVER set, by logistic regression with an
L2 penalty (Newton's method); the reliability table shows the rest, which nothing was fitted on.
"""

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.knowledge.lexicon import FOLDER
from pipeline.records import Event
from pipeline.settings import load_settings
from pipeline.tag.draft import Draft
from pipeline.tag.event_confidence import probability
from pipeline.tag.events import EventLayer
from pipeline.tag.tagger import Tagger

SHARED = Path(__file__).parent.parent.parent / "shared"
GOLD = SHARED / "gold/plover/train.jsonl"
FITTED = 700
_OLD_NAMES = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}  # the gold uses the older PLOVER type
_PENALTY = 2.0
_ROUNDS = 50
_BINS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)

Judged = tuple[dict[str, float], bool]


def _marked(doc: dict[str, Any], side: str) -> tuple[int, int] | None:
    """Offsets in the text of what <s> or <t> surrounds."""
    if f"<{side}>" not in doc["marked"]:
        return None
    before, rest = doc["marked"].split(f"<{side}>", 1)
    inside = rest.split(f"</{side}>", 1)[0]
    for tag in ("<s>", "</s>", "<t>", "</t>"):
        before, inside = before.replace(tag, ""), inside.replace(tag, "")
    return len(before), len(before) + len(inside)


def _judge(event: Event, doc: dict[str, Any]) -> bool | None:
    """Whether an event is the marked one; None where it touches neither marked side."""
    sides = [_marked(doc, "s"), _marked(doc, "t")]
    touched = [
        p is not None and span is not None and p.start_char < span[1] and span[0] < p.end_char
        for p, span in zip((event.source, event.target), sides, strict=True)
    ]
    if None in sides or not any(touched):
        return None
    return all(touched) and _OLD_NAMES.get(event.event_type, event.event_type) == doc["gold"]["root"]


def judged_events(tagger: Tagger, docs: Iterable[dict[str, Any]]) -> list[Judged]:
    """Features and rightness of every event that can be judged."""
    by_id = {d["doc_id"]: d for d in docs}
    entities, actors, dates, *_ = tagger._layers  # noqa: SLF001
    events = EventLayer(tagger.nlp.vocab, least_confidence=0.0)  # what is left out must be fitted too
    judged: list[Judged] = []
    for article in read_tagger_input(GOLD):
        doc = by_id.get(article.doc_id or "")
        if doc is None:
            continue
        draft = Draft(article, tagger.nlp(article.text))
        draft.entities = entities(draft)
        draft.actors, draft.locations = actors(draft)
        draft.dates = dates(draft)
        for event, shown in events.coded(draft)[0]:
            right = _judge(event, doc)
            if right is not None:
                judged.append((shown, right))
    return judged


def fit(judged: list[Judged]) -> dict[str, float]:
    """Weights by feature, in log odds."""
    names = sorted({name for shown, _ in judged for name in shown})
    x = np.array([[shown.get(name, 0.0) for name in names] for shown, _ in judged])
    y = np.array([float(right) for _, right in judged])
    penalty = np.full(len(names), _PENALTY)
    penalty[names.index("constant")] = 1e-6
    weights = np.zeros(len(names))
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - penalty * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        weights += np.linalg.solve(hessian, gradient)
    return dict(zip(names, (round(float(w), 3) for w in weights), strict=True))


def reliability(judged: list[Judged], weights: dict[str, float]) -> str:
    """A Markdown table: events by confidence, how sure the coder was and how often it was right."""
    scored = [(probability(shown, weights), right) for shown, right in judged]
    lines = ["| confidence | events | mean confidence | right |", "|---|---|---|---|"]
    for low, high in zip(_BINS, _BINS[1:], strict=False):
        inside = [(p, right) for p, right in scored if low <= p < high or (high == 1.0 and p == 1.0)]
        if inside:
            mean, share = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            lines.append(f"| {low:.1f}–{high:.1f} | {len(inside)} | {mean:.2f} | {share:.2f} |")
    brier = sum((p - right) ** 2 for p, right in scored) / len(scored)
    base = sum(right for _, right in scored) / len(scored)
    lines.append(
        f"\nBrier score {brier:.3f} (always saying {base:.2f}: {base * (1 - base):.3f}); {len(scored)} events judged."
    )
    return "\n".join(lines)


def report(tagger: Tagger) -> str:
    """Markdown for docs/accuracy.md: the reliability of the stored weights on the sentences that they were not fitted on."""
    docs = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]
    judged = judged_events(tagger, docs[FITTED:])
    with (FOLDER / "confidence.csv").open(encoding="utf-8", newline="") as file:
        weights = {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}
    return reliability(judged, weights)


def main() -> int:
    """Fit on the first sentences, write the weights, print the reliability on the rest."""
    if not GOLD.is_file():
        sys.stderr.write(f"There is no gold data at {GOLD}: nothing to fit.\n")
        return 1
    tagger = Tagger(load_settings().model.name)
    docs = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]
    judged = judged_events(tagger, docs[:FITTED])
    weights = fit(judged)
    with (FOLDER / "confidence.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "weight", "source"])
        writer.writerows([name, f"{w:g}", f"fitted on {len(judged)} events"] for name, w in sorted(weights.items()))
    print(f"fitted:\n{reliability(judged, weights)}\n\nheld out:\n{report(tagger)}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
