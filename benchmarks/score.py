"""``make score``: tags every development set with the current coder and writes docs/accuracy.md.

The gold data and the scorer lie beside the repository (``../shared``) and are not part of it.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.event_confidence import report as event_reliability
from benchmarks.held_out import is_held_out
from pipeline.console import progress_bar
from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.records import to_json_dict
from pipeline.settings import load_settings
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
# Layer, gold file, articles to tag (where they are not in the gold file itself), documents left out. Of dates, counts and incidents the
# quarter that rules are not tuned on is scored by itself too.
SETS: tuple[tuple[str, str, str | None, frozenset[str]], ...] = (
    ("seed", "seed/seed_gold.json", "seed/article.jsonl", frozenset()),
    ("dates", "gold/tempeval3/train_timebank.jsonl", None, frozenset({"APW20000107.0088"})),
    ("dates", "gold/tempeval3/train_aquaint.jsonl", None, frozenset({"APW20000107.0088"})),
    ("counts", "gold/gun_violence/train.jsonl", None, frozenset()),
    ("incidents", "gold/muc4/dev.jsonl", None, frozenset()),
    ("incidents", "gold/muc4/tst1.jsonl", None, frozenset()),
    ("incidents", "gold/muc4/tst2.jsonl", None, frozenset()),
    ("events", "gold/plover/train.jsonl", None, frozenset()),
    ("entities", "gold/re3d/dev.jsonl", None, frozenset()),
    ("entities", "gold/ner/conll2003_testa.jsonl", None, frozenset()),
    ("entities", "gold/ner/conll2003_train.jsonl", None, frozenset()),
    ("entities", "gold/ner/gum_train.jsonl", None, frozenset()),
    ("metonymy", "gold/metonymy/relocar_train.jsonl", None, frozenset()),
    ("metonymy", "gold/metonymy/conll_train.jsonl", None, frozenset()),
)


def _without(source: Path, left_out: frozenset[str], folder: Path) -> Path:
    """The file itself, or a copy that lacks some documents."""
    if not left_out:
        return source
    target = folder / source.name
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text(
        "".join(x for x in lines if x.strip() and json.loads(x)["doc_id"] not in left_out), encoding="utf-8"
    )
    return target


def _held_out(gold: Path, folder: Path) -> Path:
    """The quarter of a gold file that rules are not tuned on."""
    target = folder / f"held_{gold.name}"
    lines = gold.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(x for x in lines if x.strip() and is_held_out(json.loads(x)["doc_id"])), encoding="utf-8")
    return target


# GUM's own names of types, which the scorer does not know.
_TYPES = {"person": "Person", "place": "Location", "organization": "Organisation"}


def _with_known_types(source: Path, folder: Path) -> Path:
    """The file itself, or a copy whose entity types the scorer knows."""
    if not source.name.startswith("gum"):
        return source
    target = folder / f"types_{source.name}"
    documents = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    for document in documents:
        for entity in document["gold"]["entities"]:
            entity["type"] = _TYPES.get(entity["type"], entity["type"])
    target.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), encoding="utf-8")
    return target


def score_bare_model(tagger: Tagger, gold: Path, folder: Path) -> dict[str, Any]:
    """Scores of the model's own entities, which the tagger must beat."""
    tagged = folder / "bare.jsonl"
    articles = list(read_tagger_input(gold))
    with tagged.open("w", encoding="utf-8") as file:
        for article, doc in zip(articles, tagger.nlp.pipe(same_length_cleanup(a.text) for a in articles), strict=True):
            entities = [
                {"start_char": e.start_char, "end_char": e.end_char, "text": e.text, "label": e.label_}
                for e in doc.ents
            ]
            file.write(json.dumps({"doc_id": article.doc_id, "entities": entities}, ensure_ascii=False) + "\n")
    return _scored("entities", gold, tagged)


def _scored(layer: str, gold: Path, tagged: Path) -> dict[str, Any]:
    command = [sys.executable, str(SHARED / "scoring/score.py"), layer, str(gold), str(tagged)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own scorer
    scores: dict[str, Any] = json.loads(printed.stdout)
    return scores


def score(tagger: Tagger, layer: str, gold: Path, articles: Path, folder: Path) -> tuple[dict[str, Any], int, float]:
    """Scores of one set, the number of articles and the seconds that tagging took."""
    tagged = folder / "tagged.jsonl"
    started, count = time.perf_counter(), 0
    with tagged.open("w", encoding="utf-8") as file, progress_bar(f"{layer}: {gold.name}") as advance:
        for record in tagger.tag(read_tagger_input(articles)):
            file.write(json.dumps(to_json_dict(record), ensure_ascii=False) + "\n")
            count += 1
            advance(1)
    seconds = time.perf_counter() - started
    return _scored(layer, gold, tagged), count, seconds


def _flat(scores: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in scores.items():
        if isinstance(value, dict) and set(value) == {"p", "r", "f1"}:
            yield prefix + name, f"P {value['p']} · R {value['r']} · **F1 {value['f1']}**"
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name} / ")
        else:
            yield prefix + name, str(value)


def _sections(page: str) -> dict[str, list[str]]:
    """Lines of a page by the heading of their section."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in page.splitlines():
        if line.startswith("## "):
            lines = sections.setdefault(line, [])
        lines.append(line)
    return {title: [*lines, ""] if lines[-1] else lines for title, lines in sections.items()}


def main() -> int:
    """Score the sets that the command line names, or every one, and write the page."""
    if not SHARED.is_dir():
        sys.stderr.write(f"There is no gold data at {SHARED}: nothing to score.\n")
        return 1
    settings = load_settings()
    tagger = Tagger.from_settings(settings)
    page = [
        "# Accuracy",
        "",
        "Written by `make score`: do not edit. Every set below is a development set, on which rules were tuned; expect less on text "
        "that nobody here has seen. `python -m benchmarks.score WORD …` scores only the sets whose file names hold one of the words; the "
        "others keep their figures, and each names the coder that made them.",
        "",
    ]
    target = ROOT / "docs/accuracy.md"
    kept = _sections(target.read_text(encoding="utf-8")) if sys.argv[1:] and target.is_file() else {}
    by = f"by `{tagger.coder_version}`, {datetime.now(UTC).date().isoformat()}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for layer, gold_name, articles_name, left_out in SETS:
            title = f"## {layer}: {gold_name}"
            if sys.argv[1:] and not any(word in gold_name for word in sys.argv[1:]):
                page += kept.get(title, [])
                continue
            gold = _with_known_types(_without(SHARED / gold_name, left_out, folder), folder)
            scores, count, seconds = score(
                tagger, layer, gold, SHARED / articles_name if articles_name else gold, folder
            )
            if layer in ("dates", "counts", "incidents"):
                scores["held-out quarter"] = _scored(layer, _held_out(gold, folder), folder / "tagged.jsonl")
            if layer == "entities":
                scores["bare model"] = score_bare_model(tagger, gold, folder)
            page += [title, "", f"{count} articles, tagged in {seconds:.0f} s {by}.", ""]
            page += ["| measure | value |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in _flat(scores)), ""]
            if layer == "events":
                page += [
                    "Confidence of events against how often they were right, on sentences that nothing was fitted on:",
                    "",
                ]
                page += [event_reliability(tagger), ""]
    target.write_text("\n".join(page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
