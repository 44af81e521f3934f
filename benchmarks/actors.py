"""``python benchmarks/actors.py [FILE]``: what knowing actors costs: loading, the layer's share, and a hundred thousand more names.

Printed are ratios within one run: the entity and actor layers against bare ``nlp.pipe`` over the same articles, and the scan for names
with 100,000 invented aliases against the scan with the project's own.
"""

import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipeline.ingest import read_sources
from pipeline.knowledge.actors import Alias, load_actors
from pipeline.knowledge.places import load_places
from pipeline.records import Article
from pipeline.settings import load_settings
from pipeline.tag.actor_gazetteer import Gazetteer
from pipeline.tag.draft import Draft
from pipeline.tag.tagger import Tagger
from pipeline.tag.text import same_length_cleanup

ROOT = Path(__file__).parent.parent
ROUNDS = 3
ARTICLES = 300
MANY = 100_000


def main() -> int:
    """Print the measures."""
    started = time.perf_counter()
    known = load_actors()
    loaded = time.perf_counter()
    load_places()
    print(
        f"{len(known.by_id):,} actors, {len(known.aliases):,} names, {len(known.roles):,} roles: "
        f"loaded in {loaded - started:.2f} s; places in {time.perf_counter() - loaded:.2f} s"
    )
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples"
    articles = list(islice((a for a in read_sources([source]) if isinstance(a, Article)), ARTICLES))
    _layer_share(articles)
    _many_names(articles)
    return 0


def _layer_share(articles: list[Article]) -> None:
    tagger = Tagger(load_settings().model.name)
    list(tagger.tag(articles[:5]))  # loads model and knowledge
    entities, actors, *_ = tagger._layers  # noqa: SLF001 - the benchmark times single layers
    for number in range(ROUNDS):
        started = time.perf_counter()
        docs = list(tagger.nlp.pipe(same_length_cleanup(a.text) for a in articles))
        parsed = time.perf_counter()
        drafts = [Draft(article, doc) for article, doc in zip(articles, docs, strict=True)]
        for draft in drafts:
            draft.entities = entities(draft)
        named = time.perf_counter()
        for draft in drafts:
            actors(draft)
        done = time.perf_counter()
        print(
            f"round {number + 1}: entity layer {(named - parsed) / (parsed - started):.1%} and actor layer "
            f"{(done - named) / (parsed - started):.1%} of bare nlp.pipe, {len(articles)} articles"
        )


def _many_names(articles: list[Article]) -> None:
    known, places = load_actors(), load_places()
    invented = tuple(
        Alias("TTP", f"{first} {i} {last}", "name", needs_context=False, source="invented")
        for i in range(MANY // 4)
        for first, last in (("Example", "Front"), ("United", "Army"), ("Peoples", "Movement"), ("New", "Brigade"))
    )
    started = time.perf_counter()
    own = Gazetteer(known, places)
    built = time.perf_counter()
    many = Gazetteer(replace(known, aliases=(*known.aliases, *invented)), places)
    built_many = time.perf_counter()
    for _ in range(2):
        times = []
        for gazetteer in (own, many):
            before = time.perf_counter()
            for article in articles:
                gazetteer.scan(article.text)
            times.append(time.perf_counter() - before)
        print(
            f"scan with {MANY:,} more names: {times[1] / times[0]:.2f} times as long; "
            f"built in {built_many - built:.2f} s (own names: {built - started:.2f} s)"
        )


if __name__ == "__main__":
    raise SystemExit(main())
