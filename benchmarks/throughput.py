"""``make bench``: the whole tagger against bare ``nlp.pipe`` of the same model, over the same articles, as paired ratios.

Absolute speeds depend on the machine; the ratio is what to compare. Articles: the file named on the command line, else the
bundled corpus.
"""

import resource
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

from pipeline.ingest import read_sources
from pipeline.records import Article
from pipeline.settings import load_settings
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

ROOT = Path(__file__).parent.parent
ROUNDS = 3
ARTICLES = 300


def main() -> int:
    """Print words per second of both and their ratio in each round."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples"
    articles = list(islice((a for a in read_sources([source]) if isinstance(a, Article)), ARTICLES))
    words = sum(len(a.text.split()) for a in articles)
    tagger = Tagger(load_settings().model.name)
    list(tagger.tag(articles[:5]))  # loads model and knowledge
    ratios = []
    print(f"{len(articles)} articles, {words:,} words from {source}")
    for number in range(ROUNDS):
        started = time.perf_counter()
        with tagger.nlp.memory_zone():
            for _ in tagger.nlp.pipe(same_length_cleanup(a.text) for a in articles):
                pass
        bare = time.perf_counter() - started
        started = time.perf_counter()
        for _ in tagger.tag(articles):
            pass
        full = time.perf_counter() - started
        ratios.append(bare / full)
        print(
            f"round {number + 1}: bare nlp.pipe {words / bare:,.0f} words/s, tagger {words / full:,.0f} words/s, ratio {bare / full:.2f}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"median ratio {statistics.median(ratios):.2f}; peak memory {peak:,.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
