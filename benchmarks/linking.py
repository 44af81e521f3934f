"""``python -m benchmarks.linking``: how well reports of one incident are linked, on the two corpora under ``tests/data``.

The articles are tagged as always, so a report that the tagger misses or misdates counts as not linked. Rules and weights were tuned on the
corpus of 40 articles; the errors on the other 20 are never read.
"""

import csv
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pipeline.ingest.files import FileSource
from pipeline.settings import load_settings
from pipeline.sqlmodels import build, load_project
from pipeline.steps import ingest, join_variants, load_knowledge, tag_untagged
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.sources import relation_columns
from pipeline.warehouse.store import Warehouse
from pipeline.workers.opening import Workforce, open_engine

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests/data"
CORPORA = ("incidents_40", "incidents_20_held")

# A report is what one article says of one incident.
Report = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LinkingScores:
    """Pairs of reports from different articles; ``incidents`` are those told of, ``counted`` what the models make of them."""

    right: int
    linked: int
    same: int
    reports: int
    found: int
    incidents: int
    counted: int

    @property
    def precision(self) -> float:
        """Share of the linked pairs that are of one incident."""
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs of one incident that are linked."""
        return self.right / self.same if self.same else 1.0

    def __str__(self) -> str:
        f1 = 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)
        return (
            f"pairwise precision {self.precision:.3f} ({self.right} of {self.linked}), recall {self.recall:.3f} ({self.right} of "
            f"{self.same}), F1 {f1:.3f}; {self.found} of {self.reports} reports found by the tagger; {self.incidents} incidents "
            f"counted as {self.counted}"
        )


def build_corpus(warehouse: Warehouse, articles: Path, tagger: Tagger) -> None:
    """Read and tag the articles of a file, and build the models that link incidents."""
    load_knowledge(warehouse, load_settings().indicators)
    ingest([FileSource([articles])], warehouse, "linking")
    with open_engine(tagger, Workforce()) as engine:
        tag_untagged(warehouse, engine, batch_size=200)
    join_variants(warehouse)
    with warehouse.connect() as con:
        build(con, load_project(ROOT / "dbt_like_sql", relation_columns()), "+linked_incident")


def read_gold(file: Path) -> dict[str, list[tuple[str, str | None]]]:
    """By doc_id, where the passages of an article begin (their first words) and the incident that each tells of; None for none.

    An empty beginning is that of the article.
    """
    passages: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            passages[row["doc_id"]].append((row["from_text"], row["incident"] or None))
    return dict(passages)


def clusters_of_reports(warehouse: Warehouse, articles: Path, gold: Path) -> dict[Report, set[str]]:
    """The linked incidents that each report of the gold table fell into, by doc_id and incident; empty where the tagger found nothing."""
    texts = {
        d["doc_id"]: d["text"] for line in articles.read_text(encoding="utf-8").splitlines() if (d := json.loads(line))
    }
    starts = {
        doc_id: [(texts[doc_id].index(first_words), incident) for first_words, incident in passages]
        for doc_id, passages in read_gold(gold).items()
    }
    clusters: dict[Report, set[str]] = {(d, i): set() for d, passages in starts.items() for _, i in passages if i}
    with warehouse.connect() as con:
        rows = con.execute(
            "SELECT a.doc_id, i.start_char, l.linked_incident_id FROM marts.incident_links l JOIN core.current_incidents i USING (incident_id) "
            "JOIN staging.incident_reports r USING (incident_id) JOIN raw.articles a ON a.article_id = l.article_id WHERE r.is_asserted"
        ).fetchall()
    for doc_id, start, linked in rows:
        incident = max((p for p in starts[doc_id] if p[0] <= start), key=lambda p: p[0])[1]
        if incident:
            clusters[doc_id, incident].add(linked)
    return clusters


def score(clusters: dict[Report, set[str]]) -> LinkingScores:
    """Counts over all pairs of reports from different articles."""
    pairs = [(a, b) for a, b in combinations(sorted(clusters), 2) if a[0] != b[0]]
    linked = {(a, b) for a, b in pairs if clusters[a] & clusters[b]}
    same = {(a, b) for a, b in pairs if a[1] == b[1]}
    return LinkingScores(
        right=len(linked & same),
        linked=len(linked),
        same=len(same),
        reports=len(clusters),
        found=sum(bool(c) for c in clusters.values()),
        incidents=len({incident for _, incident in clusters}),
        counted=len(set().union(*clusters.values())),
    )


def errors(clusters: dict[Report, set[str]]) -> Iterable[str]:
    """What is wrong, a line per report: linked with a report of another incident, or with none of its own."""
    for report, own in sorted(clusters.items()):
        others = {r for r, c in clusters.items() if r[0] != report[0] and c & own}
        wrong = sorted(r for r in others if r[1] != report[1])
        if not own:
            yield f"{report}: nothing tagged"
        elif wrong:
            yield f"{report}: linked with {wrong}"
        elif not others and any(r[1] == report[1] and r != report for r in clusters):
            yield f"{report}: alone"
        elif len(own) > 1:
            yield f"{report}: {len(own)} incidents"


def main(arguments: Sequence[str] = ()) -> int:
    """Print the scores of both corpora; ``--errors`` lists those on the corpus that the rules are tuned on."""
    tagger = Tagger.from_settings(load_settings())
    for name in CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            warehouse = Warehouse(Path(folder) / "warehouse.duckdb")
            build_corpus(warehouse, DATA / f"{name}.jsonl", tagger)
            clusters = clusters_of_reports(warehouse, DATA / f"{name}.jsonl", DATA / f"{name}.csv")
        print(f"{name}: {score(clusters)}")
        if "--errors" in arguments and "held" not in name:
            print(*errors(clusters), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
