"""Articles written for the purpose, tagged for real and linked: the figures that ``python -m benchmarks.linking`` prints."""

import pytest

from benchmarks.linking import CORPORA, DATA, Report, build_corpus, clusters_of_reports, score
from pipeline.tag.tagger import Tagger
from pipeline.warehouse.store import Warehouse

Clusters = dict[Report, set[str]]


@pytest.fixture(scope="module")
def clusters(tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clusters]:
    """For each corpus, the linked incidents that each report fell into."""
    found = {}
    for name in CORPORA:
        warehouse = Warehouse(tmp_path_factory.mktemp(name) / "warehouse.duckdb")
        build_corpus(warehouse, DATA / f"{name}.jsonl", tagger)
        found[name] = clusters_of_reports(warehouse, DATA / f"{name}.jsonl", DATA / f"{name}.csv")
    return found


@pytest.mark.parametrize(
    ("corpus", "precision", "recall"), [("incidents_40", 0.95, 0.9), ("incidents_20_held", 0.95, 0.7)]
)
def test_reports_of_one_incident_are_linked_and_no_others(
    clusters: dict[str, Clusters], corpus: str, precision: float, recall: float
) -> None:
    scores = score(clusters[corpus])
    assert scores.precision >= precision, scores
    assert scores.recall >= recall, scores
    # Counting reports as events would make as many incidents as there are reports.
    assert scores.counted <= 0.5 * scores.reports, scores


def test_two_bombings_of_one_day_stay_two(clusters: dict[str, Clusters]) -> None:
    found = clusters["incidents_40"]
    jalalabad, kunduz = (
        set().union(*(c for (_, incident), c in found.items() if incident == town)) for town in ("jalalabad", "kunduz")
    )
    assert jalalabad
    assert kunduz
    assert not jalalabad & kunduz
