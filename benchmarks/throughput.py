"""``python -m benchmarks.throughput [CORPUS …]``: the tagger against bare ``nlp.pipe`` of the same model, as paired ratios, and its layers.

Both read the same articles in one process, in turns, some rounds; time is the processor's. Each corpus has a process of its own, whose
peak memory is that of the tagger and the bare model together.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import spacy

from benchmarks.corpora import CORPORA, WHAT, sample, words
from benchmarks.performance import record
from pipeline.records import Article
from pipeline.settings import load_settings
from pipeline.tag.model import find_model
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

ROUNDS = 3
MOST_WORDS = 25_000


def measure(corpus: str) -> dict[str, Any] | None:
    """Words per second of both and their ratio in each round; None where the corpus is not there."""
    articles = sample(corpus, MOST_WORDS)
    if articles is None:
        return None
    number = sum(map(words, articles))
    name = load_settings().model.name
    bare, tagger = spacy.load(find_model(name)), Tagger(name)
    list(tagger.tag(articles[:5]))  # loads model and knowledge

    def pipe() -> None:
        with bare.memory_zone():
            for _ in bare.pipe(same_length_cleanup(a.text) for a in articles):
                pass

    def tag() -> None:
        for _ in tagger.tag(articles):
            pass

    pairs = [(_seconds(pipe), _seconds(tag)) for _ in range(ROUNDS)]
    for plain, full in pairs:
        print(f"  {corpus}: bare {number / plain:,.0f} words/s, tagger {number / full:,.0f}, ratio {plain / full:.2f}", file=sys.stderr, flush=True)  # fmt: skip
    tagging = statistics.median(full for _, full in pairs)
    return {
        "what": WHAT[corpus],
        "articles": len(articles),
        "words": number,
        "bare_words": number / statistics.median(plain for plain, _ in pairs),
        "tag_words": number / tagging,
        "tag_articles": len(articles) / tagging,
        "ratios": [plain / full for plain, full in pairs],
        "ratio": statistics.median(plain / full for plain, full in pairs),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "layers": _layers(tagger, articles),
        "components": _components(tagger, articles),
    }


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


class _Timed:
    """A layer that adds up its processor seconds; all else is the layer's own."""

    def __init__(self, layer: Any) -> None:
        self._layer = layer
        self.seconds = 0.0

    def __call__(self, draft: Any) -> Any:
        started = time.process_time()
        try:
            return self._layer(draft)
        finally:
            self.seconds += time.process_time() - started

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


def _layers(tagger: Tagger, articles: list[Article]) -> dict[str, float]:
    """Processor seconds by layer in one more round, and what is left of it: spaCy, case, records."""
    timed = [_Timed(layer) for layer in tagger._layers]
    names = [type(layer).__name__.removesuffix("Layer").lower() for layer in tagger._layers]
    whole = tagger._layers
    tagger.__dict__["_layers"] = tuple(timed)
    try:
        total = _seconds(lambda: [None for _ in tagger.tag(articles)])
    finally:
        tagger.__dict__["_layers"] = whole
    rest = total - sum(t.seconds for t in timed)
    return {"spaCy, case, records": rest, **{n: t.seconds for n, t in zip(names, timed, strict=True)}}


def _components(tagger: Tagger, articles: list[Article]) -> dict[str, float]:
    """Processor seconds by component of the tagger's spaCy pipeline, one after the other over all articles."""
    nlp, spent = tagger.nlp, {}
    with nlp.memory_zone():
        started = time.process_time()
        docs = [nlp.make_doc(same_length_cleanup(a.text)) for a in articles]
        spent["tokenizer"] = time.process_time() - started
        for name, component in nlp.pipeline:
            started = time.process_time()
            docs = list(component.pipe(docs, batch_size=64)) if hasattr(component, "pipe") else [component(d) for d in docs]  # fmt: skip
            spent[name] = time.process_time() - started
        del docs
    return spent


def main() -> int:
    """Measure the named corpora, or all, and write the page."""
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(measure(sys.argv[2])))
        return 0
    figures: dict[str, Any] = {}
    for corpus in sys.argv[1:] or CORPORA:
        command = [sys.executable, "-m", "benchmarks.throughput", "--child", corpus]
        figures[corpus] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)  # noqa: S603
        if figures[corpus] is None:
            print(f"  {corpus}: skipped, it is not beside the repository")
    parts = {name: {k: f.pop(k) for k in ("layers", "components")} for name, f in figures.items() if f}
    record("layers", parts, beside=True)
    record("throughput", figures, beside=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
